"""Newton's step against the optimizers', the model against Taylor's terms, and the bill."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from core.networks import mlp
from core.toy_objectives import ROSENBROCK, SADDLE, bowl
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.explain.newton import SAMPLE, hessian_bill, newton_step, quadratic_model
from descentscape.core.formulas.objective import FormulaObjective, parse
from descentscape.core.landscape.plane import Plane
from descentscape.core.landscape.planes import axes
from descentscape.core.network.mlp import MLP
from descentscape.core.optimizers import MAX_HESSIAN_DIM, OPTIMIZERS


def network() -> tuple[MLP, np.ndarray]:
    rng = np.random.default_rng(2)
    net = mlp(
        (2, 5, 1), ("tanh", "linear"), "mse", rng.standard_normal((30, 2)), rng.standard_normal((30, 1))
    )
    return net, rng.standard_normal(net.dim)


def test_a_quadratic_is_solved_in_one_step() -> None:
    objective, theta = bowl(), np.array([3.0, -2.0, 1.0])
    seen = newton_step(objective, theta)
    np.testing.assert_allclose(objective.value_and_grad(theta + seen.newton)[1], 0, atol=1e-12)
    assert seen.real == pytest.approx(seen.predicted, rel=1e-12)
    assert seen.target == "minimum"
    assert seen.slope < 0
    assert (seen.negative_count, seen.climb) == (0, 0.0)
    np.testing.assert_allclose(seen.saddle_free, seen.newton)


@pytest.mark.parametrize("damping", [1e-3, 0.5, 30.0])
def test_steps_are_the_optimizers_own(damping: float) -> None:
    net, theta = network()
    seen = newton_step(net, theta, damping)
    grad = net.value_and_grad(theta)[1]
    np.testing.assert_array_equal(seen.gradient, grad)
    for kind, step in (("newton", seen.newton), ("saddle_free_newton", seen.saddle_free)):
        rule = OPTIMIZERS[kind](1.0, damping)
        expected, _ = rule.update(grad, rule.init(theta, net), theta, net)
        np.testing.assert_allclose(step, expected, rtol=1e-8, atol=1e-10 * np.abs(expected).max())


def test_newton_is_drawn_to_the_saddle_and_the_saddle_free_step_is_not() -> None:
    theta = np.array([0.3, 0.1])
    seen = newton_step(SADDLE, theta)
    assert seen.target == "saddle"
    assert seen.negative_count == 1
    assert np.linalg.norm(theta + seen.newton) < 0.01
    assert (theta + seen.saddle_free)[1] > 0.15
    grad, curvature = -0.1 + 0.001, -1 + 0.03
    assert seen.climb == pytest.approx(grad**2 / (2 * -curvature))
    assert seen.predicted == pytest.approx(-(0.3**2) / 2 + seen.climb)


def test_flat_directions_are_left_out() -> None:
    seen = newton_step(FormulaObjective(parse("(x + y) ** 2")), np.array([1.0, 0.0]))
    np.testing.assert_allclose(seen.newton, [-0.5, -0.5])
    assert seen.target == "degenerate"


def test_where_there_is_no_step() -> None:
    large = mlp((1, MAX_HESSIAN_DIM, 1), ("tanh", "linear"), "mse", np.ones((1, 1)), np.ones((1, 1)))
    with pytest.raises(TooExpensive):
        newton_step(large, np.zeros(large.dim))
    with pytest.raises(InvalidValue, match="finite"):
        newton_step(FormulaObjective(parse("1 / x + y")), np.zeros(2))


def test_the_model_over_a_plane_is_taylors() -> None:
    net, theta = network()
    rng = np.random.default_rng(4)
    basis = np.linalg.qr(rng.standard_normal((net.dim, 2)))[0].T
    plane = Plane(theta + 0.1 * rng.standard_normal(net.dim), basis, "custom", ("a", "b"), "")
    a, b = np.linspace(-1, 1, 4), np.linspace(-2, 1, 3)
    seen = quadratic_model(net, theta, plane, a, b)
    assert seen.cost.shape == (3, 4)
    cost, grad = net.value_and_grad(theta)
    d = plane.lift(np.array([a[3], b[1]])) - theta
    assert seen.cost[1, 3] == pytest.approx(float(cost + grad @ d + 0.5 * d @ net.hessian(theta) @ d))
    within = basis @ net.hessian(theta) @ basis.T
    np.testing.assert_allclose(seen.eigenvalues, np.linalg.eigvalsh(within))
    assert seen.critical is not None
    d = plane.lift(seen.critical) - theta
    assert seen.level == pytest.approx(float(cost + grad @ d + 0.5 * d @ net.hessian(theta) @ d))
    np.testing.assert_allclose(basis @ (grad + net.hessian(theta) @ d), 0, atol=1e-12)


def test_in_two_dimensions_the_flat_point_is_newtons() -> None:
    theta = np.array([-1.2, 1.0])
    plane = axes(ROSENBROCK, np.zeros(2), (0, 1))
    seen = quadratic_model(ROSENBROCK, theta, plane, np.linspace(-2, 2, 5), np.linspace(-1, 3, 5))
    np.testing.assert_allclose(seen.critical, theta + newton_step(ROSENBROCK, theta).newton, rtol=1e-10)
    np.testing.assert_allclose(seen.eigenvalues, np.linalg.eigvalsh(ROSENBROCK.hessian(theta)), rtol=1e-10)


def test_curvatures_do_not_depend_on_the_directions_lengths() -> None:
    theta = np.array([0.2, 0.4])
    skew = Plane(theta, np.array([[2.0, 0.0], [1.0, 3.0]]), "custom", ("a", "b"), "", orthonormal=False)
    seen = quadratic_model(SADDLE, theta, skew, np.zeros(1), np.zeros(1))
    np.testing.assert_allclose(seen.eigenvalues, np.linalg.eigvalsh(SADDLE.hessian(theta)), rtol=1e-12)


def test_a_trough_has_no_single_flat_point() -> None:
    trough = FormulaObjective(parse("(x + y) ** 2"))
    plane = axes(trough, np.zeros(2), (0, 1))
    seen = quadratic_model(trough, np.ones(2), plane, np.zeros(1), np.zeros(1))
    assert (seen.critical, seen.level) == (None, None)


def test_the_bill_by_hand() -> None:
    net, theta = network()
    ticks = count()
    seen = hessian_bill(net, theta, lambda: float(next(ticks)))
    assert seen.parameters.tolist() == [net.dim, 10**6, 10**9]
    np.testing.assert_allclose(seen.bytes, [8 * net.dim**2, 8e12, 8e18])
    np.testing.assert_allclose(seen.operations, [net.dim**3 / 3, 1e18 / 3, 1e27 / 3])
    np.testing.assert_allclose(seen.hessian_seconds, [1, 1e12 / net.dim**2, 1e18 / net.dim**2])
    np.testing.assert_allclose(seen.solve_seconds, (seen.parameters / SAMPLE) ** 3.0)


def test_above_the_bound_a_hessian_is_billed_by_its_products() -> None:
    large = mlp((1, MAX_HESSIAN_DIM, 1), ("tanh", "linear"), "mse", np.ones((1, 1)), np.ones((1, 1)))
    ticks = count()
    seen = hessian_bill(large, np.zeros(large.dim), lambda: float(next(ticks)))
    assert seen.hessian_seconds[0] == large.dim
