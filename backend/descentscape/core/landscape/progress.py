"""Work on many points in slices, each as large as goes into a time slice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter

from descentscape.core.objective import Objective
from descentscape.core.time_slices import Clock
from descentscape.core.undivided import SLICE_WORK, gradient_work, in_thread_if_long

CHUNK_SECONDS = 0.02
"""About how long a computation works before it reports."""

GROWTH = 8
"""A chunk is at most so many times as large as the one before it."""


def paced(
    objective: Objective,
    work: Callable[[slice], None],
    total: int,
    first: int,
    most: int,
    clock: Clock = perf_counter,
) -> Iterator[int]:
    """Do the work on 0 ≤ k < total in slices, each sized by how long the one before took.

    The first slice holds ``first``, fewer where so many costs of the objective would take long, and none more
    than ``most``; where a single one does it is done on a thread of its own. Yields how many are done.
    """
    done, size = 0, max(1, min(first, most, SLICE_WORK // gradient_work(objective)))
    while done < total:
        began, part = clock(), slice(done, min(done + size, total))
        for _ in in_thread_if_long(objective, partial(work, part)):
            yield done
        done = part.stop
        yield done
        fitting = size * CHUNK_SECONDS / max(clock() - began, 1e-9)
        size = max(1, min(int(fitting), GROWTH * size, most))
