"""The few threads that compute, in short slices, so that nobody waits for long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from descentscape.api.ops.metrics import Metrics

P = ParamSpec("P")
T = TypeVar("T")

Patience = Callable[[], float]
"""How many seconds others may come later and yet go first, as it is when a thread is free."""


def at_leisure() -> float:
    """The patience of work that nobody waits for: half a second."""
    return 0.5


def at_once() -> float:
    """No patience."""
    return 0.0


@dataclass(frozen=True, eq=False)
class Slice:
    """Work that waits for a thread."""

    came: float
    patience: Patience
    work: Callable[[], Any]
    done: Future[Any]
    queued: float = field(default_factory=time.perf_counter)

    def due(self) -> float:
        """The time by which it goes before all that come later."""
        return self.came + self.patience()


class Threads:
    """A bounded pool: a time slice is one short function call; whoever wants another time slice queues again.

    A free thread takes the slice that came first, its patience added: what somebody waits for goes before
    what refines a picture, and who has had little before who has had much; nobody is put off without end.
    With slices of 4 to 20 ms, thirty streams on two threads each get a slice several times a second, and one
    stream alone gets all of it.
    """

    def __init__(self, threads: int, metrics: Metrics, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="compute")
        self._waiting, self._lock = list[Slice](), Lock()
        self._metrics, self._clock = metrics, clock

    @property
    def waiting(self) -> int:
        """How many slices wait for a thread."""
        return len(self._waiting)

    async def run_slice(
        self, patience: Patience, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one time slice on a thread."""
        done: Future[T] = Future()
        mine = Slice(self._clock(), patience, partial(work, *args, **kwargs), done)
        with self._lock:
            self._waiting.append(mine)
        self._pool.submit(self._take)
        return await asyncio.wrap_future(done)

    def _take(self) -> None:
        """Run the slice whose turn it is, unless it was given up before."""
        with self._lock:
            mine = min(self._waiting, key=Slice.due)
            self._waiting.remove(mine)
        if not mine.done.set_running_or_notify_cancel():
            return
        began = time.perf_counter()
        self._metrics.queued.observe(began - mine.queued)
        try:
            result = mine.work()
        except BaseException as error:
            mine.done.set_exception(error)
        else:
            mine.done.set_result(result)
        self._metrics.slices.observe(time.perf_counter() - began)

    def close(self) -> None:
        """Let the time slices that run finish, and drop those that wait."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        for dropped in self._waiting:
            dropped.done.cancel()
