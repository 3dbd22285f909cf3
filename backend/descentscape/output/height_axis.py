"""The height axis of a picture, on the page and in files: its costs, where it is cut, its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, inf, log10
from typing import Any

import numpy as np

from descentscape.core.landscape.plane import Pair
from descentscape.core.landscape.surface import FARTHEST, Clipping, clipping_of, ordered_heights
from descentscape.core.number_format import short_number
from descentscape.core.objective import AnyArray, Array

LOWEST_SHARE, BELOW = 0.01, 10.0
"""A log axis goes down to so many times less than the lowest hundredth of the surface, not to zero."""

NEAR_ZERO = 0.15
"""A linear axis that begins this near to zero, in shares of its length, begins at zero."""

ABOVE = 1.0
"""Paths may rise by this many times the surface's own range above it before the picture cuts them off."""

PADDING = 0.03
"""Space over and under the heights, in shares of their range."""

INSIDE = 1e-3
"""A surface that is drawn flat stands so far inside the axis' end, in shares: at the very end it flickers."""

TICKS, SCENE_LINES, MAP_LINES = 6, 18, 24
"""About so many numbers along the axis, and contour lines over it in 3D and from above."""

THIN, CLOSEST = 0.4, 25.0
"""From above, a surface that fills less of the axis has closer lines, up to so many times as many."""

COLOR_COUNT = 10
"""Colours of the scale, whose places among the ranks are told."""

MIN_GAP = 1e-4
"""They stand at least this share of the axis apart: a level surface has many equal heights."""

SHORTEST, SHORTEST_LOG = 1e-300, 1e-12
"""The least that an axis extends, in costs and in decades."""

HIGHEST_LOG = 308.25
"""The highest end of a log axis: a little below the largest number."""


@dataclass(frozen=True)
class HeightAxis:
    """Costs from ``low`` to ``high``, linear or, where ``log``, by their logarithm.

    ``refused`` says that a log axis was asked for and the costs do not allow it. ``drawn`` holds the costs
    between which the surface is drawn: ``above`` and ``below`` of its ``cells`` lie beyond the axis and are
    flat there, ``missing`` have no cost; ``span`` is how much of the axis it takes up, in costs. ``ticks``
    are costs with their text. ``scene_lines`` and ``map_lines`` are the first contour line and the step
    between two, as places on the axis. ``ranks`` are the shares of the axis where colours by rank stand.
    """

    log: bool
    refused: bool
    low: float
    high: float
    drawn: Pair
    above: int
    below: int
    missing: int
    cells: int
    span: float
    ticks: tuple[tuple[float, str], ...]
    scene_lines: Pair
    map_lines: Pair
    ranks: tuple[float, ...]

    def place(self, cost: Any) -> Any:
        """Where on the axis costs lie: themselves or, raised to the floor, their decimal logarithms."""
        return np.log10(np.maximum(cost, self.low)) if self.log else np.asarray(cost)

    def flattened(self, cost: AnyArray) -> AnyArray:
        """The surface's costs as they are drawn: nan where there is none."""
        return np.clip(cost, *self.drawn)


def height_axes(cost: AnyArray, paths: Pair) -> dict[str, HeightAxis]:
    """The linear and the log axis of a surface's costs ``(H, W)`` with the lowest and highest of paths."""
    ordered = ordered_heights(cost)
    return axes_of(ordered, cost.size, paths, clipping_of(ordered, paths))


def axes_of(ordered: Array, cells: int, paths: Pair, clipped: Clipping) -> dict[str, HeightAxis]:
    """`height_axes` of the finite costs of a surface of so many cells, the lowest first."""
    return {wanted: _axis(ordered, cells, paths, clipped, wanted) for wanted in ("linear", "log")}


def _axis(ordered: Array, cells: int, paths: Pair, clipped: Clipping, wanted: str) -> HeightAxis:
    paths = min(max(paths[0], -FARTHEST), FARTHEST), min(max(paths[1], -FARTHEST), FARTHEST)
    log = wanted == "log" and bool(ordered.size and ordered[0] >= 0 and ordered[-1] > 0)
    low, high = _log_range(ordered, paths) if log else _linear_range(ordered, paths, clipped)
    ends = (10**low, 10**high) if log else (low, high)
    ends = (float(ends[0]), float(ends[1]))
    above = ordered.size - int(np.searchsorted(ordered, ends[1], "right"))
    below = int(np.searchsorted(ordered, ends[0]))
    stops = _stops(ordered)
    places = np.log10(np.maximum(stops, ends[0])) if log else stops
    shares = (places.clip(low, high) - low) / (high - low)
    inside = [low + (INSIDE if below else 0) * (high - low), high - (INSIDE if above else 0) * (high - low)]
    share = float(shares[-1] - shares[0]) if shares.size else 1.0
    closer = min(CLOSEST, 1 / max(share, 1 / CLOSEST)) if share < THIN else 1.0
    return HeightAxis(
        log=log,
        refused=wanted == "log" and not log,
        low=ends[0],
        high=ends[1],
        drawn=(10 ** inside[0], 10 ** inside[1]) if log else (inside[0], inside[1]),
        above=above,
        below=below,
        missing=cells - ordered.size,
        cells=cells,
        span=float(np.ptp(stops.clip(*ends))) if stops.size else 0.0,
        ticks=tuple(_log_ticks(low, high) if log else _linear_ticks(low, high)),
        scene_lines=_lines(low, high, SCENE_LINES),
        map_lines=_lines(low, high, MAP_LINES * closer),
        ranks=_ranks(shares),
    )


