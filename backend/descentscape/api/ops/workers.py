"""The few threads that compute, in short slices, first come first served, so that nobody waits for long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from descentscape.api.ops.metrics import Metrics

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """A bounded pool: a time slice is one short function call; whoever wants another time slice queues again.

    With slices of 10 to 20 ms, thirty streams on two threads each get a slice several times a second, and
    one stream alone gets all of it.
    """

    def __init__(self, threads: int, metrics: Metrics) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="compute")
        self._metrics = metrics
        self.waiting = 0

    async def run_slice(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one time slice on a thread."""
        waits = True

        def timed() -> T:
            nonlocal waits
            waits = False
            self.waiting -= 1
            began = time.perf_counter()
            try:
                return work(*args, **kwargs)
            finally:
                self._metrics.slices.observe(time.perf_counter() - began)

        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, timed)
        finally:
            self.waiting -= waits  # given up before its turn came

    def close(self) -> None:
        """Let the time slices that run finish, and drop those that wait."""
        self._pool.shutdown(wait=True, cancel_futures=True)
