"""Work on many points in slices, each as large as goes into a time slice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from time import perf_counter

from descentscape.core.time_slices import Clock

CHUNK_SECONDS = 0.02
"""About how long a computation works before it reports, and lets others go first."""

GROWTH = 8
"""A chunk is at most so many times as large as the one before it."""


class Pace:
    """How many points go into a chunk, by how long those before took.

    The first chunk holds ``first``, and none more than ``most``.
    """

    def __init__(self, first: int, most: float = inf, clock: Clock = perf_counter) -> None:
        self._size, self._most, self._clock = int(min(first, most)), most, clock

    def through(self, work: Callable[[slice], None], total: int) -> Iterator[int]:
        """Do the work on 0 ≤ k < total in slices; yields how many are done after each."""
        done = 0
        while done < total:
            count, began = min(self._size, total - done), self._clock()
            work(slice(done, done + count))
            done += count
            yield done
            fitting = count * CHUNK_SECONDS / max(self._clock() - began, 1e-9)
            # The rest of some points tells nothing of more of them.
            most = GROWTH * count if count == self._size else self._size
            self._size = int(max(1, min(fitting, most, self._most)))


def paced(
    work: Callable[[slice], None], total: int, first: int, most: int, clock: Clock = perf_counter
) -> Iterator[int]:
    """Do the work on 0 ≤ k < total in slices, at a `Pace` of its own."""
    return Pace(first, most, clock).through(work, total)
