"""One experiment over a knob."""

from __future__ import annotations

import numpy as np
import pytest

from core.toy_objectives import Quadratic, regression
from descentscape.core.descent import Recipe
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.explain.sweep import MAX_RECIPES, sweep_recipes
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.run import Run
from descentscape.core.trajectory import Trajectory

BOWL = Quadratic(np.diag([1.0, 4.0]), np.zeros(2))
START = np.array([1.0, 1.0])


def rates(*values: float) -> list[Recipe]:
    return [Recipe(OPTIMIZERS["gd"](value)) for value in values]


def test_rates_below_and_above_the_bound() -> None:
    slow, fast, beyond = sweep_recipes(BOWL, START, rates(0.01, 0.4, 0.6), steps=200)
    assert slow.status == fast.status == "finished"
    assert beyond.status == "diverged"
    assert fast.final_cost < slow.final_cost < beyond.final_cost
    assert (fast.stationary_at, slow.stationary_at) == (pytest.approx(28, abs=10), None)
    assert beyond.lowest_cost == beyond.costs[0] == 2.5
    assert beyond.entries[-1] < 200


def test_each_is_the_run_itself_thinned() -> None:
    objective, theta = regression(), np.zeros(3)
    recipes = [Recipe(OPTIMIZERS["momentum"](0.01), batch_size=size) for size in (1, 5)]
    for recipe, seen in zip(
        recipes, sweep_recipes(objective, theta, recipes, steps=300, seed=7, points=11), strict=True
    ):
        trajectory = Trajectory(Run(objective, recipe, theta, 300, 7))
        trajectory.advance()
        np.testing.assert_array_equal(seen.entries, np.arange(0, 301, 30))
        np.testing.assert_array_equal(seen.costs, trajectory.cost[::30])
        assert seen.final_cost == trajectory.cost[-1]
        assert seen.lowest_cost == trajectory.cost.min()


def test_short_runs_keep_every_step() -> None:
    (seen,) = sweep_recipes(BOWL, START, rates(0.1), steps=5)
    assert seen.entries.tolist() == [0, 1, 2, 3, 4, 5]


def test_it_can_be_stopped_between_runs() -> None:
    made: list[float] = []

    class Counting(Quadratic):
        def value_and_grad(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            made.append(1.0)
            return super().value_and_grad(theta)

    runs = sweep_recipes(Counting(BOWL.matrix, BOWL.linear), START, rates(0.1, 0.2, 0.3), steps=10)
    next(runs)
    after_one = len(made)
    next(runs)
    assert len(made) == 2 * after_one


def test_what_is_refused() -> None:
    with pytest.raises(TooExpensive):
        sweep_recipes(BOWL, START, rates(0.1) * (MAX_RECIPES + 1), steps=1)
    with pytest.raises(InvalidValue, match="points"):
        sweep_recipes(BOWL, START, rates(0.1), steps=1, points=1)
    with pytest.raises(InvalidValue, match="batch_size"):
        next(sweep_recipes(BOWL, START, [Recipe(OPTIMIZERS["gd"](), batch_size=2)], steps=1))
