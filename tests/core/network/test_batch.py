"""A part of the examples is the network on those alone, whatever is asked of it and whoever computes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread

import numpy as np
import pytest

from descentscape.core.network.layers import dense_layers
from descentscape.core.network.mlp import MLP
from descentscape.core.network.passes import compiling

RNG = np.random.default_rng(5)
X, LABELS = RNG.normal(size=(90, 3)), RNG.integers(0, 4, (90, 1))
CHOSEN = RNG.permutation(90)[:37]
POINTS = RNG.normal(size=(12, 2))

ASKED: dict[str, Callable[[MLP, np.ndarray], object]] = {
    "value": lambda net, at: net.value(at[:2]),
    "gradient": lambda net, at: net.value_and_grad(at[0])[1],
    "slice, single": lambda net, at: net.slice_cost(at[0], at[1:3], POINTS),
    "slice, double": lambda net, at: net.slice_cost(at[0], at[1:3], POINTS, np.float64),
    "products": lambda net, at: net.hvp(at[0], at[1:]),
    "Hessian": lambda net, at: net.hessian(at[0]),
    "rounding": lambda net, at: net.grad_rounding(at[0]),
    "examples": lambda net, at: (net.n_examples, net.x.tolist(), net.y.tolist()),
}


def network(rows: np.ndarray) -> MLP:
    layers = dense_layers((3, 5, 4), ("tanh", "softmax"))
    return MLP(layers, "cross_entropy", X[rows], LABELS[rows], l2=0.1)


@pytest.fixture(params=["compiled", "by its layers"])
def networks(request: pytest.FixtureRequest) -> Iterator[tuple[MLP, MLP]]:
    """All examples, and those chosen."""
    compiling(Thread() if request.param == "by its layers" else None)
    yield network(np.arange(90)), network(CHOSEN)
    compiling(None)


@pytest.mark.parametrize("asked", ASKED)
def test_a_batch_answers_as_the_network_on_its_examples(networks: tuple[MLP, MLP], asked: str) -> None:
    whole, part = networks
    at = np.random.default_rng(1).normal(size=(4, whole.dim))
    found, expected = (ASKED[asked](net, at) for net in (whole.batch(CHOSEN), part))
    tolerance = 1e-6 if asked == "slice, single" else 1e-12
    for one, other in zip(
        *((each if isinstance(each, tuple) else (each,)) for each in (found, expected)), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)
    assert asked == "examples" or not np.allclose(ASKED[asked](whole, at), found, rtol=1e-3, atol=0.0)


def test_a_batch_of_a_batch_is_a_batch(networks: tuple[MLP, MLP]) -> None:
    whole, part = networks
    at = np.random.default_rng(1).normal(size=whole.dim)
    some = np.arange(3, 30, 2)
    np.testing.assert_allclose(whole.batch(CHOSEN).batch(some).value(at), part.batch(some).value(at), 1e-13)
