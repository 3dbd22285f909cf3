"""Long computations that say how far they are and can be dropped at any point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Generic, TypeVar

from descentscape.core.time_slices import Clock

T = TypeVar("T")

CHUNK_SECONDS = 0.05
"""About how long a computation works before it reports."""

GROWTH = 8
"""A chunk is at most so many times as large as the one before it."""


@dataclass(frozen=True, eq=False)
class Progress(Generic[T]):
    """How much is done of all there is to do, and what came of it: rough results on the way."""

    done: int
    total: int
    result: T | None = None


def finished(computation: Iterator[Progress[T]]) -> T:
    """Go through to the end, and return what came of it."""
    result: T | None = None
    for progress in computation:
        result = progress.result or result
    if result is None:
        raise RuntimeError("the computation ended without a result")
    return result


def paced(
    work: Callable[[slice], None], total: int, first: int, most: int, clock: Clock = perf_counter
) -> Iterator[int]:
    """Do the work on 0 ≤ k < total in slices, each sized by how long the one before took.

    The first slice holds ``first``, and none more than ``most``. Yields how many are done after each.
    """
    done, size = 0, min(first, most)
    while done < total:
        began = clock()
        work(slice(done, min(done + size, total)))
        done = min(done + size, total)
        yield done
        fitting = size * CHUNK_SECONDS / max(clock() - began, 1e-9)
        size = max(1, min(int(fitting), GROWTH * size, most))
