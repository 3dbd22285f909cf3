"""The cost sampled over a plane, with what was left out said in it.

Heights are float32, computed in it where that is faster, as long as that loses nothing that a picture could
show on a linear axis or a logarithmic one. A surface is float64 when in float32

- a cell is not finite: it may only have overflowed,
- the range is under ``NARROW`` of the height,
- or one of some heights that are computed in both, from the lowest to the highest and among those next to
  underflow, is off by over ``LOSS`` of itself or of their range.

A refinement goes over to float64 at the first level that asks for it and stays there.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, cast

import numpy as np

from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.landscape.progress import Pace
from descentscape.core.objective import AnyArray, Array, Indices, Objective, is_called
from descentscape.core.time_slices import Progress, Work, run_to_completion

NARROW = 1e-3
"""A surface whose range is under this share of its height is computed in float64."""

LOSS = 1e-4
"""So is one of which float32 would get a height wrong by this share."""

COMPARED = 24
"""About so many heights of a level are computed in both precisions, and as many of those near underflow."""

COARSEST = 15
"""The least resolution that is worth showing first."""

STRIDES = (3, 4, 5, 2)
"""Of which points of a level to show first, as one likes them best."""

FIRST, FIRST_WORK = 16, 2**24
"""Points of the first chunk at least, and parameters times examples that these may be instead."""

FARTHEST = 8e307
"""What lies farther from zero is drawn there: differences of heights must be numbers."""

LIFT_BLOCK = 1 << 20
"""Where an objective has no faster way, this many parameters are lifted at once."""

Paces = Mapping[type[np.floating], Pace]
"""By precision, since one takes longer than the other."""


class Sliced(Protocol):
    """An objective with a fast way to its cost over a plane."""

    def slice_cost(
        self, origin: Array, basis: Array, points: Array, dtype: type[np.floating] = np.float32
    ) -> AnyArray:
        """C at origin + points @ basis for points ``(M, 2)``, shape ``(M,)``."""


@dataclass(frozen=True)
class Clipping:
    """The range of heights to draw, and how many finite cells of the surface lie outside it."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, eq=False)
class Surface:
    """The cost ``(H, W)`` at the plane's coordinates a ``(W,)``, b ``(H,)``; nan where it is not finite.

    Heights are the true ones, float32 or, where that would lose something, float64. ``path_range`` holds the
    lowest and the highest cost of the paths in the picture, if there are any.
    """

    a: Array
    b: Array
    cost: AnyArray
    plane: Plane
    path_range: Pair | None = None

    def __repr__(self) -> str:
        """Its plane, its size, and the lowest and highest cost on it."""
        rows, columns = self.cost.shape
        finite = self.cost[np.isfinite(self.cost)]
        ends = f"{finite.min():.6g} to {finite.max():.6g}" if finite.size else "nowhere finite"
        missing = f", {self.missing:,} without" if self.missing else ""
        return f"<Surface {columns} × {rows} over the {self.plane.kind} plane: cost {ends}{missing}>"

    @cached_property
    def clipped(self) -> Clipping:
        """The range of heights that a picture should keep to."""
        return clipping(self.cost, self.path_range)

    @property
    def exact(self) -> bool:
        """Whether the surface is the whole cost surface rather than a slice of it."""
        return self.plane.exact

    @property
    def missing(self) -> int:
        """The number of cells whose cost is not finite."""
        return int(np.isnan(self.cost).sum())

    def drawn(self) -> AnyArray:
        """Return the heights ``(H, W)`` with those beyond the clipping put on its bounds."""
        return self.cost.clip(self.clipped.low, self.clipped.high)


def sample(
    objective: Objective, plane: Plane, a: Array, b: Array, *, path_range: Pair | None = None
) -> Surface:
    """Return the cost over the grid of the plane's coordinates a ``(W,)`` and b ``(H,)``.

    ``path_range``, the lowest and the highest cost of the paths in the picture, decides with the heights
    themselves what is clipped; without it nothing is.
    """
    points = _grid(a, b)
    cost, standing = np.empty(len(points), _first_in(objective)), np.zeros(len(points), bool)
    cost = run_to_completion(_heights(objective, plane, points, cost, standing, _paces(objective)))
    return _surface(plane, a, b, cost, path_range)


