"""Runs computed ahead: what is recorded, however it was sliced, and replay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clocks import Clock
from core.descent.computing import ADAM, START, assert_equal, computed
from core.networks import mlp
from core.toy_objectives import ROSENBROCK, Quadratic, bowl, regression
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import Run, RunEdit
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.optimizers import OPTIMIZERS


@pytest.mark.parametrize("batch_size", [None, 6])
def test_records_the_whole_cost_and_its_gradients_norms(batch_size):
    data, held_out = regression(20), regression(15, seed=1)
    run = computed(data, Recipe(ADAM, batch_size=batch_size), START, 150, test_objective=held_out)
    assert (run.status, run.entries) == ("finished", 151)
    cost, grad = data.value_and_grad(run.theta)
    np.testing.assert_allclose(run.cost, cost, rtol=1e-12)
    np.testing.assert_allclose(run.grad_norm, np.linalg.norm(grad, axis=1), rtol=1e-10)
    by_layer = [np.abs(grad[:, 0]), np.linalg.norm(grad[:, 1:], axis=1)]
    np.testing.assert_allclose(run.layer_grad_norms, np.transpose(by_layer), rtol=1e-8, atol=1e-14)
    np.testing.assert_allclose(run.test_cost, held_out.value(run.theta), rtol=1e-12)
    assert (run.learning_rate == 0.02).all()
    np.testing.assert_array_equal(run.gradient_evaluations, np.arange(151))
    for k in (0, 3, 64, 150):
        batch = data if batch_size is None else data.batch(run.batch_at(k))
        np.testing.assert_allclose(run.batch_cost[k], batch.value(run.theta[k]), rtol=1e-12)


def test_examples_are_counted_batch_by_batch():
    run = computed(regression(10), Recipe(ADAM, batch_size=4), START, 7)
    np.testing.assert_array_equal(run.examples_seen, [0, 4, 8, 10, 14, 18, 20, 24])
    run = computed(regression(10), Recipe(ADAM), START, 3)
    np.testing.assert_array_equal(run.examples_seen, [0, 10, 20, 30])
    assert run.batch_at(2) is None
    run = computed(ROSENBROCK, Recipe(OPTIMIZERS["lbfgs"]()), np.array([-1.2, 1.0]), 30)
    assert run.gradient_evaluations[-1] > 30
    np.testing.assert_array_equal(run.examples_seen, np.zeros(31))


@pytest.mark.parametrize("batch_size", [None, 6])
def test_slicing_the_computation_changes_nothing(batch_size):
    setting = Run(regression(20), Recipe(ADAM, batch_size=batch_size), START, 200)
    whole, sliced = ComputedTrajectory(setting), ComputedTrajectory(setting, clock=Clock(tick=3e-5))
    assert whole.advance() == 201
    assert sliced.status == "running"
    assert [sliced.advance(steps=n) for n in (1, 5, 70, 64)] == [1, 5, 70, 64]
    assert sliced.entries == 140
    assert sliced.advance(seconds=0) == 1
    while sliced.advance(seconds=1e-4):
        pass
    assert_equal(whole, sliced)


@pytest.mark.parametrize("batch_size", [None, 16])
def test_a_networks_run_is_bitwise_the_same_however_it_came_about(batch_size):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(90, 2))
    network = mlp((2, 5, 1), ("tanh", "sigmoid"), "mse", x, (x[:, :1] > x[:, 1:]) * 1.0)
    setting = Run(network, Recipe(ADAM, batch_size=batch_size), network.init("xavier", rng), 150)
    whole, sliced = ComputedTrajectory(setting), ComputedTrajectory(replace(setting, steps=100))
    whole.advance()
    while sliced.advance(steps=7):
        pass
    edited = sliced.extended(150)
    edited.advance()
    assert_equal(whole, edited)
    for k in (77, 130):
        np.testing.assert_array_equal(whole.step_at(k).theta, whole.theta[k])
        unmoved = whole.with_edit(RunEdit(k, values={3: whole.theta[k, 3]}))
        unmoved.advance()
        assert_equal(whole, unmoved)


def test_a_slice_of_time_ends_in_time():
    run = ComputedTrajectory(Run(regression(20), Recipe(ADAM), START, 200), clock=Clock(tick=1e-4))
    assert 1 <= run.advance(seconds=0.002) <= 20
    assert run.status == "running"


def test_runs_of_one_seed_are_the_same_and_of_another_are_not():
    runs = [computed(regression(20), Recipe(ADAM, batch_size=6), START, 50, seed=seed) for seed in (1, 1, 2)]
    assert_equal(runs[0], runs[1])
    assert (runs[0].cost[1:] != runs[2].cost[1:]).any()


def test_what_was_read_cannot_be_written():
    run = computed(bowl(), Recipe(ADAM), START, 5)
    with pytest.raises(ValueError, match="read-only"):
        run.cost[0] = 0


@pytest.mark.parametrize("batch_size", [None, 6])
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_any_step_is_found_again_bitwise(kind, batch_size):
    run = computed(regression(20), Recipe(OPTIMIZERS[kind](), batch_size=batch_size), START, 100)
    for k in (0, 1, 63, 64, 65, 100):
        step = run.step_at(k)
        np.testing.assert_array_equal(step.theta, run.theta[k])
        assert (step.number, step.evaluations) == (k, run.gradient_evaluations[k])
        assert step.cost == run.batch_cost[k]
        again = run.state_at(k)
        assert type(again) is type(step.state)
        for one, other in zip(again, step.state, strict=True):
            np.testing.assert_array_equal(one, other)


def test_state_at_is_what_the_rule_remembers():
    run = computed(bowl(), Recipe(OPTIMIZERS["momentum"](learning_rate=0.1, momentum=0.5)), START, 70)
    velocity = 0.0
    for theta in run.theta[:66]:
        velocity = 0.5 * velocity + bowl().value_and_grad(theta)[1]
    np.testing.assert_allclose(run.state_at(66).velocity, velocity, rtol=1e-12)


@pytest.mark.parametrize("number", [-1, 6, 100])
def test_entries_that_do_not_exist_are_refused(number):
    run = computed(bowl(), Recipe(ADAM), START, 5)
    with pytest.raises(InvalidValue, match=f"step must be from 0 to 5, got {number}"):
        run.step_at(number)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"theta": np.ones(2)}, "start must be of 3 numbers"),
        ({"theta": np.array([1.0, np.nan, 0.0])}, "start must be a point whose cost is finite"),
        ({"steps": -1}, "steps must be a number from 0 up, got -1"),
        ({"seed": -1}, "seed must be an integer from 0 up, got -1"),
        ({"edits": [RunEdit(-1)]}, "edits.step must be a number of steps from 0 up, got -1"),
        (
            {"edits": [RunEdit(1, values={3: 0.0})]},
            "edits.set must be keyed by parameters from 0 to 2, got 3",
        ),
        ({"edits": [RunEdit(1, values={0: np.inf})]}, r"edits.set\[0\] must be a finite number, got inf"),
        ({"recipe": Recipe(ADAM, batch_size=21)}, "batch_size must be at most 20"),
    ],
)
def test_runs_that_make_no_sense_are_refused(settings, message):
    given = {"objective": regression(20), "recipe": Recipe(ADAM), "theta": START, "steps": 5} | settings
    with pytest.raises(InvalidValue, match=message):
        Run(**given)


def test_a_hessian_too_large_is_refused_before_the_run_wherever_it_is_asked_for():
    wide = Quadratic(np.broadcast_to(0.0, (2001, 2001)), np.zeros(2001))
    newton = OPTIMIZERS["newton"]()
    for recipe, edits in ((Recipe(newton), ()), (Recipe(ADAM), [RunEdit(5, optimizer=newton)])):
        with pytest.raises(TooExpensive, match="at most 2,000 for Newton"):
            Run(wide, recipe, np.zeros(2001), 10, edits=edits)


def test_a_run_of_no_steps_is_its_start():
    run = computed(regression(20), Recipe(ADAM, batch_size=6), START, 0)
    assert (run.entries, run.status) == (1, "finished")
    np.testing.assert_array_equal(run.theta, [START])
