"""The window of a plane that a picture shows, fitted to the paths in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from descentscape.core.landscape.plane import Pair
from descentscape.core.objective import Array

Extent = tuple[Pair, Pair]
"""The intervals (a₀, a₁), (b₀, b₁) of the plane's coordinates."""

WINDOW_MARGIN = 0.15
"""Space around the paths on each side, in widths of the window they need."""

NARROWEST = 0.5
"""The shorter side is at least this share of the longer one."""

POINT_SPREAD = 1e-6
"""Paths that spread less than this times 1 + their size are a point, and get a window of half-width 1."""


def fit_extent(paths: Sequence[Array], include: Array | None = None) -> Extent:
    """Return a window around all paths ``(S, 2)`` and the points ``include`` ``(M, 2)``, with a margin.

    A straight path gets a window half as wide as it is long, a point one of a width of 2 and more.
    """
    shown = [*paths, *([] if include is None else [include])]
    points = np.concatenate(shown)
    points = points[np.isfinite(points).all(axis=1)]
    low, high = points.min(axis=0), points.max(axis=0)
    widths = high - low
    if widths.max() <= POINT_SPREAD * (1 + np.abs(points).max()):
        widths = np.full(2, 2.0)
    widths = np.maximum(widths, NARROWEST * widths.max()) * (1 + 2 * WINDOW_MARGIN)
    (a0, b0), (a1, b1) = ((low + high - widths) / 2).tolist(), ((low + high + widths) / 2).tolist()
    return (a0, a1), (b0, b1)


def before_blow_up(costs: Sequence[Array], diverged: Sequence[bool]) -> list[int]:
    """Count the entries of each run, its costs ``(S,)``, that come before it blows up, the start at least.

    A run that diverged blows up where its cost moves farther from the start's than ten times what the other
    runs gained and three times its size. Runs that did not diverge count whole.
    """
    undiverged = [float(cost.min()) for cost, blown in zip(costs, diverged, strict=True) if not blown]
    return [
        _within(cost, min(undiverged, default=float(cost[0]))) if blown else len(cost)
        for cost, blown in zip(costs, diverged, strict=True)
    ]


def _within(cost: Array, lowest: float) -> int:
    reach = 10 * max(cost[0] - lowest, 0.0) + 3 * abs(cost[0]) or 1.0
    beyond = ~(np.abs(cost - cost[0]) <= reach)
    return int(beyond.argmax()) if beyond.any() else len(cost)
