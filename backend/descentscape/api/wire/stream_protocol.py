"""Uvicorn's WebSocket, with a bound on everything that a client may send or leave unread.

Uvicorn's protocol over websockets bounds a message, and nothing else: it parses whatever a read brings at
once, keeps its messages as text, and takes any number of fragments and pings. Here it is fed in small
pieces, only while no message waits to be read; what has come and was not read is counted, of all streams.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request

from descentscape.api.ops.deadline import Deadline
from descentscape.api.ops.errors import LONGEST_DETAIL, ProblemError
from descentscape.api.ops.limits import TokenBucket
from descentscape.api.wire.bounds import END_SECONDS, LINGER_SECONDS, Bounds
from descentscape.api.wire.refusals import written

PIECE = 4096
"""Bytes parsed at a time: some hundred frames at most."""

CLOSE_SECONDS = 30.0
"""How long a client that has left frames unread may take to read that its stream is closed."""

NOT_TEXT, TOO_MUCH = 1007, 1008
"""The codes that a stream is closed with."""


class BoundedStream(WebSocketsSansIOProtocol):
    """One connection that has become a stream."""

    def __init__(self, *, bounds: Bounds, **given: Any) -> None:
        super().__init__(**given)
        self._bounds = bounds
        self._failed = False
        self._unparsed = bytearray()
        self._fragment_bytes = self._queued_bytes = 0
        self._fragments = TokenBucket(bounds.settings.fragments_per_second)
        self._inbox = bounds.inboxes.share(self._settle)
        self._arrival = Deadline(self._came_too_late)
        self._departure = Deadline(lambda: self.transport.abort())

    # The connection

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of its place, and of what it has sent."""
        self._bounds.connections.leave(self.transport)
        self._arrival.cancel()
        self._departure.cancel()
        self._inbox.close()
        self._unparsed.clear()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client leaves frames unread: once the stream is to be closed for it, so is the connection."""
        super().pause_writing()
        self._departure.start(self._bounds.settings.send_seconds + CLOSE_SECONDS)

    def resume_writing(self) -> None:
        """The client has read on."""
        super().resume_writing()
        self._departure.stop()

    def shutdown(self) -> None:
        """The service ends: the client may read so for a moment yet."""
        super().shutdown()
        self._departure.start(END_SECONDS)

    async def send(self, message: Any) -> None:
        """Send, and wait until the client has read all but a buffer of it."""
        if self._failed:
            raise ClientDisconnected
        await super().send(message)
        await self.writable.wait()

    def handle_connect(self, event: Request) -> None:
        """Begin the stream, unless the head is no opening handshake, which is refused as all else is."""
        response = self.conn.accept(event)
        if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            super().handle_connect(event)
        else:
            self.handshake_complete = self.close_sent = True
            self.conn.send_response(response)

    # Parsing

    def data_received(self, data: bytes) -> None:
        """Parse what has come, as far as the messages before it are read."""
        if self._failed:
            return
        self._unparsed += data
        self._parse()
        if self.conn.handshake_exc is not None:
            self._refuse_handshake()

    def _parse(self) -> None:
        while self._unparsed and not (self.read_paused or self._over):
            piece = bytes(self._unparsed[:PIECE])
            del self._unparsed[:PIECE]
            super().data_received(piece)
        self._settle()

    @property
    def _over(self) -> bool:
        return self._failed or self.transport.is_closing()

    def _settle(self) -> None:
        """Count what was not read, and read on if there is room for more; what has begun must end in time."""
        if self._over:
            return
        begun = len(self._unparsed) + len(self.conn.reader.buffer) + self._fragment_bytes
        self._inbox.hold(begun + self._queued_bytes)
        if self.read_paused or not begun:
            self._arrival.stop()
        elif not self._arrival.set:
            self._arrival.start(self._bounds.settings.body_seconds)
        if self._inbox.full:
            self.transport.pause_reading()
        elif not self.read_paused:
            self.transport.resume_reading()

    def send_receive_event_to_app(self) -> None:
        """Queue a message as the bytes that it is, and parse no more until it is read."""
        message = b"".join(self.frames)
        self.frames, self._fragment_bytes = [], 0
        if self.close_sent:
            return
        self._queued_bytes += len(message)
        received: Any = {"type": "websocket.receive", self.curr_msg_data_type: message}
        self.queue.put_nowait(received)
        self.read_paused = True
        self.transport.pause_reading()

    async def receive(self) -> Any:
        """The next message, decoded on its turn; what came behind it is parsed when none waits any more."""
        message: Any = await super().receive()
        if message["type"] == "websocket.receive":
            self._queued_bytes -= len(message.get("text") or message.get("bytes") or b"")
            self._parse()
            if "text" in message:
                try:
                    message["text"] = message["text"].decode()
                except UnicodeDecodeError as error:
                    self._fail(NOT_TEXT, f"text must be UTF-8: {error.reason} at byte {error.start}")
                    return await self.receive()
        return message

    def handle_text(self, event: Frame) -> None:
        """A message, or the first fragment of one."""
        if self._counts(event):
            super().handle_text(event)

    def handle_bytes(self, event: Frame) -> None:
        """A message, or the first fragment of one."""
        if self._counts(event):
            super().handle_bytes(event)

    def handle_cont(self, event: Frame) -> None:
        """A further fragment."""
        if self._counts(event):
            super().handle_cont(event)

    def handle_ping(self) -> None:
        """A ping, whose answer goes out."""
        if self._pays():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        """A pong, asked for or not."""
        if self._pays():
            super().handle_pong(event)

    # Refusals

    def _counts(self, event: Frame) -> bool:
        """Whether a message, or a part of one, is to be taken."""
        self._fragment_bytes += 0 if event.fin else len(event.data)
        return not self._failed if event.fin else self._pays()

    def _pays(self) -> bool:
        """Whether a fragment, ping or pong is within what may come a second; if not, the stream fails."""
        if not self._failed and self._fragments.wait(self.loop.time()) > 0:
            most = self._bounds.settings.fragments_per_second
            self._fail(TOO_MUCH, f"fragments and pings must be at most {most:g} a second")
        return not self._failed

    def _came_too_late(self) -> None:
        seconds = self._bounds.settings.body_seconds
        self._fail(TOO_MUCH, f"message must be complete within {seconds:g} s")

    def _fail(self, code: int, reason: str) -> None:
        if not self._over:
            self.conn.fail(code, reason)
            self.handle_parser_exception()

    def handle_parser_exception(self) -> None:
        """Tell both sides why the stream has failed, and close once the client can have read it."""
        assert self.conn.close_sent is not None
        self._failed = self.close_sent = True
        code, reason = self.conn.close_sent.code, self.conn.close_sent.reason
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.stop_keepalive()
        self._arrival.stop()
        self._unparsed.clear()
        self.transport.write(b"".join(self.conn.data_to_send()))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.transport.resume_reading()
        self.close_timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def _refuse_handshake(self) -> None:
        """Answer a head that is HTTP and yet no opening handshake, with what the library has against it."""
        if not self.transport.is_closing():
            head, _, words = b"".join(self.conn.data_to_send()).partition(b"\r\n\r\n")
            status = int(head.split(maxsplit=2)[1]) if head else 400
            why = words.decode(errors="replace").strip().rpartition(": ")[2][:LONGEST_DETAIL]
            detail = f"The request is not a WebSocket’s opening handshake: {why or 'its head cannot be read'}"
            self._bounds.note(status, self.client)
            self.transport.write(written(ProblemError(status, detail), self.default_headers))
            self.transport.close()
