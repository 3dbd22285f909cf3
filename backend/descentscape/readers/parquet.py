"""Tables as Parquet, where pyarrow is installed: in Python and on the command line only."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from descentscape.core.data.tables.table import MAX_TABLE_COLUMNS, MAX_TABLE_ROWS
from descentscape.core.errors import InvalidValue
from descentscape.readers.plain import table_of_columns
from descentscape.readers.rows import ReadTable

PARQUET_MARK = b"PAR1"


def read_parquet(path: Path) -> ReadTable:
    """The table of a Parquet file; InvalidValue without pyarrow, and beyond the bounds of a table."""
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        words = "CSV, TSV or XLSX, as pyarrow is not installed here (pip install pyarrow)"
        raise InvalidValue("the table", words, path.name) from None
    try:
        about = parquet.ParquetFile(path).metadata
    except ValueError as error:
        raise InvalidValue("the table", f"a Parquet file that can be read ({error})") from None
    if about.num_rows > MAX_TABLE_ROWS:
        raise InvalidValue("the table", f"of at most {MAX_TABLE_ROWS:,} rows", about.num_rows)
    if about.num_columns > MAX_TABLE_COLUMNS:
        raise InvalidValue("the table", f"of at most {MAX_TABLE_COLUMNS} columns", about.num_columns)
    plain = parquet.read_table(path).to_pydict()
    return table_of_columns([{"name": name, "cells": cells} for name, cells in plain.items()])
