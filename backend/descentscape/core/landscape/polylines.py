"""Scattered points of curves, put in order along them."""

from __future__ import annotations

import numpy as np

from descentscape.core.objective import Array

CLOSED = 8
"""A run of at least so many points whose ends meet is a closed curve."""


def polylines(points: Array, reach: float) -> list[list[int]]:
    """Return runs of positions in points ``(M, 2)``, each from neighbour to nearest neighbour within reach.

    Every point is in one run; a closed run ends with its first point once more.
    """
    apart = np.linalg.norm(points[:, None] - points, axis=-1)
    left = set(range(len(points)))
    runs = []
    while left:
        run = [left.pop()]
        _extend(run, left, apart, reach)
        run.reverse()
        _extend(run, left, apart, reach)
        if len(run) >= CLOSED and apart[run[-1], run[0]] <= reach:
            run.append(run[0])
        runs.append(run)
    return runs


def _extend(run: list[int], left: set[int], apart: Array, reach: float) -> None:
    while left:
        nearest = min(left, key=lambda i: float(apart[run[-1], i]))
        if apart[run[-1], nearest] > reach:
            return
        run.append(nearest)
        left.remove(nearest)
