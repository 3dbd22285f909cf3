"""Scattered points of curves, put in order along them."""

from __future__ import annotations

import numpy as np

from descentscape.core.objective import Array

CLOSED = 8
"""A run of at least so many points whose ends meet is a closed curve."""


def polylines(points: Array, reach: float) -> list[list[int]]:
    """Return runs of positions in points ``(M, 2)``, each from neighbour to nearest neighbour within reach.

    Every point is in one run; a closed run ends with its first point once more. Each run starts where the
    fewest other points are near: at an end, where the curve has one.
    """
    apart = np.linalg.norm(points[:, None] - points, axis=-1)
    near = (apart <= reach).sum(axis=1)
    left = set(range(len(points)))
    runs = []
    while left:
        run = [min(left, key=lambda i: (near[i], i))]
        left.remove(run[0])
        while left:
            nearest = min(left, key=lambda i: apart[run[-1], i])
            if apart[run[-1], nearest] > reach:
                break
            run.append(nearest)
            left.remove(nearest)
        if len(run) >= CLOSED and apart[run[-1], run[0]] <= reach:
            run.append(run[0])
        runs.append(run)
    return runs
