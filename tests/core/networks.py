"""Small networks to test on, and differences to hold their derivatives against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from descentscape.core.network.costs import COSTS, one_hot
from descentscape.core.network.mlp import Chain
from descentscape.core.objective import Array

HEADS = [(cost.kind, output) for cost in COSTS.values() for output in cost.outputs]
"""Every cost with every output that it can stand on."""


def network(
    hidden: tuple[int, ...],
    activation: str,
    cost: str,
    output: str,
    *,
    n: int = 5,
    k: int = 3,
    **settings: Any,
) -> Chain:
    """A network from 2 inputs to k outputs on n random examples, the same ones on every call."""
    rng = np.random.default_rng(len(hidden))
    x, y = rng.normal(size=(n, 2)), 1.5 * rng.normal(size=(n, k))
    if cost == "bce":
        y = rng.random((n, k))
    if cost == "cross_entropy":
        y = one_hot(rng.integers(0, k, n), k)
    return Chain((2, *hidden, k), (activation,) * len(hidden) + (output,), cost, x, y, **settings)


def somewhere(objective: Chain, *batch: int, seed: int = 1) -> Array:
    """Random parameters ``(*batch, P)``."""
    return np.random.default_rng(seed).normal(0.0, 0.8, (*batch, objective.dim))


def differences(f: Callable[[Array], Array], theta: Array, h: float = 1e-5) -> Array:
    """Central differences of a function of ``(*B, P)``, one for each parameter along the first axis."""
    steps = h * np.eye(theta.size)
    return (f(theta + steps) - f(theta - steps)) / (2.0 * h)


def close(got: Array, expected: Array, tolerance: float) -> None:
    """Within a tolerance of the expected array's norm."""
    np.testing.assert_allclose(got, expected, rtol=0.0, atol=tolerance * np.linalg.norm(expected))
