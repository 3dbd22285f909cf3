"""Linear layers are one linear layer; one activation, and they are not."""

from __future__ import annotations

import numpy as np
import pytest

from core.networks import mlp
from descentscape.core.explain.collapse import collapse_layers
from descentscape.core.network.mlp import MLP


def deep(hidden: str, output: str, *, biases: bool = True) -> tuple[MLP, np.ndarray]:
    rng = np.random.default_rng(8)
    x, y = rng.standard_normal((25, 3)), rng.random((25, 2))
    net = mlp((3, 5, 4, 6, 2), (hidden,) * 3 + (output,), "mse", x, y, biases=biases)
    return net, rng.standard_normal(net.dim)


@pytest.mark.parametrize("output", ["linear", "sigmoid", "softmax"])
@pytest.mark.parametrize("biases", [True, False])
def test_linear_layers_collapse_into_one(output: str, biases: bool) -> None:
    net, theta = deep("linear", output, biases=biases)
    seen = collapse_layers(net, theta)
    assert seen.linear
    assert seen.difference <= 1e-12 * max(1.0, seen.scale)
    one = mlp((3, 2), (output,), "mse", net.x, net.y)
    flat = np.concatenate([seen.weights.ravel(), seen.biases])
    np.testing.assert_allclose(one.outputs(flat, net.x), seen.outputs, rtol=1e-14)
    assert one.value(flat) == pytest.approx(float(net.value(theta)), rel=1e-12)


def test_weights_and_biases_by_hand() -> None:
    net = mlp((1, 1, 1), ("linear", "linear"), "mse", np.ones((1, 1)), np.ones((1, 1)))
    seen = collapse_layers(net, np.array([2.0, 3.0, 5.0, 7.0]))
    assert (seen.weights, seen.biases) == (10.0, 22.0)


@pytest.mark.parametrize("hidden", ["tanh", "relu", "sigmoid"])
def test_an_activation_breaks_it(hidden: str) -> None:
    net, theta = deep(hidden, "linear")
    seen = collapse_layers(net, theta)
    assert not seen.linear
    assert seen.difference > 0.1 * seen.scale


def test_small_weights_leave_a_tanh_nearly_linear() -> None:
    net, theta = deep("tanh", "linear")
    small = [collapse_layers(net, scale * theta).difference for scale in (1e-2, 1e-3)]
    assert 0 < small[1] < small[0] < 1e-4
