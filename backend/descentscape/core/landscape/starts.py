"""How low an optimizer gets from each of a grid of starts on a slice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from descentscape.core.descent.computed import DIVERGED
from descentscape.core.descent.descent import Position, Recipe, StepContext, descend
from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.plane import Plane
from descentscape.core.landscape.progress import CHUNK_SECONDS
from descentscape.core.objective import Array, Mask, Objective
from descentscape.core.time_slices import Clock, Progress, Work, reported
from descentscape.core.undivided import SLICE_WORK, run_in_thread

START_BATCH = 128
"""Starts that descend together, so that their activations stay in the cache."""

START_NUMBERS = 1 << 20
"""Fewer, where theta is so large that together they would hold more numbers than these."""


@dataclass(frozen=True, eq=False)
class FinalCosts:
    """The cost ``(H, W)`` after ``steps`` steps from the points a ``(W,)``, b ``(H,)`` of a plane.

    The descent leaves the plane; only its start lies on it. ``diverged`` ``(H, W)`` marks where cost is nan
    because the descent blew up.
    """

    a: Array
    b: Array
    cost: Array
    diverged: Mask
    steps: int


def final_costs(
    objective: Objective,
    recipe: Recipe,
    plane: Plane,
    window: Extent,
    resolution: int = 31,
    steps: int = 300,
    *,
    clock: Clock = perf_counter,
) -> Work[FinalCosts]:
    """Descend on the full batch from resolution x resolution points of the plane, lifted to all parameters.

    The recipe's batches and noise are left out. Progress counts starts; coarser grids, of every fourth and
    every second point where they fit, are results on the way to the whole one.
    """
    quiet = replace(recipe, batch_size=None, gradient_noise=0.0)
    a, b = (np.linspace(low, high, resolution) for low, high in window)
    points = np.stack(np.meshgrid(a, b), axis=-1).reshape(-1, 2)
    cost = np.full((resolution, resolution), np.nan)
    known = np.zeros((resolution, resolution), bool)
    before, total, most = 0, known.size, min(START_BATCH, max(START_NUMBERS // plane.dim, 1))
    for stride in strides(resolution):
        wanted = np.zeros_like(known)
        wanted[::stride, ::stride] = True
        starts = np.flatnonzero(wanted & ~known)

        for first in range(0, len(starts), most):
            part = starts[first : first + most]
            descents = _final(objective, quiet, plane.lift(points[part]), steps, clock)
            for share, final in reported(descents):
                if final is not None:
                    cost.flat[part] = final
                yield Progress(before + first + share * len(part), total)
        before, known = before + len(starts), wanted | known
        grid = cost[::stride, ::stride].copy()
        found = FinalCosts(a[::stride], b[::stride], grid, np.isnan(grid), steps)
        if stride > 1:
            yield Progress(before, total, found)
    return found


def strides(resolution: int) -> list[int]:
    """Every how many points are descended from first, then more: 4, 2, 1 where these fit the ends."""
    return [stride for stride in (4, 2, 1) if (resolution - 1) % stride == 0 and resolution > 2 * stride]


def _final(objective: Objective, recipe: Recipe, theta: Array, steps: int, clock: Clock) -> Work[Array]:
    """The cost ``(M,)`` that theta ``(M, P)`` comes to, nan where it was lost on the way."""
    descent = descend(objective, recipe, Position(0, theta), seed=0, steps=steps)
    work, told = len(theta) * recipe.optimizer.needs.work(objective), clock()
    limit, lost = np.full(len(theta), np.inf), np.zeros(len(theta), bool)

    def one_more() -> StepContext:
        with np.errstate(all="ignore"):
            return next(descent)

    for number in range(steps + 1):
        step = (yield from run_in_thread(one_more)) if work > SLICE_WORK else one_more()
        if number == 0:
            limit = DIVERGED * (1 + np.abs(step.cost))
        lost |= ~(step.cost <= limit) | ~np.isfinite(limit)
        if clock() - told > CHUNK_SECONDS:
            yield Progress(number, steps + 1)
            told = clock()
    return np.where(lost, np.nan, step.cost)
