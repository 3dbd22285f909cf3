"""How runs computed ahead end: diverged, without a slope, stationary, finished."""

from __future__ import annotations

import numpy as np
import pytest

from core.descent.computing import ADAM, START, assert_equal, computed
from core.toy_objectives import ROSENBROCK, SADDLE, OfTwo, Quadratic, bowl, regression
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import Run, RunEdit
from descentscape.core.optimizers import OPTIMIZERS


def test_a_descent_that_blows_up_ends_at_its_last_finite_entry():
    steep = Recipe(OPTIMIZERS["gd"](learning_rate=0.1))
    run = computed(ROSENBROCK, steep, np.array([-1.2, 1.0]), 500)
    assert run.status == "diverged"
    assert run.entries < 10
    assert np.isfinite(run.cost).all()
    assert np.isfinite(run.theta).all()
    assert run.cost[-1] > 1e6 * (1 + run.cost[0]) or not np.isfinite(run.step_at(run.entries - 1).grad).all()
    assert (run.cost[:-1] <= 1e6 * (1 + run.cost[0])).all()
    assert run.advance() == 0


def test_the_bound_of_divergence_is_the_first_cost_beyond_it():
    run = computed(
        Quadratic(np.eye(1), np.zeros(1)), Recipe(OPTIMIZERS["gd"](learning_rate=3.0)), np.ones(1), 100
    )
    bound = 1e6 * (1 + 0.5)
    expected = next(k for k in range(100) if 0.5 * 4.0**k > bound)
    assert (run.entries, run.status) == (expected + 1, "diverged")
    np.testing.assert_allclose(run.cost, 0.5 * 4.0 ** np.arange(expected + 1))


@pytest.mark.parametrize("batch_size", [None, 5])
def test_entries_that_are_not_finite_are_left_out(batch_size):
    data = regression(20)
    with np.errstate(all="ignore"):
        run = computed(data, Recipe(OPTIMIZERS["gd"](learning_rate=1e4), batch_size=batch_size), START, 300)
    assert run.status == "diverged"
    assert run.entries < 10
    assert np.isfinite(run.cost).all()


CLIFF = OfTwo(
    lambda x, y: np.log(x) + y * y,
    lambda x, y: (1 / x, 2 * y),
    lambda x, y: [[-1 / x**2, 0.0], [0.0, 2.0]],
)
OVER_THE_CLIFF = Run(CLIFF, Recipe(OPTIMIZERS["gd"](learning_rate=0.3)), np.array([1.0, 0.0]), 50)
OUT_OF_A_BOWL = Run(
    Quadratic(np.eye(1), np.zeros(1)), Recipe(OPTIMIZERS["gd"](learning_rate=3.0)), np.ones(1), 100
)


def test_a_cost_that_ends_diverges_where_it_does():
    run = ComputedTrajectory(OVER_THE_CLIFF)
    run.advance()
    np.testing.assert_allclose(run.theta[:3, 0], [1.0, 0.7, 0.7 - 0.3 / 0.7])
    assert (run.status, run.entries) == ("diverged", 3)


@pytest.mark.parametrize("run", [OUT_OF_A_BOWL, OVER_THE_CLIFF])
def test_a_divergence_ends_the_run_however_it_is_sliced(run):
    whole, sliced = (ComputedTrajectory(run) for _ in range(2))
    whole.advance()
    while sliced.advance(steps=1):
        pass
    assert sliced.status == "diverged"
    assert_equal(whole, sliced)


def test_a_run_is_running_until_its_last_step_is_there():
    run = ComputedTrajectory(Run(bowl(), Recipe(ADAM), START, 5))
    statuses = []
    while run.advance(steps=1):
        statuses.append((run.entries, run.status))
    assert statuses == [*((entries, "running") for entries in range(1, 6)), (6, "finished")]


def test_a_minimum_of_negative_cost_is_no_divergence():
    run = computed(bowl(), Recipe(OPTIMIZERS["gd"]()), np.linalg.solve(bowl().matrix, bowl().linear), 5)
    assert run.cost[0] < -1
    assert run.status == "finished"


