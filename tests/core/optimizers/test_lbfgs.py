"""L-BFGS: its memory, its search, and when it forgets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.optimizers.walking import walk
from core.toy_objectives import ROSENBROCK, SADDLE, Quadratic, bowl, regression
from descentscape.core.optimizers import OPTIMIZERS


def test_lbfgs_reaches_rosenbrocks_minimum():
    path, _ = walk(OPTIMIZERS["lbfgs"](), ROSENBROCK, np.array([-1.2, 1.0]), 40)
    cost = ROSENBROCK.value(path)
    assert cost[-1] < 1e-8
    assert (np.diff(cost) <= 0).all()


def test_lbfgs_rests_at_a_minimum_and_forgets():
    optimizer = OPTIMIZERS["lbfgs"]()
    _, state = walk(optimizer, bowl(2), np.zeros(2), 3)
    step, state = optimizer.update(np.zeros(2), state, np.ones(2), ROSENBROCK)
    assert not step.any()
    assert (state.stored, state.length) == (0, 0.0)


class Liar:
    """A gradient that promises what no length along it keeps: the cost is 0 at one place and 1 elsewhere."""

    dim = 2

    def __init__(self, place):
        self.place = place

    def value_and_grad(self, theta):
        return float((theta != self.place).any()), np.array([1.0, 2.0])


def test_lbfgs_forgets_where_no_length_lowers_the_cost():
    optimizer = OPTIMIZERS["lbfgs"]()
    path, state = walk(optimizer, ROSENBROCK, np.array([-1.2, 1.0]), 4)
    assert state.stored == 4
    step, state = optimizer.update(np.array([1.0, 2.0]), state, path[-1], Liar(path[-1]))
    assert not step.any()
    assert (state.stored, state.length) == (0, 0.0)
    assert not state.changes.any()


@pytest.mark.parametrize(("slope", "first"), [([30.0, -10.0], 0.5 / 40), ([0.3, -0.1], 0.5)])
def test_lbfgs_without_pairs_first_tries_no_longer_step_than_its_learning_rate(slope, first):
    places = []

    class Watched(Quadratic):
        def value_and_grad(self, theta):
            places.append(theta)
            return super().value_and_grad(theta)

    objective, theta = Watched(np.eye(2), np.array(slope)), np.zeros(2)
    optimizer = OPTIMIZERS["lbfgs"](learning_rate=0.5)
    optimizer.update(-objective.linear, optimizer.init(theta, objective), theta, objective)
    np.testing.assert_allclose(places[1], first * objective.linear)


def test_lbfgs_keeps_no_pair_of_negative_curvature():
    hill = Quadratic(np.diag([-1.0, -2.0]), np.array([1.0, 1.0]))
    _, state = walk(OPTIMIZERS["lbfgs"](), hill, np.zeros(2), 3)
    assert state.length > 0
    assert state.stored == 0


def test_lbfgs_with_a_full_history_ends_on_a_quadratic():
    objective = bowl(6)
    path, state = walk(OPTIMIZERS["lbfgs"](), objective, np.zeros(6), 15)
    np.testing.assert_allclose(path[-1], np.linalg.solve(objective.matrix, objective.linear), atol=1e-7)
    used = slice(10 - state.stored, None)
    np.testing.assert_allclose(state.displacements[used] @ objective.matrix, state.changes[used], atol=1e-12)


def test_lbfgs_goes_on_with_a_shorter_and_a_longer_memory():
    long = OPTIMIZERS["lbfgs"](history=6)
    path, state = walk(long, ROSENBROCK, np.array([-1.2, 1.0]), 8)
    grad = ROSENBROCK.value_and_grad(path[-1])[1]
    _, short = replace(long, history=2).update(grad, state, path[-1], ROSENBROCK)
    assert short.changes.shape == (2, 2)
    np.testing.assert_array_equal(short.changes[0], state.changes[-1])
    _, longer = replace(long, history=9).update(grad, state, path[-1], ROSENBROCK)
    assert longer.stored == 7
    np.testing.assert_array_equal(longer.changes[2:8], state.changes)


def test_lbfgs_takes_both_gradients_of_a_pair_from_its_batch():
    data = regression(12)
    batch = data.batch(np.arange(4))
    optimizer, theta = OPTIMIZERS["lbfgs"](), np.zeros(3)
    step, state = optimizer.update(batch.value_and_grad(theta)[1], optimizer.init(theta, batch), theta, batch)
    np.testing.assert_allclose(state.displacements[-1], step)
    np.testing.assert_allclose(state.changes[-1], batch.hessian(theta) @ step, rtol=1e-10)


def test_lbfgs_falls_back_to_steepest_descent_from_a_direction_uphill():
    optimizer, theta = OPTIMIZERS["lbfgs"](), np.array([1.0, 0.2])
    _, state = walk(optimizer, ROSENBROCK, np.array([-1.2, 1.0]), 4)
    reversed_pairs = state._replace(changes=-state.changes)
    grad = SADDLE.value_and_grad(theta)[1]
    step, _ = optimizer.update(grad, reversed_pairs, theta, SADDLE)
    assert step @ grad < 0
    np.testing.assert_allclose(step / np.linalg.norm(step), -grad / np.linalg.norm(grad))
