"""Gradients of every activation, cost and depth against central differences of the cost."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from cases import in_case
from core.networks import HEADS, close, differences, network, somewhere
from descentscape.core.network.activations import ACTIVATIONS

DEPTHS = [(), (4,), (4, 3), (3, 4, 3), (3, 3, 3, 3)]


def hold(net, theta):
    close(net.value_and_grad(theta)[1], differences(net.value, theta), 1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradient_is_the_limit_of_differences(activation):
    for (cost, output), hidden in product(HEADS, DEPTHS):
        with in_case(cost, output, hidden):
            net = network(hidden, activation, cost, output)
            hold(net, somewhere(net))


@pytest.mark.parametrize("hidden", DEPTHS, ids=len)
@pytest.mark.parametrize(
    "settings", [{"biases": False}, {"l1": 0.1}, {"l2": 0.3}, {"l1": 0.2, "l2": 0.1, "k": 1}]
)
def test_so_it_is_with_penalties_and_without_biases(hidden, settings):
    net = network(hidden, "tanh", "mse", "sigmoid", **settings)
    hold(net, somewhere(net))


def test_so_it_is_for_the_two_parameter_problems():
    from core.networks import mlp

    x, y = np.random.default_rng(0).normal(size=(2, 6, 1))
    for net in (
        mlp((1, 1), ("linear",), "mse", x, y),
        mlp((1, 1, 1), ("tanh", "tanh"), "mse", x, y, biases=False),
        mlp((1, 1, 1), ("linear", "linear"), "mse", x, y, biases=False),
    ):
        hold(net, np.array([0.7, -1.1]))


@pytest.mark.parametrize("batch", [(3,), (2, 4), (40,), (0,)])
@pytest.mark.parametrize(
    ("activation", "cost", "output", "settings"),
    [
        ("tanh", "mse", "linear", {"k": 1}),
        ("gelu", "cross_entropy", "softmax", {}),
        ("relu", "bce", "sigmoid", {"l1": 0.1, "l2": 0.2}),
        ("softplus", "huber", "softmax", {"biases": False}),
    ],
)
def test_batch_axes_are_a_loop(activation, cost, output, settings, batch):
    net = network((4, 1, 3), activation, cost, output, n=800, **settings)
    thetas = somewhere(net, *batch)
    costs, gradients = net.value_and_grad(thetas)
    assert (costs.shape, gradients.shape) == (batch, (*batch, net.dim))
    np.testing.assert_allclose(net.value(thetas), costs, rtol=1e-12)
    for index in np.ndindex(*batch):
        cost, gradient = net.value_and_grad(thetas[index])
        assert costs[index] == pytest.approx(cost, rel=1e-12)
        close(gradients[index], gradient, 1e-12)


def test_value_keeps_single_precision():
    net = network((6, 6), "tanh", "cross_entropy", "softmax", n=50)
    thetas = somewhere(net, 7)
    single = net.value(thetas.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, net.value(thetas), rtol=1e-6)


def test_equal_units_of_a_network_of_zeros_get_equal_gradients():
    net = network((4,), "tanh", "mse", "linear", k=1)
    gradient = net.value_and_grad(np.zeros(net.dim))[1]
    np.testing.assert_array_equal(gradient[:-1], 0.0)
    assert gradient[-1] == pytest.approx(-net.y.mean(), rel=1e-14)
