"""The socket around a session: a reader, time slices of computation on the shared threads, and a writer.

Time slices go on while frames are on their way to the client; what they compute waits in the session, so
that a slow reader gets fewer, larger frames and never a queue of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Iterator, Sequence
from contextvars import copy_context
from enum import Enum
from functools import partial
from math import ceil
from typing import Any

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from descentscape.api.ops.deadline import Deadline
from descentscape.api.ops.errors import ProblemError
from descentscape.api.ops.limits import TokenBucket
from descentscape.api.ops.service import Service
from descentscape.api.ops.workers import Slice
from descentscape.api.stream.messages import say
from descentscape.api.stream.session import Session
from descentscape.core.clients import CLIENT, current_client
from descentscape.core.undivided import undivided

LONGEST_SLICE = 0.02
SHORTEST_SLICE = 0.004
"""Seconds of a time slice: shorter when many wait, so that a new message is answered soon.

A first picture is not cut so finely: it would queue ten times.
"""

TOKEN_CHARACTERS = 1 << 14
"""What one message may have; a longer one counts as several, as long as they take to be read."""

OUTBOX_BYTES = 1 << 22
"""Bytes that a client may leave unread before nothing more is computed for it."""

PLACE_SECONDS = 1.0
"""So long a client waits for a time slice before it is told its place, and then again and again."""

SILENT, BINARY, SLOW, FAILED = 1000, 1003, 1008, 1011
"""The codes that a stream is closed with."""

_log = logging.getLogger("descentscape")


def streams(service: Service) -> APIRouter:
    """The WebSocket /api/v1/stream."""
    router = APIRouter()

    @router.websocket("/api/v1/stream")
    async def stream(socket: WebSocket) -> None:
        address = socket.client.host if socket.client else ""
        try:
            with service.streams.take(address):
                CLIENT.set(service.clients.at(address))
                await socket.accept()
                await Connection(socket, service).run()
        except ProblemError as problem:
            await socket.send_denial_response(problem.response())

    return router


class State(Enum):
    """What a connection is at."""

    RESTING = "waits for a message, for the writer, or for the playhead"
    COMPUTING = "has a time slice on the threads"
    CLOSING = "has a code to be closed with"
    CLOSED = "is over"


NEXT = {
    State.RESTING: {State.COMPUTING, State.CLOSING, State.CLOSED},
    State.COMPUTING: {State.RESTING, State.CLOSING, State.CLOSED},
    State.CLOSING: {State.CLOSED},
    State.CLOSED: set(),
}
"""What may follow each state; that the client has gone leads to the last one at once."""


class Connection:
    """One accepted socket and its session: a reader, a worker, and at times a writer beside it."""

    def __init__(self, socket: WebSocket, service: Service) -> None:
        self.state = State.RESTING
        self._socket, self._service = socket, service
        self._session = Session(service.admission, self._observe, service.metrics.first_pictures.observe)
        self._context = copy_context()
        self._code: int | None = None
        self._wake = asyncio.Event()
        self._late: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._silence = Deadline(partial(self._end_late, SILENT))
        self._unread = Deadline(partial(self._end_late, SLOW))
        self._sending_bytes = 0
        self._inbox = service.inboxes.share(self._wake.set, service.settings.body_bytes)
        self._outbox = service.outboxes.share(self._wake.set, OUTBOX_BYTES)
        self._waits_since: float | None = None
        self._told_place = False

    def move(self, to: State) -> None:
        """Go over to a state that may follow; RuntimeError for any other."""
        if to not in NEXT[self.state]:
            raise RuntimeError(f"a connection that {self.state.value} cannot become one that {to.value}")
        self.state = to
        self._wake.set()

    async def run(self) -> None:
        """Serve until either side ends it."""
        self._silence.start(self._service.settings.idle_seconds)
        parts = self._read(), self._work(), self._late
        tasks = [asyncio.create_task(self._ending(part)) for part in parts]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for deadline in (self._silence, self._unread):
            deadline.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._session.close()
        self._inbox.close()
        self._outbox.close()
        if self.state is State.CLOSING and self._code is not None:
            # Its place stays taken until the client reads on, or the kernel gives the connection up.
            with contextlib.suppress(WebSocketDisconnect):
                await self._socket.close(self._code)
            self.move(State.CLOSED)

    def _end_late(self, code: int) -> None:
        if not self._late.done():
            self._late.set_result(code)

    async def _ending(self, part: Awaitable[int | None]) -> None:
        """Do a part, and end the connection with the code that it returns; None when nobody is left."""
        try:
            code = await part
        except WebSocketDisconnect:
            code = None
        except Exception as error:
            _log.error("a stream failed", exc_info=error)
            code = FAILED
        if self.state in (State.RESTING, State.COMPUTING):
            self._code = code
            self.move(State.CLOSED if code is None else State.CLOSING)

    async def _read(self) -> int | None:
        """Fill the inbox until the stream is to be closed with the code returned, or has ended (None)."""
        bucket = TokenBucket(self._service.settings.messages_per_second)
        while True:
            event = await self._socket.receive()
            self._silence.start(self._service.settings.idle_seconds)
            if event["type"] == "websocket.disconnect":
                return None
            if event.get("text") is None:
                return BINARY
            tokens = max(1.0, len(event["text"]) / TOKEN_CHARACTERS)
            await asyncio.sleep(bucket.wait(asyncio.get_running_loop().time(), tokens))
            self._session.receive(event["text"])
            self._count()
            self._wake.set()
            while self._session.crowded or self._inbox.full:
                await self._woken()

    async def _work(self) -> None:
        """Take slices and send what they yield, until the connection ends.

        What is sent without computing, as most steps that are played, needs neither thread nor task.
        """
        sending = asyncio.create_task(self._send([]))
        try:
            while self.state is State.RESTING:
                free = _is_free(sending)
                busy = self._session.busy and (free or not self._outbox.full)
                pending = free and self._session.pending
                if pending and not busy and self._session.short:
                    await self._send(self._session.take())
                elif not (busy or pending):
                    await self._rest(free)
                elif frames := await self._slice(sending):
                    sending = asyncio.create_task(self._send(frames))
                    sending.add_done_callback(lambda _: self._wake.set())
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _slice(self, sending: asyncio.Task[None]) -> list[str | bytes]:
        """Compute for a while, and take what is to be sent if the writer is free by then."""
        threads, seconds = self._service.threads, LONGEST_SLICE
        if not self._session.nothing_seen:
            seconds = max(LONGEST_SLICE / (1 + threads.waiting), SHORTEST_SLICE)

        def work() -> list[str | bytes]:
            self._session.advance(seconds)
            return self._session.take() if sending.done() else []

        self.move(State.COMPUTING)
        slices = threads.queue(self._session.patience, self._context.run, work)
        frames: list[str | bytes] = await self._told_its_place(slices, sending)
        self._count()
        if self.state is State.COMPUTING:  # the reader may have ended it meanwhile
            self.move(State.RESTING)
        return [*frames, *(self._place_aside() if _is_free(sending) else ())]

    def _place_aside(self) -> Iterator[str]:
        """What the client is told of undivided work that waits for long, and once when its turn has come."""
        place, now = undivided().place(current_client()), asyncio.get_running_loop().time()
        if not place and self._waits_since is not None:
            if self._told_place:
                yield say("progress", {"of": "queue", "place": 0})
            self._waits_since, self._told_place = None, False
        elif place and self._waits_since is None:
            self._waits_since = now
        elif self._waits_since is not None and now - self._waits_since >= PLACE_SECONDS:
            self._waits_since, self._told_place = now, True
            yield say("progress", {"of": "queue", "place": place})

    async def _told_its_place(self, waiting: Slice, sending: asyncio.Task[None]) -> Any:
        """What a time slice gives; who waits long for it is told how many go first, and that it has begun."""
        done, told = asyncio.wrap_future(waiting.done), False
        try:
            while not (await asyncio.wait([done], timeout=PLACE_SECONDS))[0]:
                place = self._service.threads.place(waiting)
                if _is_free(sending) and (place or told):
                    told = bool(place)
                    await self._send([say("progress", {"of": "queue", "place": place or 0})])
            if told and _is_free(sending):
                await self._send([say("progress", {"of": "queue", "place": 0})])
            return done.result()
        finally:
            done.cancel()

    async def _rest(self, free: bool) -> None:
        """Wait for a message, for the writer, or once that is free until the next step is due."""
        wait = self._session.wait() if free else None
        if wait is None:
            await self._woken()
            return
        timer = asyncio.get_running_loop().call_later(whole_milliseconds(wait), self._wake.set)
        try:
            await self._woken()
        finally:
            timer.cancel()

    async def _woken(self) -> None:
        """Wait until anything has changed."""
        self._wake.clear()
        await self._wake.wait()

    async def _send(self, frames: Sequence[str | bytes]) -> None:
        """Send one after the other; a client that leaves one unread for too long ends the connection."""
        self._sending_bytes = sum(map(len, frames))
        self._count()
        for frame in frames:
            self._unread.start(self._service.settings.send_seconds)
            if isinstance(frame, str):
                await self._socket.send_text(frame)
            else:
                await self._socket.send_bytes(frame)
        self._unread.stop()
        self._silence.start(self._service.settings.idle_seconds)
        self._sending_bytes = 0
        self._count()

    def _count(self) -> None:
        """Count what the client has sent and was not read, and what it has not read itself."""
        self._inbox.hold(self._session.unread_bytes)
        self._outbox.hold(self._sending_bytes + self._session.outbox_bytes)

    def _observe(self, kind: str, seconds: float) -> None:
        self._service.metrics.acknowledgements.labels(kind).observe(seconds)


def _is_free(sending: asyncio.Task[None]) -> bool:
    """Whether the writer has sent all; raises what it failed with, as when the client has gone."""
    return sending.done() and sending.result() is None


def whole_milliseconds(seconds: float) -> float:
    """A wait that is over when uvloop’s timer fires: it counts the millisecond that has begun, too."""
    return (ceil(1000 * seconds) + 1) / 1000
