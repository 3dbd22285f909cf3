"""A workbook of the steps, a sheet a run."""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np
from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from descentscape.compute.columns import columns
from descentscape.compute.results import Results, RunResult
from descentscape.core.errors import TooExpensive
from descentscape.output.exports.base import Export
from descentscape.output.exports.csv import inert

MAX_CELLS = 1_000_000
"""The most cells of a workbook: it takes ten times as long to write as the same table in CSV."""

NAME_LENGTH = 31
"""The longest name that a sheet may have, in units of UTF-16: an emoji is two."""

FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f\ufffe\uffff]")
"""What the name of a sheet may not contain."""

# A sheet is written row by row and not kept; what is a text stays a text.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def to_xlsx(results: Results) -> bytes:
    """A sheet for every run, named by its number and label: a row a step, the columns of `columns`.

    Raises TooExpensive above `MAX_CELLS` cells.
    """
    file = io.BytesIO()
    with Workbook(file, OPTIONS) as book:
        heading = book.add_format({"bold": True})
        left = MAX_CELLS
        for index, run in enumerate(results.runs):
            sheet = book.add_worksheet(_name(index, run.label))
            left = _fill(sheet, run, heading, left)
    return file.getvalue()


def _fill(sheet: Worksheet, run: RunResult, heading: Any, left: int) -> int:
    """Write a run; how many cells may follow."""
    named = columns(run)
    left -= len(named) * len(run.cost)
    if left < 0:
        raise TooExpensive(
            "runs", f"of at most {MAX_CELLS:,} cells in a workbook: take CSV", MAX_CELLS - left
        )
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(named):
        sheet.write_string(0, place, inert(name), heading)
    known = [(place, column.tolist()) for place, column in enumerate(named.values()) if column is not None]
    for row in range(len(run.cost)):
        for place, column in known:
            if np.isfinite(column[row]):  # a workbook has no other numbers
                sheet.write_number(row + 1, place, column[row])
    return left


def _name(index: int, label: str) -> str:
    """A name that no other sheet has, whatever its label."""
    units = f"{index} {FORBIDDEN.sub(' ', label)}".encode("utf-16-le")[: 2 * NAME_LENGTH]
    # Half a letter at its end goes.
    return units.decode("utf-16-le", "ignore").strip()


EXPORT = Export(
    kind="xlsx",
    label="Workbook of the steps",
    point="A sheet a run, XLSX",
    call="runs",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    endings=("xlsx",),
    write=to_xlsx,
)
