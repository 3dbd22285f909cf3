"""Tables as people have them: each is read as meant, or refused with a sentence that names row and column."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from descentscape.core.data.tables.columns import read_column
from descentscape.core.data.tables.preview import preview
from descentscape.core.data.tables.table import Table
from descentscape.core.errors import InvalidValue
from descentscape.document.problem_size import TABLE_ROOM
from descentscape.readers.files import read_bytes, read_path
from descentscape.readers.plain import read_json_columns
from descentscape.readers.rows import ReadTable

GERMAN = "Größe;Art\r\n1,5;Kater\r\n2,25;Hündin\r\n"


def columns(read: ReadTable) -> dict[str, list[str]]:
    return {column.name: list(column.cells) for column in read.table.columns}


def values(read: ReadTable, name: str) -> list[float]:
    found = read_column(read.table.column(name, "name"), read.table).values
    assert found is not None
    return found.tolist()


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (GERMAN.encode("utf-8"), "UTF-8"),
        (GERMAN.encode("utf-8-sig"), "UTF-8"),
        (GERMAN.encode("utf-16"), "UTF-16"),
        (GERMAN.encode("utf-16-le"), "UTF-16"),
        (GERMAN.encode("utf-16-be"), "UTF-16"),
        (GERMAN.encode("cp1252"), "Latin-1"),
        (b"sep=;\r\n" + GERMAN.encode("utf-8"), "UTF-8"),
        (GERMAN.replace("\r\n", "\n").encode("utf-8"), "UTF-8"),
        (GERMAN.replace("\r\n", "\r").encode("utf-8"), "UTF-8"),
        (GERMAN.replace(";", "\t").encode("utf-8"), "UTF-8"),
        (GERMAN.replace("1,5", '"1,5"').replace("2,25", '"2,25"').replace(";", ",").encode(), "UTF-8"),
    ],
)
def test_encodings_separators_and_line_ends(content: bytes, encoding: str) -> None:
    read = read_bytes(content)
    assert columns(read) == {"Größe": ["1,5", "2,25"], "Art": ["Kater", "Hündin"]}
    assert values(read, "Größe") == [1.5, 2.25]
    assert encoding == "UTF-8" or encoding in " ".join(read.notes)


@pytest.mark.parametrize(("beside", "meant"), [("19,12", 4.709), ("1,234,567", 4709.0), ("Kater", 4709.0)])
def test_a_comma_that_may_mean_either_means_what_those_beside_it_do(beside: str, meant: float) -> None:
    read = read_bytes(f"Höhe;Dichte\n{beside};4,709\n7;3,125\n".encode())
    assert values(read, "Dichte")[0] == meant


def test_numbers_below_a_quoted_header_that_holds_separators_and_line_ends() -> None:
    read = read_bytes(b'"height, in\ncm","weight"\n1,2\n"3",4\n')
    assert columns(read) == {"height, in cm": ["1", "3"], "weight": ["2", "4"]}


def test_names_are_tidied_and_made_different() -> None:
    read = read_bytes(b"a, a ,,a (2)\nx,y,z,w\nx,y,z,w\n")
    assert list(columns(read)) == ["a", "a (3)", "column 3", "a (2)"]


def test_a_table_without_a_header_says_so() -> None:
    read = read_bytes(b"1,2\n3,4\n")
    assert columns(read) == {"column 1": ["1", "3"], "column 2": ["2", "4"]}
    assert "named by their place" in read.notes[0]


def test_separators_at_the_end_of_every_line_make_no_column() -> None:
    assert list(columns(read_bytes(b"a,b,\n1,2,\n3,4,\n"))) == ["a", "b"]


def test_empty_lines_are_left_out() -> None:
    assert columns(read_bytes(b"\n\na,b\n1,2\n\n,\n3,4\n\n")) == {"a": ["1", "3"], "b": ["2", "4"]}


def test_thousands_and_decimals_are_told_by_their_column() -> None:
    read = read_bytes(b"a;b;c;d\n1,234.5;1.234,5;0,5;-3%\n1,000;7;2,75;4\n")
    assert [values(read, name) for name in "abcd"] == [[1234.5, 1000], [1234.5, 7], [0.5, 2.75], [-3, 4]]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["1970-01-02", "1970-01-03T12:00:00Z"], [1, 2.5]),
        (["02.01.1970", "31.01.1970"], [1, 30]),
        (["1/2/1970", "1/31/1970"], [1, 30]),
        (["2024-02-29", "2024-03-01"], [19782, 19783]),
    ],
)
def test_dates_become_days(cells: list[str], days: list[float]) -> None:
    read = read_bytes(("when,x\n" + "".join(f"{cell},1\n" for cell in cells)).encode())
    assert values(read, "when") == days


def test_formulas_and_markup_stay_text() -> None:
    cells = ["=1+1", "@SUM(A1)", "<script>alert(1)</script>", '=HYPERLINK("http://x")']
    read = read_json_columns(json.dumps({"columns": [{"name": "f", "cells": cells}]}).encode())[1]
    assert columns(read) == {"f": cells}


def test_json_columns_take_numbers_and_null() -> None:
    document = {"name": "x.parquet", "columns": [{"name": "a", "cells": [1, 2.0, 0.1, None, True, "w"]}]}
    name, read = read_json_columns(json.dumps(document).encode())
    assert (name, columns(read)) == ("x.parquet", {"a": ["1", "2", "0.1", "true", "w"]})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,2\n3\n", r"row 3 must be of 2 cells, as the first row is, got 1"),
        (b"a,b\n1,2\n3,4,5\n", r"row 3 must be of 2 cells, as the first row is, got 3"),
        (b"a,b\n1," + b"x" * 10**6 + b"\n", r"row 2, column ‘b’, must be at most 10,000 characters.*1000000"),
        (b"a\n" + b"x" * (1 << 22) + b"y\n", r"line 2 must be at most"),
        (b"a,b\n", r"at least one row below its header"),
        (b"", r"at least one row"),
        (b" \n\n", r"at least one row"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, r"not another kind of file"),
        (b"\xd0\xcf\x11\xe0" + bytes(50), r"before 2007"),
        (b"PAR1" + bytes(50), r"not Parquet"),
        (b",".join([b"c"] * 300) + b"\n" + b",".join([b"1"] * 300), r"row 1 must be of at most 256 columns"),
        (b"a\n" + b"1\n" * 100_001, r"at most 100,000 rows"),
        (b'a,b\n"1\n",' + b'"\n",' * (1 << 22), r"row 2 must be of at most 8,388,608 characters"),
        (b"PK\x03\x04 broken", r"an XLSX workbook that can be read"),
    ],
)
def test_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        read_bytes(content)


def test_lists_within_lists_are_refused_however_many_quotes_a_text_has() -> None:
    with pytest.raises(InvalidValue, match="not lists within lists"):
        read_json_columns(b'{"columns":[' + b"[]," * 5000 + b'"' + b'\\"' * 20_000 + b'"]}')


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "columns must be a list of columns"),
        ({"columns": []}, "columns must be 1 to 256 columns, got 0"),
        ({"columns": [{"cells": []}]}, r"columns\[0\].name must be text"),
        ({"columns": [{"name": "a", "cells": "abc"}]}, r"columns\[0\].cells must be a list"),
        ({"columns": [{"name": "a", "cells": [[1]]}]}, r"must be text, numbers, true, false or null"),
        ({"columns": [{"name": "a", "cells": ["1"]}, {"name": "b", "cells": []}]}, "as the first column has"),
    ],
)
def test_columns_refused(document: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        read_json_columns(json.dumps(document).encode())


def test_of_too_many_cells_a_sample_is_kept_and_said_always_the_same() -> None:
    wide = ",".join(["7"] * 199)
    content = (
        ",".join(f"c{i}" for i in range(200)) + "\n" + "".join(f"{i},{wide}\n" for i in range(7000))
    ).encode()
    read = read_bytes(content)
    kept = [int(cell) for cell in read.table.columns[0].cells]
    assert len(kept) == 6400
    assert kept == sorted(set(kept))
    assert 3300 < sum(kept) / len(kept) < 3700
    assert read.notes == ("6,400 of 7,000 rows are kept, drawn at random with seed 0.",)
    assert columns(read_bytes(content)) == columns(read)


# Workbooks


def workbook(*sheets: list[list[Any]], hidden: int = -1) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"default_date_format": "yyyy-mm-dd"}) as book:
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet(f"sheet {number + 1}")
            if number == hidden:
                sheet.hide()
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return written.getvalue()


def repacked(content: bytes, change: dict[str, bytes]) -> bytes:
    """The archive with other contents of some parts."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, change.get(part.filename, old.read(part.filename)))
    return changed.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
