"""Jacobians against finite differences, vanishing and exploding gradients, and what derivatives cost."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from core.networks import mlp
from descentscape.core.blocks import layer_spans
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.explain.jacobians import MAX_POINTS, jacobians_along, layer_jacobians
from descentscape.core.explain.operations import count_operations
from descentscape.core.network.mlp import MLP


def network(hidden: str, output: str, seed: int = 0) -> tuple[MLP, np.ndarray]:
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((6, 3)), rng.random((6, 2))
    net = mlp((3, 5, 4, 2), (hidden, hidden, output), "mse", x, y)
    return net, rng.standard_normal(net.dim)


@pytest.mark.parametrize("output", ["linear", "sigmoid", "softmax"])
@pytest.mark.parametrize("hidden", ["tanh", "relu", "gelu"])
def test_products_are_the_derivative_of_each_layer_by_the_input(hidden: str, output: str) -> None:
    net, theta = network(hidden, output)
    h = 1e-5
    ways = h * np.eye(3)
    ahead, behind = (net.forward(theta, net.x[4] + sign * ways) for sign in (1, -1))
    seen = layer_jacobians(net, theta, 4)
    for layer, (_, after), (_, before) in zip(seen, ahead, behind, strict=True):
        np.testing.assert_allclose(layer.product, (after - before).T / (2 * h), rtol=1e-7, atol=1e-9)
        values = np.linalg.svd(layer.product, compute_uv=False)
        np.testing.assert_allclose(layer.product_singular_values, values, rtol=1e-12)


def test_layers_multiply_to_their_product() -> None:
    net, theta = network("tanh", "softmax", 1)
    first, second, third = layer_jacobians(net, theta, 0)
    np.testing.assert_allclose(third.product, third.jacobian @ second.jacobian @ first.jacobian, rtol=1e-12)
    assert [layer.name for layer in (first, second, third)] == ["layer 1", "layer 2", "layer 3"]
    np.testing.assert_allclose(third.jacobian.sum(axis=0), 0, atol=1e-15)
    assert third.singular_values[-1] < 1e-15 < third.singular_values[0]


def test_slopes_and_norms_are_those_of_all_examples() -> None:
    net, theta = network("tanh", "linear", 2)
    seen = layer_jacobians(net, theta, 0)
    a = net.forward(theta, net.x)[0][1]
    assert seen[0].mean_slope == pytest.approx((1 - a**2).mean())
    assert seen[2].mean_slope == 1.0
    grad = net.value_and_grad(theta)[1]
    for layer, span in zip(seen, layer_spans(net.blocks).values(), strict=True):
        assert layer.grad_norm == pytest.approx(np.linalg.norm(grad[span]))
        assert layer.theta_norm**2 == pytest.approx(sum(value**2 for value in theta[span]))


def deep(kind: str, init: str, width: int = 10) -> tuple[MLP, np.ndarray]:
    rng = np.random.default_rng(4)
    widths = (2, *[width] * 10, 1)
    net = mlp(widths, (kind,) * 10 + ("linear",), "mse", rng.standard_normal((50, 2)), rng.random((50, 1)))
    return net, net.init(init, rng)


def test_ten_sigmoid_layers_vanish_and_the_cures_hold() -> None:
    vanishing = [layer.grad_norm for layer in layer_jacobians(*deep("sigmoid", "xavier"), 0)]
    assert vanishing[0] < 1e-5 * vanishing[-1]
    assert all(below < above for below, above in pairwise(vanishing))
    assert layer_jacobians(*deep("sigmoid", "xavier"), 0)[4].mean_slope <= 0.25
    for kind, init in (("relu", "he"), ("tanh", "xavier")):
        cured = [layer.grad_norm for layer in layer_jacobians(*deep(kind, init), 0)]
        assert cured[0] > 1e-2 * cured[-1]


def test_large_weights_explode() -> None:
    net, theta = deep("relu", "normal", 20)
    seen = layer_jacobians(net, theta, 0)
    assert seen[-1].product_singular_values[0] > 1e3
    assert seen[0].grad_norm > 1e3


def test_along_a_run_each_point_is_its_own() -> None:
    net, theta = network("sigmoid", "softmax", 3)
    thetas = theta * np.array([[0.5], [1.0], [2.0]])
    along = jacobians_along(net, thetas, 2)
    for k, point in enumerate(thetas):
        alone = layer_jacobians(net, point, 2)
        np.testing.assert_allclose(along.grad_norms[k], [layer.grad_norm for layer in alone], rtol=1e-12)
        np.testing.assert_allclose(along.mean_slopes[k], [layer.mean_slope for layer in alone], rtol=1e-12)
        ends = alone[-1].product_singular_values[[0, -1]]
        np.testing.assert_allclose([along.largest[k], along.smallest[k]], ends, rtol=1e-9, atol=1e-17)


def test_a_diverged_point_has_no_singular_values() -> None:
    net, theta = network("relu", "linear")
    along = jacobians_along(net, np.stack([theta, np.full(net.dim, np.inf)]), 0)
    assert np.isfinite(along.largest[0])
    assert np.isnan([along.largest[1], along.smallest[1]]).all()


def test_too_many_points_and_unknown_examples() -> None:
    net, theta = network("tanh", "linear")
    with pytest.raises(TooExpensive):
        jacobians_along(net, np.tile(theta, (MAX_POINTS + 1, 1)), 0)
    with pytest.raises(InvalidValue, match="example"):
        layer_jacobians(net, theta, 6)


class Counter:
    """Arithmetic on lists of numbers that counts its multiplications."""

    def __init__(self) -> None:
        self.count = 0

    def times(self, a: float, b: float) -> float:
        self.count += 1
        return a * b

    def dot(self, a: list[float], b: list[float]) -> float:
        return sum(self.times(p, q) for p, q in zip(a, b, strict=True))


def relu_pass(weights: list[list[list[float]]], x: list[float], counter: Counter) -> list[list[float]]:
    """The inputs of each layer, then the output, of a network without biases."""
    units = [x]
    for layer, matrix in enumerate(weights):
        z = [counter.dot(row, units[-1]) for row in matrix]
        units.append(z if layer + 1 == len(weights) else [max(value, 0.0) for value in z])
    return units


def test_operations_are_counted_exactly() -> None:
    """Both modes written out one multiplication at a time, on C = ½ ‖a − y‖² of one example."""
    rng = np.random.default_rng(6)
    net = mlp((3, 4, 2), ("relu", "linear"), "mse", rng.random((1, 3)), rng.random((1, 2)), biases=False)
    theta = net.init("he", rng)
    weights = [w.tolist() for w, _ in net.weights(theta)]
    x, y = net.x[0].tolist(), net.y[0].tolist()
    counted = count_operations(net)

    counter = Counter()
    units = relu_pass(weights, x, counter)
    assert counter.count == counted.value == 12 + 8
    delta = [a - t for a, t in zip(units[-1], y, strict=True)]
    reverse = [[counter.times(d, a) for d in delta for a in units[1]]]
    below = [counter.dot([row[k] for row in weights[1]], delta) for k in range(4)]
    below = [counter.times(d, float(a > 0)) for d, a in zip(below, units[1], strict=True)]
    reverse.insert(0, [counter.times(d, a) for d in below for a in x])
    assert counter.count == counted.reverse
    grad = net.value_and_grad(theta)[1]
    np.testing.assert_allclose(np.concatenate(reverse), grad, rtol=1e-12)

    counter = Counter()
    units = relu_pass(weights, x, counter)
    forward = []
    for place in range(net.dim):
        moves = [w.tolist() for w, _ in net.weights(np.eye(net.dim)[place])]
        z = [counter.dot(row, x) for row in moves[0]]
        a = [counter.times(dz, float(unit > 0)) for dz, unit in zip(z, units[1], strict=True)]
        z = [
            counter.dot(row, units[1]) + counter.dot(w, a)
            for row, w in zip(moves[1], weights[1], strict=True)
        ]
        forward.append(counter.dot(delta, z))
    assert counter.count == counted.forward
    np.testing.assert_allclose(forward, grad, rtol=1e-12)
    assert counted.ratio == counted.forward / counted.reverse > 8


def test_one_tangent_costs_about_as_much_as_the_whole_gradient() -> None:
    net = mlp(
        (64, 64, 32, 10), ("tanh", "tanh", "softmax"), "cross_entropy", np.ones((1, 64)), np.ones((1, 1))
    )
    counted = count_operations(net)
    assert counted.parameters == 64 * 65 + 32 * 65 + 10 * 33
    assert counted.tangent - counted.backward == 10
    assert 0.5 * counted.parameters < counted.ratio < counted.parameters
