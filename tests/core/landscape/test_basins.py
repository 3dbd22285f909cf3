from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clocks import Clock
from core.networks import mlp
from core.toy_objectives import SADDLE, bowl
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import Run
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.objective import FORMULAS, FormulaObjective, parse
from descentscape.core.landscape.basins import BASIN_BATCH, Basins, basins, disagreement
from descentscape.core.landscape.extent import Extent
from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.clipping import CLIPS
from descentscape.core.optimizers.schedules import SCHEDULES
from descentscape.core.time_slices import reported, run_to_completion

WINDOW = ((-2.0, 2.0), (-1.5, 1.6))
HIMMELBLAU = FORMULAS["himmelblau"]


def formula(expression: str) -> FormulaObjective:
    return FormulaObjective(parse(expression))


def found(
    objective: Objective, recipe: Recipe, window: Extent = WINDOW, resolution: int = 12, steps: int = 200
) -> Basins:
    return run_to_completion(basins(objective, recipe, window, resolution, steps))


def gd(rate: float = 0.1) -> Recipe:
    return Recipe(OPTIMIZERS["gd"](rate))


def test_the_two_wells_of_the_saddle_divide_the_plane() -> None:
    result = found(SADDLE, gd())
    at = [minimum.theta[0] for minimum in result.minima]
    np.testing.assert_allclose(sorted(theta[1] for theta in at), [-1, 1], atol=1e-8)
    for row, b in enumerate(result.b):
        for label in result.label[row]:
            assert at[label][1] * b > 0
    assert not result.diverged.any()
    np.testing.assert_allclose(result.cost, -0.25, atol=1e-6)


def test_a_start_on_the_ridge_arrives_nowhere() -> None:
    result = found(SADDLE, gd(), ((-1.0, 1.0), (-1.0, 1.0)), 5)
    assert (result.label[2] == -1).all()
    assert (result.arrival[2] == -1).all()
    np.testing.assert_allclose(result.cost[2], 0, atol=1e-12)
    assert (result.label[[0, 1, 3, 4]] >= 0).all()


def arrival_by_hand(path: Array, minimum: Array, reach: float) -> int:
    away = np.linalg.norm(path - minimum, axis=1) > reach
    return int(np.flatnonzero(away)[-1]) + 1 if away.any() else 0


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer_arrives_where_its_own_run_does(kind: str) -> None:
    rate = {"gd": 0.1, "momentum": 0.02, "nesterov": 0.02, "adagrad": 0.5, "lion": 0.02}.get(kind)
    optimizer = OPTIMIZERS[kind](rate) if rate else OPTIMIZERS[kind]()
    window, steps = ((-1.7, 1.6), (-1.4, 1.5)), 120
    result = found(SADDLE, Recipe(optimizer), window, 4, steps)
    assert result.steps == steps
    for row, b in enumerate(result.b):
        for column, a in enumerate(result.a):
            trajectory = ComputedTrajectory(Run(SADDLE, Recipe(optimizer), np.array([a, b]), steps))
            trajectory.advance()
            end = trajectory.theta[-1]
            gaps = [float(np.linalg.norm(end - each.theta[0])) for each in result.minima]
            label = int(result.label[row, column])
            assert result.cost[row, column] == pytest.approx(trajectory.cost[-1], abs=1e-9)
            if min(gaps) < 0.8 * result.reach:
                assert label == int(np.argmin(gaps))
                path, minimum = trajectory.theta, result.minima[label].theta[0]
                near, far = (arrival_by_hand(path, minimum, share * result.reach) for share in (0.85, 1.15))
                assert far <= result.arrival[row, column] <= near
            elif min(gaps) > 1.2 * result.reach:
                assert label == -1


@pytest.mark.parametrize("rate", [0.1, 0.03])
def test_arrival_is_the_step_at_which_the_path_truly_came(rate: float) -> None:
    himmelblau = formula(FORMULAS["himmelblau"].expression)
    recipe, window, steps = Recipe(OPTIMIZERS["adam"](rate)), ((-5.0, 5.0), (-5.0, 5.0)), 300
    result = found(himmelblau, recipe, window, 31, steps)
    assert result.reach == pytest.approx(0.01 * np.hypot(10, 10))
    rng = np.random.default_rng(0)
    for row, column in rng.integers(0, 31, (60, 2)):
        start = np.array([result.a[column], result.b[row]])
        trajectory = ComputedTrajectory(Run(himmelblau, recipe, start, steps))
        trajectory.advance()
        minimum = result.minima[result.label[row, column]].theta[0]
        arrival = arrival_by_hand(trajectory.theta, minimum, result.reach)
        assert result.arrival[row, column] == (arrival if arrival <= steps else -1)


def test_a_curved_floor_is_reached_at_its_true_distance() -> None:
    ring = formula("(x**2 + y**2 - 4)**2")
    result = found(ring, gd(0.005), ((-3.0, 3.1), (-3.0, 3.2)), 9, 200)
    for row, b in enumerate(result.b):
        for column, a in enumerate(result.a):
            trajectory = ComputedTrajectory(Run(ring, gd(0.005), np.array([a, b]), 200))
            trajectory.advance()
            gaps = np.abs(np.linalg.norm(trajectory.theta, axis=1) - 2)
            exact = arrival_by_hand(gaps[:, None], np.zeros(1), result.reach)
            assert abs(int(result.arrival[row, column]) - exact) <= 1