BOOK = workbook([["a", "b"], [1, "x"], [2.5, "y"], [None, "x"]])


TITLED = [["Grades of 2024"], [], ["", ""], ["hours", "grade"], [1.5, "A"], [2, "B"]]


@pytest.mark.parametrize(
    "content",
    [
        workbook(TITLED),
        b"Grades of 2024\n\nhours,grade\n1.5,A\n2,B\n",
        b"Grades of 2024;\n;\nhours;grade\n1.5;A\n2;B\n",
    ],
)
def test_a_line_above_the_header_is_left_out_and_said(content: bytes) -> None:
    read = read_bytes(content)
    assert columns(read) == {"hours": ["1.5", "2"], "grade": ["A", "B"]}
    assert "‘Grades of 2024’ above the header is left out." in read.notes


@pytest.mark.parametrize(
    ("content", "header"),
    [
        (b",x\n0,1.5\n1,2.5\n", ["column 1", "x"]),  # an index without a name
        (b"name,\nann,3\nbob,4\n", ["name", "column 2"]),
        (b"name,\nann,red\nbob,blue\n", ["name", "column 2"]),
        (b"word\nred\nblue\n", ["word"]),
        (b"sum\n1\n2\n", ["sum"]),
    ],
)
def test_a_header_of_one_name_is_no_title(content: bytes, header: list[str]) -> None:
    assert list(read_bytes(content).table.names) == header


