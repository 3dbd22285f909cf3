"""Minima that a search for ∇C = 0 cannot see: at a kink the slope jumps over zero."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from descentscape.core.landscape.critical import thinned
from descentscape.core.landscape.extent import Extent
from descentscape.core.objective import EPSILON, Array, Objective
from descentscape.core.undivided import go_on

DIRECTIONS = 180
"""The search looks at so many points around each candidate."""

KINK_ITERATIONS = 100
"""Enough to halve the distance down to FINE, with as many moves in between."""

FINE = 1e-9
"""The search ends when nothing lower is so near, in cells."""

LEAST_RISE = 1e-9
"""What rises less than this share of the rise over a whole cell is flat."""

SEPARATION = 2.0
"""Candidates closer than so many cells to one another, or to what is known, are one point."""

MAX_CANDIDATES = 64
"""No more candidates than these are followed, the lowest ones: each one takes a while."""

_ANGLES = np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS)
_RING = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=-1)


def kink_minima(objective: Objective, window: Extent, resolution: int, known: Array) -> Array:
    """Return the minima ``(M, 2)`` of a two-parameter problem apart from the ``known`` ones ``(K, 2)``.

    From each grid point that is lower than its neighbours, a search by values alone goes to the lowest point
    of a ring around it, and narrows the ring where there is none. It ends at a minimum when all of a fine
    ring is higher. A floor of a kinked valley that runs between the ring's directions can pass for one.
    """
    low, high = np.array(window).T
    cell = (high - low) / (resolution - 1)
    with np.errstate(all="ignore"):
        candidates = _dips(objective, window, resolution)
        away = _apart(candidates, known, cell)
        theta = _lowered(objective, candidates[away][:MAX_CANDIDATES], cell)
        theta = theta[_apart(theta, known, cell)]
        inside = ((theta >= low) & (theta <= high)).all(axis=1)
        return thinned(theta[inside & _isolated(objective, theta, cell)], cell, SEPARATION)


def _dips(objective: Objective, window: Extent, resolution: int) -> Array:
    """The inner grid points that are as low as all neighbours and lower than some, the lowest first."""
    grid = np.stack(np.meshgrid(*(np.linspace(*side, resolution) for side in window)), axis=-1)
    cost = np.nan_to_num(objective.value(grid), nan=np.inf)
    around = sliding_window_view(cost, (3, 3)).reshape(resolution - 2, resolution - 2, 9)
    inner = cost[1:-1, 1:-1]
    low = (inner <= around.min(axis=-1)) & (inner < around.max(axis=-1))
    order = inner[low].argsort(kind="stable")
    return cast(Array, grid[1:-1, 1:-1][low][order])


def _lowered(objective: Objective, theta: Array, cell: Array) -> Array:
    """Follow candidates ``(M, 2)`` downhill by values alone; those that got nowhere fine are left out."""
    theta, radius = theta.copy(), np.ones(len(theta))
    height = objective.value(theta)
    for _ in range(KINK_ITERATIONS):
        go_on()
        going = np.flatnonzero(radius > FINE)
        ring = theta[going, None] + radius[going, None, None] * cell * _RING
        heights = np.nan_to_num(objective.value(ring), nan=np.inf)
        best = heights.argmin(axis=1)
        lowest = np.take_along_axis(heights, best[:, None], axis=1)[:, 0]
        lower = lowest < height[going]
        moved = going[lower]
        theta[moved], height[moved] = ring[lower, best[lower]], lowest[lower]
        radius[going[~lower]] /= 4
    return theta[radius <= FINE]


def _isolated(objective: Objective, theta: Array, cell: Array) -> Array:
    """Mark those of theta ``(M, 2)`` from which the cost rises all around, within a hundredth of a cell."""
    cost = objective.value(theta)[:, None]
    near, far = (objective.value(theta[:, None] + share * cell * _RING) - cost for share in (0.01, 1.0))
    rise = np.maximum(np.nan_to_num(far, nan=0.0, posinf=0.0).max(axis=1, keepdims=True), 0.0)
    return cast(Array, (near > np.maximum(LEAST_RISE * rise, 4 * EPSILON * np.abs(cost))).all(axis=1))


def _apart(theta: Array, known: Array, cell: Array) -> Array:
    gaps = np.abs((theta[:, None] - known) / cell).max(axis=-1)
    return cast(Array, (gaps > SEPARATION).all(axis=1))
