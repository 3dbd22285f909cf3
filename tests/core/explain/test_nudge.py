"""Predicted and real changes, their orders, round-off, and the two sides of a kink."""

from __future__ import annotations

import numpy as np
import pytest

from core.networks import mlp
from core.toy_objectives import bowl
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.kinks import at_kinks, crossings, one_sided
from descentscape.core.explain.nudge import difference_limit, nudge_along
from descentscape.core.formulas.objective import FormulaObjective, parse
from descentscape.core.network.mlp import MLP


def network(hidden: str = "tanh", seed: int = 0) -> tuple[MLP, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((20, 2)), rng.standard_normal((20, 1))
    net = mlp((2, 6, 1), (hidden, "linear"), "mse", x, y)
    theta, v = rng.standard_normal((2, net.dim))
    return net, theta, v


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "softplus", "gelu"])
def test_a_smooth_cost_leaves_second_then_third_order_errors(hidden: str) -> None:
    net, theta, v = network(hidden)
    seen = nudge_along(net, theta, v)
    assert seen.first_order == pytest.approx(2.0, abs=0.02)
    assert seen.second_order == pytest.approx(3.0, abs=0.06)
    assert not seen.crossings.any()
    assert "squared" in seen.note


def test_every_column_is_what_it_says() -> None:
    net, theta, v = network()
    seen = nudge_along(net, theta, v, np.array([0.5, 0.01]))
    assert seen.slope == pytest.approx(float(net.value_and_grad(theta)[1] @ v))
    assert seen.curvature == pytest.approx(float(v @ net.hessian(theta) @ v))
    np.testing.assert_allclose(seen.real, net.value(theta + seen.sizes[:, None] * v) - net.value(theta))
    np.testing.assert_allclose(seen.predicted, seen.sizes * seen.slope)
    np.testing.assert_allclose(seen.second, seen.sizes**2 * seen.curvature / 2)
    np.testing.assert_allclose(seen.first_error, np.abs(seen.real - seen.predicted))
    np.testing.assert_allclose(seen.second_error, np.abs(seen.real - seen.predicted - seen.second))
    assert seen.first_order is seen.second_order is None


def test_round_off_is_the_floor() -> None:
    net, theta, v = network()
    seen = nudge_along(net, theta, v)
    tiny = seen.sizes < 1e-7
    assert (seen.second_error[tiny] < 30 * seen.floor[tiny]).all()
    assert (seen.first_error[~tiny & (seen.sizes > 1e-5)] > seen.floor[~tiny & (seen.sizes > 1e-5)]).all()


def test_a_quadratic_has_no_third_order() -> None:
    objective = bowl()
    seen = nudge_along(objective, np.array([3.0, -1.0, 2.0]), np.array([1.0, 2.0, -1.0]))
    assert seen.first_order == pytest.approx(2.0, abs=0.01)
    assert seen.second_order is None


def kinked() -> tuple[MLP, np.ndarray]:
    """C = ½ (relu(w x + b) − 1)² at w x + b = 0: slope 0 towards the left, −1 towards the right."""
    net = mlp((1, 1), ("relu",), "mse", np.array([[2.0]]), np.array([[1.0]]))
    return net, np.array([0.5, -1.0])


def test_across_a_kink_the_error_is_of_first_order_and_it_is_said() -> None:
    net, theta = kinked()
    ahead = nudge_along(net, theta, np.array([0.0, 1.0]))
    assert ahead.slope == 0.0
    assert ahead.first_order == pytest.approx(1.0, abs=0.01)
    assert (ahead.crossings == 1).all()
    assert "at a kink" in ahead.note
    back = nudge_along(net, theta, np.array([0.0, -1.0]))
    assert not back.first_error.any()
    assert not back.crossings.any()


def test_a_kink_on_the_way_spoils_only_what_goes_beyond() -> None:
    net, theta = kinked()
    near = theta - [0.0, 1.3e-3]
    seen = nudge_along(net, near, np.array([0.0, 1.0]))
    np.testing.assert_array_equal(seen.crossings, (seen.sizes > 1.3e-3).astype(int))
    assert (seen.first_error[seen.sizes > 2e-3] > 1e-4).all()
    assert not seen.first_error[seen.sizes < 1.3e-3].any()
    assert "From a size of 0.0018 on" in seen.note