def test_below_a_title_rows_are_numbered_as_in_the_file() -> None:
    with pytest.raises(InvalidValue, match="row 4 must be of 3 cells, as the header is, got 2"):
        read_bytes(b"Grades\na,b,c\n1,2,3\n4,5\n")


def test_a_workbook() -> None:
    assert columns(read_bytes(BOOK)) == {"a": ["1", "2.5", ""], "b": ["x", "y", "x"]}


def test_the_first_visible_sheet_with_cells_is_read_and_said() -> None:
    read = read_bytes(workbook([], [["secret"], [1]], [["a"], [1], [2]], hidden=1))
    assert columns(read) == {"a": ["1", "2"]}
    assert read.notes == ("Of 2 sheets ‘sheet 3’ is read.",)


def test_a_bomb_is_refused_by_what_it_declares_and_by_what_it_holds() -> None:
    bomb = repacked(BOOK, {SHEET: b"<worksheet>" + b" " * (1 << 27)})
    assert len(bomb) < 200_000
    with pytest.raises(InvalidValue, match="bytes unpacked"):
        read_bytes(bomb)
    size = ((1 << 27) + 11).to_bytes(4, "little")
    lying = bomb.replace(size, (1000).to_bytes(4, "little"))
    assert lying != bomb
    with pytest.raises(InvalidValue, match="can be read"):
        read_bytes(lying)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("XFD1048576", "at most 100,000 rows"),
        ("XFD2", "at most 256 columns"),
        ("IV100000", "at most 8,000,000 cells"),
    ],
)
def test_a_cell_far_away_is_refused_before_the_rectangle_up_to_it_is_filled(place: str, words: str) -> None:
    far = f'<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{place}"><v>1</v></c></row>'
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        sheet = archive.read(SHEET).replace(b"</sheetData>", far.encode() + b"</sheetData>")
    with pytest.raises(InvalidValue, match=words):
        read_bytes(repacked(BOOK, {SHEET: sheet}))


def test_a_cell_far_away_is_refused_in_whichever_part_a_workbook_has_its_sheet() -> None:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        far = archive.read(SHEET).replace(b"A2", b"XFD1048576")
        names = archive.read("xl/_rels/workbook.xml.rels").replace(b"worksheets/sheet1.xml", b"styles.xml")
    with pytest.raises(InvalidValue, match="at most 100,000 rows"):
        read_bytes(repacked(BOOK, {"xl/styles.xml": far, "xl/_rels/workbook.xml.rels": names}))


def test_a_sheet_without_tags_keeps_nobody_waiting() -> None:
    with pytest.raises(InvalidValue, match="of cells of at most"):
        read_bytes(repacked(BOOK, {SHEET: b"<sheetData>" + b" " * (1 << 22)}))


def test_a_part_whose_name_is_no_text_or_that_is_packed_otherwise_is_refused() -> None:
    named = repacked(BOOK, {}).replace(b"xl/styles.xml", b"xl/\xff\xfeyles.xml")
    utf8 = named.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x08")
    with pytest.raises(InvalidValue, match="can be read"):
        read_bytes(utf8)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", bytes(1000))
    with pytest.raises(InvalidValue, match="packed as ZIP files usually are"):
        read_bytes(packed.getvalue())


def test_a_workbook_without_its_parts_is_refused() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(InvalidValue, match="not another kind of archive"):
        read_bytes(other.getvalue())


def test_parquet_without_its_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1" + bytes(20))
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(InvalidValue, match="pip install pyarrow"):
        read_path(tmp_path / "x.parquet")


# Whatever comes


def looks_whole(table: Table) -> None:
    found = preview(table, "x", (), TABLE_ROOM)
    assert found["rows"] == table.rows
    json.dumps(found, allow_nan=False)


@given(st.binary(max_size=400) | st.text('a1,;\n"\t é.-', max_size=400).map(str.encode))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        read = read_bytes(content)
    except InvalidValue:
        return
    looks_whole(read.table)


@given(st.data())
def test_any_damage_to_a_workbook_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(BOOK)
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    with suppress(InvalidValue):
        looks_whole(read_bytes(bytes(content)).table)


@given(st.data())
def test_any_damage_to_a_sheet_is_read_or_refused(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        sheet = bytearray(archive.read(SHEET))
    for place in data.draw(st.lists(st.integers(0, len(sheet) - 1), min_size=1, max_size=8)):
        sheet[place] = data.draw(st.integers(1, 255))
    with suppress(InvalidValue):
        looks_whole(read_bytes(repacked(BOOK, {SHEET: bytes(sheet)})).table)
