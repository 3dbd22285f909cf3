"""The socket around a session: a reader, turns of computation on the shared threads, and a writer.

Turns go on while frames are on their way to the client; what they compute waits in the session, so that a
slow reader gets fewer, larger frames and never a queue of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from contextvars import copy_context

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from descentscape.api.ops.errors import ProblemError
from descentscape.api.ops.limits import Pace
from descentscape.api.ops.service import Service
from descentscape.api.stream.session import Session

LONGEST_TURN = 0.02
SHORTEST_TURN = 0.004
"""Seconds of a turn: shorter when many wait, so that a new message is answered soon."""

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
                await socket.accept()
                await _Link(socket, service).run()
        except ProblemError as problem:
            await socket.send_denial_response(problem.response())

    return router


class _Link:
    """One accepted socket and its session."""

    def __init__(self, socket: WebSocket, service: Service) -> None:
        self._socket = socket
        self._service = service
        self._session = Session(service.admission, self._observe)
        self._context = copy_context()
        self._stirred = asyncio.Event()
        self._room = asyncio.Event()
        self._last_sign = time.monotonic()

    async def run(self) -> None:
        """Serve until either side ends it."""
        tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._work())]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._session.close()
        code = _code(done.pop())
        if code is not None:
            # Its place stays taken until the client reads on, or the kernel gives the connection up.
            with contextlib.suppress(WebSocketDisconnect):
                await self._socket.close(code)

    def _observe(self, kind: str, seconds: float) -> None:
        self._service.metrics.messages.labels(kind).observe(seconds)

    async def _read(self) -> int | None:
        """Fill the inbox until the stream is to be closed with the code returned, or has ended (None)."""
        pace = Pace(self._service.settings.messages_per_second)
        while True:
            event = await self._receive()
            if event is None:
                return SILENT
            if event["type"] == "websocket.disconnect":
                return None
            if event.get("text") is None:
                return BINARY
            await asyncio.sleep(pace.wait(time.monotonic()))
            self._session.receive(event["text"])
            self._stirred.set()
            while self._session.crowded:
                self._room.clear()
                await self._room.wait()

    async def _receive(self) -> dict[str, str] | None:
        """The next event; None after a long silence in both directions."""
        patience = self._service.settings.idle_seconds
        self._last_sign = time.monotonic()
        pending = asyncio.ensure_future(self._socket.receive())
        try:
            while (left := self._last_sign + patience - time.monotonic()) > 0:
                await asyncio.wait([pending], timeout=left)
                if pending.done():
                    return dict(pending.result())
            return None
        finally:
            pending.cancel()

    async def _work(self) -> int | None:
        """Take turns and send what they yield; the code to close with, None when the client has gone."""
        sending = asyncio.create_task(self._send([]))
        try:
            while not sending.done() or sending.result():
                free = sending.done()
                if not (self._session.busy or (free and self._session.pending)):
                    await self._rest()
                elif frames := await self._turn(sending):
                    sending = asyncio.create_task(self._send(frames))
                    sending.add_done_callback(lambda _: self._stirred.set())
            return SLOW
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _turn(self, sending: asyncio.Task[bool]) -> list[str | bytes]:
        """Compute for a while, and take what is to be sent if the writer is free by then."""
        threads = self._service.threads
        seconds = max(LONGEST_TURN / (1 + threads.waiting), SHORTEST_TURN)

        def work() -> list[str | bytes]:
            self._session.advance(seconds)
            return self._session.take() if sending.done() else []

        frames = await threads.turn(self._context.run, work)
        self._room.set()
        return frames

    async def _rest(self) -> None:
        """Wait for a message, for the writer, or for the play head to reach the next step."""
        self._stirred.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._session.wait()):
                await self._stirred.wait()

    async def _send(self, frames: Sequence[str | bytes]) -> bool:
        """Send one after the other; False when the client left one unread for too long."""
        for frame in frames:
            send = self._socket.send_text if isinstance(frame, str) else self._socket.send_bytes
            try:
                async with asyncio.timeout(self._service.settings.send_seconds):
                    await send(frame)  # type: ignore[arg-type]
            except TimeoutError:
                return False
            self._last_sign = time.monotonic()
            self._service.metrics.frames.inc()
            self._service.metrics.sent_bytes.inc(len(frame))
        return True


def _code(task: asyncio.Task[int | None]) -> int | None:
    """What to close the socket with after a task has ended; None when there is nobody left to tell."""
    error = task.exception()
    if error is None:
        return task.result()
    if isinstance(error, WebSocketDisconnect):
        return None
    _log.error("a stream failed", exc_info=error)
    return FAILED
