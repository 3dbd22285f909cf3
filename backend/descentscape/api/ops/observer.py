"""The middleware that sees every request and stream from without: its id, time, bytes and end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars, clear_contextvars

from descentscape.api.ops.errors import problem_of
from descentscape.api.ops.metrics import Metrics
from descentscape.api.ops.security import refuse

GONE = 499
"""The status of an answer that nobody waits for any more."""

LONGEST_PATH = 200
"""Characters of a path that a line of the log shows."""

_log = logging.getLogger("descentscape")


class Observer:
    """Times every request under its route's template, and binds an id of its own to what is logged of it.

    What nobody foresaw is answered with 500 and logged in one line; uvicorn sees nothing of it.
    """

    def __init__(
        self, app: ASGIApp, metrics: Metrics, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._app, self._metrics, self._clock = app, metrics, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note its status, its bytes and its time."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began = self._clock()
        exchange = Exchange(scope, receive, send, self._metrics)
        clear_contextvars()  # those of the request before on the same connection
        with bound_contextvars(**{exchange.kind: uuid4().hex[:12]}):
            try:
                await self._app(scope, exchange.receive, exchange.send)
            except Exception as error:
                await exchange.fail(error)
            finally:
                exchange.note(self._clock() - began)


@dataclass
class Exchange:
    """A request and its answer, or a stream, as it goes over the wire."""

    scope: Scope
    receive_from: Receive
    send_to: Send
    metrics: Metrics
    status: int | None = None
    nbytes: int = 0
    gone: bool = False
    ending: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What its id is called in the log."""
        return "stream" if self.scope["type"] == "websocket" else "request"

    async def receive(self) -> Message:
        """The next message of the client."""
        message = await self.receive_from()
        if message["type"] == "websocket.disconnect":
            self._end("client", message)
        return message

    async def send(self, message: Message) -> None:
        """Send a message on."""
        match message["type"]:
            case "http.response.start" | "websocket.http.response.start":
                self.status = message["status"]
            case "websocket.accept":
                self.status = 101
            case "websocket.close":
                self.status = self.status or 403
                self._end("service", message)
        try:
            await self.send_to(message)
        except OSError:  # as ASGI says that nobody is there any more
            self.gone = True
            raise
        self._count(message)

    async def fail(self, error: Exception) -> None:
        """Answer what nobody foresaw, unless an answer has begun, or nobody is there."""
        if self.gone:
            return
        problem = problem_of(error)
        if self.status is None:
            await refuse(problem, self.scope, self.receive, self.send)

    def note(self, seconds: float) -> None:
        """Tell the metrics and the log how it went."""
        status = self.status or GONE
        if self.scope["type"] == "http":
            route = getattr(self.scope.get("route"), "path", "unknown")
            self.metrics.requests.labels(route, str(status)).observe(seconds)
            self.metrics.answer_bytes.labels(route).observe(self.nbytes)
        if status >= 400:
            self.metrics.refused.labels(str(status)).inc()
            _log.info(f"{self.kind} refused", extra={"status": status, **self._described()})
        elif self.scope["type"] == "websocket":
            ended = {**self.ending, "seconds": round(seconds, 3)}
            _log.info("stream ended", extra=ended | self._described())

    def _described(self) -> dict[str, Any]:
        client = self.scope.get("client")
        path: bytes = self.scope.get("raw_path", b"")
        return {
            "method": self.scope.get("method", "GET"),
            "path": path[:LONGEST_PATH].decode("latin-1"),
            "address": client[0] if client else None,
        }

    def _count(self, message: Message) -> None:
        match message:
            case {"type": "websocket.send", "bytes": bytes() as frame}:
                self.metrics.frame_bytes.labels("frame").observe(len(frame))
            case {"type": "websocket.send", "text": str() as text}:
                self.metrics.frame_bytes.labels("message").observe(len(text.encode()))
            case {"body": body}:
                self.nbytes += len(body)

    def _end(self, by: str, message: Message) -> None:
        if not self.ending:
            self.ending = {"by": by, "code": message.get("code"), "reason": message.get("reason") or ""}
