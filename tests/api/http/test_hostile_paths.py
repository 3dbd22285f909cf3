"""Whatever stands in a request's first line and headers: a 4xx, never a 5xx, and no traceback in the log."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import struct
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from starlette.exceptions import HTTPException
from uvicorn.protocols.utils import ClientDisconnected

from api.serving import PATIENCE, raw_answer, serving, until
from descentscape.api.app import create_app
from descentscape.api.http import static
from descentscape.api.ops.errors import problem_of
from descentscape.api.ops.settings import Settings

CLOSE = b"Host: 127.0.0.1\r\nConnection: close\r\n\r\n"
UPGRADE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)

FOLDERS = (b"/", b"/js/", b"/js/app/", b"/packs/", b"/vendor/", b"/api/v1/", b"/docs/")
NAMES = (
    b"",
    b"a" * 255 + b".js",
    b"a" * 7_000,
    b"a/" * 127 + b".js",
    b"a/" * 3_500,
    b"%E4%B8%AD" * 84 + b".js",
    b"%E4%B8%AD" * 250 + b".js",
    b"%00",
    b"a%00.js",
    b"a%0a.js",
    b"a%0d%0aSet-Cookie:%20a=b.js",
    b"%ff%fe.js",
    b"%ed%a0%80.js",
    b"%c0%ae%c0%ae/x.js",
    b"%",
    b"%zz.js",
    b"%2",
    b"\\..\\..\\x.js",
    b"..%5c..%5cx.js",
    b"../../../../etc/passwd",
    b"%2e%2e/%2e%2e/pyproject.toml",
    b"..;/x.js",
    b".git/config",
    b"CON",
    b"con.js",
    b"NUL.js",
    b"aux.txt",
    b"COM1",
    b"LPT1.css",
    b"c:/x.js",
    b"x.js::$DATA",
    b"x.js.",
    b"//etc/passwd",
    b"~root/x.js",
    b"app",
    b"main.js/x.js",
    b"README.md",
    b"\xff\xfe.js",
    b"\x00",
    b"\x1b[2J",
    b"{path:path}",
    b"*",
    b"a b",
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(autouse=True)
def _no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert [record for record in caplog.get_records("call") if record.exc_info] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.decode())
@pytest.mark.parametrize("stream", [False, True], ids=["request", "stream"])
def test_no_path_fails_on_the_server(address: str, folder: bytes, stream: bool) -> None:
    for name in NAMES:
        if (folder, name) == (b"/", b"") and not stream:
            continue  # the page
        head = (UPGRADE + b"Host: 127.0.0.1\r\n\r\n") if stream else CLOSE
        status, _, _ = raw_answer(address, b"GET " + folder + name + b" HTTP/1.1\r\n" + head)
        assert 400 <= status < 500, (folder, name[:80], status)


@pytest.mark.parametrize(
    "request_line",
    [b"GET * HTTP/1.1", b"OPTIONS * HTTP/1.1", b"CONNECT a:80 HTTP/1.1", b"GET js HTTP/1.1", b"GET  HTTP/1.1",
     b"PRI * HTTP/2.0", b"GET / HTTP/9.9", b"\x16\x03\x01\x00\xff\xff", b"get / HTTP/1.1",
     b"GET /api/v1/catalog?part=%ff%00 HTTP/1.1", b"GET /api/v1/catalog?\xff HTTP/1.1"],
)  # fmt: skip
def test_no_request_line_fails_on_the_server(address: str, request_line: bytes) -> None:
    status, _, _ = raw_answer(address, request_line + b"\r\n" + CLOSE)
    assert 400 <= status < 500


@pytest.mark.parametrize(
    "name",
    ["Accept", "Accept-Encoding", "Content-Type", "If-None-Match", "Origin", "X-Forwarded-For",
     "X-Forwarded-Proto", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Cookie"],
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True], ids=["request", "stream"])
def test_no_header_fails_on_the_server(address: str, name: str, stream: bool) -> None:
    for value, path in product((b"\xff\xfe", b",;=,", b"9" * 5000, b"*/*;q=1e999"), (b"/", b"/nowhere")):
        head = (UPGRADE if stream and path == b"/nowhere" else b"") + CLOSE
        request = b"GET " + path + b" HTTP/1.1\r\n" + name.encode() + b": " + value + b"\r\n" + head
        assert raw_answer(address, request)[0] < 500, (name, value[:20], path)


def test_a_client_that_leaves_within_its_body_is_no_fault(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(
            b"POST /api/v1/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b'Content-Length: 100\r\n\r\n{"steps"'
        )
    until(lambda: any(getattr(record, "status", None) == 499 for record in caplog.records))


def test_a_client_that_resets_its_stream_is_no_fault(address: str, caplog: pytest.LogCaptureFixture) -> None:
    host, port = address.removeprefix("http://").split(":")
    for _ in range(20):
        with socket.create_connection((host, int(port)), PATIENCE) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n" + UPGRADE + b"\r\n")
            assert client.recv(1) == b"H"
    until(lambda: sum(record.msg == "stream ended" for record in caplog.records) == 20)


@pytest.mark.parametrize("origin", [b"http://127.0.0.1", b"http://evil.example"], ids=["taken", "refused"])
def test_a_client_that_is_gone_before_its_stream_is_answered_is_no_fault(origin: bytes) -> None:
    scope = {
        "type": "websocket",
        "scheme": "ws",
        "path": "/api/v1/stream",
        "raw_path": b"/api/v1/stream",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"origin", origin)],
        "client": ("127.0.0.1", 1),
        "extensions": {"websocket.http.response": {}},
    }

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def gone(_: object) -> None:
        raise ClientDisconnected

    asyncio.run(create_app(Settings())(scope, receive, gone))


@pytest.mark.parametrize(
    ("number", "status"), [("ENAMETOOLONG", 404), ("EACCES", 404), ("ELOOP", 404), ("EMFILE", 503)]
)
def test_what_the_disk_says_of_a_file(
    number: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, **_: object) -> os.stat_result:
        raise OSError(getattr(errno, number), "no")

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises((OSError, HTTPException)) as refusal:
        static._load(tmp_path / "a.js", tmp_path)
    found = refusal.value
    assert (found.status_code if isinstance(found, HTTPException) else problem_of(found).status) == status
