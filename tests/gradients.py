"""The one gradient checker: first and second derivatives against differences of the values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from descentscape.core.autodiff.nodes import Node, total, variable
from descentscape.core.autodiff.reverse import pullback
from descentscape.core.objective import Array

Function = Callable[..., Node]


def slope(f: Callable[[float], float], h: float = 2e-3) -> float:
    """The derivative at 0 by central differences of sixth order."""
    return sum(weight * (f(k * h) - f(-k * h)) / h for k, weight in ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60)))


def check_derivatives(f: Function, *arrays: Array, order: int = 2, tolerance: float = 1e-9) -> None:
    """Hold the pullback of f against differences along a random direction, then that of its gradient.

    Random projections see every entry of a Jacobian: a wrong one passes with probability zero.
    """
    rng = np.random.default_rng(order)
    directions = [rng.standard_normal(a.shape) for a in arrays]
    seed = rng.standard_normal(f(*map(variable, arrays)).shape)

    def along(t: float) -> float:
        moved = (variable(a + t * d) for a, d in zip(arrays, directions, strict=True))
        return float(np.sum(seed * f(*moved).value))

    def derivative(*nodes: Node) -> Node:
        gradients = pullback(f(*nodes), nodes, seed)
        assert [g.shape for g in gradients] == [node.shape for node in nodes]
        return sum((total(g * d) for g, d in zip(gradients, directions, strict=True)), variable(0.0))

    expected, got = slope(along), float(derivative(*map(variable, arrays)).value)
    assert abs(got - expected) <= tolerance * max(1.0, abs(expected)), (order, got, expected)
    if order > 1:
        check_derivatives(derivative, *arrays, order=order - 1, tolerance=tolerance)
