"""Uvicorn's HTTP/1.1, with a bound on everything that a client may send or leave unread.

Uvicorn's protocol over httptools bounds neither the bytes nor the time of a head, nor the time of a body,
nor how many requests wait on one connection, nor how long an answer lies unread. Its other one, over h11,
bounds the bytes of a head alone, and parses in Python. So the faster one is kept, and fed in small pieces.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from descentscape.api.ops.deadline import Deadline
from descentscape.api.ops.errors import ProblemError
from descentscape.api.wire.bounds import END_SECONDS, LINGER_SECONDS, Bounds
from descentscape.api.wire.refusals import written
from descentscape.document.field_errors import FieldError

PIECE = 1024
"""Bytes parsed at a time: a few dozen requests at most, after which those that wait are answered first."""

AHEAD_BYTES = 1 << 16
"""Bytes that may be sent before the requests ahead of them are answered."""

HEADERS, LINE_BYTES = 100, 8192
"""Headers of a request and bytes of a line: what the handshake of a stream may have, asked of every head."""

CHUNKS = 1024
"""Parts that a body may come in, beside those of `PIECE` bytes: each costs as much as some hundred bytes."""

FILE_CALLS = (b"/tables", b"/checkpoints")
"""Ends of the paths whose bodies are files."""


class Reading(Enum):
    """Which part of a request is read."""

    NOTHING = "between two requests"
    HEAD = "a request line and headers"
    BODY = "a body"


class BoundedHttp(HttpToolsProtocol):
    """One connection, until it is closed or becomes a stream."""

    def __init__(self, *, bounds: Bounds, **given: Any) -> None:
        super().__init__(**given)
        self._bounds = bounds
        self._unparsed = bytearray()
        self._reading = Reading.NOTHING
        self._head_bytes = self._chunks = 0
        self._refused = False
        self._cycles: list[RequestResponseCycle] = []
        self._arrival = Deadline(self._came_too_late)
        self._departure = Deadline(lambda: self.transport.abort())
        self._answer = Deadline(lambda: self.transport.abort())

    # The connection

    def connection_made(self, transport: Any) -> None:
        """Count the connection; its first head must come in time."""
        super().connection_made(transport)
        try:
            self._bounds.connections.enter(transport, self.client[0] if self.client else "")
        except ProblemError as problem:
            self._refused = True
            self._bounds.note(problem.status, self.client)
            transport.write(written(problem, self.server_state.default_headers))
            transport.close()
        else:
            self._arrival.start(self._bounds.settings.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of its place."""
        self._bounds.connections.leave(self.transport)
        self._arrival.cancel()
        self._departure.cancel()
        self._answer.cancel()
        self._unparsed.clear()
        self._give_up_requests()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client has left more unread than a buffer holds: it must go on in time."""
        super().pause_writing()
        self._departure.start(self._bounds.settings.send_seconds)
        if not self._answer.set:
            self._answer.start(self._bounds.settings.answer_seconds)

    def resume_writing(self) -> None:
        """The client has read on."""
        super().resume_writing()
        self._departure.stop()

    def shutdown(self) -> None:
        """The service ends: what is answered may be read for a moment yet, after which its client is gone."""
        super().shutdown()
        self._answer.start(END_SECONDS)

    # Parsing

    def data_received(self, data: bytes) -> None:
        """Parse what has come, as far as the requests before it are answered."""
        if self._refused:
            return
        self._unset_keepalive_if_required()
        if self._reading is Reading.NOTHING and not (self._arrival.set or self._answering):
            self._arrival.start(self._bounds.settings.head_seconds)
        self._unparsed += data
        self._parse()
        if len(self._unparsed) > AHEAD_BYTES:
            self.transport.abort()

    def _parse(self) -> None:
        while self._unparsed and not (self._refused or self.pipeline or self.transport.is_closing()):
            piece = bytes(self._unparsed[:PIECE])
            del self._unparsed[:PIECE]
            try:
                self.parser.feed_data(piece)
            except httptools.HttpParserUpgrade:
                if self._should_upgrade() and not self._refused:
                    self.handle_websocket_upgrade()
                    return
            except httptools.HttpParserError:
                self._refuse(ProblemError(400, "The request is not HTTP/1.1."))
            if self._reading is not Reading.NOTHING:
                self._count_head(len(piece), PIECE)

    def _count_head(self, nbytes: int, slack: int = 0) -> None:
        """Add to the bytes that are no body; of those of a piece, up to ``slack`` may not belong to them."""
        self._head_bytes += nbytes
        limit = self._bounds.settings.head_bytes
        if self._head_bytes > limit + slack:
            field = "head" if self._reading is Reading.HEAD else "what frames a body"
            self._refuse_field(431, field, f"at most {limit} bytes, got more", limit)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._reading, self._head_bytes = Reading.HEAD, 0
        if not self._arrival.set:
            self._arrival.start(self._bounds.settings.head_seconds)

    def on_headers_complete(self) -> None:
        """Begin the request, unless its head is too large; its body must come in time."""
        self._check_head()
        if self._refused:
            return
        self._reading, self._head_bytes, self._chunks = Reading.BODY, 0, 0
        self._bounds.connections.work(self.transport)
        self._arrival.start(self._bounds.settings.body_seconds)
        super().on_headers_complete()
        # Uvicorn knows the last one alone, which may be waiting for others before it.
        self._cycles = [*(cycle for cycle in self._cycles if not cycle.response_complete), self.cycle]

    def on_body(self, body: bytes) -> None:
        """Pass a part of the body on; before the next one, or the end, no more may come than a head."""
        self._head_bytes = 0
        self._chunks += 1
        settings = self._bounds.settings
        is_file = self.url.partition(b"?")[0].endswith(FILE_CALLS)
        most = CHUNKS + (settings.upload_bytes if is_file else settings.body_bytes) // PIECE
        if self._chunks > most and not self._refused:
            self._refuse_field(413, "body", f"in at most {most} chunks, got more", most)
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """All of the request has come."""
        if self._refused:
            return
        super().on_message_complete()
        self._reading = Reading.NOTHING
        self._arrival.stop()

    def on_response_complete(self) -> None:
        """Go on to the next request, and with what has come since."""
        self._answer.stop()
        super().on_response_complete()
        if not self._answering:
            self._bounds.connections.rest(self.transport)
        self.loop.call_soon(self._parse)

    def handle_websocket_upgrade(self) -> None:
        """Leave the connection to the stream, whose head is parsed once more."""
        self._arrival.cancel()
        if self._answering:
            self._refuse(ProblemError(400, "A stream cannot begin before the requests ahead are answered."))
        else:
            super().handle_websocket_upgrade()

    @property
    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    # Refusals

    def _check_head(self) -> None:
        lines = [len(self.url), *(len(name) + len(value) + 2 for name, value in self.headers)]
        if len(self.headers) > HEADERS:
            self._refuse_field(431, "headers", f"at most {HEADERS}, got {len(self.headers)}", HEADERS)
        elif max(lines) > LINE_BYTES:
            words = f"at most {LINE_BYTES} bytes, got {max(lines)}"
            self._refuse_field(431, "a line of the head", words, LINE_BYTES)
        else:
            self._head_bytes = 0
            self._count_head(sum(lines))

    def _came_too_late(self) -> None:
        settings = self._bounds.settings
        if self._reading is Reading.BODY:
            self._refuse_field(
                408, "body", f"complete within {settings.body_seconds:g} s", settings.body_seconds
            )
        elif self._reading is Reading.HEAD:
            self._refuse_field(
                408, "head", f"complete within {settings.head_seconds:g} s", settings.head_seconds
            )
        else:
            self.transport.abort()  # nobody has asked for anything

    def _refuse_field(self, status: int, field: str, words: str, limit: float) -> None:
        error = FieldError(field, f"must be {words}", limit)
        self._refuse(ProblemError(status, str(error), errors=[error]))

    def _refuse(self, problem: ProblemError) -> None:
        """Answer with the problem, read nothing more, and close once the client can have read it."""
        if self._refused:
            return
        self._refused = True
        self._unparsed.clear()
        self._arrival.stop()
        self._bounds.connections.rest(self.transport)
        self._bounds.note(problem.status, self.client)
        midway = self._answering and (self.cycle.response_started or bool(self.pipeline))
        self._give_up_requests()
        if midway:
            self.transport.abort()
            return
        self.transport.write(written(problem, self.server_state.default_headers))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._departure.start(LINGER_SECONDS)

    def _give_up_requests(self) -> None:
        """Tell the requests under way that nobody waits for them."""
        self.pipeline.clear()
        for cycle in self._cycles:
            cycle.disconnected = True
            cycle.message_event.set()
