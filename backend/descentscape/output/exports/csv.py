"""A table of the steps, for a spreadsheet."""

from __future__ import annotations

import csv
import io
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
    for step, row in enumerate(zip(*(column.tolist() for column in columns), tests, strict=True)):
        yield [index, _inert(run.label), step, *row]


def _inert(label: str) -> str:
    """The label, unless a spreadsheet would take it for a formula: then with an apostrophe before it."""
    return f"'{label}" if label.startswith(("=", "+", "-", "@", "\t", "\r")) else label


EXPORT = Export(
    kind="csv",
    label="Table of the steps",
    point="CSV",
    call="runs",
    media_type="text/csv",
    endings=("csv",),
    write=to_csv,
)
