from __future__ import annotations

import math

import numpy as np
import pytest

from descentscape.core.autodiff.nodes import variable
from descentscape.core.network.activations import ACTIVATIONS

KINDS = list(ACTIVATIONS)
Z = np.linspace(-6.0, 6.0, 97) + 0.01  # no point within 0.01 of a kink
HUGE = np.array([-1e6, -1e3, -40.0, 40.0, 1e3, 1e6])
BY_HAND = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "softplus": lambda z: math.log(1 + math.exp(z)),
    "gelu": lambda z: 0.5 * z * (1 + math.erf(z / math.sqrt(2))),
}


@pytest.mark.parametrize("kind", KINDS)
def test_values_are_those_of_the_formula(kind):
    np.testing.assert_allclose(
        ACTIVATIONS[kind].value(Z), [BY_HAND[kind](z) for z in Z], rtol=1e-13, atol=1e-15
    )


@pytest.mark.parametrize("kind", KINDS)
def test_derivatives_are_the_limits_of_differences(kind):
    activation, h = ACTIVATIONS[kind], 1e-5
    a = activation.value(Z)

    def slope(z):
        return activation.derivative(z, activation.value(z))

    differences = (activation.value(Z + h) - activation.value(Z - h)) / (2 * h)
    np.testing.assert_allclose(activation.derivative(Z, a), differences, rtol=0, atol=1e-9)
    differences = (slope(Z + h) - slope(Z - h)) / (2 * h)
    np.testing.assert_allclose(activation.second(Z, a), differences, rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_kinks_are_where_the_slope_jumps_and_take_the_left_one(kind):
    activation = ACTIVATIONS[kind]
    for kink in activation.kinks:
        z = np.array([kink - 1e-9, kink, kink + 1e-9])
        left, at, right = activation.derivative(z, activation.value(z))
        assert left == at != right


ENDS = {
    "sigmoid": (0, 1),
    "tanh": (-1, 1),
    "linear": (-1e6, 1e6),
    "leaky_relu": (-1e4, 1e6),
    **dict.fromkeys(("relu", "softplus", "gelu"), (0, 1e6)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_huge_inputs_neither_overflow_nor_lose_the_asymptote(kind):
    activation = ACTIVATIONS[kind]
    for z in (HUGE, HUGE.astype(np.float32)):
        a = activation.value(z)
        parts = np.array([a, activation.derivative(z, a), activation.second(z, a)])
        assert np.isfinite(parts).all()
        assert parts.dtype == z.dtype
    ends = activation.value(HUGE[[0, -1]])
    np.testing.assert_array_equal(ends, ENDS.get(kind, ends))


@pytest.mark.parametrize("kind", KINDS)
def test_results_are_written_where_they_are_asked_for(kind):
    activation = ACTIVATIONS[kind]
    a = activation.value(Z)
    out = np.empty((3, len(Z)))
    for place, function, arguments in zip(
        out, (activation.value, activation.derivative, activation.second), ((Z,), (Z, a), (Z, a)), strict=True
    ):
        assert function(*arguments, place) is place
        np.testing.assert_array_equal(place, function(*arguments))
    in_place = Z.copy()
    activation.value(in_place, in_place)
    np.testing.assert_array_equal(in_place, a)


@pytest.mark.parametrize("kind", KINDS)
def test_single_precision_follows_double(kind):
    activation = ACTIVATIONS[kind]
    a = activation.value(Z)
    z = Z.astype(np.float32)
    single = activation.value(z)
    np.testing.assert_allclose(single, a, rtol=3e-6, atol=1e-6)
    np.testing.assert_allclose(
        activation.derivative(z, single), activation.derivative(Z, a), rtol=0, atol=3e-6
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_graph_builds_the_same_function(kind):
    activation = ACTIVATIONS[kind]
    np.testing.assert_allclose(
        activation.graph(variable(Z)).value, activation.value(Z), rtol=1e-13, atol=1e-15
    )


def test_gelu_dips_to_its_published_minimum():
    z = np.linspace(-0.76, -0.74, 2001)
    a = ACTIVATIONS["gelu"].value(z)
    assert a.min() == pytest.approx(-0.169971, abs=1e-6)
    assert z[a.argmin()] == pytest.approx(-0.751792, abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_says_what_it_is(kind):
    entry = ACTIVATIONS[kind]
    assert entry.kind == kind
    assert entry.formula.startswith("σ(z) = ")
    assert all((entry.label, entry.help, entry.source))
