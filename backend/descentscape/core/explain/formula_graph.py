"""The graph of a typed formula at a point, one operation a node."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from descentscape.core.autodiff.nodes import Node, variable
from descentscape.core.autodiff.reverse import local_derivative, topological
from descentscape.core.explain.graph import Arrow, Drawn, Graph, assemble
from descentscape.core.formulas.objective import FormulaObjective
from descentscape.core.number_format import lowered, number
from descentscape.core.objective import Array

OPERATIONS: dict[str, tuple[str, ...]] = {
    "add": ("{a} + {b}", "1", "1"),
    "subtract": ("{a} − {b}", "1", "(−1)"),
    "multiply": ("{a} · {b}", "{b}", "{a}"),
    "divide": ("{a} / {b}", "1/{b}", "(−{v}/{b})"),
    "negative": ("−{a}", "(−1)"),
    "power": ("{a} ^ {b}", "({b} · {a} ^ ({b} − 1))", "({v} · ln {a})"),
    "exp": ("exp({a})", "{v}"),
    "log": ("ln({a})", "1/{a}"),
    "log2": ("log₂({a})", "1/({a} · ln 2)"),
    "log10": ("log₁₀({a})", "1/({a} · ln 10)"),
    "sqrt": ("√({a})", "1/(2 {v})"),
    "cbrt": ("∛({a})", "1/(3 {v}²)"),
    "sin": ("sin({a})", "cos({a})"),
    "cos": ("cos({a})", "(−sin({a}))"),
    "tan": ("tan({a})", "(1 + {v}²)"),
    "arcsin": ("arcsin({a})", "1/√(1 − {a}²)"),
    "arccos": ("arccos({a})", "(−1/√(1 − {a}²))"),
    "arctan": ("arctan({a})", "1/(1 + {a}²)"),
    "sinh": ("sinh({a})", "cosh({a})"),
    "cosh": ("cosh({a})", "sinh({a})"),
    "tanh": ("tanh({a})", "(1 − {v}²)"),
    "absolute": ("|{a}|", "sign({a})"),
    "sign": ("sign({a})", "0"),
    "maximum": ("max({a}, {b})", "[{a} > {b}]", "[{a} < {b}]"),
    "minimum": ("min({a}, {b})", "[{a} < {b}]", "[{a} > {b}]"),
}
"""Each operation v of a and b in symbols, and its derivatives by a and by b.

[·] is 1 if true, else 0; at a tie, where a = b, the numbers are the shares that make the shortest slope.
"""


@np.errstate(all="ignore")
def graph_formula(objective: FormulaObjective, theta: Array) -> Graph:
    """The graph of C = f(x, y) at theta ``(2,)``: x, y and the numbers, then v₁, v₂ … up to C."""
    cost = objective.expression(*(variable(value, name) for value, name in zip(theta, "xy", strict=True)))
    drawn: dict[Node, Drawn] = {}
    arrows: list[Arrow] = []
    for node in topological([cost]):
        operands = [drawn[parent] for parent in node.parents]
        operations = sum(each.kind == "operation" for each in drawn.values())
        drawn[node] = (
            _leaf(node) if not operands else _operation(node, operands, operations + 1, node is cost)
        )
        arrows += _arrows(drawn[node], operands)
    return assemble(list(drawn.values()), arrows, cost, "C")


def _leaf(node: Node) -> Drawn:
    if node.op == "variable":
        return Drawn(node, node.name, "variable", "variable", 0, "xy".index(node.name))
    return Drawn(node, node.name or number(float(node.value)), "constant", "constant", 0)


def _operation(node: Node, operands: list[Drawn], index: int, last: bool) -> Drawn:
    words = OPERATIONS[node.op][0].format(**_names(operands))
    name = "C" if last else f"v{lowered(index)}"
    column = 1 + max(each.column for each in operands)
    return Drawn(node, name, "cost" if last else "operation", words, column)


def _arrows(drawn: Drawn, operands: list[Drawn]) -> Iterator[Arrow]:
    """One edge for each use of an operand."""
    for k, operand in enumerate(operands):
        slope = OPERATIONS[drawn.node.op][k + 1].format(v=drawn.name, **_names(operands))
        yield Arrow(operand.node, drawn.node, float(local_derivative(drawn.node, k)), slope)


def _names(operands: list[Drawn]) -> dict[str, str]:
    return {letter: each.name for letter, each in zip("ab", operands, strict=False)}
