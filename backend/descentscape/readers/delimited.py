"""Tables as text: cells between commas, semicolons, tabs or bars, in the encodings that programs write."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

from descentscape.core.data.tables.table import MAX_TABLE_COLUMNS
from descentscape.core.errors import InvalidValue
from descentscape.readers.rows import MOST_TITLES, ReadTable, table_of_rows

MAX_LINE = 1 << 22
"""Characters of a line, and of a cell as it is read: a smaller bound, with row and column, comes after."""

MAX_ROW = 1 << 23
"""Characters of a row, whose cells may hold line ends: it is read as a whole before its cells are counted."""

PIECE = 1 << 20
"""Bytes that are decoded at once."""

PROBED = 1 << 16
"""Bytes by which encoding and separator are told."""

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)

csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE))


def read_delimited(content: bytes) -> ReadTable:
    """The table of a text; raises InvalidValue naming the row, and the column where it is one's.

    The text is UTF-8, UTF-16 or Windows-1252 (Latin-1); the separator is what divides most of its first lines
    into equally many cells, or what a first line ``sep=;`` says.
    """
    encoding, called = _encoding(content)
    notes = [] if called == "UTF-8" else [f"The text is read as {called}."]
    head = io.TextIOWrapper(io.BytesIO(content[:PROBED]), encoding, errors="replace", newline="").read()
    said, delimiter = _delimiter(head)
    if delimiter != ",":
        notes.append(f"Cells are divided by {DELIMITERS[delimiter]}.")
    lines = _lines(io.TextIOWrapper(io.BytesIO(content), encoding, newline=""))
    if said:
        next(lines)
    return table_of_rows(_rows(lines, delimiter), notes)


def _encoding(content: bytes) -> tuple[str, str]:
    """The codec of a text, and what people call it."""
    for mark, codec, called in BOMS:
        if content.startswith(mark):
            return codec, called
    probe = content[:PROBED]
    if b"\0" in probe:
        even, odd = probe[::2].count(0), probe[1::2].count(0)
        if max(even, odd) < len(probe) / 4:
            raise InvalidValue("the table", "text or a spreadsheet, not another kind of file")
        return ("utf-16-le", "UTF-16") if odd > even else ("utf-16-be", "UTF-16")
    if _is_text(content, "utf-8"):
        return "utf-8", "UTF-8"
    if _is_text(content, "cp1252"):
        return "cp1252", "Latin-1 (Windows-1252)"
    return "latin-1", "Latin-1"


def _is_text(content: bytes, codec: str) -> bool:
    """Whether all of it is text of a codec; in pieces, between which other threads have their turn."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for begin in range(0, len(content), PIECE):
            decoder.decode(content[begin : begin + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(head: str) -> tuple[bool, str]:
    """Whether a first line names the separator, and which it is."""
    first = head.split("\n", 1)[0].strip()
    if first.lower().startswith("sep=") and first[4:5] in DELIMITERS:
        return True, first[4]
    if first.lower() == "sep=":  # a tab, which is no more than white space
        return True, "\t"
    return False, max(DELIMITERS, key=lambda each: _fit(head, each))


def _fit(head: str, delimiter: str) -> tuple[float, int]:
    """The share of the first rows that have as many cells as the first of several has; and how many."""
    lines = io.StringIO(head[: head.rfind("\n") + 1] or head, newline="")
    try:
        rows = [row for row in islice(csv.reader(lines, delimiter=delimiter), 50) if row]
    except csv.Error:
        return 0.0, 0
    width = next((len(row) for row in rows[: MOST_TITLES + 1] if len(row) > 1), 0)
    if not width:
        return 0.0, 0
    return round(sum(len(row) == width for row in rows) / len(rows), 2), width


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 1
    try:
        while line := text.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                raise InvalidValue(f"line {number}", f"at most {MAX_LINE:,} characters long", "more")
            yield line.replace("\0", "")
            number += 1
    except UnicodeError as error:
        words = "text in the encoding that its first bytes tell"
        raise InvalidValue(f"line {number}", words, str(error)) from None


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    number, room = 1, MAX_ROW

    def of_a_row() -> Iterator[str]:
        nonlocal room
        for line in lines:
            room -= len(line)
            if room < 0:
                raise InvalidValue(f"row {number}", f"of at most {MAX_ROW:,} characters", "more")
            yield line

    reader = csv.reader(of_a_row(), delimiter=delimiter)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise InvalidValue(f"row {number}", f"cells of text ({error})") from None
        if row is None:
            return
        if len(row) > 2 * MAX_TABLE_COLUMNS:
            raise InvalidValue(f"row {number}", f"of at most {MAX_TABLE_COLUMNS} columns", len(row))
        yield row
        number, room = number + 1, MAX_ROW