def _stops(ordered: Array) -> Array:
    """The costs where colours stand when each covers as much of the surface as any other."""
    if not ordered.size:
        return ordered
    stops: Array = ordered[np.linspace(0, ordered.size - 1, COLOR_COUNT).round().astype(int)]
    return stops


def _log_range(ordered: Array, paths: Pair) -> Pair:
    """Decimal logarithms; a few peaks have room here, and a cost of zero would be infinitely deep."""
    positive = ordered[np.searchsorted(ordered, 0.0, "right") :]
    lowest = min(float(positive[0]), *(cost for cost in paths if cost > 0), inf)
    deepest = float(positive[int(LOWEST_SHARE * (positive.size - 1))]) / BELOW
    low, top = (log10(max(cost, SHORTEST)) for cost in (max(lowest, deepest), float(positive[-1])))
    path = log10(max(paths[1], SHORTEST)) if paths[1] > 0 else top
    low, high = _padded(low, _reaching(low, top, path), rooted=False, shortest=SHORTEST_LOG)
    return low, min(high, HIGHEST_LOG)


def _linear_range(ordered: Array, paths: Pair, clipped: Clipping) -> Pair:
    """What the surface is clipped to, with the paths, from zero where that is near."""
    bottom, top = (clipped.low, clipped.high) if ordered.size else paths
    low = min(bottom, paths[0])
    high = max(low, _reaching(low, top, paths[1]))
    rooted = 0 <= low < NEAR_ZERO * (high - low)
    return _padded(0.0 if rooted else low, high, rooted)


def _reaching(low: float, top: float, path: float) -> float:
    return max(top, min(path, top + ABOVE * (top - low)))


def _padded(low: float, high: float, rooted: bool, shortest: float = SHORTEST) -> Pair:
    """The range with room around it, not so short that parts of it are no numbers."""
    room = PADDING * (high - low or abs(high) or 1.0)
    return (low if rooted else low - room), max(high + room, low + shortest)


def _lines(low: float, high: float, count: float) -> Pair:
    step = _round_step((high - low) / count)
    return ceil(low / step) * step, step


def _round_step(size: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``size``."""
    power = 10.0 ** floor(log10(size))
    return next((factor * power for factor in (1, 2, 5) if factor * power >= size), 10 * power)


def _linear_ticks(low: float, high: float) -> Iterator[tuple[float, str]]:
    step = _round_step((high - low) / TICKS)
    # Far from zero and close together, numbers differ late.
    digits = min(max(1 + ceil(log10(max(abs(low), abs(high)) / step)), 4), 15)
    for k in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1):
        at = float(f"{k * step:.12g}")
        yield at, short_number(at, digits)


def _log_ticks(low: float, high: float) -> Iterator[tuple[float, str]]:
    """Powers of ten, with others between where there is room."""
    decades = high - low
    if decades < 0.8:
        yield from ((at, text) for at, text in _linear_ticks(10**low, 10**high) if at > 0)
        return
    factors = next((f for f in ((1, 2, 5), (1, 3)) if decades * len(f) <= TICKS), (1,))
    every = max(1, ceil(decades / TICKS))
    for power in range(floor(low), floor(high) + 1):
        for factor in factors if power % every == 0 else ():
            if low <= power + log10(factor) <= high:
                text = short_number(factor * 10.0**power, 2)
                yield factor * 10.0**power, text.removeprefix("1×")


def _ranks(shares: Array) -> tuple[float, ...]:
    """The shares of the axis where colours stand, from 0 to 1 and not on one another."""
    if not shares.size:
        return tuple(np.linspace(0, 1, COLOR_COUNT).tolist())
    stops = shares.tolist()
    stops[0], stops[-1] = 0.0, 1.0
    for k in range(1, COLOR_COUNT - 1):
        stops[k] = min(1 - (COLOR_COUNT - 1 - k) * MIN_GAP, max(stops[k], stops[k - 1] + MIN_GAP))
    return tuple(stops)
