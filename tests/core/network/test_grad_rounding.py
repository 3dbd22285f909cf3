"""What rounding does to a gradient, against the same gradient in fifty digits or in extended precision."""

from __future__ import annotations

from itertools import pairwise

import mpmath
import numpy as np
import pytest
from scipy.stats import linregress

from core.networks import mlp
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import Run
from descentscape.core.descent.stationarity import GRADIENT_ROUNDINGS
from descentscape.core.formulas.objective import FORMULAS, FormulaObjective, parse
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array
from descentscape.core.optimizers import OPTIMIZERS

mpmath.mp.dps = 50


def formula(expression: str) -> FormulaObjective:
    return FormulaObjective(parse(expression))


@pytest.mark.parametrize(
    ("expression", "slopes", "at", "most"),
    [
        (
            FORMULAS["himmelblau"].expression,
            lambda x, y: (
                4 * x * (x * x + y - 11) + 2 * (x + y * y - 7),
                2 * (x * x + y - 11) + 4 * y * (x + y * y - 7),
            ),
            (3.5844283403304917, -1.8481265269644034),
            1e-12,
        ),
        ("sin(x + 1e8) + y**2", lambda x, y: (mpmath.cos(x + 10**8), 2 * y), (1.1, 0.3), 1e-8),
        (
            "(x + 0.3 - 0.1 - 0.2)**2 + y**2",
            lambda x, y: (2 * (x + mpmath.mpf(0.3) - mpmath.mpf(0.1) - mpmath.mpf(0.2)), 2 * y),
            (0.0, 0.0),
            1e-15,
        ),
        (
            "exp(x)*y - exp(x - 30)*exp(30)*y",
            lambda x, y: (
                mpmath.exp(x) * y - mpmath.exp(x - 30) * mpmath.exp(30) * y,
                mpmath.exp(x) - mpmath.exp(x - 30) * mpmath.exp(30),
            ),
            (7.3, 1e3),
            1e-7,
        ),
        (
            "1e-200*((x - 1e5)**2 + y**2)",
            lambda x, y: (2e-200 * (x - 10**5), 2e-200 * y),
            (1e5 + 1e-6, 0.1),
            1e-210,
        ),
    ],
)
def test_a_formulas_rounding_is_bounded_and_not_by_far(expression, slopes, at, most) -> None:
    objective, theta = formula(expression), np.array(at)
    computed = objective.value_and_grad(theta)[1]
    exact = slopes(*map(mpmath.mpf, theta.tolist()))
    wrong = [mpmath.mpf(one) - other for one, other in zip(computed.tolist(), exact, strict=True)]
    error = float(mpmath.norm(wrong))
    assert error <= 1.001 * objective.grad_rounding(theta)
    assert objective.grad_rounding(theta) < most


@pytest.mark.parametrize("factor", [1e-150, 1e-9, 1e9])
def test_rounding_scales_with_the_cost_and_knows_no_constant(factor: float) -> None:
    here = np.array([1.5, -0.5])
    plain = formula("x**4 + x*y + y**2").grad_rounding(here)
    assert formula(f"{factor}*(x**4 + x*y + y**2)").grad_rounding(here) == pytest.approx(
        factor * plain, rel=1.0
    )
    assert formula("1e9 + x**4 + x*y + y**2").grad_rounding(here) == pytest.approx(plain)


SLOPES = {
    "tanh": (np.tanh, lambda a: 1 - a * a),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
    "linear": (lambda z: z, np.ones_like),
}


def extended_gradient(net: MLP, theta: Array) -> Array:
    """The gradient of the mean squared error, layer by layer, in extended precision."""
    theta, rows, start, layers = theta.astype(np.longdouble), [net.x.astype(np.longdouble)], 0, []
    for inputs, outputs in pairwise(net.widths):
        weights = theta[start : start + outputs * inputs].reshape(outputs, inputs)
        start += outputs * inputs
        biases = theta[start : start + outputs]
        start += outputs
        layers.append(weights)
        rows.append(SLOPES[net.activations[len(layers) - 1]][0](rows[-1] @ weights.T + biases))
    delta, parts = rows[-1] - net.y, []
    for layer in reversed(range(len(layers))):
        delta = delta * SLOPES[net.activations[layer]][1](rows[layer + 1])
        parts += [delta.sum(axis=0), (delta.T @ rows[layer]).ravel()]
        delta = delta @ layers[layer]
    return np.concatenate(parts[::-1]) / len(net.x)


@pytest.mark.skipif(np.finfo(np.longdouble).eps > 1e-18, reason="long double is no longer than double here")
@pytest.mark.parametrize("scale", [1.0, 1e-6, 3e8])
@pytest.mark.parametrize(
    ("widths", "activations"),
    [((1, 1), ("linear",)), ((2, 8, 8, 1), ("tanh", "tanh", "sigmoid")), ((3, 5, 2), ("sigmoid", "linear"))],
)
def test_a_networks_rounding_is_bounded_and_not_by_far(widths, activations, scale) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((200, widths[0])), scale * rng.standard_normal((200, widths[-1]))
    net = mlp(widths, activations, "mse", x, y)
    theta = net.init("xavier", rng)
    error = np.linalg.norm((net.value_and_grad(theta)[1] - extended_gradient(net, theta)).astype(float))
    assert error <= net.grad_rounding(theta)
    assert net.grad_rounding(theta) < 1e4 * error


def test_a_least_squares_solution_is_at_rest() -> None:
    rng = np.random.default_rng(1)
    x = rng.standard_normal((60, 1))
    y = 3e8 * (1 + 1e-3 * x + 1e-4 * rng.standard_normal((60, 1)))
    net = mlp((1, 1), ("linear",), "mse", x, y)
    fitted = linregress(x[:, 0], y[:, 0])
    theta = np.array([fitted.slope, fitted.intercept])
    norm = np.linalg.norm(net.value_and_grad(theta)[1])
    assert norm > 1e-9
    assert norm <= GRADIENT_ROUNDINGS * net.grad_rounding(theta)
    run = ComputedTrajectory(Run(net, Recipe(OPTIMIZERS["gd"](learning_rate=0.5)), np.array([0.0, 0.0]), 60))
    run.advance()
    assert run.stationary_at is not None
    np.testing.assert_allclose(run.grad_norm[0], 3e8, rtol=0.05)
    assert (run.grad_norm[: run.stationary_at] > 300).all()
    still = ComputedTrajectory(Run(net, Recipe(OPTIMIZERS["gd"](learning_rate=0.5)), theta, 20))
    still.advance()
    assert still.stationary_at == 0


@pytest.mark.parametrize(
    ("expression", "start", "stationary"),
    [
        ("1e7 + x**2 + y**2", (1, 1), 62),
        ("x**2 + y**2", (1, 1), 62),
        ("1e-9*(x**2 + y**2)", (1, 1), None),
        ("(x - 3)**2 + (y + 4)**2", (3, -4), 0),
        ("1e-120*(x**2 + y**2)", (1e-9, 0), None),
    ],
)
def test_runs_on_formulas_move_while_their_slope_is_something(expression, start, stationary) -> None:
    # at the rate 0.1 on x² + y² the gradient falls by 0.8 a step: 0.8⁶² < 10⁻⁶ < 0.8⁶¹
    assert 0.8**62 < 1e-6 < 0.8**61
    recipe = Recipe(OPTIMIZERS["gd"](learning_rate=0.1))
    run = ComputedTrajectory(Run(formula(expression), recipe, np.array(start, dtype=float), 90))
    run.advance()
    assert run.stationary_at == stationary