def test_blow_ups_are_marked() -> None:
    result = found(formula("x**4/4 + y**2/2"), gd(0.5), ((-6.0, 6.0), (-1.0, 1.0)), 13)
    outside = np.abs(result.a) > 2
    assert result.diverged[:, outside].all()
    assert not result.diverged[:, ~outside].any()
    assert (result.label[result.diverged] == -1).all()
    assert np.isnan(result.cost[result.diverged]).all()


def test_a_start_without_a_cost_is_lost_at_once() -> None:
    result = found(formula("log(x) + (x - 2)**2 + y**2"), gd(0.05), ((-1.0, 3.0), (-1.0, 1.0)), 9)
    assert result.diverged[:, result.a <= 0].all()
    assert (result.label[:, result.a > 1.5] == 0).all()


def test_schedule_and_clipping_count_and_noise_does_not() -> None:
    recipe = Recipe(
        OPTIMIZERS["gd"](0.3), SCHEDULES["exponential"](0.9), CLIPS["norm"](0.2), gradient_noise=5.0
    )
    result = found(SADDLE, recipe, resolution=6, steps=30)
    quiet = replace(recipe, gradient_noise=0.0)
    trajectory = ComputedTrajectory(Run(SADDLE, quiet, np.array([result.a[4], result.b[1]]), 30))
    trajectory.advance()
    assert result.cost[1, 4] == pytest.approx(trajectory.cost[-1], abs=1e-12)
    np.testing.assert_array_equal(found(SADDLE, quiet, resolution=6, steps=30).cost, result.cost)


def test_on_the_linear_chain_the_hyperbolas_branches_are_the_places() -> None:
    x = np.linspace(-1, 2, 15)[:, None]
    chain = mlp((1, 1, 1), ("linear", "linear"), "mse", x, 0.8 * x, biases=False)
    result = found(chain, replace(gd(), batch_size=4), ((-2.0, 2.0), (-2.0, 2.0)), 12, 400)
    assert len(result.minima) == 2
    a, b = np.meshgrid(result.a, result.b)
    side = np.sign([minimum.theta[0].sum() for minimum in result.minima])
    off_the_line = np.abs(a + b) > 0.1
    assert off_the_line.sum() == 132
    np.testing.assert_array_equal(side[result.label[off_the_line]], np.sign(a + b)[off_the_line])
    assert (result.label[~off_the_line] == -1).all()


def test_those_at_rest_are_let_go() -> None:
    rows: list[int] = []

    class Watched(type(SADDLE)):
        def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
            if theta.ndim == 2 and theta.shape[1] == 2:
                rows.append(len(theta))
            return super().value_and_grad(theta)

    watched = Watched(SADDLE.cost, SADDLE.slopes, SADDLE.curvatures)
    result = found(watched, Recipe(OPTIMIZERS["saddle_free_newton"]()), steps=300)
    assert (result.label >= 0).all()
    assert max(rows) == 144
    assert sum(rows) < 60 * 144


def test_starts_are_taken_in_shares() -> None:
    side = 35
    assert side**2 > BASIN_BATCH
    objective, clock = formula(HIMMELBLAU.expression), Clock(tick=1.0)
    work = basins(objective, gd(0.005), HIMMELBLAU.domain, side, 200, clock=clock)
    found_so_far = list(reported(work))
    shares = [share for share, _ in found_so_far]
    assert shares == sorted(shares)
    assert len(shares) > 20
    shared = found_so_far[-1][1]
    assert shared is not None
    # Every second start of a grid of 18 is one of this grid's.
    whole = found(objective, gd(0.005), HIMMELBLAU.domain, 18)
    np.testing.assert_array_equal(shared.label[::2, ::2], whole.label)
    np.testing.assert_array_equal(shared.arrival[::2, ::2], whole.arrival)


def test_where_two_optimizers_disagree() -> None:
    objective = formula(HIMMELBLAU.expression)
    first = found(objective, gd(0.005), HIMMELBLAU.domain)
    assert disagreement(first, first).share == 0
    second = found(objective, Recipe(OPTIMIZERS["newton"]()), HIMMELBLAU.domain)
    compared = disagreement(first, second)
    assert compared.share == compared.differ.mean() > 0.02
    both = (first.label >= 0) & (second.label >= 0)
    np.testing.assert_array_equal(compared.differ, both & (first.label != second.label))
    assert compared.one_only.sum() == ((first.label >= 0) != (second.label >= 0)).sum() > 10


def test_newton_stays_where_the_slope_is_zero_whatever_the_kind() -> None:
    objective = formula(HIMMELBLAU.expression)
    result = found(objective, Recipe(OPTIMIZERS["newton"](1.0, 0.0)), HIMMELBLAU.domain)
    nowhere = result.cost[(result.label < 0) & ~result.diverged]
    saddles = np.array([13.311935, 67.71948, 104.015, 178.337, 181.6165])
    assert len(nowhere) > 20
    assert (np.abs(nowhere[:, None] - saddles).min(axis=1) < 0.01).mean() > 0.9


def test_only_two_parameters_have_basins() -> None:
    with pytest.raises(InvalidValue, match="dim must be 2 for basins, got 3"):
        next(basins(bowl(), gd(), WINDOW))
