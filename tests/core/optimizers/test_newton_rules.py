"""Newton's method and its saddle-free kind, where the solution is known."""

from __future__ import annotations

import numpy as np
import pytest

from core.optimizers.walking import walk
from core.toy_objectives import SADDLE, Quadratic, bowl
from descentscape.core.errors import TooExpensive
from descentscape.core.optimizers import MAX_HESSIAN_DIM, OPTIMIZERS


def test_newton_is_at_a_quadratics_minimum_after_one_step():
    objective = bowl(5)
    path, state = walk(OPTIMIZERS["newton"](damping=0), objective, np.ones(5), 1)
    np.testing.assert_allclose(path[1], np.linalg.solve(objective.matrix, objective.linear), rtol=1e-13)
    assert state == (0, 0)


@pytest.mark.parametrize("size", [3, 64, 65, 150])
def test_newton_solves_with_the_damped_hessian(size):
    rng = np.random.default_rng(size)
    root = rng.normal(size=(size, size))
    objective = Quadratic(root @ root.T + np.eye(size), rng.normal(size=size))
    path, _ = walk(OPTIMIZERS["newton"](damping=0.5, learning_rate=0.25), objective, np.zeros(size), 1)
    expected = 0.25 * np.linalg.solve(objective.matrix + 0.5 * np.eye(size), objective.linear)
    np.testing.assert_allclose(path[1], expected, rtol=1e-9)


def test_newton_solves_an_indefinite_hessian_and_counts_the_directions_uphill():
    rng = np.random.default_rng(5)
    rotation = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    objective = Quadratic(rotation @ np.diag([-3.0, -0.5, 1.0, 2.0]) @ rotation.T, rng.normal(size=4))
    path, state = walk(OPTIMIZERS["newton"](damping=0.7, learning_rate=0.25), objective, np.zeros(4), 1)
    solution = np.linalg.solve(objective.matrix + 0.7 * np.eye(4), objective.linear)
    np.testing.assert_allclose(path[1], 0.25 * solution)
    assert state == (1, 0)


@pytest.mark.parametrize("kind", ["newton", "saddle_free_newton"])
def test_a_singular_hessian_leaves_its_flat_direction_out(kind):
    objective = Quadratic(np.diag([2.0, 0.0]), np.array([1.0, 1.0]))
    path, state = walk(OPTIMIZERS[kind](damping=0), objective, np.zeros(2), 1)
    np.testing.assert_allclose(path[1], [0.5, 0.0])
    assert state == (0, 1)
    damped, state = walk(OPTIMIZERS[kind](damping=0.1), objective, np.zeros(2), 1)
    np.testing.assert_allclose(damped[1], [1 / 2.1, 10.0])
    assert state == (0, 0)


def test_newton_is_drawn_to_the_saddle_that_the_saddle_free_kind_leaves():
    start = np.array([0.5, 0.1])
    drawn, state = walk(OPTIMIZERS["newton"](), SADDLE, start, 20)
    np.testing.assert_allclose(drawn[-1], 0, atol=1e-12)
    assert state.negative_count == 1
    free, state = walk(OPTIMIZERS["saddle_free_newton"](), SADDLE, start, 20)
    np.testing.assert_allclose(free[-1], [0, 1], atol=1e-12)
    assert state.negative_count == 0


def flat(dim):
    """An objective of so many parameters, which is only asked how many."""
    return Quadratic(np.zeros((1, 1)), np.zeros(dim))


@pytest.mark.parametrize("kind", ["newton", "saddle_free_newton"])
def test_hessians_beyond_the_bound_are_refused_with_their_bill(kind):
    OPTIMIZERS[kind]().init(np.zeros(MAX_HESSIAN_DIM), flat(MAX_HESSIAN_DIM))
    with pytest.raises(TooExpensive, match=rf"at most 2,000 for {OPTIMIZERS[kind].label} .*32 MB.*got 2001"):
        OPTIMIZERS[kind]().init(np.zeros(MAX_HESSIAN_DIM + 1), flat(MAX_HESSIAN_DIM + 1))


@pytest.mark.parametrize("kind", ["newton", "saddle_free_newton"])
def test_a_hessian_that_is_not_finite_has_no_step(kind):
    objective, optimizer = Quadratic(np.full((2, 2), np.inf), np.zeros(2)), OPTIMIZERS[kind]()
    step, _ = optimizer.update(np.ones(2), optimizer.init(np.ones(2), objective), np.ones(2), objective)
    assert np.isnan(step).all()
