"""Derivatives of functions of nodes, and the one checker: against differences of the values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from descentscape.core.autodiff.nodes import Node, Operand, apply, total, variable
from descentscape.core.autodiff.reverse import pullback
from descentscape.core.objective import Array

Function = Callable[..., Node]

Scalar = Callable[[Node], Node]
"""A function of one node whose result has shape ``()``."""


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


def value_and_grad(f: Scalar) -> Callable[[Operand], tuple[Node, Node]]:
    """The function theta ↦ (f(theta), ∇f(theta)), whose results are nodes, so that it can be nested."""

    def evaluate(theta: Operand) -> tuple[Node, Node]:
        # a node of its own, so that an enclosing derivative by the same theta is not mistaken for this one
        point = apply("identity", theta) if isinstance(theta, Node) else variable(theta)
        output = f(point)
        return output, pullback(output, [point])[0]

    return evaluate


def grad(f: Scalar) -> Callable[[Operand], Node]:
    """The function theta ↦ ∇f(theta), of theta's shape."""
    return lambda theta: value_and_grad(f)(theta)[1]


def hessian(f: Scalar) -> Callable[[ArrayLike], Array]:
    """The function theta ``(P,)`` ↦ matrix of second derivatives ``(P, P)``: one pass back per row."""

    def evaluate(theta: ArrayLike) -> Array:
        point = variable(theta)
        return jacobian(grad(f)(point), point)

    return evaluate


def jacobian(output: Node, wrt: Node) -> Array:
    """∂output/∂wrt through every path, shape ``(*output.shape, *wrt.shape)``."""
    seeds = np.eye(output.value.size).reshape(-1, *output.shape)
    rows = [pullback(output, [wrt], seed)[0].value for seed in seeds]
    return np.reshape(rows, output.shape + wrt.shape)
