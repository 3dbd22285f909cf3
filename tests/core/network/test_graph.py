"""The hand-derived network held against the same network built of primitives."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from cases import in_case
from core.networks import mlp
from descentscape.core.autodiff.nodes import total, variable
from descentscape.core.autodiff.reverse import pullback
from descentscape.core.errors import InvalidValue
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.costs import COSTS, one_hot
from descentscape.core.network.graph import Network, network
from descentscape.core.network.layers import Dense, dense_layers
from gradients import hessian, value_and_grad
from traces import adjoints_by_name

N, D, K = 7, 2, 3
HEADS = [(cost.kind, output) for cost in COSTS.values() for output in cost.outputs]


def case(depth: int, activation: str, cost: str, output: str, **settings: Any) -> dict[str, Any]:
    """The arguments of a network with ``depth`` hidden layers on random examples."""
    rng = np.random.default_rng(depth)
    targets = {
        "bce": rng.integers(0, 2, (N, K)).astype(float),
        "cross_entropy": one_hot(rng.integers(0, K, N), K),
    }
    return {
        "widths": (D, *(4, 3, 3)[:depth], K),
        "activations": (activation,) * depth + (output,),
        "cost": cost,
        "x": rng.standard_normal((N, D)),
        "y": targets.get(cost, 1.5 * rng.standard_normal((N, K))),
        **settings,
    }


def graph_of(theta: Any, arguments: dict[str, Any]) -> Network:
    names = "widths", "activations", "biases"
    layers = dense_layers(**{name: arguments[name] for name in names if name in arguments})
    return network(theta, layers, **{name: value for name, value in arguments.items() if name not in names})


def cost_graph(arguments: dict[str, Any]) -> Any:
    return lambda theta: graph_of(theta, arguments).cost


def hold_against_graph(arguments: dict[str, Any]) -> None:
    """Cost, gradient, and the Hessian times a random vector, to 1e-10 of their size."""
    net = mlp(**arguments)
    theta, v = np.random.default_rng(1).standard_normal((2, net.dim))
    point = variable(theta)
    cost = graph_of(point, arguments).cost
    slope = pullback(cost, [point])[0]
    bend = pullback(total(slope * v), [point])[0]
    got_cost, got_slope = net.value_and_grad(theta)
    for got, expected in ((got_cost, cost), (got_slope, slope), (net.hvp(theta, v), bend)):
        np.testing.assert_allclose(got, expected.value, rtol=0, atol=1e-10 * np.linalg.norm(expected.value))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_chain_equals_its_graph(activation: str) -> None:
    for (cost, output), depth in product(HEADS, (1, 2, 3)):
        with in_case(cost, output, depth):
            hold_against_graph(case(depth, activation, cost, output))


@pytest.mark.parametrize(("cost", "output"), HEADS)
def test_chain_without_hidden_layers_equals_its_graph(cost: str, output: str) -> None:
    hold_against_graph(case(0, "linear", cost, output))


@pytest.mark.parametrize(
    "settings", [{"biases": False}, {"l1": 0.1}, {"l2": 0.3}, {"biases": False, "l1": 0.2, "l2": 0.1}]
)
def test_chain_equals_its_graph_with_penalties_and_without_biases(settings: dict[str, Any]) -> None:
    hold_against_graph(case(2, "tanh", "mse", "linear", **settings))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("cost", "output"), [("mse", "linear"), ("cross_entropy", "softmax")])
def test_whole_hessian_equals_the_graphs(activation: str, cost: str, output: str) -> None:
    arguments = case(1, activation, cost, output, l2=0.1)
    net = mlp(**arguments)
    theta = np.random.default_rng(2).standard_normal(net.dim)
    expected = hessian(cost_graph(arguments))(theta)
    np.testing.assert_allclose(net.hessian(theta), expected, rtol=0, atol=1e-10 * np.abs(expected).max())


def test_saturated_outputs_stay_equal() -> None:
    arguments = case(1, "tanh", "bce", "sigmoid")
    net = mlp(**arguments)
    theta = 300.0 * np.random.default_rng(3).standard_normal(net.dim)
    cost, slope = value_and_grad(cost_graph(arguments))(theta)
    got_cost, got_slope = net.value_and_grad(theta)
    assert cost.value > 50.0
    np.testing.assert_allclose(got_cost, cost.value, rtol=1e-12)
    np.testing.assert_allclose(got_slope, slope.value, rtol=0, atol=1e-10 * np.linalg.norm(slope.value))


def test_layers_hold_what_the_forward_pass_computes() -> None:
    arguments = case(2, "softplus", "cross_entropy", "softmax")
    net = mlp(**arguments)
    theta = np.random.default_rng(4).standard_normal(net.dim)
    graph = graph_of(variable(theta), arguments)
    for layer, (z, a), (w, b) in zip(
        graph.layers, net.forward(theta, net.x), net.weights(theta), strict=True
    ):
        np.testing.assert_allclose(layer.z.value, z, rtol=1e-13)
        np.testing.assert_allclose(layer.a.value, a, rtol=1e-13)
        np.testing.assert_array_equal(layer.weights.value, w)
        assert layer.biases is not None
        np.testing.assert_array_equal(layer.biases.value, b)
    assert graph.losses.shape == (N,)
    assert graph.losses.value.mean() == pytest.approx(float(graph.cost.value), rel=1e-15)


def test_one_linear_unit_by_hand() -> None:
    # C = ½ (w x + b − y)² at w = 2, b = 1, x = 3, y = 5: r = 2
    graph = network(
        variable([2.0, 1.0]), (Dense(1, 1, "linear"),), "mse", np.array([[3.0]]), np.array([[5.0]])
    )
    adjoints = adjoints_by_name(graph.cost)
    assert graph.cost.value == 2.0
    assert adjoints.pop("x") is None
    assert adjoints == {"W1": 6.0, "b1": 2.0, "z1": 2.0, "a1": 2.0, "C": 1.0}


def test_a_cost_that_does_not_fit_its_output_is_refused() -> None:
    with pytest.raises(InvalidValue, match="cost must be mse or huber on a linear output, got 'bce'"):
        network(variable(np.zeros(2)), (Dense(1, 1, "linear"),), "bce", np.ones((1, 1)), np.ones((1, 1)))
