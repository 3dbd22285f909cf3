"""A cost surface given by a formula in two variables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import hypot, isfinite

import numpy as np

from descentscape.core.autodiff.nodes import Node, absolute, constant, equal, variable, where
from descentscape.core.autodiff.program import Program, assemble
from descentscape.core.autodiff.reverse import adjoints, pullback
from descentscape.core.blocks import Block
from descentscape.core.formulas.expression import Expression
from descentscape.core.formulas.known import FORMULAS, Formula
from descentscape.core.formulas.parser import parse
from descentscape.core.objective import EPSILON, AnyArray, Array

__all__ = ["FORMULAS", "Expression", "Formula", "FormulaObjective", "parse"]


@dataclass(frozen=True)
class FormulaObjective:
    """The cost C(theta) = f(x, y) at theta = (x, y), an `Objective` with exact derivatives.

    The formula is differentiated once, as a graph, and compiled. Values that are not finite are results: inf
    at a pole or where f overflows, NaN where f is not defined, without a warning. So are slopes: where f is
    finite and its gradient is not, there is no slope (√x and ∛x at 0).

    At a kink the gradient is the shortest of those between the slopes that meet there: 0 of |x|, max(0, x)
    and √(x² + y²) at their tips, as of a network's ReLU, (½, ½) of max(x, y) where x = y. The Hessian is
    blind to the jump. `autodiff` says how, and what becomes of 0·∞. Inside, parts of f may be as large as
    `program.LONG` goes, about e¹¹³⁵⁶; beyond, what overflows is taken for ∞.
    """

    expression: Expression

    @property
    def dim(self) -> int:
        """Two parameters."""
        return 2

    @property
    def blocks(self) -> tuple[Block, ...]:
        """One block, the point."""
        return (Block("point", "point", "coordinate", (2,)),)

    def parameter_names(self) -> list[str]:
        """``["x", "y"]``."""
        return ["x", "y"]

    def value(self, theta: AnyArray) -> AnyArray:
        """C(theta), shape ``(*B,)``, in theta's own precision."""
        if _single(theta):
            return np.array(self._value.at(theta.tolist())[0])
        return self._value(theta.reshape(-1, 2)).reshape(theta.shape[:-1])

    def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
        """C(theta) ``(*B,)`` and its gradient ``(*B, 2)``."""
        if _single(theta):
            cost, *slope = self._slope.at(theta.tolist())
            return np.array(cost), np.array(slope)
        results = self._slope(theta.reshape(-1, 2))
        return results[0].reshape(theta.shape[:-1]), results[1:].T.reshape(theta.shape)

    def grad_rounding(self, theta: Array) -> float:
        """‖r‖ with rₖ = ε Σ |v ∂gₖ/∂v| over all intermediate values v of the gradient g, theta among them.

        Every operation falsifies its result by at most a factor 1 + ε, and adjoints say what becomes of that.
        Source: Griewank and Walther, Evaluating Derivatives, 2nd ed. (2008), section 3.4.
        """
        rounding = hypot(*self._rounding.at(theta.tolist()))
        return rounding if isfinite(rounding) else 0.0

    @np.errstate(all="ignore")
    def hvp(self, theta: Array, v: Array) -> Array:
        """The Hessian at theta ``(2,)`` times each of the vectors v ``(*B, 2)``."""
        product: Array = v @ self.hessian(theta)
        return product

    def hessian(self, theta: Array) -> Array:
        """The second derivatives at theta ``(*B, 2)``, shape ``(*B, 2, 2)``."""
        if _single(theta):
            xx, xy, yy = self._curvature.at(theta.tolist())
            return np.array([[xx, xy], [xy, yy]])
        xx, xy, yy = self._curvature(theta.reshape(-1, 2))
        return np.stack((xx, xy, xy, yy), axis=-1).reshape(*theta.shape, 2)

    @cached_property
    def _graph(self) -> tuple[list[Node], Node, list[Node]]:
        """Variables, value and gradient as nodes: their structure, which no value enters."""
        point = [variable(1.0, "x"), variable(1.0, "y")]
        with np.errstate(all="ignore"):
            value = self.expression(*point)
            return point, value, pullback(value, point)

    @cached_property
    def _value(self) -> Program:
        point, value, _ = self._graph
        return assemble(point, [value])

    @cached_property
    def _slope(self) -> Program:
        point, value, gradient = self._graph
        return assemble(point, [value, *gradient])

    @cached_property
    def _rounding(self) -> Program:
        point, _, gradient = self._graph
        with np.errstate(all="ignore"):
            return assemble(point, [_rounding(component, point) for component in gradient])

    @cached_property
    def _curvature(self) -> Program:
        point, _, (along_x, along_y) = self._graph
        with np.errstate(all="ignore"):
            return assemble(point, [*pullback(along_x, point), *pullback(along_y, point[1:])])


def _rounding(output: Node, point: list[Node]) -> Node:
    """The node of ε Σ |v ∂output/∂v| over all values v it is computed from; a choice is exact."""
    computed = [each for each in adjoints(output, point).items() if each[0].op != "where"]
    moved = (where(equal(adjoint, 0.0), 0.0, absolute(adjoint * node)) for node, adjoint in computed)
    return EPSILON * sum(moved, constant(0.0))


def _single(theta: AnyArray) -> bool:
    return theta.ndim == 1 and theta.dtype == np.float64
