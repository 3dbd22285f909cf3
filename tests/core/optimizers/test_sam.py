"""SAM against its published algorithm, and what its second gradient has in common with the first."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from core.toy_objectives import ROSENBROCK, bowl, regression
from descentscape.core.data.sampling import standard_noise
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Position, Recipe, descend
from descentscape.core.descent.run import Run, RunEdit
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.autopsy import dissect_step
from descentscape.core.explain.others import others_from_here
from descentscape.core.explain.stability import stability_at
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.clipping import CLIPS
from descentscape.core.optimizers.sam import BASES

SAM = OPTIMIZERS["sam"]


def trajectory_of(objective, optimizer, theta, *, steps=8, edits=(), **recipe):
    trajectory = ComputedTrajectory(
        Run(objective, Recipe(optimizer, **recipe), theta, steps, seed=3, edits=edits)
    )
    trajectory.advance()
    return trajectory


def published(objective, theta, rho, eta, steps, friction=0.9):
    """Algorithm 1 of Foret et al. with SGD and momentum, component by component."""
    path, velocity = [list(theta)], [0.0] * len(theta)
    for _ in range(steps):
        here = path[-1]
        grad = objective.value_and_grad(np.array(here))[1]
        length = sum(g * g for g in grad) ** 0.5
        above = np.array([x + rho * g / length for x, g in zip(here, grad, strict=True)])
        slope = objective.value_and_grad(above)[1]
        velocity = [friction * v + g for v, g in zip(velocity, slope, strict=True)]
        path.append([x - eta * v for x, v in zip(here, velocity, strict=True)])
    return np.array(path)


@pytest.mark.parametrize(("objective", "eta"), [(bowl(2), 0.05), (ROSENBROCK, 1e-4)])
def test_steps_are_the_published_ones(objective, eta):
    theta = np.array([-1.2, 1.0])
    run = trajectory_of(objective, SAM(learning_rate=eta, radius=0.2), theta)
    np.testing.assert_allclose(run.theta, published(objective, theta, 0.2, eta, 8), rtol=1e-12)


def test_it_ends_in_a_cycle_about_a_minimum():
    # x ← x − η (x + ρ sign x) changes sides at x = ± η ρ / (2 − η), where gradient descent would come to rest
    run = trajectory_of(bowl(1), SAM(base="gd", learning_rate=0.5, radius=0.1), np.array([2.0]), steps=80)
    from_minimum = run.theta[-6:, 0] - 1.0
    np.testing.assert_allclose(np.abs(from_minimum), 0.5 * 0.1 / 1.5, rtol=1e-9)
    assert (np.diff(np.sign(from_minimum)) != 0).all()


@pytest.mark.parametrize("base", BASES)
def test_the_base_rule_is_given_the_gradient_above(base):
    optimizer, rule = SAM(base=base, learning_rate=0.01, radius=0.3), BASES[base](learning_rate=0.01)
    theta = np.array([0.5, -1.0, 2.0])
    state, own = optimizer.init(theta, bowl()), rule.init(theta, bowl())
    for _ in range(4):
        grad = bowl().value_and_grad(theta)[1]
        above = bowl().value_and_grad(theta + 0.3 * grad / np.linalg.norm(grad))[1]
        step, state = optimizer.update(grad, state, theta, bowl())
        expected, own = rule.update(above, own, theta, bowl())
        np.testing.assert_allclose(step, expected, rtol=1e-12)
        theta = theta + step


def test_no_radius_is_the_base_rule():
    theta = np.array([-1.2, 1.0])
    plain = trajectory_of(ROSENBROCK, OPTIMIZERS["adam"](learning_rate=0.02), theta)
    flat = trajectory_of(ROSENBROCK, SAM(base="adam", learning_rate=0.02, radius=0.0), theta)
    np.testing.assert_array_equal(flat.theta, plain.theta)
    # the point above is the point itself, which costs no second gradient
    np.testing.assert_array_equal(flat.gradient_evaluations, plain.gradient_evaluations)


def test_a_zero_gradient_leaves_it_at_rest():
    run = trajectory_of(bowl(2), SAM(base="gd"), np.linalg.solve(bowl(2).matrix, bowl(2).linear))
    assert np.isfinite(run.theta).all()
    flat = type(bowl(2))(np.zeros((2, 2)), np.zeros(2))
    np.testing.assert_array_equal(trajectory_of(flat, SAM(), np.ones(2)).theta, np.ones((9, 2)))
    assert dissect_step(trajectory_of(flat, SAM(), np.ones(2)), 3).lines[1].numbers == "0"


def test_every_step_takes_two_gradients_of_one_batch():
    data, theta = regression(10), np.zeros(3)
    run = trajectory_of(data, SAM(base="gd", learning_rate=0.1, radius=0.5), theta, batch_size=4)
    np.testing.assert_array_equal(run.gradient_evaluations, 2 * np.arange(9))
    np.testing.assert_array_equal(run.examples_seen[:4], [0, 8, 16, 20])
    for number in range(8):
        batch, theta = data.batch(run.batch_at(number)), run.theta[number]
        grad = batch.value_and_grad(theta)[1]
        above = batch.value_and_grad(theta + 0.5 * grad / np.linalg.norm(grad))[1]
        np.testing.assert_allclose(run.theta[number + 1], theta - 0.1 * above, rtol=1e-12)


def test_both_gradients_have_the_steps_noise_and_clipping():
    optimizer = SAM(base="gd", learning_rate=0.1, radius=0.5)
    recipe = Recipe(optimizer, clip=CLIPS["value"](value=0.7), gradient_noise=0.3)
    first, second = islice(descend(bowl(2), recipe, Position(0, np.array([1.0, 0.2])), seed=5, steps=9), 2)
    noise = 0.3 * standard_noise(5, 0, 2)
    received = np.clip(bowl(2).value_and_grad(first.theta)[1] + noise, -0.7, 0.7)
    above = first.theta + 0.5 * received / np.linalg.norm(received)
    slope = np.clip(bowl(2).value_and_grad(above)[1] + noise, -0.7, 0.7)
    np.testing.assert_allclose(second.theta, first.theta - 0.1 * slope, rtol=1e-12)


@pytest.mark.parametrize("base", BASES)
def test_the_autopsy_tells_both_rules(base):
    run = trajectory_of(bowl(), SAM(base=base, learning_rate=0.01, radius=0.3), np.array([0.5, -1.0, 2.0]))
    seen = dissect_step(run, 4, 1)
    ascent, above = seen.lines[1], seen.lines[2]
    assert (ascent.symbol, above.symbol, above.arrow) == ("ε̂", "g", "←")
    assert np.linalg.norm(ascent.value) == pytest.approx(0.3)
    np.testing.assert_allclose(above.value, bowl().value_and_grad(run.theta[4] + ascent.value)[1])
    assert above.numbers.count("=") == 0
    (theta,) = (each for each in seen.lines if each.symbol == "θ")
    np.testing.assert_allclose(theta.value, run.theta[5], rtol=1e-12)


def test_others_see_it_climb_from_every_point_of_the_run():
    run = trajectory_of(ROSENBROCK, OPTIMIZERS["adam"](), np.array([-1.2, 1.0]))
    step = others_from_here(run, 5, {"sam": SAM(base="gd", learning_rate=0.1, radius=0.2)}).steps["sam"]
    grad = ROSENBROCK.value_and_grad(run.theta[5])[1]
    above = run.theta[5] + 0.2 * grad / np.linalg.norm(grad)
    np.testing.assert_allclose(step, -0.1 * ROSENBROCK.value_and_grad(above)[1])


def test_no_bound_is_claimed_for_its_rate():
    found = stability_at(bowl(), np.ones(3), SAM(base="gd"), 0.1)
    assert (found.bound, found.note) == (None, "No simple bound is known for this rule.")


def test_another_base_rule_begins_afresh_and_the_same_one_goes_on():
    theta, before = np.array([-1.2, 1.0]), SAM(base="momentum", learning_rate=1e-4)
    for after, fresh in ((SAM(base="adam"), True), (SAM(base="momentum", learning_rate=1e-3), False)):
        run = trajectory_of(ROSENBROCK, before, theta, edits=(RunEdit(4, after),))
        assert run.status == "finished"
        assert (not np.any(run.state_at(4)[0])) == fresh


@pytest.mark.parametrize("wrong", ["lbfgs", "sam", "", 1, None])
def test_only_rules_of_one_gradient_are_wrapped(wrong):
    with pytest.raises(InvalidValue, match=r"^base must be one of gd, momentum, .*, muon, got "):
        SAM(base=wrong)
