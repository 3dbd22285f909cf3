"""Work that is shared among threads: NumPy lets go of the interpreter inside its long calls."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from functools import cache
from typing import TypeVar

from descentscape.core.undivided import is_undivided, step_back

T = TypeVar("T")

MAX_THREADS = 4

_spreading = ContextVar("_spreading", default=False)


def spread(work: Callable[[Sequence[T]], None], parts: Sequence[T], processors: int | None = None) -> None:
    """Call ``work`` on shares of the parts, one share a thread, and return when all are done.

    A share is every k-th part. The parts do not depend on the number of threads, so neither do the results.
    ``processors``: how many may be used, those of this process unless it is said. What a share spreads in its
    turn stays on its thread: the others are busy, and to wait for one another they could wait for ever.
    """
    threads = 1 if _spreading.get() else max(1, min(processors or available(), MAX_THREADS, len(parts)))
    if threads == 1:
        work(parts)
        return
    before = _spreading.set(True)
    pool = _pool(aside=is_undivided())
    try:
        others = [pool.submit(copy_context().run, work, parts[k::threads]) for k in range(1, threads)]
        work(parts[::threads])
    finally:
        _spreading.reset(before)
    for other in others:
        other.result()


def processors() -> int:
    """How many processors the work is shared among."""
    return min(available(), MAX_THREADS)


@cache
def available() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool(*, aside: bool) -> ThreadPoolExecutor:
    """The threads that share work; of undivided work others, which stand back as it does."""
    return ThreadPoolExecutor(MAX_THREADS - 1, "descentscape", initializer=step_back if aside else None)
