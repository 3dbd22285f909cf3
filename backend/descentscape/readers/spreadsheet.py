"""Tables as XLSX: a zip archive of XML, unpacked by what it really holds before a sheet of it is read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import chain

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from descentscape.core.data.tables.table import MAX_TABLE_COLUMNS, MAX_TABLE_ROWS
from descentscape.core.errors import InvalidValue
from descentscape.readers.plain import cell_text
from descentscape.readers.rows import ReadTable, table_of_rows
from descentscape.readers.weight_arrays import DIRECTORY_MARK, UNREADABLE, require_unpackable

ZIP_MARK = b"PK\x03\x04"
MAX_UNPACKED = 1 << 27
"""Bytes of all parts of a workbook together."""

MAX_PARTS = 1000
MAX_AREA = 8_000_000
"""Cells of the rectangle that a sheet's cells lie in: it is filled, whatever is empty in it."""

NEEDED = re.compile(
    r"\[content_types\]\.xml|_rels/.*|xl/_rels/.*|xl/worksheets/[^/]*\.xml"
    r"|xl/(?:workbook|sharedstrings|styles|metadata)\.xml",
    re.IGNORECASE,
)
"""The parts of a workbook that have to do with cells."""

MAX_ENTRIES = 10_000
"""Entries of an archive's directory: all are read at once."""

PANIC = "PanicException"
"""What calamine raises where it did not foresee something; it is no Exception, and has no public class."""

_PLACE = re.compile(rb"""<(?:\w{1,20}:)?(row|c)(?=[\s/>])|\sr\s*=\s*["']\s*([A-Za-z]*)(\d*)""")
"""The beginning of a row or a cell, or the place that its attribute gives it."""

_PIECE = 1 << 20


def is_zip(content: bytes) -> bool:
    """Whether bytes begin as those of a zip archive do, which a workbook is."""
    return content.startswith(ZIP_MARK)


def read_spreadsheet(content: bytes) -> ReadTable:
    """The table of a workbook's first visible sheet that holds anything.

    Raises InvalidValue for what is no workbook, unpacks to more than `MAX_UNPACKED` bytes or has cells beyond
    the bounds of a table, and as `table_of_rows` does.
    """
    try:
        return _first_sheet(CalamineWorkbook.from_filelike(io.BytesIO(_repacked(content))))
    except InvalidValue:
        raise
    except BaseException as error:
        if isinstance(error, (CalamineError, *UNREADABLE)) or type(error).__name__ == PANIC:
            raise InvalidValue("the table", f"an XLSX workbook that can be read ({error})") from None
        raise


def _first_sheet(workbook: CalamineWorkbook) -> ReadTable:
    sheets = [
        each.name
        for each in workbook.sheets_metadata
        if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
    ]
    for name in sheets:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height:
            said = [f"Of {len(sheets)} sheets ‘{name}’ is read."] if len(sheets) > 1 else []
            return table_of_rows(_rows(sheet), said)
    raise InvalidValue("the table", "a workbook with a sheet that holds cells", len(sheets))


def _rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        yield [cell_text(cell) or "" for cell in row]


def _repacked(content: bytes) -> bytes:
    """An archive of the parts that are needed, as they really are: none is longer than was counted."""
    if (entries := content.count(DIRECTORY_MARK)) > MAX_ENTRIES:
        raise InvalidValue("the table", f"an archive of at most {MAX_ENTRIES:,} files", entries)
    packed, held = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(packed, "w") as counted:
        parts = [part for part in archive.infolist() if NEEDED.fullmatch(part.filename)]
        if len(parts) > MAX_PARTS or len({part.filename for part in parts}) < len(parts):
            raise InvalidValue("the table", f"a workbook of at most {MAX_PARTS} parts, each once", len(parts))
        if (declared := sum(part.file_size for part in parts)) > MAX_UNPACKED:
            raise InvalidValue("the table", f"at most {MAX_UNPACKED:,} bytes unpacked", declared)
        if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
            raise InvalidValue("the table", "an XLSX workbook, not another kind of archive")
        require_unpackable(parts)
        for part in parts:
            plain = _unpacked(archive, part, MAX_UNPACKED - held)
            held += len(plain)
            # A workbook may call any of its parts a sheet.
            if b"sheetData" in plain or b"\0" in plain:
                _check_places(plain)
            counted.writestr(part.filename, plain)
    return packed.getvalue()


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of a part, given up as soon as they are more than may be."""
    found = bytearray()
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            found += piece
            if len(found) > most:
                raise InvalidValue("the table", f"at most {MAX_UNPACKED:,} bytes unpacked", "more")
    return bytes(found)


def _check_places(sheet: bytes) -> None:
    """Refuse cells so far away that the rectangle up to them would be large."""
    if b"\0" in sheet:
        raise InvalidValue("the table", "a workbook of XML in UTF-8")
    rows, columns = _extent(sheet)
    if rows > MAX_TABLE_ROWS + 1:
        raise InvalidValue("the table", f"of at most {MAX_TABLE_ROWS:,} rows", rows)
    if columns > MAX_TABLE_COLUMNS:
        raise InvalidValue("the table", f"of at most {MAX_TABLE_COLUMNS} columns", columns)
    if rows * columns > MAX_AREA:
        raise InvalidValue("the sheet", f"of at most {MAX_AREA:,} cells", rows * columns)


def _extent(sheet: bytes) -> tuple[int, int]:
    """The last row and column, at most, that a cell of a sheet stands in; those without a place follow on."""
    rows = columns = column = 0
    for found in chain.from_iterable(_PLACE.finditer(sheet, *piece) for piece in _pieces(sheet)):
        tag, letters, digits = found.groups()
        if tag == b"row":
            rows, column = rows + 1, 0
        elif tag == b"c":
            column += 1
        else:
            rows = max(rows, int(digits[:9] or 0))
            column = max(column, _column_number(letters[:4]))
        columns = max(columns, column)
    return rows, columns


def _pieces(sheet: bytes) -> Iterator[tuple[int, int]]:
    """Where the pieces of a sheet begin and end, each before a tag: other threads have their turn between."""
    begin = 0
    while begin < len(sheet):
        end = sheet.find(b"<", begin + _PIECE)
        end = len(sheet) if end < 0 else end
        if end - begin > 2 * _PIECE:
            raise InvalidValue("the sheet", f"of cells of at most {_PIECE:,} bytes", end - begin)
        yield begin, end
        begin = end


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
