"""What every part of the service shares: its settings, its threads, its places and its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from descentscape.api.ops.limits import Places
from descentscape.api.ops.memory_budget import Ledger
from descentscape.api.ops.metrics import Metrics
from descentscape.api.ops.settings import Settings
from descentscape.api.ops.workers import Threads
from descentscape.compute.computation import CACHE


@dataclass(frozen=True)
class Service:
    """One running service."""

    settings: Settings
    metrics: Metrics
    threads: Threads
    streams: Places
    calls: Places
    ledger: Ledger


def create_service(settings: Settings) -> Service:
    """A service with these settings, its gauges connected."""
    metrics = Metrics()
    threads = Threads(settings.threads, metrics)
    streams = Places("streams", settings.sockets, settings.sockets_per_address)
    calls = Places("computations", settings.calls, settings.calls)
    metrics.gauge("sockets", lambda: len(streams))
    metrics.gauge("turns_waiting", lambda: threads.waiting)
    ledger = Ledger(settings.memory_bytes)
    metrics.gauge("held_bytes", lambda: ledger.nbytes)
    metrics.gauge("calls", lambda: len(calls))
    metrics.gauge("cache_bytes", lambda: CACHE.nbytes)
    return Service(settings, metrics, threads, streams, calls, ledger)
