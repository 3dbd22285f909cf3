"""Work on many points in slices, each as large as goes into a time slice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

from descentscape.core.time_slices import Clock

CHUNK_SECONDS = 0.02
"""About how long a computation works before it reports, and lets others go first."""

GROWTH = 8
"""A chunk is at most so many times as large as the one before it."""


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
