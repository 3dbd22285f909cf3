"""A table: named columns of text cells, all equally long, and the one text that it is stored and known by."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from descentscape.core.canonical import canonical
from descentscape.core.data.tables.cells import only_decimal_commas
from descentscape.core.errors import InvalidValue

MAX_TABLE_ROWS = 100_000
MAX_TABLE_COLUMNS = 256
MAX_CELL = 10_000
"""Characters of a cell."""

MAX_COLUMN_NAME = 80
"""Characters of a column's name."""

KEPT_CELLS = 1_280_000
"""Cells of a table that are kept, as many as 5,000 rows of 256 columns: of more rows a sample is drawn."""


@dataclass(frozen=True)
class Column:
    """A column: its name, and a cell of text a row, "" where it is missing."""

    name: str
    cells: Sequence[str]


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of different names and of equally many cells."""

    columns: tuple[Column, ...]

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.columns[0].cells)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def has_decimal_commas(self) -> bool:
        """Whether there is a column whose commas can only be decimal ones."""
        return any(only_decimal_commas(column.cells) for column in self.columns)

    def column(self, name: str, field: str) -> Column:
        """The column of a name; InvalidValue under ``field`` where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise InvalidValue(field, f"a column of the table ({_some(self.names)})", name)


def make_table(columns: Sequence[Column]) -> Table:
    """The table of these columns.

    Raises InvalidValue, naming the column, for none or too many, for names that are empty, too long or given
    twice, and for columns that are unequally long or longer than `MAX_TABLE_ROWS`.
    """
    if not 1 <= len(columns) <= MAX_TABLE_COLUMNS:
        raise InvalidValue("columns", f"1 to {MAX_TABLE_COLUMNS} columns", len(columns))
    rows = len(columns[0].cells)
    if not 1 <= rows <= MAX_TABLE_ROWS:
        raise InvalidValue("columns[0].cells", f"1 to {MAX_TABLE_ROWS:,} cells", rows)
    for index, column in enumerate(columns):
        _check(f"columns[{index}]", column, rows)
    name, count = Counter(column.name for column in columns).most_common(1)[0]
    if count > 1:
        raise InvalidValue("columns", "columns of different names", name)
    return Table(tuple(columns))


def _check(place: str, column: Column, rows: int) -> None:
    if not 1 <= len(column.name) <= MAX_COLUMN_NAME:
        raise InvalidValue(f"{place}.name", f"1 to {MAX_COLUMN_NAME} characters long", column.name)
    if len(column.cells) != rows:
        raise InvalidValue(f"{place}.cells", f"{rows:,} cells, as the first column has", len(column.cells))
    if max(map(len, column.cells)) > MAX_CELL:
        row = next(row for row, cell in enumerate(column.cells) if len(cell) > MAX_CELL)
        constraint = f"at most {MAX_CELL:,} characters long"
        raise InvalidValue(f"{place}.cells[{row}]", constraint, len(column.cells[row]))


def content_of(table: Table) -> bytes:
    """The canonical JSON of the columns: what a store keeps."""
    plain = [{"name": column.name, "cells": list(column.cells)} for column in table.columns]
    return b"".join([b"[", b",".join("".join(canonical(column)).encode("ascii") for column in plain), b"]"])


def hash_of(table: Table) -> str:
    """The SHA-256 of the canonical JSON of the columns, in hexadecimal."""
    return hashlib.sha256(content_of(table)).hexdigest()


def table_of(content: bytes) -> Table:
    """The table that `content_of` wrote; the bytes are known by their hash and not checked again."""
    return Table(tuple(Column(each["name"], each["cells"]) for each in json.loads(content)))


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return ", ".join(f"‘{name}’" for name in names[:6]) + more
