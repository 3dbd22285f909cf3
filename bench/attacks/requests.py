"""Attacks by how a request is written: heads, bodies and connections that no browser makes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bench.attacks.base import Once
from bench.wire import Target

HALF_OPEN = 250
PIECE = 1 << 20


def sends(*requests: bytes, patience: float = 2.0) -> Once:
    """Send each of these in turn; NAME stands for the host."""

    async def once(target: Target) -> None:
        written = requests[next(target.numbers) % len(requests)]
        await target.exchange(written.replace(b"NAME", target.name.encode()), patience=patience)

    return once


def asks(method: str, *paths: str, headers: dict[str, str] | None = None) -> Once:
    """Ask for each of the paths in turn."""

    async def once(target: Target) -> None:
        await target.request(method, paths[next(target.numbers) % len(paths)], headers=headers, patience=2.0)

    return once


async def long_request_line(target: Target) -> None:
    """A path of 30 MB; whoever bounds it closes long before."""

    def parts() -> Iterator[bytes]:
        yield b"GET /"
        for _ in range(30):
            yield b"a" * PIECE
        yield f" HTTP/1.1\r\nHost: {target.name}\r\n\r\n".encode()

    await target.exchange(parts())


async def long_header(target: Target) -> None:
    def parts() -> Iterator[bytes]:
        yield f"GET /healthz HTTP/1.1\r\nHost: {target.name}\r\nX-Long: ".encode()
        for _ in range(30):
            yield b"a" * PIECE
        yield b"\r\n\r\n"

    await target.exchange(parts())


async def many_headers(target: Target) -> None:
    def parts() -> Iterator[bytes]:
        yield f"GET /healthz HTTP/1.1\r\nHost: {target.name}\r\n".encode()
        for k in range(100):
            yield b"".join(b"X-%d-%d: a\r\n" % (k, number) for number in range(1000))
        yield b"\r\n"

    await target.exchange(parts())


async def slow_head(target: Target) -> None:
    """A head that comes a letter at a time."""
    head = f"GET /healthz HTTP/1.1\r\nHost: {target.name}\r\nX: {'a' * 500}\r\n\r\n".encode()
    await target.exchange((head[k : k + 1] for k in range(len(head))), pause=0.02, patience=60.0)


async def half_open(target: Target) -> None:
    """Many connections that begin a head, and wait."""

    async def one(number: int) -> None:
        source = f"127.0.{7 + number % 5}.{1 + number % 200}"
        async with target.connection(source) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\nHost: ")
            await reader.read(1)
            target.answers["cut"] += 1

    await asyncio.gather(*(one(number) for number in range(HALF_OPEN)), return_exceptions=True)


async def idle(target: Target) -> None:
    """Many connections that say nothing at all."""

    async def one(number: int) -> None:
        async with target.connection(f"127.0.{17 + number % 5}.{1 + number % 200}") as (reader, _):
            await reader.read(1)
            target.answers["cut"] += 1

    await asyncio.gather(*(one(number) for number in range(HALF_OPEN)), return_exceptions=True)


async def connecting(target: Target) -> None:
    """Connect, and go."""
    async with target.connection():
        target.answers["connected"] += 1


def _posting(target: Target, more: str) -> bytes:
    head = (
        f"POST /api/v1/runs HTTP/1.1\r\nHost: {target.name}\r\nContent-Type: application/json\r\n{more}\r\n"
    )
    return head.encode()


async def slow_body(target: Target) -> None:
    """A body that comes a byte at a time."""

    def parts() -> Iterator[bytes]:
        yield _posting(target, "Content-Length: 1000000\r\n")
        for _ in range(1000):
            yield b" "

    await target.exchange(parts(), pause=0.05, patience=60.0)


async def trickling_chunks(target: Target) -> None:
    def parts() -> Iterator[bytes]:
        yield _posting(target, "Transfer-Encoding: chunked\r\n")
        for _ in range(1000):
            yield b"1\r\n \r\n"

    await target.exchange(parts(), pause=0.02, patience=60.0)


async def tiny_chunks(target: Target) -> None:
    """A megabyte in chunks of one byte, each with an extension of its own."""

    def parts() -> Iterator[bytes]:
        yield _posting(target, "Transfer-Encoding: chunked\r\n")
        for _ in range(100):
            yield b"1;a=b\r\n \r\n" * 10_000

    await target.exchange(parts())


async def pipelined(target: Target) -> None:
    """Two thousand requests on one connection, of which none is waited for."""
    once = f"GET /api/v1/catalog HTTP/1.1\r\nHost: {target.name}\r\n\r\n".encode()
    await target.exchange(once * 2000, patience=1.0)


async def unread_answers(target: Target) -> None:
    """Large answers that nobody reads."""
    async with target.connection() as (reader, writer):
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        body = b'{"steps": 15000, "problem": {"hidden": [8, 8]}, "seed": %d}' % (next(target.numbers) % 4)
        path = "/api/v1/runs?include=theta"
        writer.write(target.written("POST", path, body, {"Connection": "keep-alive"}))
        await asyncio.sleep(4.0)


async def unread_files(target: Target) -> None:
    """The largest file, asked for again and again on a connection that nobody reads."""
    async with target.connection() as (reader, writer):
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        once = f"GET /api/v1/catalog HTTP/1.1\r\nHost: {target.name}\r\n\r\n".encode()
        writer.write(once * 500)
        await asyncio.sleep(4.0)


SMUGGLED = (
    b"POST /api/v1/runs HTTP/1.1\r\nHost: NAME\r\nContent-Type: application/json\r\nContent-Length: 4\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: NAME\r\n\r\n",
    b"POST /api/v1/runs HTTP/1.1\r\nHost: NAME\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n{}   ",
    b"POST /api/v1/runs HTTP/1.1\r\nHost: NAME\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"POST /api/v1/runs HTTP/1.1\r\nHost: NAME\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    b"POST /api/v1/runs HTTP/1.1\r\nHost: NAME\r\nContent-Length: -1\r\n\r\n",
    b"POST /api/v1/runs HTTP/1.1\r\nHost: NAME\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"POST /api/v1/runs HTTP/1.1\r\nHost: NAME\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: NAME\r\n folded: yes\r\n\r\n",
    b"GET /healthz HTTP/1.1\nHost: NAME\n\n",
)

OTHER_PROTOCOLS = (
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) * 2,
    b"GET /healthz HTTP/9.9\r\nHost: NAME\r\n\r\n",
    b"GET /healthz\r\n\r\n",
    b"\x05\x01\x00",
    b"SSH-2.0-OpenSSH_9.9\r\n",
    b"\x00" * 100_000,
    b"\r\n" * 100_000,
)

METHODS = tuple(
    b"%s %s HTTP/1.1\r\nHost: NAME\r\nConnection: close\r\n\r\n" % (method, path)
    for method in (b"OPTIONS", b"TRACE", b"CONNECT", b"PATCH", b"DELETE", b"PROPFIND", b"A" * 5000)
    for path in (b"/api/v1/runs", b"*", b"http://evil.example/", b"/")
)

HOSTS = tuple(
    b"GET / HTTP/1.1\r\n%sConnection: close\r\n\r\n" % lines
    for lines in (
        b"",
        b"Host: evil.example\r\n",
        b"Host: NAME\r\nHost: evil.example\r\n",
        b"Host: NAME@evil.example\r\n",
        b"Host: [::1\r\n",
        b"Host: \xff\xfe\r\n",
        b"Host: " + b"a." * 4000 + b"\r\n",
        b"Host: 1e9\r\n",
        b"Host: NAME\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-For: " + b"1.1.1.1," * 1000 + b"\r\n",
        b"Host: NAME, evil.example\r\n",
        b"Host: \xc2\xa0NAME\r\n",
    )
)

PATHS = (
    "/js/" + "a" * 4000,
    "/js/" + "a/" * 2000,
    "/js/../../../../etc/passwd",
    "/js/%2e%2e/%2e%2e/pyproject.toml",
    "/js/%00",
    "/js/\\..\\..\\pyproject.toml",
    "/%ff%fe",
    "/packs/" + "%" * 500,
    "/packs/../../x",
    "//evil.example/",
    "/api/v1/runs?" + "include=theta&" * 1000,
    "/api/v1/catalog?part=" + "a" * 8000,
    "/docs?" + "x" * 8000,
    "/js/CON",
    "/js/" + "%E0%80%AF" * 50,
    "/index.html#" + "é" * 500,
)

NOT_UTF8 = tuple(
    b"GET /\xff\xfe%s HTTP/1.1\r\nHost: NAME\r\nX-\xff: \xfe\r\nConnection: close\r\n\r\n" % path
    for path in (b"", b"js/\xc3", b"?\xff=\xfe")
)

CACHING = {
    "Range": "bytes=" + ",".join(f"{k}-{k + 1}" for k in range(0, 5000, 3))[:8000],
    "If-None-Match": ",".join(f'W/"{k}"' for k in range(900)),
    "If-Modified-Since": "Sun, 99 Nov 99999 99:99:99 GMT",
    "Accept-Encoding": "gzip;q=0," * 500,
}

ACCEPTS = {"Accept": ",".join(f"a{k}/b;q=0.{k % 10}" for k in range(1500))[:15_000]}
