"""What Prometheus reads, and the middleware that times requests and names them in the log."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from uuid import uuid4

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METRICS_MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

NAMESPACE = "descentscape"

SLICES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Upper ends of the classes that time slices and messages are counted in, in seconds."""

REQUESTS = (*SLICES, 10.0, 30.0, 60.0)
"""The same for requests, which may be whole computations."""


class Metrics:
    """The service's own registry: histograms of seconds, counters, and gauges that are read when asked."""

    def __init__(self) -> None:
        own = self._registry = CollectorRegistry()
        ProcessCollector(registry=own)
        seconds = partial(Histogram, namespace=NAMESPACE, unit="seconds", registry=own)
        count = partial(Counter, namespace=NAMESPACE, registry=own)
        self.requests = seconds(
            "request", "Seconds until a request was answered.", ("route", "status"), buckets=REQUESTS
        )
        self.messages = seconds(
            "message", "Seconds from a stream’s message to its own answers.", ("type",), buckets=SLICES
        )
        self.slices = seconds("slice", "Seconds of a time slice on the threads that compute.", buckets=SLICES)
        self.refused = count("refused", "Requests and streams refused, by status.", ("status",))
        self.frames = count("frames", "Frames and messages sent to streams.")
        self.sent_bytes = count("sent_bytes", "Bytes sent to streams.")

    def gauge(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """Say how a gauge is read; its name comes after that of the service."""
        Gauge(name, meaning, namespace=NAMESPACE, registry=self._registry).set_function(read)

    def render(self) -> bytes:
        """The text of GET /metrics."""
        return generate_latest(self._registry)


class Observer:
    """Times every request under its route's template, and binds an id of its own to what is logged of it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note its status and its time; of a stream only that it was refused."""
        status = 500 if scope["type"] == "http" else 101

        async def observed(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        kind = "stream" if scope["type"] == "websocket" else "request"
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(**{kind: uuid4().hex[:12]}):
            try:
                await self._app(scope, receive, observed)
            finally:
                self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        if scope["type"] == "http":
            route = getattr(scope.get("route"), "path", "unknown")
            self._metrics.requests.labels(route, str(status)).observe(seconds)
        if status >= 400:
            self._metrics.refused.labels(str(status)).inc()
