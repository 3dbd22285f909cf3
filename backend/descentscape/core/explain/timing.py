"""How long a piece of work takes here."""

from __future__ import annotations

from collections.abc import Callable


def shortest_seconds(work: Callable[[], object], clock: Callable[[], float], repeats: int) -> float:
    """The shortest of so many timings, after one that warms up; never 0, so that it can be divided by."""
    work()
    times = []
    for _ in range(repeats):
        start = clock()
        work()
        times.append(clock() - start)
    return max(min(times), 1e-9)
