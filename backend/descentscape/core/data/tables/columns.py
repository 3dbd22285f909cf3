"""What a column holds: numbers, dates, words of a few kinds, text, one value only, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from descentscape.core.data.tables.cells import count_numbers, dates, is_missing, numbers, plain_numbers
from descentscape.core.data.tables.table import Column, Table
from descentscape.core.objective import AnyArray, Array

ColumnKind = Literal["number", "category", "date", "text", "constant", "empty"]

USABLE: frozenset[ColumnKind] = frozenset({"number", "category", "date"})
"""Kinds of columns that can be inputs."""

MAX_CATEGORIES = 20
"""Different words of a column that becomes as many inputs."""

MAX_CATEGORY_NAME = 40
"""Characters of such a word."""

FEW_LABELS = 10
"""Different whole numbers that are taken for labels of classes."""


@dataclass(frozen=True, eq=False)
class ColumnContent:
    """What a column was read as.

    ``missing`` ``(N,)`` says which cells hold nothing. ``values`` ``(N,)`` are the numbers, or days since
    1 January 1970, NaN where they are missing; None where there are words. ``words`` are the different ones,
    in order, for a column without values. ``row_number`` says that it only counts the rows.
    """

    name: str
    kind: ColumnKind
    missing: AnyArray
    distinct: int
    values: Array | None
    words: tuple[str, ...]
    note: str
    row_number: bool = False

    @property
    def usable(self) -> bool:
        """Whether it is an input where nobody chooses: it holds several values, and not its rows' numbers."""
        return self.kind in USABLE and not self.row_number


def read_column(column: Column, table: Table | None = None) -> ColumnContent:
    """What a column holds, in the plainest sense that all of its cells allow.

    Its table, where there is one, says what a comma is that may mean either.
    """
    cells = column.cells
    if (plain := plain_numbers(cells)) is not None:
        return _of_values(column.name, False, np.zeros(len(cells), bool), plain, "")
    missing = np.fromiter(map(is_missing, cells), bool, len(cells))
    present = [cell for cell, gone in zip(cells, missing.tolist(), strict=True) if not gone]
    if not present:
        return ColumnContent(column.name, "empty", missing, 0, None, (), "Every cell is missing: left out.")
    read = numbers(present, table is not None and table.has_decimal_commas)
    if (found := read or dates(present)) is not None:
        values = np.full(len(cells), np.nan)
        values[~missing] = found[0]
        return _of_values(column.name, read is None, missing, values, found[1])
    return _of_words(column.name, missing, present)


def _of_values(name: str, is_date: bool, missing: AnyArray, values: Array, how: str) -> ColumnContent:
    present = values[~missing]
    distinct = len(np.unique(present))
    if distinct == 1:
        words = (f"{present[0]:.15g}",)
        return ColumnContent(name, "constant", missing, 1, values, words, "One value only: left out.")
    if is_date:
        note = f"Dates, read {how}, become days since 1 January 1970."
        return ColumnContent(name, "date", missing, distinct, values, (), note)
    counting = len(present) > 2 and bool(np.all(np.diff(present) == 1))
    note = "Counts the rows: left out unless you choose it." if counting else ""
    note = note or (f"Numbers: {how}." if how else "")
    return ColumnContent(name, "number", missing, distinct, values, (), note, counting)


def _of_words(name: str, missing: AnyArray, present: Sequence[str]) -> ColumnContent:
    words = tuple(sorted({cell.strip() for cell in present}))
    distinct = len(words)
    if distinct == 1:
        return ColumnContent(name, "constant", missing, 1, None, words, "One value only: left out.")
    few = distinct <= MAX_CATEGORIES and 3 * distinct <= 2 * max(3, len(present))
    if few and max(map(len, words)) <= MAX_CATEGORY_NAME:
        note = "One input, 0 or 1." if distinct == 2 else f"{distinct} inputs, each 0 or 1."
        return ColumnContent(name, "category", missing, distinct, None, words, note)
    note = _odd_cell(missing, present) or f"Text of {distinct:,} kinds: left out."
    return ColumnContent(name, "text", missing, distinct, None, words, note)


def _odd_cell(missing: AnyArray, present: Sequence[str]) -> str:
    """What keeps a column from being one of numbers, where most of its cells are; else nothing."""
    if 2 * count_numbers(present) <= len(present):
        return ""
    at = next(index for index, cell in enumerate(present) if not count_numbers([cell]))
    row = int(np.flatnonzero(~missing)[at]) + 1
    odd = len(present) - count_numbers(present)
    cells = f"{odd:,} cells are" if odd > 1 else "one cell is"
    return f"Numbers, but {cells} none (row {row}: ‘{shown(present[at])}’): left out."


def shown(cell: str) -> str:
    """A cell as it may stand in a sentence: short, and without what is not seen."""
    plain = "".join(character if character.isprintable() else " " for character in cell.strip())
    return plain if len(plain) <= MAX_CATEGORY_NAME else plain[: MAX_CATEGORY_NAME - 1] + "…"


def looks_like_labels(content: ColumnContent) -> bool:
    """Whether numbers look like labels of classes: a few whole ones, each of them more than once or so."""
    if content.kind != "number" or content.values is None:
        return False
    present = content.values[~content.missing]
    few = content.distinct <= min(FEW_LABELS, len(present) / 2)
    return bool(few and np.all(present % 1 == 0))
