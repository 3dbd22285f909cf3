"""Muon against its published rule, written out once more, with the polar factor by eigenvalues."""

from __future__ import annotations

import numpy as np
import pytest

from core.networks import mlp
from core.toy_objectives import bowl
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import Run
from descentscape.core.explain.autopsy import dissect_step
from descentscape.core.explain.others import others_from_here
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.muon import polar_factor

MUON = OPTIMIZERS["muon"]


def network():
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(30, 3)), rng.normal(size=(30, 2))
    chain = mlp((3, 5, 2), ("tanh", "linear"), "mse", x, y)
    return chain, chain.init("xavier", rng)


def run_of(optimizer, steps=6, **recipe):
    chain, theta = network()
    trajectory = ComputedTrajectory(Run(chain, Recipe(optimizer, **recipe), theta, steps, seed=2))
    trajectory.advance()
    return trajectory


def inverse_root(square):
    """M^(−½) of a symmetric positive definite M."""
    values, vectors = np.linalg.eigh(square)
    return vectors @ np.diag(values**-0.5) @ vectors.T


def polar_by_eigenvalues(matrix):
    """(M Mᵀ)^(−½) M, or M (Mᵀ M)^(−½) where that is smaller."""
    wide = matrix.shape[0] <= matrix.shape[1]
    return inverse_root(matrix @ matrix.T) @ matrix if wide else matrix @ inverse_root(matrix.T @ matrix)


def newton_schulz(matrix):
    """The authors' five iterations, with their coefficients."""
    x = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
    x = x / (np.linalg.norm(x) + 1e-7)
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x.T if matrix.shape[0] > matrix.shape[1] else x


def published(gradient_at, theta, eta, decay, steps):
    """The authors' loop over parameters: matrices by Muon, biases by Adam, decay decoupled."""
    parts, sizes = [(5, 3), (5,), (2, 5), (2,)], [15, 5, 10, 2]
    momenta, squares = [np.zeros(shape) for shape in parts], [np.zeros(shape) for shape in parts]
    path = [theta]
    for t in range(1, steps + 1):
        values = np.split(path[-1], np.cumsum(sizes)[:-1])
        grads = np.split(gradient_at(path[-1]), np.cumsum(sizes)[:-1])
        moved = []
        for k, (value, grad) in enumerate(zip(values, grads, strict=True)):
            w, g = value.reshape(parts[k]), grad.reshape(parts[k])
            if w.ndim == 2:
                momenta[k] = momenta[k] + (g - momenta[k]) * (1 - 0.95)
                update = polar_by_eigenvalues(g + (momenta[k] - g) * 0.95)
                update = update * max(1, w.shape[0] / w.shape[1]) ** 0.5
            else:
                momenta[k] = momenta[k] + (g - momenta[k]) * (1 - 0.9)
                squares[k] = squares[k] + (g * g - squares[k]) * (1 - 0.95)
                update = momenta[k] / (1 - 0.9**t) / (np.sqrt(squares[k] / (1 - 0.95**t)) + 1e-10)
            moved.append((w * (1 - eta * decay) - eta * update).ravel())
        path.append(np.concatenate(moved))
    return np.array(path)