def test_a_weight_that_crosses_zero_under_an_l1_penalty_is_a_kink() -> None:
    net = mlp((1, 1), ("linear",), "mse", np.array([[2.0]]), np.array([[1.0]]), l1=0.5)
    toward_zero = nudge_along(net, np.array([1.3e-3, 0.0]), np.array([-1.0, 0.0]))
    np.testing.assert_array_equal(toward_zero.crossings, (toward_zero.sizes > 1.3e-3).astype(int))
    from_zero = nudge_along(net, np.zeros(2), np.array([1.0, 0.0]))
    assert from_zero.first_order == pytest.approx(1.0, abs=0.01)
    assert "in proportion to the size itself" in from_zero.note
    along_bias = nudge_along(net, np.zeros(2), np.array([0.0, 1.0]))
    assert not along_bias.crossings.any()


def test_a_kink_whose_sides_have_one_slope_leaves_the_prediction_whole() -> None:
    net, theta, v = network("relu")
    seen = nudge_along(net, np.zeros_like(theta), v * (np.arange(net.dim) < 18))
    assert (seen.crossings > 0).all()
    assert "both sides have the same slope" in seen.note


def test_both_slopes_at_a_kink_and_the_subgradient_in_use() -> None:
    net, theta = kinked()
    seen = one_sided(net, theta, np.array([0.0, 1.0]))
    assert (seen.left, seen.used) == (0.0, 0.0)
    assert seen.right == pytest.approx(-1.0, abs=1e-9)
    turned = one_sided(net, theta, np.array([0.0, -1.0]))
    assert (turned.left, turned.right) == (pytest.approx(1.0, abs=1e-9), 0.0)


def test_a_smooth_point_has_one_slope() -> None:
    net, theta, v = network()
    seen = one_sided(net, theta, v)
    assert seen.left == pytest.approx(seen.used, rel=1e-8)
    assert seen.right == pytest.approx(seen.used, rel=1e-8)


def test_units_at_a_kink_are_found() -> None:
    net, _, _ = network("relu")
    theta = np.ones(net.dim)
    weights, biases = net.weights(theta)[0]
    weights[3] = [1.0, -2.0]
    assert biases is not None
    biases[3] = -(net.x[7] @ weights[3])
    seen = at_kinks(net, theta)
    assert (seen.layers.tolist(), seen.units.tolist(), seen.examples.tolist()) == ([1], [4], [7])
    np.testing.assert_allclose(seen.z, 0, atol=1e-15)
    assert len(at_kinks(*network("tanh")[:2]).z) == 0


def test_kinks_of_a_formula() -> None:
    objective = FormulaObjective(parse("abs(x) + max(x, y) + min(1, y) + x * x"))
    theta = np.array([1.0, 0.5])
    points = np.array([[1.1, 0.6], [-1.0, -2.0], [0.2, 3.0], [-1.0, 2.0]])
    assert crossings(objective, theta, points).tolist() == [0, 1, 2, 3]
    at = one_sided(objective, np.array([0.0, -1.0]), np.array([1.0, 0.0]))
    assert (at.left, at.used, at.right) == (pytest.approx(0.0), pytest.approx(1.0), pytest.approx(2.0))


def test_other_objectives_are_smooth() -> None:
    assert crossings(bowl(), np.zeros(3), np.ones((2, 3))).tolist() == [0, 0]


def test_quotients_tend_to_the_slope_until_round_off() -> None:
    net, theta, v = network(seed=3)
    seen = difference_limit(net, theta, v)
    at = dict(zip(np.round(np.log10(seen.h), 2).tolist(), seen.forward_error.tolist(), strict=True))
    assert at[-4.0] == pytest.approx(0.1 * at[-3.0], rel=0.05)
    assert at[-12.0] > 10 * at[-8.0]
    assert (seen.forward_error[seen.h <= 1e-11] < 30 * seen.floor[seen.h <= 1e-11]).all()
    central = seen.central_error
    assert central[seen.h <= 1e-2].min() < 0.05 * seen.forward_error.min()
    lowest = seen.h[seen.forward_error.argmin()]
    assert seen.best is not None
    assert 1e-2 < lowest / seen.best < 1e2
    np.testing.assert_allclose(seen.slope, net.value_and_grad(theta)[1] @ v)


def test_no_best_step_without_curvature() -> None:
    flat = FormulaObjective(parse("3 * x"))
    assert difference_limit(flat, np.array([1.0, 1.0]), np.array([1.0, 0.0])).best is None


@pytest.mark.parametrize("v", [[0.0, 0.0], [1.0], [np.nan, 1.0]])
def test_no_direction(v: list[float]) -> None:
    net, theta = kinked()
    with pytest.raises(InvalidValue, match="v must be 2 finite numbers"):
        nudge_along(net, theta, np.array(v))
