"""Bounds on what a stream's client sends and leaves unread, on a clock that jumps."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from uvicorn.protocols.utils import ClientDisconnected

from api.wiring import HANDSHAKE, Server, Wire, frame, on_the_wire, settled
from descentscape.api.ops.byte_pool import OWN
from descentscape.api.wire.bounds import END_SECONDS
from descentscape.api.wire.stream_protocol import CLOSE_SECONDS, PIECE

CONT, TEXT, BINARY, PING, PONG = 0, 1, 2, 9, 10


class Listener:
    """An application that accepts a stream, and reads and sends when it is told."""

    def __init__(self) -> None:
        self.may_read = asyncio.Semaphore(0)
        self.heard: list[dict[str, Any]] = []
        self.send: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.send = send
        await receive()
        await send({"type": "websocket.accept"})
        while not self.heard or self.heard[-1]["type"] != "websocket.disconnect":
            await self.may_read.acquire()
            self.heard.append(await receive())

    async def read(self, messages: int) -> None:
        """Let so many messages be read."""
        for _ in range(messages):
            self.may_read.release()
        for _ in range(messages // 10 + 1):
            await settled()

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.heard if "text" in message]


def talk(**settings: Any) -> Any:
    """Have the decorated conversation with a server of a listener."""

    def decorate(conversation: Any) -> Any:
        def test() -> None:
            async def converse(server: Server) -> None:
                await conversation(server, app)
                await app.read(5000)  # whatever is left, and the end

            app = Listener()
            on_the_wire(converse, app, **settings)

        test.__name__ = conversation.__name__
        return test

    return decorate


def closing(wire: Wire) -> tuple[int, str]:
    """The code and the reason of the close frame that was written last."""
    start = wire.written.rindex(b"\x88")
    size = wire.written[start + 1]
    payload = wire.written[start + 2 : start + 2 + size]
    assert len(wire.written) == start + 2 + size
    assert wire.ended
    return int.from_bytes(payload[:2], "big"), payload[2:].decode()


@talk()
async def test_messages_are_read_in_order_however_they_are_cut(server: Server, app: Listener) -> None:
    wire = await server.stream()
    sent = (
        frame(TEXT, "één".encode())
        + frame(BINARY, b"\xff")
        + frame(TEXT, b"t", fin=False)
        + frame(PING)
        + frame(CONT, b"wo")
        + frame(TEXT)
    )
    for byte in sent:
        wire.protocol.data_received(bytes([byte]))
    await app.read(4)
    assert app.texts == ["één", "two", ""]
    assert app.heard[1] == {"type": "websocket.receive", "bytes": b"\xff"}


@talk()
async def test_little_is_parsed_before_what_is_there_is_read(server: Server, app: Listener) -> None:
    wire = await server.stream()
    messages = 10 * PIECE // len(frame(TEXT, b"x"))
    wire.protocol.data_received(frame(TEXT, b"x") * messages)
    assert wire.protocol.queue.qsize() <= PIECE / len(frame(TEXT, b"x"))
    assert not wire.reading
    await app.read(messages)
    assert app.texts == ["x"] * messages
    assert wire.reading


@talk()
async def test_a_message_is_bytes_until_it_is_read(server: Server, app: Listener) -> None:
    wire = await server.stream()
    wire.protocol.data_received(frame(TEXT, "é".encode() * 100))
    assert wire.protocol.queue.get_nowait()["text"] == "é".encode() * 100


@pytest.mark.parametrize(
    "flood",
    [
        frame(TEXT, fin=False) + frame(CONT, fin=False) * 100,
        frame(PING) * 100,
        frame(PONG) * 100,
        (frame(TEXT, fin=False) + frame(CONT)) * 50,
    ],
    ids=["fragments", "pings", "pongs", "short messages"],
)
def test_fragments_and_pings_are_bounded(flood: bytes) -> None:
    app = Listener()

    async def conversation(server: Server) -> None:
        wire = await server.stream()
        wire.protocol.data_received(flood)
        await app.read(100)
        assert closing(wire) == (1008, "fragments and pings must be at most 10 a second")
        assert wire.written.count(b"\x8a\x00") <= 20 + PIECE / len(frame(PING))
        assert app.heard[-1]["code"] == 1008
        with pytest.raises(ClientDisconnected):
            await app.send({"type": "websocket.send", "text": "too late"})
        wire.protocol.data_received(flood)
        await asyncio.sleep(10)
        assert wire.closed
        assert (len(server.bounds.connections), server.bounds.inboxes.nbytes) == (0, 0)

    on_the_wire(conversation, app, fragments_per_second=10)


@talk(fragments_per_second=10)
async def test_fragments_and_pings_may_come_at_the_rate(server: Server, app: Listener) -> None:
    wire = await server.stream()
    for _ in range(200):
        wire.protocol.data_received(frame(PING))
        await asyncio.sleep(0.1)
    assert wire.written == frame(PONG).replace(b"\x80\0\0\0\0", b"\0") * 200


@talk(body_seconds=30)
async def test_half_a_message_is_closed_in_time(server: Server, app: Listener) -> None:
    wire = await server.stream()
    for _ in range(29):
        wire.protocol.data_received(frame(TEXT, b"x", fin=False) if not _ else frame(CONT, b"x", fin=False))
        await asyncio.sleep(1)
    assert wire.written == b""
    await asyncio.sleep(1.5)
    assert closing(wire) == (1008, "message must be complete within 30 s")


@talk(body_seconds=30)
async def test_what_waits_behind_an_unread_message_has_all_the_time(server: Server, app: Listener) -> None:
    wire = await server.stream()
    wire.protocol.data_received(frame(TEXT, b"first") + frame(TEXT, b"second")[:-1])
    await asyncio.sleep(100)
    await app.read(1)
    await asyncio.sleep(29)
    wire.protocol.data_received(frame(TEXT, b"second")[-1:])
    await app.read(1)
    assert app.texts == ["first", "second"]
    await asyncio.sleep(100)
    assert not wire.closed


@talk()
async def test_text_that_is_no_utf8_is_refused_on_its_turn(server: Server, app: Listener) -> None:
    wire = await server.stream()
    wire.protocol.data_received(frame(TEXT, b"good") + frame(TEXT, b"a\xff"))
    await app.read(2)
    assert app.texts == ["good"]
    assert closing(wire) == (1007, "text must be UTF-8: invalid start byte at byte 1")
    assert app.heard[-1]["code"] == 1007


@talk(body_bytes=1000)
async def test_a_large_message_is_refused_by_its_length(server: Server, app: Listener) -> None:
    wire = await server.stream()
    wire.protocol.data_received(frame(TEXT, b"x" * 1001)[:10])
    assert closing(wire)[0] == 1009


@talk(inbox_bytes=100_000)
async def test_what_has_come_counts_until_it_is_read(server: Server, app: Listener) -> None:
    wire, inboxes = await server.stream(), server.bounds.inboxes
    wire.protocol.data_received(frame(TEXT, b"x" * 1000, fin=False) + frame(CONT, b"x" * 1000)[:500])
    assert 1000 < inboxes.nbytes <= 1500
    wire.protocol.data_received(frame(CONT, b"x" * 1000)[500:])
    assert inboxes.nbytes == 2000
    await app.read(1)
    assert inboxes.nbytes == 0
    wire.protocol.data_received(frame(TEXT, b"x" * 1000)[:500])
    assert inboxes.nbytes > 0
    wire.close()
    await settled()
    assert inboxes.nbytes == 0


@talk(inbox_bytes=100_000, body_seconds=30)
async def test_who_has_sent_much_waits_when_all_have(server: Server, app: Listener) -> None:
    greedy, large, small = [await server.stream() for _ in range(3)]
    greedy.protocol.data_received(frame(TEXT, b"x" * 65_000, fin=False))
    large.protocol.data_received(frame(TEXT, b"x" * 65_000, fin=False))
    large.protocol.data_received(frame(CONT, b"x" * (OWN - 64_999), fin=False))
    small.protocol.data_received(frame(TEXT, b"x", fin=False))
    assert [wire.reading for wire in (greedy, large, small)] == [True, False, True]
    greedy.close()
    await settled()
    assert large.reading
    greedy = await server.stream()
    greedy.protocol.data_received(frame(TEXT, b"x" * 65_000, fin=False))
    large.protocol.data_received(frame(CONT, b"x", fin=False))
    assert not large.reading
    await asyncio.sleep(31)  # who keeps others waiting does not do so for ever
    assert closing(large) == (1008, "message must be complete within 30 s")


@talk(send_seconds=30)
async def test_what_is_sent_is_sent_once_it_was_read(server: Server, app: Listener) -> None:
    wire = await server.stream()
    wire.protocol.pause_writing()
    sending = asyncio.create_task(app.send({"type": "websocket.send", "text": "x"}))
    await settled()
    assert not sending.done()
    wire.protocol.resume_writing()
    await settled()
    assert sending.done()
    wire.protocol.pause_writing()
    await asyncio.sleep(29 + CLOSE_SECONDS)
    assert not wire.aborted
    await asyncio.sleep(2)
    assert wire.aborted


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (HANDSHAKE.replace(b"GET", b"POST"), b"405"),
        (HANDSHAKE.replace(b"Key", b"Kex"), b"400"),
        (HANDSHAKE.replace(b"Host:", b"Content-Length: 5\r\nHost:") + b"hello", b"400"),
        (HANDSHAKE.replace(b"Host:", b"A: \x80\r\nHost:"), b"101"),
    ],
    ids=["method", "key", "body", "bytes"],
)
def test_every_handshake_has_an_answer(head: bytes, status: bytes) -> None:
    async def conversation(server: Server) -> None:
        wire = server.connect()
        wire.protocol.data_received(head)
        await settled()
        assert wire.written.startswith(b"HTTP/1.1 " + status)
        assert wire.closed is (status != b"101")
        if wire.closed:
            answer, _, body = wire.written.partition(b"\r\n\r\n")
            assert b"content-security-policy: default-src 'none'" in answer
            assert b"content-type: application/problem+json" in answer
            problem = json.loads(body)
            assert problem["status"] == int(status)
            assert problem["detail"].startswith("The request is not a WebSocket’s opening handshake: ")

    on_the_wire(conversation, Listener())


@talk()
async def test_at_the_end_a_client_is_told_and_not_waited_for(server: Server, app: Listener) -> None:
    deaf = await server.stream()
    deaf.protocol.pause_writing()
    deaf.close = lambda: None  # type: ignore[method-assign]  # as long as something is left to be written
    deaf.protocol.shutdown()
    assert deaf.written == b"\x88\x02\x03\xf4"
    await asyncio.sleep(END_SECONDS - 0.5)
    assert not deaf.aborted
    await asyncio.sleep(1)
    assert deaf.aborted
    del deaf.close
    deaf.close()
