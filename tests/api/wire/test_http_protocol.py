"""Bounds on heads, bodies, requests ahead and answers that lie unread, on a clock that jumps."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest

from api.wiring import HANDSHAKE, Server, Wire, on_the_wire, settled
from descentscape.api.wire.bounds import END_SECONDS, LINGER_SECONDS
from descentscape.api.wire.http_protocol import AHEAD_BYTES, CHUNKS, HEADERS, LINE_BYTES, PIECE

GET = b"GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /call HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n"
HEAD_BYTES = 16_384


class Recorder:
    """An application that reads the body, waits until it may, and answers."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.begun: list[str] = []
        self.bodies: list[bytes] = []
        self.gone = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.begun.append(scope["path"])
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.gone += 1
                return
            body, more = body + message["body"], message["more_body"]
        self.bodies.append(body)
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


def refusal(wire: Wire) -> tuple[int, dict[str, Any]]:
    """The status and the document of the one answer that was written, as HTTP has them."""
    head, _, body = wire.written.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    assert headers["connection"] == "close"
    assert headers["content-type"] == "application/problem+json"
    assert int(headers["content-length"]) == len(body)
    assert "content-security-policy" in headers
    return int(lines[0].split()[1]), json.loads(body)


def talk(**settings: Any) -> Any:
    """Have the decorated conversation with a server of a recorder."""

    def decorate(conversation: Any) -> Any:
        def test() -> None:
            recorder = Recorder()
            on_the_wire(lambda server: conversation(server, recorder), recorder, **settings)

        test.__name__ = conversation.__name__
        return test

    return decorate


@talk()
async def test_a_request_is_answered_however_it_is_cut(server: Server, app: Recorder) -> None:
    wire = server.connect()
    for byte in POST + b"body" + GET:
        wire.protocol.data_received(bytes([byte]))
    await settled()
    assert app.bodies == [b"body", b""]
    assert wire.written.count(b"HTTP/1.1 200 OK") == 2
    assert not wire.closed


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"GET /" + b"a" * HEAD_BYTES * 9, f"head must be at most {HEAD_BYTES} bytes, got more"),
        (GET[:-2] + b"A: " + b"a" * HEAD_BYTES * 9, f"head must be at most {HEAD_BYTES} bytes, got more"),
        (b"GET /" + b"a" * LINE_BYTES + GET[4:], "a line of the head must be at most 8192 bytes, got 8198"),
        (GET[:-2] + b"A: b\r\n" * HEADERS + b"\r\n", "headers must be at most 100, got 101"),
        (
            GET[:-2] + (b"A: " + b"a" * 6000 + b"\r\n") * 3 + b"\r\n",
            f"head must be at most {HEAD_BYTES} bytes, got more",
        ),
    ],
    ids=["line for ever", "header for ever", "long line", "many headers", "long head"],
)
def test_a_large_head_is_refused(head: bytes, words: str) -> None:
    app = Recorder()

    async def conversation(server: Server) -> None:
        wire = server.connect()
        for start in range(0, len(head), 1000):
            if wire.written:
                break
            wire.protocol.data_received(head[start : start + 1000])
        assert start <= HEAD_BYTES + 3 * PIECE
        await settled()
        status, problem = refusal(wire)
        assert (status, problem["detail"]) == (431, words)
        assert problem["errors"][0]["limit"] > 0
        assert app.begun == []

    on_the_wire(conversation, app)


@talk()
async def test_a_head_just_within_the_bound_is_served(server: Server, app: Recorder) -> None:
    wire = server.connect()
    line = b"A: " + b"a" * 5000 + b"\r\n"
    wire.protocol.data_received(b"POST / HTTP/1.1\r\nContent-Length: 2000\r\n\r\n" + b"b" * 2000)
    wire.protocol.data_received(GET[:-2] + 3 * line + b"B: " + b"b" * 1200 + b"\r\n\r\n")
    await settled()
    assert len(app.bodies) == 2


@talk(head_seconds=10)
async def test_half_a_head_is_closed_in_time_however_it_drips(server: Server, app: Recorder) -> None:
    wire = server.connect()
    for byte in GET[:9]:
        await asyncio.sleep(1)
        wire.protocol.data_received(bytes([byte]))
    assert wire.written == b""
    await asyncio.sleep(1.5)
    status, problem = refusal(wire)
    assert (status, problem["detail"]) == (408, "head must be complete within 10 s")
    assert wire.ended
    wire.protocol.data_received(GET * 1000)
    assert not wire.aborted
    await asyncio.sleep(LINGER_SECONDS)
    assert wire.aborted
    assert (app.begun, len(server.bounds.connections)) == ([], 0)


