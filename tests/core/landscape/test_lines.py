from __future__ import annotations

import numpy as np
import pytest

from core.networks import mlp
from core.sliced import whole
from core.toy_objectives import ROSENBROCK, SADDLE, regression
from descentscape.core.blocks import layer_spans
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.objective import FormulaObjective, parse
from descentscape.core.landscape import lines
from descentscape.core.objective import Array

cost_along, cost_between = whole(lines.cost_along), whole(lines.cost_between)


def test_a_line_is_the_cost_at_its_points() -> None:
    t = np.linspace(-2, 3, 11)
    line = cost_along(ROSENBROCK, np.array([1.0, -1.0]), np.array([3.0, 4.0]), t)
    np.testing.assert_allclose(line.distance, 5 * t)
    np.testing.assert_allclose(line.cost, [ROSENBROCK.value(np.array([1 + 3 * s, -1 + 4 * s])) for s in t])
    assert line.test_cost is None


def test_train_and_test_along_the_same_line() -> None:
    train, test = regression(20), regression(15, seed=3)
    origin, direction, t = np.ones(3), np.array([0.0, 2.0, 0.0]), np.linspace(-1, 1, 7)
    line = cost_along(train, origin, direction, t, test=test)
    thetas = origin + t[:, None] * direction
    np.testing.assert_allclose(line.cost, train.value(thetas))
    assert line.test_cost is not None
    np.testing.assert_allclose(line.test_cost, test.value(thetas))


def test_the_barrier_between_two_minima() -> None:
    between = cost_between(SADDLE, np.array([0.0, -1.0]), np.array([0.0, 1.0]), 101, test=SADDLE)
    assert between.barrier == pytest.approx(0.25)
    assert between.test_barrier == pytest.approx(0.25)
    assert between.length == 2
    t = between.line.t
    assert t[0] == pytest.approx(-0.25)
    assert t[-1] == pytest.approx(1.25)
    assert {0.0, 0.5, 1.0} <= set(t.tolist())
    assert (np.diff(t) > 0).all()
    np.testing.assert_allclose(between.line.cost[t == 0], -0.25)


def test_downhill_all_the_way_there_is_no_barrier() -> None:
    assert cost_between(SADDLE, np.array([2.0, 1.0]), np.array([0.0, 1.0])).barrier == 0


def test_what_is_not_finite_is_left_open() -> None:
    pole = FormulaObjective(parse("1/x + log(y)"))
    between = cost_between(pole, np.array([-1.0, 1.0]), np.array([1.0, 1.0]), 21)
    assert np.isnan(between.line.cost).sum() == 1
    assert between.barrier == np.inf


@pytest.mark.parametrize("direction", [np.zeros(2), np.array([np.inf, 1.0])])
def test_a_line_needs_a_direction(direction: Array) -> None:
    with pytest.raises(InvalidValue, match="direction must be finite and not zero"):
        cost_along(ROSENBROCK, np.zeros(2), direction, np.zeros(1))


def test_a_network_along_its_last_layer_is_a_parabola() -> None:
    x = np.random.default_rng(0).standard_normal((20, 1))
    net = mlp((1, 3, 1), ("tanh", "linear"), "mse", x, x**2)
    theta, direction = net.init("xavier", np.random.default_rng(1)), np.zeros(net.dim)
    direction[layer_spans(net.blocks)["layer 2"]] = 1.0
    cost = cost_along(net, theta, direction, np.linspace(-3, 3, 7)).cost
    np.testing.assert_allclose(np.diff(cost, 3), 0, atol=1e-12)
    assert np.diff(cost, 2)[0] == pytest.approx(float(direction @ net.hessian(theta) @ direction))
