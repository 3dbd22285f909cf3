"""A table of the steps, for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from descentscape.compute.columns import columns
from descentscape.compute.results import Results
from descentscape.core.objective import AnyArray
from descentscape.output.exports.base import Export


@dataclass(frozen=True)
class RunTable:
    """A run as plain values: its label, and its columns by name, None where nothing is known of one."""

    label: str
    columns: Mapping[str, AnyArray | None]

    @property
    def rows(self) -> int:
        """How many steps it has, its start counted."""
        return max(len(column) for column in self.columns.values() if column is not None)


def tables_of(results: Results) -> tuple[RunTable, ...]:
    """Every run with the columns of `columns`."""
    return tuple(RunTable(run.label, columns(run)) for run in results.runs)


def to_csv(tables: Sequence[RunTable]) -> bytes:
    """A row for every step of every run: its number, its label, then its columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for index, run in enumerate(tables):
        if index == 0:
            writer.writerow(["run", "label", *map(inert, run.columns)])
        label = inert(run.label)
        writer.writerows([index, label, *row] for row in _rows(run.columns, run.rows))
    return text.getvalue().encode()


def _rows(named: Mapping[str, AnyArray | None], count: int) -> Iterable[tuple[Any, ...]]:
    """The rows of some columns; a cell of which nothing is known is empty."""
    empty = [""] * count
    return zip(
        *(empty if column is None else map(_cell, column.tolist()) for column in named.values()), strict=True
    )


def _cell(number: float) -> float | str:
    """The number, or nothing where there was none, as in a recorded run, which says no learning rate."""
    return "" if number != number else number


SEPARATORS = re.compile(r"([;,|\t\r\n])")
"""Where one program or another begins the next cell, whatever the file's own separator is."""

SIGNS = frozenset("=+-@−")
"""What a spreadsheet takes a text for a formula by."""

BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that are drawn as nothing."""


def inert(text: str) -> str:
    """The text, with an apostrophe before each part of it that a spreadsheet would take for a formula.

    What counts is the first visible character: one program or another drops spaces of any width, marks and
    signs of direction before it, and reads full-width signs as the usual ones (OWASP, CSV injection).
    """
    parts = SEPARATORS.split(text)
    return "".join(f"'{part}" if _is_formula(part) else part for part in parts)


def _is_formula(text: str) -> bool:
    first = next(filter(_is_visible, text), "")
    return unicodedata.normalize("NFKC", first)[:1] in SIGNS


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZM" and character not in BLANK


EXPORT = Export(
    kind="csv",
    label="Table of the steps",
    point="CSV",
    call="runs",
    media_type="text/csv",
    endings=("csv",),
    gather=tables_of,
    write=to_csv,
)
