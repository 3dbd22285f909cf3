"""The window of a plane that a picture shows, fitted to the paths in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from descentscape.core.objective import Array
from descentscape.core.plane import Pair

Extent = tuple[Pair, Pair]
"""The intervals (a₀, a₁), (b₀, b₁) of the plane's coordinates."""

MARGIN = 0.15
"""Space around the paths on each side, in widths of the window they need."""

NARROWEST = 0.5
"""The shorter side is at least this share of the longer one."""

POINT = 1e-6
"""Paths that spread less than this times 1 + their size are a point, and get a window of half-width 1."""


def fit_extent(
    paths: Sequence[Array],
    costs: Sequence[Array] | None = None,
    diverged: Sequence[bool] | None = None,
    include: Array | None = None,
) -> Extent:
    """Return a window around all paths ``(S, 2)`` and the points ``include`` ``(M, 2)``, with a margin.

    A path that diverged counts up to its blow-up only, which ``costs`` ``(S,)`` show. A straight path gets
    a window half as wide as it is long, a point one of a width of 2 and more.
    """
    shown = list(paths)
    if costs is not None and diverged is not None:
        lowest = min(float(np.min(cost[np.isfinite(cost)], initial=np.inf)) for cost in costs)
        kept = zip(paths, costs, diverged, strict=True)
        shown = [path[: _before_blow_up(cost, lowest)] if blown else path for path, cost, blown in kept]
    if include is not None:
        shown.append(include)
    points = np.concatenate(shown)
    points = points[np.isfinite(points).all(axis=1)]
    low, high = points.min(axis=0), points.max(axis=0)
    widths = high - low
    if widths.max() <= POINT * (1 + np.abs(points).max()):
        widths = np.full(2, 2.0)
    widths = np.maximum(widths, NARROWEST * widths.max()) * (1 + 2 * MARGIN)
    (a0, b0), (a1, b1) = ((low + high - widths) / 2).tolist(), ((low + high + widths) / 2).tolist()
    return (a0, a1), (b0, b1)


def _before_blow_up(cost: Array, lowest: float) -> int:
    """Count the entries before the cost leaves the scale of the start's height, the start in any case."""
    bound = cost[0] + 10 * (cost[0] - lowest) + 3 * abs(cost[0])
    beyond = ~(cost <= bound)
    return max(int(beyond.argmax()), 1) if beyond.any() else len(cost)
