"""A formula f(x, y) that has been read: its parts in postfix order, and the graph that they make."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from descentscape.core.autodiff.nodes import Node, Operand, apply, constant, lift
from descentscape.core.autodiff.reverse import Tangent, shortest, tangent

VARIABLES = ("x", "y")
CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}

FUNCTIONS: dict[str, tuple[str, int]] = {
    "sin": ("sin", 1),
    "cos": ("cos", 1),
    "tan": ("tan", 1),
    "arcsin": ("arcsin", 1),
    "asin": ("arcsin", 1),
    "arccos": ("arccos", 1),
    "acos": ("arccos", 1),
    "arctan": ("arctan", 1),
    "atan": ("arctan", 1),
    "sinh": ("sinh", 1),
    "cosh": ("cosh", 1),
    "tanh": ("tanh", 1),
    "exp": ("exp", 1),
    "ln": ("log", 1),
    "log": ("log", 1),
    "log2": ("log2", 1),
    "log10": ("log10", 1),
    "sqrt": ("sqrt", 1),
    "cbrt": ("cbrt", 1),
    "abs": ("absolute", 1),
    "sign": ("sign", 1),
    "sgn": ("sign", 1),
    "min": ("minimum", 2),
    "max": ("maximum", 2),
}
"""The primitive behind each function that a formula can call, and its number of arguments (two: or more)."""

_TIES = ("maximum", "minimum")


class Symbol(NamedTuple):
    """One entry of a formula in postfix order: a leaf, or a primitive on the last ``arity`` results."""

    name: str
    arity: int = 0
    value: float | None = None


@dataclass(frozen=True)
class Expression:
    """A parsed formula: calling it builds its graph at a point."""

    text: str
    postfix: tuple[Symbol, ...]

    def __call__(self, x: Operand, y: Operand) -> Node:
        """The node of f(x, y)."""
        build = _with_slopes if any(symbol.name in _TIES for symbol in self.postfix) else _apply
        nothing, one = constant(0.0), constant(1.0)
        variables: dict[str, _Slope] = {"x": (lift(x), (one, nothing)), "y": (lift(y), (nothing, one))}
        stack: list[_Slope] = []
        for name, arity, value in self.postfix:
            if arity:
                stack[-arity:] = [build(name, stack[-arity:])]
            else:
                leaf = (constant(value, name), (nothing, nothing)) if value is not None else variables[name]
                stack.append(leaf)
        return stack.pop()[0]


_Slope = tuple[Node, Tangent]
"""A part of a formula and its derivatives by x and y."""


def _apply(op: str, operands: list[_Slope]) -> _Slope:
    return apply(op, *(node for node, _ in operands)), ()


def _with_slopes(op: str, operands: list[_Slope]) -> _Slope:
    """The part and its derivatives, which say how two parts of max or min that meet share its slope."""
    parents, slopes = zip(*operands, strict=True)
    node = apply(op, *parents, **({"tie": shortest(*slopes)} if op in _TIES else {}))
    return node, tangent(node, slopes)
