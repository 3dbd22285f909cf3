"""Tables as plain values: columns with their cells, or rows, as JSON and Python have them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic_core import from_json

from descentscape.core.data.tables.table import MAX_TABLE_COLUMNS, Column
from descentscape.core.errors import InvalidValue
from descentscape.readers.rows import ReadTable, table_of_rows

MAX_JSON_CELLS = 4_000_000
"""Items of a JSON text: they are all made at once, where other files are read row by row."""


def read_json_columns(content: bytes) -> tuple[str, ReadTable]:
    """Name and table of ``{"name": …, "columns": [{"name": …, "cells": […]}, …]}``.

    Cells are text, numbers, true or false, or null where they are missing. Raises InvalidValue naming what is
    wrong.
    """
    items = content.count(b",")
    if items > MAX_JSON_CELLS:
        raise InvalidValue("body", f"of at most {MAX_JSON_CELLS:,} cells", items)
    texts = (content.count(b'"') - content.count(b'\\"')) // 2
    if content.count(b"[") + content.count(b"{") > 4 * MAX_TABLE_COLUMNS + texts:
        raise InvalidValue("body", "columns of cells, not lists within lists")
    try:
        document = from_json(content)
    except ValueError as error:
        raise InvalidValue("body", f"well-formed JSON ({error})") from None
    if not isinstance(document, dict) or not isinstance(document.get("columns"), list):
        raise InvalidValue("columns", "a list of columns, each with its name and cells", ...)
    name = document.get("name", "table")
    return name if isinstance(name, str) else "table", table_of_columns(document["columns"])


def table_of_columns(columns: Sequence[Any]) -> ReadTable:
    """The table of columns, each a mapping with a name and cells."""
    if not 1 <= len(columns) <= MAX_TABLE_COLUMNS:
        raise InvalidValue("columns", f"1 to {MAX_TABLE_COLUMNS} columns", len(columns))
    made = [_column(f"columns[{index}]", column) for index, column in enumerate(columns)]
    for index, column in enumerate(made):
        if len(column.cells) != len(made[0].cells):
            constraint = f"{len(made[0].cells):,} cells, as the first column has"
            raise InvalidValue(f"columns[{index}].cells", constraint, len(column.cells))
    rows = zip(*(column.cells for column in made), strict=True)
    return table_of_rows((list(row) for row in rows), names=[column.name for column in made])


def _column(place: str, column: Any) -> Column:
    if not isinstance(column, Mapping) or not isinstance(column.get("name"), str):
        raise InvalidValue(f"{place}.name", "text")
    cells = column.get("cells")
    if not isinstance(cells, Sequence) or isinstance(cells, str):
        raise InvalidValue(f"{place}.cells", "a list of cells")
    return Column(column["name"], [_cell(f"{place}.cells", cell) for cell in cells])


def _cell(place: str, value: Any) -> str:
    text = cell_text(value)
    if text is None:
        raise InvalidValue(place, "text, numbers, true, false or null", value)
    return text


def cell_text(value: Any) -> str | None:
    """A value as a cell of text, "" for nothing; None where it is not one that a cell can hold."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value.bit_length() < 1024 else None
    if isinstance(value, float):
        return (
            ""
            if math.isnan(value)
            else f"{value:.0f}"
            if value.is_integer() and abs(value) < 1e15
            else repr(value)
        )
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return repr(value.total_seconds())
    return None
