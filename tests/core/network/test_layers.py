"""A layer's own passes held against its graph and against differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.networks import close
from descentscape.core.autodiff.nodes import total, variable
from descentscape.core.autodiff.reverse import pullback
from descentscape.core.errors import InvalidValue
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.costs import OUTPUTS
from descentscape.core.network.layers import Dense, dense_layers
from descentscape.core.network.mlp import MLP

IN, OUT, N, R = 4, 3, 5, 2
SMOOTH = [kind for kind in OUTPUTS if kind not in ACTIVATIONS or not ACTIVATIONS[kind].kinks]


@pytest.fixture(params=[True, False], ids=["biases", "none"])
def layer(request: Any) -> Dense:
    return Dense(IN, OUT, "tanh", request.param)


def drawn(layer: Dense) -> tuple[Any, ...]:
    """Parameters, units below, a slope of ℓ by the units above, and directions of all three."""
    rng = np.random.default_rng(3)
    dim = layer.blocks[-1].span.stop
    shapes = (dim,), (IN, N), (OUT, N), (R, dim), (R, IN, N), (R, OUT, N)
    return tuple(rng.standard_normal(shape) for shape in shapes)


def backward(layer: Dense, theta: Any, a: Any, slope: Any) -> tuple[Any, Any]:
    """∂Σ slope·σ / ∂parameters and ∂ / ∂a by the layer's own passes."""
    delta = layer.delta(*layer.forward(theta, a), slope)
    return layer.gradient(a, delta), layer.backward(theta, delta)


@pytest.mark.parametrize("kind", OUTPUTS)
@pytest.mark.parametrize("biases", [True, False])
def test_forward_and_backward_are_those_of_its_graph(kind: str, biases: bool) -> None:
    layer = Dense(IN, OUT, kind, biases)
    theta, a, slope, *_ = drawn(layer)
    parameters, below = variable(theta), variable(a.T)
    nodes = layer.graph(parameters, below, 1)
    z, above = layer.forward(theta, a)
    close(z, nodes.z.value.T, 1e-14)
    close(above, nodes.a.value.T, 1e-14)
    expected = pullback(total(nodes.a * slope.T), [parameters, below])
    gradient, back = backward(layer, theta, a, slope)
    close(gradient, expected[0].value, 1e-13)
    close(back, expected[1].value.T, 1e-13)


@pytest.mark.parametrize("kind", SMOOTH)
def test_backward_is_the_slope_that_differences_find(kind: str) -> None:
    layer = Dense(IN, OUT, kind)
    theta, a, slope, moved, moved_a, _ = drawn(layer)
    gradient, back = backward(layer, theta, a, slope)
    h = 1e-6
    for v, w in zip(moved, moved_a, strict=True):
        ahead, behind = (layer.forward(theta + s * v, a + s * w)[1] for s in (h, -h))
        found = float((slope * (ahead - behind)).sum() / (2 * h))
        assert found == pytest.approx(float(gradient @ v + (back * w).sum()), rel=1e-7)


def test_tangents_are_what_differences_find(layer: Dense) -> None:
    theta, a, delta, moved, moved_a, moved_delta = drawn(layer)
    tangents = (
        layer.forward_tangent(theta, moved, a, moved_a),
        layer.backward_tangent(theta, moved, delta, moved_delta),
        layer.gradient_tangent(a, moved_a, delta, moved_delta),
    )

    def passes(s: float, k: int) -> tuple[Any, Any, Any]:
        here, below, back = theta + s * moved[k], a + s * moved_a[k], delta + s * moved_delta[k]
        return layer.forward(here, below)[0], layer.backward(here, back), layer.gradient(below, back)

    for k in range(R):
        for tangent, ahead, behind in zip(tangents, passes(0.5, k), passes(-0.5, k), strict=True):
            close(tangent[k], ahead - behind, 1e-13)  # exact: every pass is of second degree in s


def test_units_below_that_stay_leave_their_terms_out(layer: Dense) -> None:
    theta, a, delta, moved, moved_a, moved_delta = drawn(layer)
    still = np.zeros_like(moved_a)
    close(layer.forward_tangent(theta, moved, a, None), layer.forward_tangent(theta, moved, a, still), 1e-15)
    found = layer.gradient_tangent(a, None, delta, moved_delta)
    close(found, layer.gradient_tangent(a, still, delta, moved_delta), 1e-15)


def test_a_stack_of_thetas_is_each_by_itself(layer: Dense) -> None:
    _, a, _, thetas, *_ = drawn(layer)
    z, above = layer.forward(thetas, a)
    for k, theta in enumerate(thetas):
        close(z[k], layer.forward(theta, a)[0], 1e-15)
        close(above[k], layer.forward(theta, a)[1], 1e-15)


def test_blocks_are_weights_and_then_biases() -> None:
    found = [(each.name, each.role, each.shape, each.start) for each in Dense(IN, OUT, "relu").blocks]
    assert found == [("w", "weight", (OUT, IN), 0), ("b", "bias", (OUT,), OUT * IN)]
    assert [each.name for each in Dense(IN, OUT, "relu", biases=False).blocks] == ["w"]


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ((), "layers must be one or more"),
        ((Dense(2, 3, "tanh"), Dense(4, 1, "linear")), "units_in must be 3, the units below, got 4"),
        ((Dense(2, 3, "tanh"), Dense(3, 1, "linear", biases=False)), "biases must be the same for all"),
        ((Dense(2, 3, "softmax"), Dense(3, 1, "linear")), "activation must be one of linear, .*'softmax'"),
    ],
)
def test_layers_that_do_not_fit_are_refused(layers: tuple[Dense, ...], message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        MLP(layers, "mse", np.zeros((4, 2)), np.ones((4, 1)))


def test_layers_are_refused_by_name() -> None:
    with pytest.raises(InvalidValue, match="units_out must be a positive number, got 0"):
        Dense(2, 0, "tanh")
    assert [layer.units_out for layer in dense_layers((2, 3, 1), ("tanh", "linear"))] == [3, 1]
