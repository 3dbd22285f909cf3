"""Layers that bend each in its own way: the fast passes against differences, loops and one another."""

from __future__ import annotations

import numpy as np
import pytest

from core.networks import close, differences, mlp, somewhere

MIXED = [("linear", "relu"), ("tanh", "gelu", "sigmoid"), ("relu", "linear", "linear", "softplus")]


def mixed(kinds):
    """2 → 3 → … → 3 → 2 on six random examples."""
    x, y = np.random.default_rng(len(kinds)).normal(size=(2, 6, 2))
    return mlp((2, *(3 for _ in kinds), 2), (*kinds, "linear"), "mse", x, y)


@pytest.mark.parametrize("kinds", MIXED, ids="-".join)
def test_derivatives_are_the_limits_of_differences(kinds):
    net = mixed(kinds)
    theta = somewhere(net)
    close(net.value_and_grad(theta)[1], differences(net.value, theta), 1e-6)
    hessian = net.hessian(theta)
    close(hessian, differences(lambda thetas: net.value_and_grad(thetas)[1], theta), 1e-5)
    vectors = somewhere(net, 3, seed=2)
    close(net.hvp(theta, vectors), vectors @ hessian, 1e-12)


@pytest.mark.parametrize("kinds", MIXED, ids="-".join)
def test_many_thetas_and_slices_are_each_theta_by_itself(kinds):
    net = mixed(kinds)
    thetas = somewhere(net, 40)
    costs, gradients = net.value_and_grad(thetas)
    for theta, cost, gradient in zip(thetas, costs, gradients, strict=True):
        alone = net.value_and_grad(theta)
        assert cost == pytest.approx(alone[0], rel=1e-12)
        close(gradient, alone[1], 1e-12)
    origin, *basis = somewhere(net, 3)
    points = np.random.default_rng(3).normal(size=(25, 2))
    exact = net.value(origin + points @ np.array(basis))
    sliced = net.slice_cost(origin, np.array(basis), points, np.float64)
    np.testing.assert_allclose(sliced, exact, rtol=1e-12, atol=1e-14)