@pytest.mark.parametrize("noise", [b"", b"\r\n"])
def test_who_asks_for_nothing_is_closed(noise: bytes) -> None:
    async def conversation(server: Server) -> None:
        fresh, used = server.connect(), server.connect()
        used.protocol.data_received(GET)
        await settled()
        for _ in range(4):
            await asyncio.sleep(4)
            for wire in (fresh, used):
                if noise and not wire.closed:
                    wire.protocol.data_received(noise)
        assert (fresh.written, fresh.closed, used.closed) == (b"", True, True)

    on_the_wire(conversation, Recorder(), head_seconds=10)


@talk(body_seconds=30)
async def test_half_a_body_is_closed_in_time(server: Server, app: Recorder) -> None:
    wire = server.connect()
    wire.protocol.data_received(POST + b"bo")
    await asyncio.sleep(29)
    assert wire.written == b""
    await asyncio.sleep(1.5)
    status, problem = refusal(wire)
    assert (status, problem["detail"]) == (408, "body must be complete within 30 s")
    assert app.gone == 1
    assert app.bodies == []


@talk(body_seconds=30)
async def test_a_complete_body_has_all_the_time(server: Server, app: Recorder) -> None:
    app.may_answer.clear()
    wire = server.connect()
    wire.protocol.data_received(POST + b"body\r\n")
    await asyncio.sleep(100)
    app.may_answer.set()
    await settled()
    assert wire.written.endswith(b"ok")


def test_a_body_that_nobody_wants_ends_in_time_too() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    async def conversation(server: Server) -> None:
        wire = server.connect()
        wire.protocol.data_received(POST.replace(b"4", b"9999999"))
        for _ in range(31):
            wire.protocol.data_received(b"x")
            await asyncio.sleep(1)
        assert wire.closed or wire.ended

    async def rests(server: Server) -> None:
        wire = server.connect()
        wire.protocol.data_received(POST.replace(b"4", b"9999999"))
        await settled()
        server.connect()
        assert wire.aborted

    on_the_wire(rests, app, connections=1)
    on_the_wire(conversation, app, body_seconds=30)


@talk()
async def test_few_requests_wait_for_the_one_ahead(server: Server, app: Recorder) -> None:
    app.may_answer.clear()
    wire = server.connect()
    wire.protocol.data_received(GET * 1000)
    await settled()
    assert app.begun == ["/page"]
    assert 0 < len(wire.protocol.pipeline) <= PIECE / len(GET) + 1
    app.may_answer.set()
    for _ in range(1000):
        await settled()
    assert wire.written.count(b"ok") == 1000


@talk(body_bytes=PIECE)
async def test_a_body_in_very_many_chunks_is_refused(server: Server, app: Recorder) -> None:
    begin = POST.replace(b"Content-Length: 4", b"Transfer-Encoding: chunked")
    for chunks, bodies in ((CHUNKS + 1, [b"x" * (CHUNKS + 1)]), (CHUNKS + 2, [])):
        app.bodies.clear()
        wire = server.connect()
        wire.protocol.data_received(begin + b"1\r\nx\r\n" * chunks + b"0\r\n\r\n")
        await settled()
        assert app.bodies == bodies
    status, document = refusal(wire)
    assert (status, document["errors"][0]["limit"]) == (413, CHUNKS + 1)


@talk()
async def test_nothing_is_written_to_who_has_gone_with_requests_ahead(server: Server, app: Recorder) -> None:
    app.may_answer.clear()
    wire = server.connect()
    wire.protocol.data_received(GET * 3)
    await settled()
    wire.close()
    await settled()
    app.may_answer.set()
    await settled()
    assert wire.written == b""
    assert app.begun == ["/page"]