def test_stationary_is_the_first_of_ten_flat_entries():
    gd = Recipe(OPTIMIZERS["gd"](learning_rate=0.5))
    run = computed(Quadratic(np.eye(1), np.zeros(1)), gd, np.ones(1), 200)
    flat = 0.5 ** np.arange(201) < 1e-6 * (1 + 0.5 * 0.25 ** np.arange(201))
    assert run.stationary_at == flat.argmax() == 20
    assert run.status == "finished"
    assert computed(Quadratic(np.eye(1), np.zeros(1)), gd, np.ones(1), 28).stationary_at is None
    assert computed(Quadratic(np.eye(1), np.zeros(1)), gd, np.ones(1), 29).stationary_at == 20


@pytest.mark.parametrize(("constant", "factor", "unit"), [(1e7, 1, 1), (0, 1e-4, 1), (-999, 64, 1e-3)])
def test_constant_factor_and_units_do_not_make_a_run_stationary(constant, factor, unit):
    curvature = factor / unit**2
    changed = OfTwo(
        lambda x, y: curvature * (x * x + y * y) / 2 + constant,
        lambda x, y: (curvature * x, curvature * y),
        lambda x, y: [[curvature, 0.0], [0.0, curvature]],
    )
    gd = OPTIMIZERS["gd"](learning_rate=0.5 / curvature)
    run = computed(changed, Recipe(gd), np.array([unit, 0.0]), 60)
    np.testing.assert_allclose(run.grad_norm, curvature * unit * 0.5 ** np.arange(61.0))
    assert run.stationary_at == 20


def test_slow_is_not_stationary():
    flat = OfTwo(lambda x, y: 1e-9 * x, lambda x, y: (1e-9 + 0 * x, 0 * x), lambda x, y: [[0.0, 0], [0, 0]])
    assert computed(flat, Recipe(OPTIMIZERS["gd"]()), np.array([1.0, 0.0]), 100).stationary_at is None


def test_a_start_in_the_minimum_stands_still_from_the_first_step():
    least = np.linalg.solve(bowl().matrix, bowl().linear)
    run = computed(bowl(), Recipe(OPTIMIZERS["gd"]()), least, 20)
    assert 0 < run.grad_norm[0] < 1e-14
    assert run.stationary_at == 0
    assert computed(bowl(), Recipe(OPTIMIZERS["gd"]()), least * (1 + 1e-12), 20).stationary_at is None


def cone(x, y):
    return np.hypot(x, y)


CONE = OfTwo(cone, lambda x, y: (x / cone(x, y), y / cone(x, y)), lambda x, y: [[np.nan] * 2] * 2)


@pytest.mark.parametrize("slices", [1, 7, 1000])
@pytest.mark.parametrize("steps", [1, 50])
def test_a_run_rests_where_the_cost_has_no_slope(slices, steps):
    run = ComputedTrajectory(
        Run(CONE, Recipe(OPTIMIZERS["gd"](learning_rate=1.0)), np.array([1.0, 0.0]), steps)
    )
    while run.advance(steps=slices):
        pass
    assert (run.status, run.entries, run.stationary_at) == ("no_slope", 2, None)
    np.testing.assert_array_equal(run.theta, [[1, 0], [0, 0]])
    np.testing.assert_array_equal(run.cost, [1, 0])
    np.testing.assert_array_equal(run.grad_norm, [1, np.nan])
    assert run.extended(100).status == "no_slope"


def test_a_run_can_start_without_a_slope():
    run = computed(CONE, Recipe(ADAM), np.zeros(2), 5)
    assert (run.status, run.entries) == ("no_slope", 1)


def test_a_saddle_is_stationary_too():
    run = computed(SADDLE, Recipe(OPTIMIZERS["gd"](learning_rate=0.5)), np.array([1.0, 0.0]), 60)
    assert run.stationary_at == 20
    np.testing.assert_allclose(run.theta[-1], 0, atol=1e-15)


def test_passing_flat_surface_is_not_stationary():
    gd = OPTIMIZERS["gd"](learning_rate=0.5)
    edits = [RunEdit(25, values={0: 1.0})]
    run = computed(Quadratic(np.eye(1), np.zeros(1)), Recipe(gd), np.ones(1), 60, edits=edits)
    assert run.stationary_at == 45
