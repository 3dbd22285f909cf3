"""Small networks to test on, and differences to hold their derivatives against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from descentscape.core.network.costs import COSTS, one_hot
from descentscape.core.network.layers import dense_layers
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array

HEADS = [(cost.kind, output) for cost in COSTS.values() for output in cost.outputs]
"""Every cost with every output that it can stand on."""


def mlp(
    widths: Sequence[int],
    activations: Sequence[str],
    cost: str,
    x: Array,
    y: Array,
    *,
    biases: bool = True,
    l1: float = 0.0,
    l2: float = 0.0,
) -> MLP:
    """A network of dense layers of these widths, from the inputs to the outputs."""
    return MLP(dense_layers(widths, activations, biases=biases), cost, x, y, l1=l1, l2=l2)


def network(
    hidden: tuple[int, ...],
    activation: str,
    cost: str,
    output: str,
    *,
    n: int = 5,
    k: int = 3,
    **settings: Any,
) -> MLP:
    """A network from 2 inputs to k outputs on n random examples, the same ones on every call."""
    rng = np.random.default_rng(len(hidden))
    x, y = rng.normal(size=(n, 2)), 1.5 * rng.normal(size=(n, k))
    if cost == "bce":
        y = rng.random((n, k))
    if cost == "cross_entropy":
        y = one_hot(rng.integers(0, k, n), k)
    return mlp((2, *hidden, k), (activation,) * len(hidden) + (output,), cost, x, y, **settings)


def somewhere(objective: MLP, *batch: int, seed: int = 1) -> Array:
    """Random parameters ``(*batch, P)``."""
    return np.random.default_rng(seed).normal(0.0, 0.8, (*batch, objective.dim))


def differences(f: Callable[[Array], Array], theta: Array, h: float = 1e-5) -> Array:
    """Central differences of a function of ``(*B, P)``, one for each parameter along the first axis."""
    steps = h * np.eye(theta.size)
    return (f(theta + steps) - f(theta - steps)) / (2.0 * h)


def close(got: Array, expected: Array, tolerance: float) -> None:
    """Within a tolerance of the expected array's norm."""
    np.testing.assert_allclose(got, expected, rtol=0.0, atol=tolerance * np.linalg.norm(expected))
