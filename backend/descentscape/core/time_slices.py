"""Long work in short time slices: a generator that yields between them and returns what it found.

Whoever conducts it (`run_to_completion`, `run_until` a time, `reported` one slice after the other) may do
something else between two time slices, or drop it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Generic, ParamSpec, TypeAlias, TypeVar

P = ParamSpec("P")
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
"""Long work that says, after some of its time slices, how far it is."""

TimeSlices: TypeAlias = Generator[None, None, T]
"""Long work that says nothing on its way, which may be a part of any other."""

ALMOST = 0.999
"""The largest share that is told before the whole result, which alone brings 1."""

Clock: TypeAlias = Callable[[], float]
"""Seconds that only grow; whoever computes until a deadline is given one, and a test one of its own."""


def at_once(work: Callable[P, T]) -> Callable[P, TimeSlices[T]]:
    """Work that takes no longer than a time slice."""

    def slices(*args: P.args, **kwargs: P.kwargs) -> TimeSlices[T]:
        yield from ()
        return work(*args, **kwargs)

    return slices


def run_to_completion(slices: Generator[object, None, T]) -> T:
    """Run all time slices, one after another, and return what was found."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            found: T = end.value
            return found


def run_until(slices: Work[T], deadline: float, clock: Clock = perf_counter) -> T | None:
    """Run slices, one at least, until the clock's deadline; what was found, or None when time ran out."""
    try:
        next(slices)
        while clock() < deadline:
            next(slices)
    except StopIteration as end:
        found: T = end.value
        return found
    return None


class Resumable:
    """Work that is gone on with a slice at a time, by whoever calls, and begins anew once it is done."""

    def __init__(self, begin: Callable[[], TimeSlices[object]]) -> None:
        self._begin = begin
        self._slices: TimeSlices[object] | None = None

    def advance(self) -> None:
        """One time slice more."""
        slices, self._slices = self._slices or self._begin(), None
        if next(slices, self) is None:
            self._slices = slices


def reported(work: Work[T]) -> Iterator[tuple[float, T | None]]:
    """After each slice the share that is done, and what is new: rough results, then the whole one with 1."""
    share = 0.0
    while True:
        try:
            latest = next(work)
        except StopIteration as end:
            yield 1.0, end.value
            return
        share = share if latest is None else min(ALMOST, latest.share)
        yield share, None if latest is None else latest.result
