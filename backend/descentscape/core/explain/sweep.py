"""The same experiment over a knob: one run for each of its values, and how each ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from descentscape.core.descent import Recipe
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.objective import Array, Indices, Objective
from descentscape.core.run import Run
from descentscape.core.trajectory import Status, Trajectory

MAX_RECIPES = 64
"""Runs of one sweep."""


@dataclass(frozen=True, eq=False)
class Swept:
    """One run of a sweep: its status, its last and its lowest cost, and its cost curve thinned evenly.

    ``entries`` ``(T,)`` are the steps that ``costs`` ``(T,)`` belong to, the first and the last included; a
    diverged run's end at its last finite one.
    """

    status: Status
    stationary_at: int | None
    final_cost: float
    lowest_cost: float
    entries: Indices
    costs: Array


def sweep_recipes(
    objective: Objective,
    theta: Array,
    recipes: Sequence[Recipe],
    *,
    steps: int,
    seed: int = 0,
    points: int = 120,
) -> Iterator[Swept]:
    """Run every recipe from theta ``(P,)`` on the same batches, one after the other, to be stopped between.

    Raises TooExpensive for more than MAX_RECIPES, InvalidValue for what a run cannot have.
    """
    if len(recipes) > MAX_RECIPES:
        raise TooExpensive("values", f"at most {MAX_RECIPES}", len(recipes))
    if points < 2:
        raise InvalidValue("points", "at least 2", points)
    return (_swept(Run(objective, recipe, theta, steps, seed), points) for recipe in recipes)


def _swept(run: Run, points: int) -> Swept:
    trajectory = Trajectory(run)
    trajectory.advance()
    cost, last = trajectory.cost, trajectory.entries - 1
    entries = np.unique(np.linspace(0, last, points).round().astype(np.intp))
    final, lowest = float(cost[last]), float(cost.min())
    return Swept(trajectory.status, trajectory.stationary_at, final, lowest, entries, cost[entries])