@pytest.mark.parametrize("decay", [0.0, 0.5])
def test_steps_are_the_published_ones(decay):
    chain, theta = network()
    run = run_of(MUON(learning_rate=0.03, weight_decay=decay))
    expected = published(lambda at: chain.value_and_grad(at)[1], theta, 0.03, decay, 6)
    np.testing.assert_allclose(run.theta, expected, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("shape", [(4, 4), (3, 7), (7, 3), (1, 5), (5, 1), (1, 1)])
def test_the_polar_factor_is_orthogonal_and_near_newton_schulz(shape):
    matrix = np.random.default_rng(1).normal(size=shape)
    exact = polar_factor(matrix)
    np.testing.assert_allclose(exact, polar_by_eigenvalues(matrix), rtol=1e-9, atol=1e-12)
    small = exact @ exact.T if shape[0] <= shape[1] else exact.T @ exact
    np.testing.assert_allclose(small, np.eye(min(shape)), atol=1e-12)
    # the published iterations have the same singular vectors, and singular values between 0.68 and 1.21
    close = newton_schulz(matrix)
    left = close @ exact.T if shape[0] <= shape[1] else exact.T @ close
    values = np.linalg.eigvalsh((left + left.T) / 2)
    np.testing.assert_allclose(left, left.T, atol=1e-12)
    assert 0.68 < values.min() <= values.max() < 1.21


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_a_matrix_of_lower_rank_keeps_its_rank_at_every_scale(scale):
    u, v = np.array([3.0, 4.0]) / 5, np.array([1.0, 2.0, 2.0]) / 3
    np.testing.assert_allclose(polar_factor(scale * np.outer(u, v)), np.outer(u, v), atol=1e-14)
    np.testing.assert_array_equal(polar_factor(np.zeros((2, 3))), np.zeros((2, 3)))


def test_a_matrix_that_is_not_finite_has_no_step_and_the_others_have():
    matrices = np.array([np.eye(2), [[np.inf, 0.0], [0.0, 1.0]], 2 * np.eye(2)])
    found = polar_factor(matrices)
    assert np.isnan(found[1]).all()
    np.testing.assert_allclose(found[[0, 2]], [np.eye(2)] * 2)


def test_many_starts_move_as_each_alone():
    chain, _ = network()
    thetas = np.random.default_rng(0).normal(size=(2, 3, chain.dim))
    optimizer, state = MUON(), MUON().init(thetas, chain)
    grads = chain.value_and_grad(thetas.reshape(-1, chain.dim))[1].reshape(thetas.shape)
    together, _ = optimizer.update(grads, state, thetas, chain)
    for row in np.ndindex(2, 3):
        own = optimizer.init(thetas[row], chain)
        alone, _ = optimizer.update(grads[row], own, thetas[row], chain)
        np.testing.assert_allclose(together[row], alone, rtol=1e-10, atol=1e-13)


def test_without_weight_matrices_it_is_adamw():
    settings = {"learning_rate": 0.02, "beta2": 0.95, "epsilon": 1e-10, "weight_decay": 0.1}
    theta, paths = np.array([3.0, -2.0, 1.0]), []
    for rule in (MUON(**settings), OPTIMIZERS["adamw"](**settings)):
        trajectory = ComputedTrajectory(Run(bowl(), Recipe(rule), theta, 20))
        trajectory.advance()
        paths.append(trajectory.theta)
    np.testing.assert_allclose(paths[0], paths[1], rtol=1e-12)


@pytest.mark.parametrize("parameter", [0, 16])
def test_the_autopsy_tells_of_a_weight_and_of_a_bias(parameter):
    run = run_of(MUON(weight_decay=0.2), batch_size=8)
    seen = dissect_step(run, 3, parameter)
    lines = {each.symbol: each for each in seen.lines}
    assert (lines["O"].value[parameter] == 0) == (parameter == 16) == (lines["A"].value[parameter] != 0)
    np.testing.assert_allclose(lines["θ"].value, run.theta[4], rtol=1e-10)
    np.testing.assert_array_equal(lines["m"].value, seen.after[0].value)
    np.testing.assert_allclose(lines["v"].value, seen.after[1].value, rtol=1e-12)
    np.testing.assert_allclose(seen.decay, -0.02 * 0.2 * run.theta[3])
    assert lines["m"].numbers.startswith("0.95 · " if parameter == 0 else "0.9 · ")


def test_it_costs_one_gradient_a_step_and_is_shown_its_own_run_again():
    run = run_of(MUON(), batch_size=8)
    np.testing.assert_array_equal(run.gradient_evaluations, np.arange(7))
    step = others_from_here(run, 5, {"muon": MUON()}).steps["muon"]
    np.testing.assert_allclose(run.theta[5] + step, run.theta[6], rtol=1e-12)


def test_it_learns():
    run = run_of(MUON(), steps=100)
    assert run.cost[-1] < 0.7 * run.cost[0]
