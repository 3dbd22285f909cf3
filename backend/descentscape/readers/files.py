"""A table of any kind that can be read, told by its first bytes and not by its name."""

from __future__ import annotations

from pathlib import Path

from descentscape.core.errors import InvalidValue
from descentscape.readers.delimited import read_delimited
from descentscape.readers.parquet import PARQUET_MARK, read_parquet
from descentscape.readers.plain import read_json_columns
from descentscape.readers.rows import ReadTable
from descentscape.readers.spreadsheet import is_zip, read_spreadsheet

OLD_EXCEL_MARK = b"\xd0\xcf\x11\xe0"

MAX_FILE_BYTES = 1 << 30
"""Bytes of a file on one's own disk."""


def read_bytes(content: bytes) -> ReadTable:
    """The table of a text or a workbook; raises InvalidValue where it is neither, or as their readers do."""
    if is_zip(content):
        return read_spreadsheet(content)
    if content.startswith(OLD_EXCEL_MARK):
        raise InvalidValue("the table", "saved as XLSX or CSV, not in Excel’s format before 2007 (.xls)")
    if content.startswith(PARQUET_MARK):
        raise InvalidValue("the table", "CSV, TSV or XLSX, not Parquet")
    if not content.strip():
        raise InvalidValue("the table", "of at least one row with something in it", 0)
    return read_delimited(content)


def read_path(path: Path) -> ReadTable:
    """The table of a file on this machine, Parquet too where pyarrow is installed."""
    if (size := path.stat().st_size) > MAX_FILE_BYTES:
        raise InvalidValue("the table", f"a file of at most {MAX_FILE_BYTES:,} bytes", size)
    with path.open("rb") as file:
        if file.read(4) == PARQUET_MARK:
            return read_parquet(path)
    content = path.read_bytes()
    if path.suffix.lower() == ".json":
        return read_json_columns(content)[1]
    return read_bytes(content)
