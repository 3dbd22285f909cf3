"""Basins of attraction: where an optimizer comes to rest from each of a grid of starts, and how soon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from time import perf_counter
from typing import Any, cast

import numpy as np

from descentscape.core.descent.computed import DIVERGED
from descentscape.core.descent.descent import Position, Recipe, StepContext, descend
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.minima import Labels, Minimum, Whereabouts, minima_around
from descentscape.core.landscape.progress import CHUNK_SECONDS
from descentscape.core.objective import Array, Mask, Objective
from descentscape.core.time_slices import Clock, Progress, Work
from descentscape.core.undivided import SLICE_WORK, run_in_thread

BASIN_BATCH = 1024
"""Starts that descend together at most."""

LOOK = 5
"""Every so many steps those at rest are let go."""

AT_REST = 1e-9
"""At a minimum a start is at rest when it moved less than this share of the reach since the last look."""

STUCK = 1e-13
"""The same anywhere else, where slow is not yet at rest: a path that has come to a saddle may leave it."""


@dataclass(frozen=True, eq=False)
class Basins:
    """Which of ``minima`` an optimizer comes to from each start, a ``(W,)`` by b ``(H,)``.

    ``label`` ``(H, W)`` is the minimum's number, lowest cost first, or -1 for a start that is at none after
    all ``steps``, or has diverged. ``arrival`` ``(H, W)`` is the first step from which on it stayed within
    ``reach`` of that minimum, -1 for none. ``cost`` ``(H, W)`` is the final one, nan where ``diverged``.
    """

    a: Array
    b: Array
    label: Labels
    arrival: Labels
    cost: Array
    diverged: Mask
    minima: tuple[Minimum, ...]
    steps: int
    reach: float


@dataclass(frozen=True, eq=False)
class Disagreement:
    """Where two optimizers come to different minima from the same start.

    ``differ`` ``(H, W)`` marks the starts from which both arrive, at different places; ``one_only`` those
    from which only one of them arrives at all. ``share`` is that of ``differ`` in all starts.
    """

    differ: Mask
    one_only: Mask
    share: float


def basins(
    objective: Objective,
    recipe: Recipe,
    window: Extent,
    resolution: int = 61,
    steps: int = 300,
    *,
    clock: Clock = perf_counter,
) -> Work[Basins]:
    """Descend from resolution x resolution starts of a two-parameter problem, on the full batch.

    The recipe's optimizer, schedule and clipping are the run's; its batches and noise are left out, since
    what chance decides has no basin. Progress counts steps of all starts. Raises InvalidValue for other than
    two parameters.
    """
    if objective.dim != 2:
        raise InvalidValue("dim", "2 for basins", objective.dim)
    a, b = (np.linspace(low, high, resolution) for low, high in window)
    starts = np.stack(np.meshgrid(a, b), axis=-1).reshape(-1, 2)
    total = steps * len(starts)
    yield Progress(0, total)
    minima, where = yield from run_in_thread(lambda: _rests(objective, window))
    fleets = []
    size = max(1, min(BASIN_BATCH, int(SLICE_WORK // recipe.optimizer.needs.work(objective))))
    for first in range(0, len(starts), size):
        fleet = _Fleet(objective, recipe, starts[first : first + size], steps, where)
        for number in fleet.sail(clock):
            yield Progress(steps * first + number * len(fleet.label), total)
        fleets.append(fleet)
    return Basins(a, b, *_logged(fleets, resolution), minima, steps, where.reach)


def _rests(objective: Objective, window: Extent) -> tuple[tuple[Minimum, ...], Whereabouts]:
    """The places of rest, and the map that tells which of them is near."""
    minima = minima_around(objective, window)
    return minima, Whereabouts(minima, window)


def disagreement(first: Basins, second: Basins) -> Disagreement:
    """Compare two optimizers' basins on the same problem, window and resolution."""
    one, other = first.label >= 0, second.label >= 0
    differ = one & other & (first.label != second.label)
    return Disagreement(differ, one ^ other, float(differ.mean()))


class _Fleet:
    """Some starts on their way, fewer and fewer: those at rest or lost are let go.

    ``label``, ``arrival``, ``cost`` and ``diverged`` ``(M,)`` are all starts' as far as they have come.
    """

    def __init__(
        self, objective: Objective, recipe: Recipe, starts: Array, steps: int, where: Whereabouts
    ) -> None:
        self._objective, self._starts, self._steps, self._where = objective, starts, steps, where
        self._recipe = replace(recipe, batch_size=None, gradient_noise=0.0)
        with np.errstate(all="ignore"):
            self.cost = objective.value(starts)
        self._limit = DIVERGED * (1 + np.abs(self.cost))
        self.diverged = ~np.isfinite(self.cost)
        self.label = np.where(self.diverged, -1, where.at(starts))
        self.arrival = np.zeros_like(self.label)
        self._afloat = np.flatnonzero(~self.diverged)

    def sail(self, clock: Clock) -> Iterator[int]:
        """Go all the steps, and yield now and then how many are done."""
        before, reported = self._starts[self._afloat], clock()
        voyage = self._after(Position(0, before))
        for number in range(1, self._steps + 1):
            if not len(self._afloat):
                return
            with np.errstate(all="ignore"):
                step = next(voyage)
                self._note(step)
            if number % LOOK == 0:
                going = self._going(step.theta, before)
                before = step.theta[going]
                if not going.all():
                    self._afloat = self._afloat[going]
                    voyage = self._after(Position(number, before, _kept(step.state, going)))
            if clock() - reported > CHUNK_SECONDS:
                yield number
                reported = clock()

    def _after(self, position: Position) -> Iterator[StepContext]:
        """The steps after this one."""
        return islice(descend(self._objective, self._recipe, position, seed=0, steps=self._steps), 1, None)

    def _note(self, step: StepContext) -> None:
        afloat = self._afloat
        self.diverged[afloat] |= ~(step.cost <= self._limit[afloat])
        label = np.where(self.diverged[afloat], -1, self._where.at(step.theta))
        moved = label != self.label[afloat]
        self.arrival[afloat[moved]] = step.number
        self.label[afloat], self.cost[afloat] = label, step.cost

    def _going(self, theta: Array, before: Array) -> Mask:
        """Mark those that are neither lost nor at rest."""
        moved = np.abs(theta - before).max(axis=1)
        rest = moved <= self._where.reach * np.where(self.label[self._afloat] >= 0, AT_REST, STUCK)
        return cast(Mask, ~(rest | self.diverged[self._afloat]))


def _kept(state: Any, rows: Mask) -> Any:
    """The optimizer's state of some of the rows; what all rows share stays."""
    return type(state)(*(part[rows] if np.ndim(part) else part for part in state))


def _logged(fleets: list[_Fleet], resolution: int) -> tuple[Labels, Labels, Array, Mask]:
    """Label, arrival, final cost and who diverged, of all starts ``(H, W)``."""
    label, arrival, cost, diverged = (
        np.concatenate([getattr(fleet, name) for fleet in fleets]).reshape(resolution, resolution)
        for name in ("label", "arrival", "cost", "diverged")
    )
    return label, np.where(label >= 0, arrival, -1), np.where(diverged, np.nan, cost), diverged
