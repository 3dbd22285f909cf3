"""A table of the steps, for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from descentscape.compute.results import Results, RunResult
from descentscape.output.exports.base import Export

SPREADSHEET_COLUMNS = ("cost", "shadow_cost", "off_plane", "grad_norm", "batch_cost", "learning_rate")
"""The columns of a spreadsheet, beside run, step and place."""


def to_csv(results: Results) -> bytes:
    """A row for every step of every run: run, step, place on the plane, and the columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["run", "label", "step", "a", "b", *SPREADSHEET_COLUMNS, "test_cost"])
    for index, run in enumerate(results.runs):
        writer.writerows(_rows(index, run))
    return text.getvalue().encode()


def _rows(index: int, run: RunResult) -> Iterator[list[Any]]:
    columns = [run.path[:, 0], run.path[:, 1], *(getattr(run, name) for name in SPREADSHEET_COLUMNS)]
    tests = [""] * len(run.cost) if run.test_cost is None else run.test_cost.tolist()
    label = inert(run.label)
    for step, row in enumerate(zip(*(column.tolist() for column in columns), tests, strict=True)):
        yield [index, label, step, *row]


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
    write=to_csv,
)