@talk()
async def test_too_much_ahead_ends_the_connection(server: Server, app: Recorder) -> None:
    app.may_answer.clear()
    wire = server.connect()
    for _ in range(AHEAD_BYTES // (1000 * len(GET)) + 2):
        wire.protocol.data_received(GET * 1000)
    assert wire.aborted
    await settled()
    assert len(wire.protocol._unparsed) == 0


@pytest.mark.parametrize(
    "text", [b"\x16\x03\x01\x02\x00", "GET /é HTTP/1.1\r\n\r\n".encode(), b"hello\r\n\r\n"]
)
def test_what_is_not_http_is_refused(text: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async def conversation(server: Server) -> None:
        wire = server.connect()
        wire.protocol.data_received(text)
        assert refusal(wire)[0] == 400
        await settled()

    on_the_wire(conversation, Recorder())
    assert [record.getMessage() for record in caplog.records if record.levelno > logging.INFO] == []


def test_an_answer_left_unread_is_given_up() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"ok", "more_body": True})
        await asyncio.Event().wait()

    async def conversation(server: Server) -> None:
        wire = server.connect()
        wire.protocol.data_received(GET)
        for _ in range(3):  # it reads on each time, if late
            wire.protocol.pause_writing()
            await asyncio.sleep(29)
            wire.protocol.resume_writing()
        await asyncio.sleep(100)
        wire.protocol.pause_writing()
        await asyncio.sleep(29)
        assert not wire.aborted
        await asyncio.sleep(2)
        assert wire.aborted

    on_the_wire(conversation, app, send_seconds=30, answer_seconds=1000)


def test_an_answer_that_is_read_drop_by_drop_is_given_up() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await asyncio.sleep(1000)

    async def conversation(server: Server) -> None:
        wire = server.connect()
        wire.protocol.data_received(GET)
        for second in range(0, 700, 10):
            assert wire.aborted is (second >= 600)
            wire.protocol.pause_writing()
            await asyncio.sleep(10)
            wire.protocol.resume_writing()

    on_the_wire(conversation, app, answer_seconds=599)


@talk(connections=2)
async def test_no_request_waits_behind_those_that_ask_for_nothing(server: Server, app: Recorder) -> None:
    halves = [server.connect() for _ in range(50)]
    for wire in halves[-2:]:
        wire.protocol.data_received(GET[:10])
    wire = server.connect()
    wire.protocol.data_received(GET)
    await settled()
    assert wire.written.endswith(b"ok")
    assert sum(not half.closed for half in halves) == 1


def test_refusals_are_counted_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "descentscape")

    async def conversation(server: Server) -> None:
        server.connect("192.0.2.6").protocol.data_received(b"hello\r\n\r\n")
        server.connect("192.0.2.7").protocol.data_received(b"hello\r\n\r\n")
        assert b'descentscape_refused_total{status="400"} 2.0' in server.metrics.render()

    on_the_wire(conversation, Recorder())
    seen = [
        (record.getMessage(), vars(record)["status"], vars(record)["address"]) for record in caplog.records
    ]
    assert seen == [("connection refused", 400, f"192.0.2.{last}") for last in (6, 7)]


@talk(connections=1)
async def test_who_finds_no_room_is_told(server: Server, app: Recorder) -> None:
    app.may_answer.clear()
    server.connect().protocol.data_received(GET)
    wire = server.connect()
    wire.protocol.data_received(GET)
    status, problem = refusal(wire)
    assert (status, problem["detail"]) == (503, "connections at once must be at most 1, got one more")
    assert wire.closed
    await settled()
    assert app.begun == ["/page"]


@talk()
async def test_a_stream_cannot_begin_behind_an_answer(server: Server, app: Recorder) -> None:
    app.may_answer.clear()
    wire = server.connect()
    wire.protocol.data_received(GET)
    await settled()
    wire.protocol.data_received(HANDSHAKE)
    assert refusal(wire)[0] == 400
    app.may_answer.set()
    await settled()
    assert wire.written.count(b"HTTP/1.1") == 1


@talk()
async def test_another_upgrade_is_ignored(server: Server, app: Recorder) -> None:
    wire = server.connect()
    wire.protocol.data_received(GET[:-2] + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
    await settled()
    assert wire.written.endswith(b"ok")


@talk()
async def test_at_the_end_answers_may_be_read_for_a_moment(server: Server, app: Recorder) -> None:
    app.may_answer.clear()
    idle, waiting = server.connect(), server.connect()
    waiting.protocol.data_received(GET)
    await settled()
    for wire in (idle, waiting):
        wire.protocol.shutdown()
    assert (idle.closed, waiting.closed) == (True, False)
    waiting.protocol.pause_writing()
    await asyncio.sleep(END_SECONDS - 0.5)
    assert not waiting.aborted
    await asyncio.sleep(1)
    assert waiting.aborted
