"""Data sets of one's own for a document: from a file, rows, columns or a data frame, with all cells in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from descentscape.core.data.tables.columns import USABLE
from descentscape.core.data.tables.preview import preview
from descentscape.core.data.tables.table import Table
from descentscape.core.errors import InvalidValue
from descentscape.document.problem_size import TABLE_ROOM
from descentscape.readers.files import read_path
from descentscape.readers.plain import cell_text, table_of_columns
from descentscape.readers.rows import ReadTable, table_of_rows

Source = str | Path | Mapping[str, Any] | Iterable[Sequence[Any]] | Any
"""A file, columns by name, rows of which the first names the columns, or a pandas data frame."""

COSTS = {"classes": "cross_entropy", "regression": "mse"}


def read_source(source: Source) -> tuple[str, ReadTable]:
    """A table and what it is called; raises InvalidValue naming row and column, OSError for a file."""
    if isinstance(source, str | Path):
        return Path(source).name, read_path(Path(source))
    if hasattr(source, "to_dict") and hasattr(source, "columns"):
        source = source.to_dict("list")
    if isinstance(source, Mapping):
        columns = [{"name": str(name), "cells": _values(cells)} for name, cells in source.items()]
        return "table", table_of_columns(columns)
    return "table", table_of_rows(_row(number, row) for number, row in enumerate(source, 1))


def data_set(
    source: Source, target: str | None, inputs: Sequence[str] | None, **fields: Any
) -> dict[str, Any]:
    """The data set of kind table; without a target the one that is guessed.

    All rows that are kept of the table are in it, and of the columns those that are used.
    """
    name, read = read_source(source)
    return data_set_of(name, read.table, target, inputs, **fields)


def data_set_of(
    name: str, table: Table, target: str | None, inputs: Sequence[str] | None, **fields: Any
) -> dict[str, Any]:
    """The same of a table that was read."""
    told = preview(table, name, (), TABLE_ROOM)
    chosen = target or told["target"]
    if chosen is None:
        raise InvalidValue("target", f"a column of the table ({', '.join(table.names)})", target)
    if inputs is None:
        used = [column["name"] for column in told["columns"] if column["kind"] in USABLE]
    else:
        used = [table.column(each, f"inputs[{index}]").name for index, each in enumerate(inputs)]
    kept = (table.column(each, "target") for each in dict.fromkeys([*used, chosen]))
    columns = [{"name": column.name, "cells": list(column.cells)} for column in kept]
    named = {"inputs": list(inputs)} if inputs is not None else {}
    return {"kind": "table", "name": name, "columns": columns, "target": chosen, **named, **fields}


def _row(number: int, row: Any) -> list[str]:
    if isinstance(row, str) or not isinstance(row, Iterable):
        raise InvalidValue(f"row {number}", "a sequence of cells", row)
    cells = [cell_text(value) for value in _values(row)]
    if None in cells:
        place = cells.index(None) + 1
        raise InvalidValue(f"row {number}, column {place},", "text, a number, a date or None")
    return [cell or "" for cell in cells]


def _values(cells: Iterable[Any]) -> list[Any]:
    """The values with NumPy's numbers as Python's."""
    return [cell.item() if isinstance(cell, np.generic) else cell for cell in cells]
