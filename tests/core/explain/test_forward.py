"""The forward pass by hand, and costs that come apart into their examples."""

from __future__ import annotations

import numpy as np
import pytest

from core.networks import mlp
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.forward import cost_shares, forward_pass
from descentscape.core.network.costs import COSTS, one_hot
from descentscape.core.network.mlp import MLP

HEADS = [(cost.kind, output) for cost in COSTS.values() for output in cost.outputs]


def chain_of(cost: str, output: str, **settings: float) -> MLP:
    rng = np.random.default_rng(3)
    y = {"bce": rng.integers(0, 2, (9, 3)), "cross_entropy": one_hot(rng.integers(0, 3, 9), 3)}
    targets = y.get(cost, 2 * rng.standard_normal((9, 3)))
    return mlp((2, 4, 3), ("tanh", output), cost, rng.standard_normal((9, 2)), targets, **settings)


def test_every_number_of_a_small_pass_by_hand() -> None:
    net = mlp((1, 1, 1), ("relu", "linear"), "mse", np.array([[2.0], [-1.0]]), np.array([[1.0], [0.0]]))
    seen = forward_pass(net, np.array([3.0, -1.0, 0.5, 0.25]), 0)
    first, second = seen.layers
    assert (first.z, first.a, second.z, second.a) == (5.0, 5.0, 2.75, 2.75)
    assert (seen.residual, seen.loss) == (1.75, 0.5 * 1.75**2)
    assert first.formula == "z¹ = W¹ x + b¹, a¹ = σ(z¹)"
    assert second.formula == "z² = W² a¹ + b², a² = σ(z²)"
    assert first.function == "σ(z) = max(0, z)"


def test_layers_without_biases_say_so() -> None:
    net = mlp((1, 1, 1), ("tanh", "tanh"), "mse", np.ones((1, 1)), np.ones((1, 1)), biases=False)
    assert [layer.formula for layer in forward_pass(net, np.ones(2), 0).layers] == [
        "z¹ = W¹ x, a¹ = σ(z¹)",
        "z² = W² a¹, a² = σ(z²)",
    ]


@pytest.mark.parametrize(("cost", "output"), HEADS)
def test_losses_and_terms_add_up_to_the_cost(cost: str, output: str) -> None:
    net = chain_of(cost, output, l1=0.02, l2=0.3)
    theta = net.init("normal", np.random.default_rng(0))
    shares = cost_shares(net, theta)
    plain = chain_of(cost, output)
    assert shares.losses.mean() == pytest.approx(float(plain.value(theta)), rel=1e-12)
    np.testing.assert_allclose(shares.terms.sum(1) * 9, shares.losses, rtol=1e-12)
    assert shares.cost == float(net.value(theta))
    assert shares.penalty == pytest.approx(float(net.value(theta) - plain.value(theta)), rel=1e-12)
    for example in range(9):
        assert forward_pass(net, theta, example).loss == pytest.approx(shares.losses[example], rel=1e-13)


def test_squared_errors_term_by_term() -> None:
    net = chain_of("mse", "softmax")
    theta = net.init("normal", np.random.default_rng(1))
    shares = cost_shares(net, theta)
    np.testing.assert_allclose(shares.residuals, net.outputs(theta, net.x) - net.y)
    np.testing.assert_allclose(shares.terms, shares.residuals**2 / 18, rtol=1e-13)


def test_shares_fall_and_sum_to_one() -> None:
    net = chain_of("bce", "sigmoid")
    shares = cost_shares(net, net.init("normal", np.random.default_rng(2)))
    assert (np.diff(shares.shares) <= 0).all()
    assert shares.shares.sum() == pytest.approx(1.0)
    np.testing.assert_array_equal(shares.losses[shares.order] / shares.losses.sum(), shares.shares)


def test_a_perfect_fit_has_no_shares() -> None:
    net = mlp((1, 1), ("linear",), "mse", np.array([[1.0], [2.0]]), np.array([[3.0], [5.0]]))
    shares = cost_shares(net, np.array([2.0, 1.0]))
    assert shares.cost == 0.0
    assert not shares.shares.any()


@pytest.mark.parametrize("example", [-1, 9])
def test_no_such_example(example: int) -> None:
    net = chain_of("mse", "linear")
    with pytest.raises(InvalidValue, match="example must be from 0 to 8"):
        forward_pass(net, np.zeros(net.dim), example)
