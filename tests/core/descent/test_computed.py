"""Runs computed ahead: what is recorded, how they end, edits, extension, replay, and memory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clocks import Clock
from core.networks import mlp
from core.toy_objectives import ROSENBROCK, SADDLE, OfTwo, Quadratic, bowl, regression
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import Run, RunEdit
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.schedules import SCHEDULES

ADAM = OPTIMIZERS["adam"](learning_rate=0.02)
START = np.array([2.0, -1.0, 0.5])
SERIES = (
    "theta",
    "cost",
    "grad_norm",
    "layer_grad_norms",
    "batch_cost",
    "learning_rate",
    "gradient_evaluations",
    "examples_seen",
)


def computed(*args, test_objective=None, memory=2**26, **settings):
    trajectory = ComputedTrajectory(Run(*args, **settings), test_objective=test_objective, memory=memory)
    trajectory.advance()
    return trajectory


def assert_equal(one, other):
    assert (one.entries, one.status, one.stationary_at) == (other.entries, other.status, other.stationary_at)
    for name in SERIES:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


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


def test_a_cost_that_ends_diverges_where_it_does():
    cliff = OfTwo(
        lambda x, y: np.log(x) + y * y,
        lambda x, y: (1 / x, 2 * y),
        lambda x, y: [[-1 / x**2, 0.0], [0.0, 2.0]],
    )
    run = computed(cliff, Recipe(OPTIMIZERS["gd"](learning_rate=0.3)), np.array([1.0, 0.0]), 50)
    np.testing.assert_allclose(run.theta[:3, 0], [1.0, 0.7, 0.7 - 0.3 / 0.7])
    assert (run.status, run.entries) == ("diverged", 3)


def test_a_divergence_ends_the_run_however_it_is_sliced():
    setting = Run(
        Quadratic(np.eye(1), np.zeros(1)), Recipe(OPTIMIZERS["gd"](learning_rate=3.0)), np.ones(1), 100
    )
    whole, sliced = ComputedTrajectory(setting), ComputedTrajectory(setting)
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


@pytest.mark.parametrize("kind", ["adam", "lbfgs"])
@pytest.mark.parametrize("batch_size", [None, 6])
def test_long_runs_keep_to_their_memory_and_lose_nothing(kind, batch_size):
    recipe, budget = Recipe(OPTIMIZERS[kind](), batch_size=batch_size), 2_500
    small = computed(regression(20), recipe, START, 1_500, memory=budget)
    large = computed(regression(20), recipe, START, 1_500)
    assert (small.dense, large.dense) == (False, True)
    assert_equal(small, large)
    assert small._checkpoints.spacing > large._checkpoints.spacing == 64
    kept = small._checkpoints._kept.values()
    assert (
        sum(np.asarray(part).nbytes for at in list(kept)[1:] for part in (at.theta, *at.state)) <= budget / 2
    )
    np.testing.assert_array_equal(small.thetas(700, 710), large.theta[700:710])
    np.testing.assert_array_equal(small.theta_at(1_500), large.theta_at(1_500))
    for one, other in zip(small.state_at(1_111), large.state_at(1_111), strict=True):
        np.testing.assert_array_equal(one, other)
    assert small.thetas(5, 5).shape == (0, 3)


@pytest.mark.parametrize("batch_size", [None, 6])
@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("first", [10, 64, 100])
def test_a_longer_run_goes_on_where_the_shorter_ended(kind, batch_size, first):
    recipe = Recipe(OPTIMIZERS[kind](), batch_size=batch_size)
    longer = computed(regression(20), recipe, START, first, test_objective=None).extended(150)
    assert longer.entries == first + 1
    assert longer.status == "running"
    longer.advance()
    assert_equal(longer, computed(regression(20), recipe, START, 150))


def test_a_stretched_schedule_makes_a_longer_run_start_afresh():
    recipe = Recipe(ADAM, schedule=SCHEDULES["cosine"]())
    longer = computed(bowl(), recipe, START, 50).extended(80)
    assert longer.entries == 0
    longer.advance()
    assert_equal(longer, computed(bowl(), recipe, START, 80))
    np.testing.assert_allclose(longer.learning_rate[[0, 40, 80]], [0.02, 0.01, 0], atol=1e-17)
    with pytest.raises(InvalidValue, match="steps must be at least 80, got 79"):
        longer.extended(79)


def test_a_diverged_run_stays_diverged_when_extended():
    run = computed(ROSENBROCK, Recipe(OPTIMIZERS["gd"]()), np.array([-1.2, 1.0]), 50)
    longer = run.extended(100)
    assert longer.advance() == 0
    assert_equal(run, longer)


EDITS = [
    RunEdit(0, values={1: 4.0}),
    RunEdit(30, optimizer=OPTIMIZERS["adam"](learning_rate=0.2)),
    RunEdit(64, optimizer=OPTIMIZERS["gd"](learning_rate=0.05)),
    RunEdit(64, values={0: -1.5, 2: 2.5}),
    RunEdit(90, optimizer=ADAM, values={1: 0.0}),
    RunEdit(120, values={1: 1.0}),
]


@pytest.mark.parametrize("batch_size", [None, 6])
@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("far", [0, 40, 121])
def test_an_edit_on_the_way_equals_the_run_that_had_it_from_the_start(batch_size, edit, far):
    others = [each for each in EDITS if each is not edit]
    setting = Run(regression(20), Recipe(ADAM, batch_size=batch_size), START, 120, edits=others)
    before = ComputedTrajectory(setting)
    if far:
        before.advance(steps=far)
    edited = before.with_edit(edit)
    assert edited.entries == min(edit.step, far)
    edited.advance()
    fresh = ComputedTrajectory(replace(setting, edits=EDITS))
    fresh.advance()
    assert_equal(edited, fresh)
    before.advance()
    assert (before.cost[edit.step :] != edited.cost[edit.step :]).any()


def test_an_edit_shows_in_its_own_entry():
    run = computed(bowl(), Recipe(ADAM), START, 20, edits=[RunEdit(7, values={0: 9.0, 2: -9.0})])
    plain = computed(bowl(), Recipe(ADAM), START, 20)
    np.testing.assert_array_equal(run.theta[:7], plain.theta[:7])
    np.testing.assert_array_equal(run.theta[7], [9.0, plain.theta[7, 1], -9.0])
    np.testing.assert_array_equal(run.cost[7], bowl().value(run.theta[7]))


def test_an_edit_keeps_the_state_of_its_kind_and_drops_anothers():
    momentum = OPTIMIZERS["momentum"](learning_rate=0.1, momentum=0.5)
    edits = [
        RunEdit(5, optimizer=replace(momentum, momentum=0.8)),
        RunEdit(10, optimizer=OPTIMIZERS["nesterov"]()),
    ]
    run = computed(bowl(), Recipe(momentum), START, 12, edits=edits)
    before, grad = run.state_at(5).velocity, bowl().value_and_grad(run.theta[5])[1]
    assert before.any()
    np.testing.assert_allclose(run.state_at(6).velocity, 0.8 * before + grad, rtol=1e-13)
    assert not run.state_at(10).velocity.any()
    np.testing.assert_array_equal(run.learning_rate[[4, 5, 9, 10]], [0.1, 0.1, 0.1, 0.05])


def test_an_edit_can_mend_a_diverging_run_and_one_after_its_end_cannot():
    wild = computed(ROSENBROCK, Recipe(OPTIMIZERS["gd"](learning_rate=0.1)), np.array([-1.2, 1.0]), 100)
    mended = wild.with_edit(RunEdit(0, optimizer=OPTIMIZERS["gd"](learning_rate=1e-4)))
    mended.advance()
    assert (mended.status, mended.entries) == ("finished", 101)
    late = wild.with_edit(RunEdit(50, optimizer=ADAM))
    assert late.advance() == 0
    assert (late.status, late.entries) == ("diverged", wild.entries)


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
