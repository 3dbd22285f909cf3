"""Compiled second derivatives: digits, agreement with each other, and the same bits however cut."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from cases import in_case
from core.network.test_kernel import PLACES, large, worst
from core.networks import HEADS, close, mlp, network, somewhere
from descentscape.core.network import compiled_passes
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.architecture import WORKSPACES, Architecture
from descentscape.core.network.kernel.activations import ACTIVATION_CODES, activate_both, activate_twice
from descentscape.core.network.kernel.products import BLOCK
from descentscape.core.network.layer_passes import LayerPasses

PROCESSORS = "descentscape.core.parallel.available"


def density(x):
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)


SECONDS = {
    "tanh": lambda x: -2 * mpmath.tanh(x) * mpmath.sech(x) ** 2,
    "sigmoid": lambda x: -mpmath.tanh(x / 2) / (2 + mpmath.exp(x) + mpmath.exp(-x)),
    "softplus": lambda x: 1 / (2 + mpmath.exp(x) + mpmath.exp(-x)),
    "gelu": lambda x: (2 - x * x) * density(x),
}


def curved(kind, places):
    values, slopes, seconds = places.copy(), np.empty_like(places), np.empty_like(places)
    activate_twice(ACTIVATION_CODES[kind], values, slopes, seconds, len(places))
    return values, slopes, seconds


@pytest.mark.parametrize("kind", SECONDS)
def test_second_derivatives_keep_their_digits_wherever_they_are(kind):
    near_root = np.sqrt(2.0) + np.array([-1e-3, -1e-9, -1e-15, 0.0, 1e-15, 1e-9])
    places = np.concatenate([PLACES, near_root, -near_root])
    assert worst(curved(kind, places)[2], SECONDS[kind], places) < 4.0


def test_the_second_derivative_of_gelu_keeps_them_to_the_end_of_the_normal_numbers():
    far = np.concatenate([np.linspace(34.0, 37.8, 2001), [np.nextafter(35.0, 36.0)]])
    assert worst(curved("gelu", far)[2], SECONDS["gelu"], far) < 4.0
    assert worst(curved("gelu", -far)[2], SECONDS["gelu"], far) < 4.0
    assert curved("gelu", np.array([38.6]))[2][0] < 0.0
    assert not curved("gelu", np.array([40.0, 1e300, -np.inf]))[2].any()


@pytest.mark.parametrize("kind", [kind for kind in ACTIVATION_CODES if kind != "softmax"])
def test_beside_them_stand_value_and_slope_and_at_kinks_nothing(kind):
    places = np.concatenate([PLACES, [0.0]])
    values, slopes = places.copy(), np.empty_like(places)
    activate_both(ACTIVATION_CODES[kind], values, slopes, len(places))
    found = curved(kind, places)
    np.testing.assert_allclose(found[0], values, rtol=1e-15, atol=0)
    np.testing.assert_allclose(found[1], slopes, rtol=1e-15, atol=1e-320)
    if kind not in SECONDS:
        assert not found[2].any()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_products_are_columns_of_the_hessian_and_layers_find_the_same(activation):
    for cost, output in HEADS:
        with in_case(cost, output):
            net = network((4, 3, 5), activation, cost, output, n=2 * BLOCK + 7)
            theta = somewhere(net)
            hessian = net.hessian(theta)
            np.testing.assert_array_equal(hessian, hessian.T)
            close(net.hvp(theta, np.eye(net.dim)), hessian, 1e-13)
            layers = LayerPasses(Architecture(net.layers, net.cost, 0.0, 0.0), net.x, net.y)
            close(hessian, layers.hessian(theta), 1e-12)
            close(net._passes.sizes(theta), layers.sizes(theta), 1e-13)


def test_where_one_class_is_nearly_certain_the_small_curvature_keeps_its_digits():
    x, labels = np.array([[1.0], [-1.0]]), np.array([[0], [1]])
    net = mlp((1, 3), ("softmax",), "cross_entropy", x, labels)
    theta, v = np.array([30.0, -35.0, 3.0, 0.5, 0.25, -0.125]), np.array([1.0, 2.0, -1.0, 0.5, -2.0, 3.0])
    with mpmath.workdps(60):
        exact = np.zeros(6, object)
        for (sign,) in x.tolist():
            z, w = ([t[k] * sign + t[3 + k] for k in range(3)] for t in (theta, v))
            p = [mpmath.exp(mpmath.mpf(each)) for each in z]
            p = [each / sum(p) for each in p]
            mean = sum(a * b for a, b in zip(p, w, strict=True))
            moved = [a * (b - mean) / 2 for a, b in zip(p, w, strict=True)]
            exact += np.array([sign * each for each in moved] + moved)
    assert max(map(abs, exact)) < 1e-11
    np.testing.assert_allclose(net.hvp(theta, v), exact.astype(float), rtol=1e-13)


@pytest.mark.parametrize(("residual", "second"), [(0.5, 1.0), (1.0, 0.0), (-1.0, 0.0), (1.5, 0.0)])
def test_the_huber_cost_is_curved_inside_and_straight_at_the_seam(residual, second):
    net = mlp((1, 1), ("linear",), "huber", np.ones((1, 1)), np.zeros((1, 1)), biases=False)
    assert net.hessian(np.array([residual])) == second


@pytest.mark.parametrize("processors", [1, 2, 3])
def test_products_are_the_same_bits_alone_in_a_stack_and_in_any_number_of_threads(processors, monkeypatch):
    net, (theta, *vectors) = large()
    together = net.hvp(theta, np.array(vectors * 9))
    monkeypatch.setattr(PROCESSORS, lambda: processors)
    WORKSPACES.clear()
    np.testing.assert_array_equal(net.hvp(theta, np.array(vectors * 9)), together)
    for v, product in zip(vectors, together, strict=False):
        np.testing.assert_array_equal(net.hvp(theta, v), product)


@pytest.mark.parametrize("units", [1, 3, 8, 50])
@pytest.mark.parametrize("processors", [1, 2, 3])
def test_the_hessian_is_the_same_bits_in_any_parts_and_number_of_threads(units, processors, monkeypatch):
    net = network((7, 13, 6), "tanh", "cross_entropy", "softmax", n=300)
    theta = somewhere(net)
    whole = net.hessian(theta)
    monkeypatch.setattr(PROCESSORS, lambda: processors)
    monkeypatch.setattr(compiled_passes, "HESSIAN_UNITS", units)
    monkeypatch.setattr(compiled_passes, "HESSIAN_THREAD_WORK", 0)
    same = network((7, 13, 6), "tanh", "cross_entropy", "softmax", n=300)
    np.testing.assert_array_equal(same.hessian(theta), whole)


def test_a_batch_has_the_curvature_of_the_network_on_those_examples():
    net, (theta, v, *_) = large()
    chosen = np.random.default_rng(0).permutation(net.n_examples)[:700]
    part = mlp(net.widths, net.activations, net.cost, net.x[chosen], net.y[chosen])
    batch = net.batch(chosen)
    np.testing.assert_array_equal(batch.hvp(theta, v), part.hvp(theta, v))
    np.testing.assert_array_equal(batch.hessian(theta), part.hessian(theta))
    assert batch.grad_rounding(theta) == part.grad_rounding(theta)


def test_of_many_examples_the_segments_are_added_up():
    net, (theta, v, *_) = large()
    parts = [net.batch(np.arange(k, net.n_examples, 2)) for k in range(2)]
    counts = [part.n_examples for part in parts]
    close(net.hessian(theta), np.average([part.hessian(theta) for part in parts], 0, counts), 1e-13)
    close(net.hvp(theta, v), np.average([part.hvp(theta, v) for part in parts], 0, counts), 1e-13)
