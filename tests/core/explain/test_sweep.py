"""A run in few numbers."""

from __future__ import annotations

import numpy as np
import pytest

from core.toy_objectives import Quadratic, regression
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import Run
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.sweep import summary_of
from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers import OPTIMIZERS

BOWL = Quadratic(np.diag([1.0, 4.0]), np.zeros(2))
START = np.array([1.0, 1.0])


def run(recipe: Recipe, steps: int, objective: Objective = BOWL, theta: Array = START) -> ComputedTrajectory:
    trajectory = ComputedTrajectory(Run(objective, recipe, theta, steps, 7))
    trajectory.advance()
    return trajectory


def test_rates_below_and_above_the_bound() -> None:
    slow, fast, beyond = (
        summary_of(run(Recipe(OPTIMIZERS["gd"](rate)), steps=200)) for rate in (0.01, 0.4, 0.6)
    )
    assert slow.status == fast.status == "finished"
    assert beyond.status == "diverged"
    assert fast.final_cost < slow.final_cost < beyond.final_cost
    assert (fast.stationary_at, slow.stationary_at) == (pytest.approx(28, abs=10), None)
    assert beyond.lowest_cost == beyond.costs[0] == 2.5
    assert beyond.entries[-1] < 200


@pytest.mark.parametrize("size", [1, 5])
def test_it_is_the_run_itself_thinned(size: int) -> None:
    recipe = Recipe(OPTIMIZERS["momentum"](0.01), batch_size=size)
    trajectory = run(recipe, 300, regression(), np.zeros(3))
    seen = summary_of(trajectory, points=11)
    np.testing.assert_array_equal(seen.entries, np.arange(0, 301, 30))
    np.testing.assert_array_equal(seen.costs, trajectory.cost[::30])
    assert seen.final_cost == trajectory.cost[-1]
    assert seen.lowest_cost == trajectory.cost.min()


def test_short_runs_keep_every_step() -> None:
    seen = summary_of(run(Recipe(OPTIMIZERS["gd"](0.1)), steps=5))
    assert seen.entries.tolist() == [0, 1, 2, 3, 4, 5]


def test_two_points_at_least() -> None:
    with pytest.raises(InvalidValue, match="points"):
        summary_of(run(Recipe(OPTIMIZERS["gd"](0.1)), steps=1), points=1)
