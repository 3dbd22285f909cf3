"""What every part of the service shares: its settings, its threads, its places and its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from descentscape.api.apart.helper import Helper
from descentscape.api.ops.admission import Admission
from descentscape.api.ops.byte_pool import BytePool
from descentscape.api.ops.limits import ConnectionLimit
from descentscape.api.ops.memory_budget import MemoryBudget
from descentscape.api.ops.metrics import Metrics
from descentscape.api.ops.settings import Settings
from descentscape.api.ops.siblings import Siblings
from descentscape.api.ops.workers import Threads
from descentscape.compute.descents import DescentCache
from descentscape.core.clients import Addresses
from descentscape.core.undivided import undivided


@dataclass(frozen=True)
class Service:
    """One running service."""

    settings: Settings
    metrics: Metrics
    threads: Threads
    clients: Addresses
    streams: ConnectionLimit
    calls: ConnectionLimit
    inboxes: BytePool
    outboxes: BytePool
    uploads: BytePool
    admission: Admission
    helper: Helper


def create_service(settings: Settings, siblings: Siblings | None = None) -> Service:
    """A service with these settings, its gauges connected; ``siblings`` are the processes beside it."""
    metrics = Metrics(siblings)
    threads = Threads(settings.threads, metrics)
    streams = ConnectionLimit("streams", settings.sockets, settings.sockets_per_address)
    calls = ConnectionLimit("computations", settings.calls, settings.calls_per_address)
    inboxes, outboxes = BytePool(settings.inbox_bytes), BytePool(settings.outbox_bytes)
    metrics.gauge(
        "inbox_bytes", "Bytes that streams have sent and were not read yet.", lambda: inboxes.nbytes
    )
    metrics.gauge("outbox_bytes", "Bytes that clients have not read yet.", lambda: outboxes.nbytes)
    uploads = BytePool(settings.uploads_bytes)
    metrics.gauge("upload_bytes", "Bytes of files that are being sent or read.", lambda: uploads.nbytes)
    metrics.gauge("sockets", "Streams open now.", lambda: len(streams))
    metrics.gauge("slices_waiting", "Time slices waiting for a thread now.", lambda: threads.waiting)
    admission = Admission(
        settings.compute_seconds,
        MemoryBudget(settings.memory_bytes),
        DescentCache(settings.cache_bytes),
    )
    metrics.gauge(
        "held_bytes", "Bytes of the streams and calls under way now.", lambda: admission.memory.nbytes
    )
    metrics.gauge("calls", "REST computations under way now.", lambda: len(calls))
    metrics.gauge("cache_bytes", "Bytes of descents held for asking again.", lambda: admission.cache.nbytes)
    aside = undivided()
    metrics.gauge("undivided", "Pieces of undivided work under way now.", lambda: aside.under_way)
    metrics.gauge("undivided_waiting", "Pieces of it waiting for a thread now.", lambda: aside.waiting)
    helper = Helper(settings.helper_bytes, settings.helper_seconds)
    metrics.gauge("helper_waiting", "Files waiting to be read or written now.", lambda: helper.waiting)
    return Service(
        settings, metrics, threads, Addresses(), streams, calls, inboxes, outboxes, uploads, admission, helper
    )
