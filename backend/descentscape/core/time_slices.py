"""Long work in short turns: a generator that yields between them and returns what it found.

Whoever conducts it (`finish` to the end, `within` a time, `reported` one turn after the other) may do
something else between two turns, or drop it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache
from threading import current_thread
from time import perf_counter
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, eq=False)
class Progress(Generic[T_co]):
    """How much is done of all there is to do, and what came of it so far: a rough result, if there is one."""

    done: float
    total: float
    result: T_co | None = None

    @property
    def share(self) -> float:
        """The share that is done."""
        return self.done / self.total


Work: TypeAlias = Generator[Progress[T] | None, None, T]
"""Long work that says, after some of its turns, how far it is."""

Turns: TypeAlias = Generator[None, None, T]
"""Long work that says nothing on its way, which may be a part of any other."""

ALMOST = 0.999
"""The largest share that is told before the whole result, which alone brings 1."""

Clock: TypeAlias = Callable[[], float]
"""Seconds that only grow; whoever computes until a deadline is given one, and a test one of its own."""

AT_ONCE = 2
"""How many pieces of undivided work are under way at a time; others wait for them."""

GLANCE = 0.005
"""Seconds of waiting for undivided work that make a turn."""

_ASIDE = "aside"


def finish(turns: Generator[object, None, T]) -> T:
    """Take all turns, one after another, and return what was found."""
    while True:
        try:
            next(turns)
        except StopIteration as end:
            found: T = end.value
            return found


def within(turns: Work[T], deadline: float, clock: Clock = perf_counter) -> T | None:
    """Take turns, one at least, until the clock's deadline; what was found, or None when time ran out."""
    try:
        next(turns)
        while clock() < deadline:
            next(turns)
    except StopIteration as end:
        found: T = end.value
        return found
    return None


def reported(work: Work[T]) -> Iterator[tuple[float, T | None]]:
    """After each turn the share that is done, and what is new: rough results, then the whole one with 1."""
    share = 0.0
    while True:
        try:
            news = next(work)
        except StopIteration as end:
            yield 1.0, end.value
            return
        share = share if news is None else min(ALMOST, news.share)
        yield share, None if news is None else news.result


def aside(work: Callable[[], T]) -> Turns[T]:
    """Work that cannot be divided, a factorisation say, on a thread of its own; the turns only wait for it.

    NumPy lets go of the interpreter meanwhile. Work that has not begun when the turns are dropped never does.
    Undivided work within undivided work is a part of it.
    """
    if current_thread().name.startswith(_ASIDE):
        return work()
    under_way = _pool().submit(copy_context().run, work)
    try:
        while not wait([under_way], GLANCE).done:
            yield
        return under_way.result()
    finally:
        under_way.cancel()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix=_ASIDE)
