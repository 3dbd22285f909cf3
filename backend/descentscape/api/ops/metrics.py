"""Counters and gauges in the Prometheus text format, and the middleware that times requests."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from threading import Lock

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

FAMILIES = {
    "requests_total": ("counter", "Requests answered, by route and status."),
    "request_seconds_total": ("counter", "Seconds spent answering requests, by route."),
    "refused_total": ("counter", "Requests, streams and messages refused, by status."),
    "frames_total": ("counter", "Frames and messages sent to streams."),
    "sent_bytes_total": ("counter", "Bytes sent to streams."),
    "messages_total": ("counter", "Messages received from streams."),
    "turns_total": ("counter", "Turns of computation taken on the threads."),
    "turn_seconds_total": ("counter", "Seconds of computation on the threads."),
    "sockets": ("gauge", "Streams open now."),
    "calls": ("gauge", "REST computations under way now."),
    "turns_waiting": ("gauge", "Turns waiting for a thread now."),
    "held_bytes": ("gauge", "Bytes of the descents of streams and calls under way now."),
    "cache_bytes": ("gauge", "Bytes of descents held for asking again."),
}
"""Every metric's name (after ``descentscape_``), its type and its meaning."""


class Metrics:
    """Counters that add up and gauges that are read when asked; safe from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counters: dict[str, dict[str, float]] = {
            name: defaultdict(float) for name, (kind, _) in FAMILIES.items() if kind == "counter"
        }
        self._gauges: dict[str, Callable[[], float]] = {}

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter, under its labels."""
        with self._lock:
            self._counters[name][_labels(labels)] += amount

    def gauge(self, name: str, read: Callable[[], float]) -> None:
        """Say how a gauge is read."""
        self._gauges[name] = read

    def render(self) -> str:
        """The text of GET /metrics."""
        lines = []
        for name, (kind, meaning) in FAMILIES.items():
            lines += [f"# HELP descentscape_{name} {meaning}", f"# TYPE descentscape_{name} {kind}"]
            lines += [f"descentscape_{name}{labels} {value:g}" for labels, value in self._values(name)]
        return "\n".join(lines) + "\n"

    def _values(self, name: str) -> list[tuple[str, float]]:
        if name in self._gauges:
            return [("", self._gauges[name]())]
        with self._lock:
            return sorted(self._counters.get(name, {}).items())


def _labels(labels: dict[str, str]) -> str:
    escaped = {
        key: value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
        for key, value in labels.items()
    }
    return "{" + ",".join(f'{key}="{value}"' for key, value in escaped.items()) + "}" if labels else ""


class Observer:
    """Counts and times every request under its route's template, never under the raw path."""

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

        began = time.perf_counter()
        try:
            await self._app(scope, receive, observed)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unknown")
        if scope["type"] == "http":
            self._metrics.count("requests_total", route=route, status=str(status))
            self._metrics.count("request_seconds_total", seconds, route=route)
        if status >= 400:
            self._metrics.count("refused_total", status=str(status))
