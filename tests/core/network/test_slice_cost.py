"""The cost over a plane against the cost at each of its points."""

from __future__ import annotations

import numpy as np
import pytest

from core.networks import HEADS, network, somewhere
from descentscape.core.network.activations import ACTIVATIONS


def plane(net, extent=2.0):
    origin, *basis = somewhere(net, 3)
    side = np.linspace(-extent, extent, 7)
    return origin, np.array(basis), np.stack(np.meshgrid(side, side), -1).reshape(-1, 2)


def hold(net, origin, basis, points):
    exact = net.value(origin + points @ basis)
    single = net.slice_cost(origin, basis, points)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, exact, rtol=3e-6, atol=1e-6)
    np.testing.assert_allclose(
        net.slice_cost(origin, basis, points, np.float64), exact, rtol=1e-12, atol=1e-14
    )


@pytest.mark.parametrize("hidden", [(), (4,), (5, 1, 3)], ids=len)
@pytest.mark.parametrize(("cost", "output"), HEADS)
def test_slice_is_the_cost_at_its_points(cost, output, hidden):
    net = network(hidden, "tanh", cost, output)
    hold(net, *plane(net))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_so_it_is_for_every_activation(activation):
    net = network((4, 3), activation, "mse", "linear")
    hold(net, *plane(net, 0.5))


@pytest.mark.parametrize("settings", [{"biases": False}, {"l1": 0.2, "l2": 0.1}, {"k": 1}])
def test_so_it_is_with_penalties_without_biases_and_for_one_output(settings):
    net = network((4, 3), "softplus", "mse", "sigmoid", **settings)
    hold(net, *plane(net))


def test_single_precision_is_good_to_seven_digits():
    net = network((16, 16), "tanh", "mse", "sigmoid", n=300)
    origin, basis, points = plane(net)
    exact = net.value(origin + points @ basis)
    assert np.abs(net.slice_cost(origin, basis, points) / exact - 1.0).max() < 1e-6