def refine(
    objective: Objective, plane: Plane, extent: Extent, resolution: int, *, path_range: Pair | None = None
) -> Work[Surface]:
    """Sample the window coarse to fine, up to resolution x resolution points.

    Progress counts points, every few milliseconds; the levels before the last are results on the way to it,
    and their points are among its own.
    """
    axes = [np.linspace(low, high, resolution) for low, high in extent]
    total, reached, paces = resolution**2, 0, _paces(objective)
    cost, standing = np.zeros(total, _first_in(objective)), np.zeros((resolution, resolution), bool)
    for level in levels_of(resolution):
        a, b = (axis[level] for axis in axes)
        here = np.ravel_multi_index(np.ix_(level, level), standing.shape).ravel()
        heights = _heights(objective, plane, _grid(a, b), cost[here], standing.ravel()[here], paces)
        while True:
            try:
                done = next(heights)
            except StopIteration as end:
                found = end.value
                break
            reached = max(reached, done)
            yield Progress(reached, total)
        cost = cost.astype(found.dtype, copy=False)
        cost[here], standing[np.ix_(level, level)] = found, True
        surface = _surface(plane, a, b, found, path_range)
        if len(level) < resolution:
            yield Progress(len(here), total, surface)
    return surface


def slice_heights(objective: Objective, plane: Plane, points: Array, dtype: type[np.floating]) -> AnyArray:
    """Return the cost ``(M,)`` at the plane's coordinates points ``(M, 2)``, in dtype.

    Computed in it too where the objective has a fast way; in double precision otherwise.
    """
    with np.errstate(all="ignore"):
        if hasattr(objective, "slice_cost"):
            return cast("Sliced", objective).slice_cost(plane.origin, plane.basis, points, dtype)
        parts = np.array_split(points, max(-(-len(points) * plane.dim // LIFT_BLOCK), 1))
        heights = [objective.value(plane.lift(part)) for part in parts]
        return np.concatenate(heights).astype(dtype, copy=False)


def clipping(cost: AnyArray, path_range: Pair | None) -> Clipping:
    """Return the range of heights to draw of a surface, and the number of cells beyond it.

    A height is beyond when it is above the paths by ten times their range and also eight times as high
    above the bottom as three quarters of the cells are, so that a few peaks do not flatten the rest; or
    when it is below the paths by ten thousand times their height, their range and that of the middle half of
    the cells together. Without paths nothing is beyond. In other units of the cost the same cells are.
    """
    return clipping_of(ordered_heights(cost), path_range)


def ordered_heights(cost: AnyArray) -> Array:
    """Return the finite heights ``(M,)``, the lowest first, as far from zero as they are drawn."""
    # Sorted in the precision that they have: float32 takes half as long.
    return np.sort(cost[np.isfinite(cost)]).astype(np.float64).clip(-FARTHEST, FARTHEST)


def clipping_of(ordered: Array, path_range: Pair | None) -> Clipping:
    """`clipping` of the heights of a surface in order."""
    if not ordered.size:
        return Clipping(0.0, 0.0, 0)
    bottom, top = float(ordered[0]), float(ordered[-1])
    if path_range is None:
        return Clipping(bottom, top, 0)
    lowest, highest = path_range
    quarter, bulk = (_quantile(ordered, share) for share in (0.25, 0.75))
    floor = max(bottom, lowest - 1e4 * (abs(lowest) + highest - lowest + bulk - quarter))
    ceiling = min(top, max(highest + 10 * (highest - lowest), floor + 8 * (bulk - floor)))
    within = np.searchsorted(ordered, ceiling, "right") - np.searchsorted(ordered, floor)
    return Clipping(floor, ceiling, ordered.size - int(within))


def _quantile(ordered: Array, share: float) -> float:
    """What `numpy.quantile` finds by looking for the places that these numbers have already."""
    below, part = divmod(share * (ordered.size - 1), 1.0)
    low, high = ordered[[int(below), min(int(below) + 1, ordered.size - 1)]].tolist()
    return float(low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part))


def _paces(objective: Objective) -> Paces:
    """A pace for each precision, begun with as many points as cannot take long."""
    work = objective.dim * getattr(objective, "n_examples", FIRST_WORK)
    first = max(FIRST, FIRST_WORK // work)
    return {np.float32: Pace(objective, first), np.float64: Pace(objective, first)}


def _first_in(objective: Objective) -> type[np.floating]:
    """The precision that heights are computed in at first: a model that is called has one of its own."""
    return np.float64 if is_called(objective) else np.float32


def _heights(
    objective: Objective, plane: Plane, points: Array, cost: AnyArray, standing: AnyArray, paces: Paces
) -> Generator[int, None, AnyArray]:
    """The cost ``(M,)`` with what is not ``standing`` in it, in float64 where float32 would lose.

    Yields as it goes how many stand.
    """
    missing, dtype = np.flatnonzero(~standing), cost.dtype.type
    for done in _fill(cost, objective, plane, points, missing, paces[dtype]):
        yield len(cost) - len(missing) + done
    if dtype is np.float32 and (yield from _loses(cost, objective, plane, points, paces[np.float64])):
        afresh = np.empty(len(cost)), np.zeros(len(cost), bool)
        return (yield from _heights(objective, plane, points, *afresh, paces))
    return cost


def _loses(
    cost: AnyArray, objective: Objective, plane: Plane, points: Array, pace: Pace
) -> Generator[int, None, bool]:
    """Whether float32 heights lose what float64 would show; yields as it goes."""
    heights = cost.astype(np.float64)
    if not np.isfinite(heights).all() or np.ptp(heights) < NARROW * np.abs(heights).max():
        return True
    tried = _compared(np.abs(heights))
    exact = np.empty(len(tried))
    for _ in _fill(exact, objective, plane, points[tried], np.arange(len(tried)), pace):
        yield len(cost) - 1
    off, scale = np.abs(heights[tried] - exact), np.minimum(np.abs(exact), np.ptp(exact))
    return bool((off > LOSS * scale).any())


def _compared(size: Array) -> Indices:
    """The places of some heights of all sizes, more of them from the lowest, where most is lost."""
    ranks = np.geomspace(1, len(size), COMPARED).astype(np.intp) - 1
    faint = np.flatnonzero(size < np.finfo(np.float32).tiny)
    spread = faint[:: max(1, len(faint) // COMPARED)]
    return np.unique(np.concatenate([size.argpartition(ranks)[ranks], spread]))


def _fill(
    cost: AnyArray, objective: Objective, plane: Plane, points: Array, places: Indices, pace: Pace
) -> Iterator[int]:
    """Fill in the heights at these places chunk by chunk; yields how many are, after each chunk."""

    def work(part: slice) -> None:
        some = places[part]
        cost[some] = slice_heights(objective, plane, points[some], cost.dtype.type)

    return pace.through(work, len(places))


def _grid(a: Array, b: Array) -> Array:
    """All pairs ``(H·W, 2)``, a running fastest."""
    pairs = np.empty((len(b), len(a), 2))
    pairs[..., 0], pairs[..., 1] = a, b[:, None]
    return pairs.reshape(-1, 2)


def levels_of(resolution: int) -> list[Indices]:
    """The places along an axis of each level, from the coarsest to the wanted one: some of the next level’s.

    They are about a third as many, evenly apart where that divides.
    """
    levels: list[Indices] = [np.arange(resolution)]
    while (fewer := _coarser(len(levels[0]))) >= COARSEST:
        places = np.linspace(0, len(levels[0]) - 1, fewer).round().astype(np.intp)
        levels.insert(0, levels[0][places])
    return levels


def _coarser(resolution: int) -> int:
    between = resolution - 1
    even = (between // step + 1 for step in STRIDES if between % step == 0)
    return next((count for count in even if count >= COARSEST), -(-resolution // 3))


def _surface(plane: Plane, a: Array, b: Array, cost: AnyArray, path_range: Pair | None) -> Surface:
    heights = np.where(np.isfinite(cost), cost, np.nan).reshape(len(b), len(a)).astype(cost.dtype)
    return Surface(a, b, heights, plane, path_range)
