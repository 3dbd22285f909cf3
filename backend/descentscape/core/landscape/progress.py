"""Work on many points in slices, each as large as goes into a time slice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import inf
from time import perf_counter

from descentscape.core.objective import Objective
from descentscape.core.time_slices import Clock
from descentscape.core.undivided import SLICE_WORK, gradient_work, in_thread_if_long

CHUNK_SECONDS = 0.02
"""About how long a computation works before it reports, and lets others go first."""

GROWTH = 8
"""A chunk is at most so many times as large as the one before it."""


class Pace:
    """How many points go into a chunk, by how long those before took.

    The first chunk holds ``first``, fewer where so many costs of the objective would take long, and none
    holds more than ``most``; where a single cost takes long it is found on a thread of its own.
    """

    def __init__(
        self, objective: Objective, first: int, most: float = inf, clock: Clock = perf_counter
    ) -> None:
        self._objective, self._most, self._clock = objective, most, clock
        self._size = int(max(1, min(first, most, SLICE_WORK // gradient_work(objective))))

    def through(self, work: Callable[[slice], None], total: int) -> Iterator[int]:
        """Do the work on 0 ≤ k < total in slices; yields how many are done, while one waits too."""
        done = 0
        while done < total:
            count, began = min(self._size, total - done), self._clock()
            for _ in in_thread_if_long(self._objective, partial(work, slice(done, done + count))):
                yield done
            done += count
            yield done
            fitting = count * CHUNK_SECONDS / max(self._clock() - began, 1e-9)
            # The rest of some points tells nothing of more of them.
            most = GROWTH * count if count == self._size else self._size
            self._size = int(max(1, min(fitting, most, self._most)))


def paced(
    objective: Objective,
    work: Callable[[slice], None],
    total: int,
    first: int,
    most: int,
    clock: Clock = perf_counter,
) -> Iterator[int]:
    """Do the work on 0 ≤ k < total in slices, at a `Pace` of its own."""
    return Pace(objective, first, most, clock).through(work, total)
