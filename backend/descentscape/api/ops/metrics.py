"""What Prometheus reads: histograms of seconds and bytes, counters, gauges."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from descentscape.api.ops.siblings import LEFT_EVERY, Siblings

METRICS_MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

NAMESPACE = "descentscape"

SLICES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Upper ends of the classes that time slices and messages are counted in, in seconds."""

REQUESTS = (*SLICES, 10.0, 30.0, 60.0)
"""The same for requests, which may be whole computations."""

BYTES = tuple(4.0**power for power in range(4, 13))
"""Upper ends of the classes that answers and frames are counted in: 256 bytes to 16 MiB."""


class Metrics:
    """The service's own registry: histograms of seconds and bytes, and gauges that are read when asked.

    Of several processes each tells the numbers of all.
    """

    def __init__(self, siblings: Siblings | None = None) -> None:
        self._siblings = siblings
        own = self._registry = CollectorRegistry()
        ProcessCollector(registry=own)
        seconds = partial(Histogram, namespace=NAMESPACE, unit="seconds", registry=own)
        nbytes = partial(Histogram, namespace=NAMESPACE, unit="bytes", registry=own, buckets=BYTES)
        count = partial(Counter, namespace=NAMESPACE, registry=own)
        self.requests = seconds(
            "request", "Seconds until a request was answered.", ("route", "status"), buckets=REQUESTS
        )
        self.acknowledgements = seconds(
            "acknowledgement", "Seconds from a stream’s message to its answer.", ("type",), buckets=SLICES
        )
        self.first_pictures = seconds(
            "first_picture", "Seconds from a stream’s open to its first surface.", buckets=REQUESTS
        )
        self.slices = seconds("slice", "Seconds of a time slice on the threads that compute.", buckets=SLICES)
        self.queued = seconds("queue", "Seconds that a time slice waited for its thread.", buckets=SLICES)
        self.answer_bytes = nbytes("answer", "Bytes of a request’s answer, without its head.", ("route",))
        self.frame_bytes = nbytes("frame", "Bytes of what a stream is sent at a time.", ("kind",))
        self.refused = count("refused", "Requests and streams refused, by status.", ("status",))

    def gauge(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """Say how a gauge is read; its name comes after that of the service."""
        Gauge(name, meaning, namespace=NAMESPACE, registry=self._registry).set_function(read)

    def render(self) -> bytes:
        """The text of GET /metrics."""
        own = generate_latest(self._registry)
        return own if self._siblings is None else self._siblings.with_others(own)

    async def tell_siblings(self) -> None:
        """Tell the other processes the numbers of this one, every second, for as long as it runs."""
        while self._siblings is not None:
            self._siblings.leave(generate_latest(self._registry))
            await asyncio.sleep(LEFT_EVERY)
