"""The cost sampled over a plane, with what was left out said in it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.objective import AnyArray, Array, Objective

NARROW = 1e-3
"""A surface whose range is under this share of its height is computed in float64.

So is one without a finite cell in float32.
"""

COARSEST = 15
"""The least resolution that is worth showing first."""

CHUNK_SECONDS = 0.05
"""About how long a refinement works before it reports."""

FIRST = 16
"""Points of the first chunk, before it is known how long one takes."""

BLOCK = 1 << 20
"""Where an objective has no faster way, this many parameters are lifted at once."""


@runtime_checkable
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

    Heights are the true ones, float32 or, where the range is narrow, float64; ``clipped`` says which range
    a picture should keep to.
    """

    a: Array
    b: Array
    cost: AnyArray
    plane: Plane
    clipped: Clipping

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


@dataclass(frozen=True, eq=False)
class Progress:
    """How far a refinement has come: points done of all, and a surface when a level is complete."""

    done: int
    total: int
    level: int
    levels: int
    surface: Surface | None


def sample(
    objective: Objective, plane: Plane, a: Array, b: Array, *, path_range: Pair | None = None
) -> Surface:
    """Return the cost over the grid of the plane's coordinates a ``(W,)`` and b ``(H,)``.

    ``path_range``, the lowest and the highest cost of the paths in the picture, decides with the heights
    themselves what is clipped; without it nothing is.
    """
    points = _grid(a, b)
    cost = slice_heights(objective, plane, points, np.float32)
    if _narrow(cost):
        cost = slice_heights(objective, plane, points, np.float64)
    return _surface(plane, a, b, cost, path_range)


def refine(
    objective: Objective, plane: Plane, extent: Extent, resolution: int, *, path_range: Pair | None = None
) -> Iterator[Progress]:
    """Sample the window coarse to fine, up to resolution x resolution points.

    Yields after every few milliseconds of work, with a surface at the end of each level; dropping the
    iterator abandons the rest.
    """
    levels = levels_of(resolution)
    total, before = sum(level**2 for level in levels), 0
    dtype: type[np.floating] = np.float32
    for index, level in enumerate(levels, 1):
        a, b = (np.linspace(low, high, level) for low, high in extent)
        cost = np.empty(level**2, dtype)
        for done in _fill(cost, objective, plane, _grid(a, b)):
            yield Progress(before + done, total, index, len(levels), None)
        if index == 1 and _narrow(cost):
            dtype = np.float64
            cost = np.empty(level**2, dtype)
            for done in _fill(cost, objective, plane, _grid(a, b)):
                yield Progress(before + done, total, index, len(levels), None)
        before += level**2
        surface = _surface(plane, a, b, cost, path_range)
        yield Progress(before, total, index, len(levels), surface)


def slice_heights(objective: Objective, plane: Plane, points: Array, dtype: type[np.floating]) -> AnyArray:
    """Return the cost ``(M,)`` at the plane's coordinates points ``(M, 2)``, computed in dtype."""
    with np.errstate(all="ignore"):
        if isinstance(objective, Sliced):
            return objective.slice_cost(plane.origin, plane.basis, points, dtype)
        parts = np.array_split(points, max(-(-len(points) * plane.dim // BLOCK), 1))
        heights = [objective.value(plane.lift(part).astype(dtype)) for part in parts]
        return np.concatenate(heights).astype(dtype, copy=False)


def clipping(cost: AnyArray, path_range: Pair | None) -> Clipping:
    """Return the range of heights to draw of a surface, and the number of cells beyond it.

    A height is beyond when it is above the paths by ten times their range and also eight times as high
    above the bottom as three quarters of the cells are, so that a few peaks do not flatten the rest; or
    when it is below the paths by ten thousand times. Without paths nothing is beyond.
    """
    finite = cost[np.isfinite(cost)].astype(np.float64)
    if not finite.size:
        return Clipping(0.0, 0.0, 0)
    bottom, top = float(finite.min()), float(finite.max())
    if path_range is None:
        return Clipping(bottom, top, 0)
    lowest, highest = path_range
    floor = max(bottom, lowest - 1e4 * (1 + abs(lowest) + highest - lowest))
    bulk = float(np.quantile(finite, 0.75))
    ceiling = min(top, max(highest + 10 * (highest - lowest), floor + 8 * (bulk - floor)))
    return Clipping(floor, ceiling, int(((finite < floor) | (finite > ceiling)).sum()))


def _fill(cost: AnyArray, objective: Objective, plane: Plane, points: Array) -> Iterator[int]:
    """Fill in the heights chunk by chunk, each sized by how long the one before it took.

    Yields how many stand, after each chunk but the last.
    """
    done, size = 0, FIRST
    while True:
        began = time.perf_counter()
        chunk = slice(done, done + size)
        cost[chunk] = slice_heights(objective, plane, points[chunk], cost.dtype.type)
        done += size
        if done >= len(points):
            return
        size = int(np.clip(size * CHUNK_SECONDS / (time.perf_counter() - began), 1, 8 * size))
        yield done


def _grid(a: Array, b: Array) -> Array:
    """All pairs ``(H·W, 2)``, a running fastest."""
    return np.stack(np.meshgrid(a, b), axis=-1).reshape(-1, 2)


def levels_of(resolution: int) -> list[int]:
    """List the resolutions from the coarsest to the wanted one, each a third of the next."""
    levels = [resolution]
    while -(-levels[0] // 3) >= COARSEST:
        levels.insert(0, -(-levels[0] // 3))
    return levels


def _narrow(cost: AnyArray) -> bool:
    finite = cost[np.isfinite(cost)].astype(np.float64)
    return not finite.size or bool(np.ptp(finite) < NARROW * np.abs(finite).max())


def _surface(plane: Plane, a: Array, b: Array, cost: AnyArray, path_range: Pair | None) -> Surface:
    heights = np.where(np.isfinite(cost), cost, np.nan).reshape(len(b), len(a)).astype(cost.dtype)
    return Surface(a, b, heights, plane, clipping(heights, path_range))
