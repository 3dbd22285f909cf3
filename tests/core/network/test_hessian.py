"""Second derivatives against differences of gradients."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from cases import in_case
from core.networks import HEADS, close, differences, mlp, network, somewhere
from descentscape.core.network.activations import ACTIVATIONS

DEPTHS = [(), (4,), (4, 3), (3, 4, 3), (3, 3, 3, 3)]


def hold(net, theta):
    hessian = net.hessian(theta)
    close(hessian, differences(lambda thetas: net.value_and_grad(thetas)[1], theta), 1e-5)
    np.testing.assert_allclose(hessian, hessian.T, rtol=0, atol=1e-12)
    vectors = somewhere(net, 3, seed=2)
    close(net.hvp(theta, vectors), vectors @ hessian, 1e-12)


@pytest.mark.parametrize("activation", ["tanh", "gelu"])
def test_hessian_is_the_limit_of_differences(activation):
    for (cost, output), hidden in product(HEADS, DEPTHS):
        with in_case(cost, output, hidden):
            net = network(hidden, activation, cost, output)
            hold(net, somewhere(net))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_so_it_is_for_every_activation(activation):
    net = network((4, 3), activation, "mse", "linear")
    hold(net, somewhere(net))


@pytest.mark.parametrize("settings", [{"biases": False}, {"l1": 0.1, "l2": 0.3}, {"k": 1}, {"n": 1}])
def test_so_it_is_with_penalties_without_biases_and_for_one_output(settings):
    net = network((4, 3), "softplus", "mse", "sigmoid", **settings)
    hold(net, somewhere(net))


def test_so_it_is_when_the_examples_are_taken_in_blocks():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(1000, 64)), rng.normal(size=(1000, 1))
    net = mlp((64, 2, 1), ("tanh", "linear"), "mse", x, y)
    theta = somewhere(net)
    parts = [net.batch(np.arange(first, first + 250)).hessian(theta) for first in range(0, 1000, 250)]
    close(net.hessian(theta), np.mean(parts, axis=0), 1e-12)


def test_the_linear_chain_by_hand():
    # C = ½ (w2 w1 x − y)² at x = 2, y = 3: with p = w1 w2, ∂²C = [[4 w2², 8p − 6], [8p − 6, 4 w1²]]
    net = mlp((1, 1, 1), ("linear", "linear"), "mse", np.array([[2.0]]), np.array([[3.0]]), biases=False)
    np.testing.assert_allclose(net.hessian(np.array([0.5, -1.0])), [[4.0, -10.0], [-10.0, 1.0]], rtol=1e-15)
    np.testing.assert_allclose(net.hessian(np.zeros(2)), [[0.0, -6.0], [-6.0, 0.0]], rtol=1e-15)


def test_the_bowl_is_the_covariance_of_its_inputs():
    x = np.random.default_rng(0).normal(size=(9, 2))
    net = mlp((2, 1), ("linear",), "mse", x, np.zeros((9, 1)))
    joint = np.hstack([x, np.ones((9, 1))])
    np.testing.assert_allclose(net.hessian(np.array([3.0, -1.0, 2.0])), joint.T @ joint / 9, rtol=1e-13)


@pytest.mark.parametrize("batch", [(), (1,), (2, 3), (60,), (0,)])
def test_products_have_the_vectors_axes(batch):
    net = network((4, 3), "tanh", "mse", "linear", n=400)
    theta, vectors = somewhere(net), somewhere(net, *batch, seed=2)
    products = net.hvp(theta, vectors)
    assert products.shape == vectors.shape
    np.testing.assert_allclose(products, vectors @ net.hessian(theta), rtol=0, atol=1e-11)


def test_products_follow_theta_and_the_examples():
    net = network((4,), "tanh", "mse", "linear", n=8)
    theta, v = somewhere(net), somewhere(net, seed=2)
    halves = net.batch(np.arange(4)), net.batch(np.arange(4, 8))
    for at in (theta, 2.0 * theta, theta):
        expected = net.hessian(at) @ v
        np.testing.assert_allclose(net.hvp(at, v), expected, rtol=1e-11, atol=1e-13)
        parts = [half.hvp(at, v) for half in halves]
        np.testing.assert_allclose(np.mean(parts, 0), expected, rtol=1e-11, atol=1e-13)
    theta *= 3.0
    np.testing.assert_allclose(net.hvp(theta, v), net.hessian(theta) @ v, rtol=1e-11, atol=1e-13)
