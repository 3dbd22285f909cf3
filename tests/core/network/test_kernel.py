"""The compiled passes: elementary functions to two units in the last place, and the same bits however cut."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from core.networks import network, somewhere
from descentscape.core.network.kernel.activations import ACTIVATION_CODES, activate, activate_both
from descentscape.core.network.kernel.passes import SEGMENT
from descentscape.core.network.layers import dense_layers
from descentscape.core.network.mlp import MLP
from descentscape.core.network.passes import COMPILED

TINY = 10.0 ** np.linspace(-300, 0, 301)
PLACES = np.concatenate(
    [np.linspace(-20, 20, 2001), np.linspace(-0.7, 0.7, 1401), TINY, -TINY, [-700.0, 700.0]]
)

LOGISTIC = (lambda x: 1 / (1 + mpmath.exp(-x)), lambda x: 1 / (2 + mpmath.exp(x) + mpmath.exp(-x)))
FUNCTIONS = {
    "tanh": (mpmath.tanh, lambda x: mpmath.sech(x) ** 2),
    "sigmoid": LOGISTIC,
    "softplus": (lambda x: mpmath.log1p(mpmath.exp(x)), LOGISTIC[0]),
}


def ulps(found, exact):
    """How many units in its last place each number is off, where these are those of a normal number."""
    rounded = np.array([float(each) for each in exact])
    normal = np.abs(rounded) > np.finfo(found.dtype).tiny
    units = np.spacing(np.abs(rounded).astype(found.dtype))
    off = [float(abs(float(a) - b) / float(unit)) for a, b, unit in zip(found, exact, units, strict=True)]
    return np.array(off)[normal]


def worst(found, exact, places):
    with mpmath.workprec(160):
        return ulps(found, [exact(mpmath.mpf(float(x))) for x in places]).max()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", FUNCTIONS)
def test_values_are_good_to_two_units_in_the_last_place(kind, dtype):
    places = PLACES.astype(dtype)
    values = places.copy()
    activate(ACTIVATION_CODES[kind], values, len(values))
    assert worst(values, FUNCTIONS[kind][0], places) < 2.0


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_slopes_are_good_to_two_units_too_and_the_values_beside_them_the_same(kind):
    values, slopes, alone = PLACES.copy(), np.ones_like(PLACES), PLACES.copy()
    activate_both(ACTIVATION_CODES[kind], values, slopes, len(values))
    activate(ACTIVATION_CODES[kind], alone, len(alone))
    assert worst(slopes, FUNCTIONS[kind][1], PLACES) < 2.0
    np.testing.assert_array_equal(alone, values)


@pytest.mark.parametrize("kind", ACTIVATION_CODES)
def test_what_is_not_a_number_stays_so_and_infinities_reach_the_limits(kind):
    z = np.array([np.nan, np.inf, -np.inf])
    activate(ACTIVATION_CODES[kind], z, 3)
    limits = {"sigmoid": (1.0, 0.0), "tanh": (1.0, -1.0), "relu": (np.inf, 0.0), "softplus": (np.inf, 0.0)}
    assert np.isnan(z[0])
    if kind in limits:
        assert tuple(z[1:]) == limits[kind]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_smallest_numbers_and_both_zeros_are_their_own_tanh(dtype):
    z = np.array([0.0, -0.0, 1e-30, -1e-30, np.finfo(dtype).tiny], dtype)
    values = z.copy()
    activate(ACTIVATION_CODES["tanh"], values, len(values))
    np.testing.assert_array_equal(values, z)
    np.testing.assert_array_equal(np.signbit(values), np.signbit(z))


def large() -> tuple[MLP, np.ndarray]:
    rng = np.random.default_rng(3)
    x, labels = rng.normal(size=(SEGMENT + 1000, 3)), rng.integers(0, 4, (SEGMENT + 1000, 1))
    mlp = MLP(dense_layers((3, 5, 4), ("tanh", "softmax")), "cross_entropy", x, labels)
    return mlp, rng.normal(size=(6, mlp.dim))


@pytest.mark.parametrize("processors", [1, 2, 3])
def test_alone_in_a_stack_and_in_any_number_of_threads_the_bits_are_the_same(processors, monkeypatch):
    mlp, thetas = large()
    together = mlp.value_and_grad(thetas)
    monkeypatch.setattr("descentscape.core.parallel.available", lambda: processors)
    for theta, cost, grad in zip(thetas, *together, strict=True):
        alone = mlp.value_and_grad(theta)
        assert alone[0] == cost
        np.testing.assert_array_equal(alone[1], grad)
        assert mlp.value(theta) == cost


def test_a_batch_is_the_network_on_those_examples_bit_for_bit():
    mlp, thetas = large()
    chosen = np.random.default_rng(0).permutation(mlp.n_examples)[:700]
    part = MLP(mlp.layers, mlp.cost, mlp.x[chosen], mlp.y[chosen])
    for ours, theirs in zip(
        mlp.batch(chosen).value_and_grad(thetas), part.value_and_grad(thetas), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("n", [3, 40, 300, 700])
@pytest.mark.parametrize("hidden", [(), (4,), (5, 3)])
def test_parts_of_a_plane_leave_no_seam_and_hold_the_costs_of_their_places(hidden, n):
    mlp = network(hidden, "tanh", "cross_entropy", "softmax", n=n)
    origin, *basis = somewhere(mlp, 3)
    points = np.random.default_rng(0).normal(size=(90, 2))
    points[20:60, 1] = 0.5
    whole = mlp.slice_cost(origin, np.array(basis), points)
    parts = [mlp.slice_cost(origin, np.array(basis), part) for part in np.split(points, [1, 7, 40, 70])]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    np.testing.assert_allclose(whole, mlp.value(origin + points @ np.array(basis)), rtol=1e-6)


def test_the_kinds_that_are_told_to_be_compiled_are():
    assert ACTIVATION_CODES.keys() == COMPILED
