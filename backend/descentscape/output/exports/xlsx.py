"""A workbook of the steps, a sheet a run."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from math import isfinite
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from descentscape.compute.results import Results
from descentscape.core.errors import TooExpensive
from descentscape.output.exports.base import Export
from descentscape.output.exports.csv import RunTable, inert, tables_of

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


def sheets_of(results: Results) -> tuple[RunTable, ...]:
    """Every run with its columns; raises TooExpensive above `MAX_CELLS` cells."""
    tables = tables_of(results)
    cells = sum(len(each.columns) * each.rows for each in tables)
    if cells > MAX_CELLS:
        raise TooExpensive("runs", f"of at most {MAX_CELLS:,} cells in a workbook: take CSV", cells)
    return tables


def to_xlsx(tables: Sequence[RunTable]) -> bytes:
    """A sheet for every run, named by its number and label: a row a step, and its columns."""
    file = io.BytesIO()
    with Workbook(file, OPTIONS) as book:
        heading = book.add_format({"bold": True})
        for index, run in enumerate(tables):
            _fill(book.add_worksheet(_name(index, run.label)), run, heading)
    return file.getvalue()


def _fill(sheet: Worksheet, run: RunTable, heading: Any) -> None:
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(run.columns):
        sheet.write_string(0, place, inert(name), heading)
    columns = enumerate(run.columns.values())
    known = [(place, column.tolist()) for place, column in columns if column is not None]
    for row in range(run.rows):
        for place, column in known:
            if isfinite(column[row]):  # a workbook has no other numbers
                sheet.write_number(row + 1, place, column[row])


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
    gather=sheets_of,
    write=to_xlsx,
)
