"""Attacks by files: tables and trained models that are small to send, and large or long to read."""

from __future__ import annotations

import bz2
import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import cache

from bench.attacks.base import Once
from bench.wire import Target

MEBI = 1 << 20
LARGEST = 64 * MEBI
"""Bytes of a file at most."""

BINARY = {"Content-Type": "application/octet-stream"}
PATIENCE = 15.0
BZIP2, DIRECTORY_ENTRY = 12, b"PK\x01\x02"

Made = Callable[[], bytes]


def sends_files(call: str, *files: Made, headers: dict[str, str] = BINARY) -> Once:
    """Send each of the files in turn; they are made when they are sent."""

    async def once(target: Target) -> None:
        content = files[next(target.numbers) % len(files)]()
        await target.request("POST", f"/api/v1/{call}", content, headers, PATIENCE)

    return once


def packed(files: dict[str, bytes]) -> bytes:
    """A zip archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name, content)
    return archive.getvalue()


def lying(name: bytes, content: bytes, method: int, declared: int) -> bytes:
    """An archive of one file, packed already, that says how large it would be."""
    sizes = struct.pack("<IIIHH", 0, len(content), declared, len(name), 0)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 46, 0, method, 0, 33) + sizes + name + content
    entry = DIRECTORY_ENTRY + struct.pack("<HHHHHH", 46, 46, 0, method, 0, 33) + sizes
    entry += struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    return local + entry + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)


@cache
def bzip2_bomb(name: bytes) -> bytes:
    """A hundred bytes that unpack to a hundred MB, and say that they are fifty."""
    return lying(name, bz2.compress(bytes(100 * MEBI)), BZIP2, 50 * MEBI)


@cache
def directory() -> bytes:
    """An archive of nothing but a directory, of half a million files."""
    entry = DIRECTORY_ENTRY + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, *[0] * 7, 1, *[0] * 6) + b"a"
    entries = entry * 500_000
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 65_535, 65_535, len(entries), 4, 0)
    return b"PK\x03\x04" + entries + end


_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FAR = b'<row r="60000"><c r="CXD60000"><v>1</v></c></row>'


def workbook(cells: bytes, strings: bytes = b"", part: str = "worksheets/sheet1.xml") -> bytes:
    """A workbook with these rows in one sheet, which is the part of this name."""
    sheet = '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
    relation = f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="{part}"/>'
    shared = f'<Relationship Id="r2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">{sheet}'.encode(),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{_PACKAGE}/relationships">{relation}{shared}</Relationships>'
            ).encode(),
            "xl/sharedStrings.xml": b'<sst xmlns="%s">%s</sst>' % (_MAIN.encode(), strings),
            f"xl/{part}": b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>'
            % (_MAIN.encode(), cells),
        }
    )


WORKBOOKS: tuple[Made, ...] = (
    cache(lambda: workbook(FAR)),
    cache(lambda: workbook(FAR, part="metadata.xml")),
    cache(lambda: workbook(b" " * 120 * MEBI)),
    cache(lambda: workbook(b"<row><c><v>1</v></c></row>", b"<si><t>a</t></si>" * 6 * MEBI)),
    cache(lambda: workbook((b"<row>" + b"<c><v>1</v></c>" * 250 + b"</row>") * 30_000)),
    cache(lambda: workbook(b'<row r="31000"><c r="IV31000"><v>1</v></c></row>')),
    lambda: bzip2_bomb(b"xl/workbook.xml"),
)


def safetensors(head: object, data: bytes = b"") -> bytes:
    """A file of this header."""
    written = json.dumps(head).encode()
    return len(written).to_bytes(8, "little") + written + data


def tensor(shape: list[int], end: int, begin: int = 0) -> dict[str, object]:
    """What a header says of a tensor."""
    return {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}


MODELS: tuple[Made, ...] = (
    lambda: bzip2_bomb(b"0.weight.npy"),
    directory,
    cache(lambda: packed({"a.zip": packed({"b.zip": bytes(60 * MEBI)})})),
    cache(lambda: packed({"0.weight.npy": b"\x93NUMPY\x01\x00\x76\x00" + bytes(60 * MEBI)})),
    cache(lambda: safetensors({"a": tensor([10**18] * 47_000, 0)})),
    cache(lambda: safetensors({f"{k}": tensor([0], 0) for k in range(18_000)})),
    cache(lambda: safetensors({"0.weight": tensor([1, 1], 4), "0.bias": tensor([1], 4)}, bytes(4))),
    cache(lambda: json.dumps({"0.weight": ["a" * MEBI, *["b"] * 1000]}).encode()),
    cache(lambda: b'{"a":[' + b",".join([b"[]"] * 2_700_000) + b"]}"),
    cache(lambda: b'{"a":[' + b",".join([b"1"] * 4_000_000) + b"]}"),
    cache(lambda: b"{" + b",".join(b'"%x":1' % k for k in range(700_000)) + b"}"),
)

TEXTS: tuple[Made, ...] = (
    lambda: b"x" * LARGEST,
    lambda: b"," * LARGEST,
    lambda: bytes(LARGEST),
    lambda: b"\r" * LARGEST,
    lambda: b'"a\n",' * (LARGEST // 6),
    lambda: b'"' + b"x\n" * (LARGEST // 2 - 1),
    lambda: b"ab,b\n" * (LARGEST // 5 - 1) + b"\x81",
    lambda: b"a,b\n" + (b"\x01" * 9990 + b",1\n") * (LARGEST // 10_000),
    lambda: b"a,b\n" + (b"x" * 9990 + b"\xf0\x9f\x98\x80,1\n") * (LARGEST // 10_000),
    lambda: b",".join([b"c"] * MEBI),
)

COLUMNS: tuple[Made, ...] = (
    cache(lambda: b'{"columns":[{"name":"a","cells":[' + b",".join([b'"abcdefghi"'] * 4_000_000) + b"]}]}"),
    cache(lambda: b'{"a":[' + b"[]," * 3_000_000 + b'"' + b'\\"' * 6_100_000 + b'"]}'),
    cache(lambda: b'{"name":"%s","columns":[{"name":"\\ud800","cells":[1,2]}]}' % (b"x" * MEBI)),
)


async def slow_file(target: Target) -> None:
    """A file that comes in small pieces, of which each holds a little more."""

    def parts() -> Iterator[bytes]:
        head = f"POST /api/v1/tables HTTP/1.1\r\nHost: {target.name}\r\nContent-Type: text/csv\r\n"
        yield f"{head}Content-Length: {LARGEST}\r\n\r\n".encode()
        for _ in range(1000):
            yield b"1,2\n" * 1000

    await target.exchange(parts(), pause=0.05, patience=60.0)


@cache
def _words() -> bytes:
    header = b",".join(b"c%d" % k for k in range(200))
    return (
        header
        + b"\n"
        + b"".join(b",".join(b"w%d" % (k * j % 7) for k in range(200)) + b"\n" for j in range(6400))
    )


async def store_filled(target: Target) -> None:
    """Another large table each time, so that others have to go."""
    content = _words() + b"%d," % next(target.numbers) + b",".join([b"x"] * 199)
    await target.request("POST", "/api/v1/tables", content, BINARY, PATIENCE)


async def stored_table(target: Target) -> None:
    """A large table, and experiments on it that nobody else has."""
    answer = await target.request("POST", "/api/v1/tables", _words(), BINARY, PATIENCE)
    _, _, body = answer.partition(b"\r\n\r\n")
    if not body.startswith(b"{"):
        return
    for _ in range(20):
        dataset = {
            "kind": "table",
            "sha256": json.loads(body)["sha256"],
            "target": "c1",
            "inputs": ["c2", "c3"],
        }
        seeded = dataset | {"seed": next(target.numbers)}
        problem = {"dataset": seeded, "cost": "cross_entropy", "hidden": [2]}
        await target.post("runs", {"problem": problem, "steps": 2}, patience=PATIENCE)
