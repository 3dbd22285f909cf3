"""A computational graph to be drawn: values forward on every node, adjoints backward, one sentence a step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from descentscape.core.autodiff.nodes import Node
from descentscape.core.autodiff.reverse import adjoints
from descentscape.core.errors import TooExpensive
from descentscape.core.number_format import bracketed, number
from descentscape.core.objective import Array, Indices

MAX_GRAPH_NODES = 400
"""Nodes of a graph that is still worth walking."""

SPELLED_TERMS = 4
"""Terms of a sum that a sentence spells out."""


@dataclass(frozen=True, eq=False)
class BackwardStep:
    """One node on the way back: its position, the edges that its adjoint came along, and how, in numbers."""

    node: int
    edges: tuple[int, ...]
    sentence: str


@dataclass(frozen=True, eq=False)
class Graph:
    """n nodes, each after its operands, and m edges from operand to result.

    - ``names``, ``kinds`` (input, weight, bias, sum, activation, target, cost; or variable, constant,
      operation), ``words``: what a node is called, what it is, and how it comes from its operands
    - ``root``: what is differentiated, ℓ for an example's loss and C for a formula
    - ``values`` ``(n,)`` and ``adjoints`` ``(n,)``: ∂root/∂node, NaN for constants and where the root does
      not depend on the node
    - ``columns``, ``rows`` ``(n,)``: where to draw it; ``parameters`` ``(n,)``: its place in theta or −1
    - ``parents``, ``children`` ``(m,)``: positions of nodes; ``derivatives`` ``(m,)`` and ``slopes``:
      ∂child/∂parent along this edge alone, as a number (NaN for a constant parent) and in symbols
    - ``walk``: the nodes with an adjoint in the order of the walk back, from the root
    """

    root: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    words: tuple[str, ...]
    values: Array
    adjoints: Array
    columns: Indices
    rows: Indices
    parameters: Indices
    parents: Indices
    children: Indices
    derivatives: Array
    slopes: tuple[str, ...]
    walk: tuple[BackwardStep, ...]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A node as it is to be drawn."""

    node: Node
    name: str
    kind: str
    words: str
    column: int
    parameter: int = -1


@dataclass(frozen=True, eq=False)
class Arrow:
    """An edge as it is to be drawn: the operand, the result, ∂result/∂operand in numbers and in symbols."""

    parent: Node
    child: Node
    derivative: float
    slope: str


def require_drawable(nodes: int) -> None:
    """Raise TooExpensive for a graph of too many nodes."""
    if nodes > MAX_GRAPH_NODES:
        raise TooExpensive("graph", f"at most {MAX_GRAPH_NODES} nodes", nodes)


def assemble(drawn: Sequence[Drawn], arrows: Sequence[Arrow], cost: Node, root: str) -> Graph:
    """Lay nodes and edges out, with the adjoints of one walk back from the cost, by the name of ``root``."""
    require_drawable(len(drawn))
    found = {node: float(adjoint.value) for node, adjoint in adjoints(cost).items() if not node.ndim}
    place = {each.node: i for i, each in enumerate(drawn)}
    next_row: defaultdict[int, count[int]] = defaultdict(count)
    slopes = [arrow.derivative if arrow.parent in found else np.nan for arrow in arrows]
    return Graph(
        root=root,
        names=tuple(each.name for each in drawn),
        kinds=tuple(each.kind for each in drawn),
        words=tuple(each.words for each in drawn),
        values=np.array([float(each.node.value) for each in drawn]),
        adjoints=np.array([found.get(each.node, np.nan) for each in drawn]),
        columns=np.array([each.column for each in drawn]),
        rows=np.array([next(next_row[each.column]) for each in drawn]),
        parameters=np.array([each.parameter for each in drawn]),
        parents=np.array([place[arrow.parent] for arrow in arrows], np.intp),
        children=np.array([place[arrow.child] for arrow in arrows], np.intp),
        derivatives=np.array(slopes, np.float64),
        slopes=tuple(arrow.slope for arrow in arrows),
        walk=_walk(drawn, arrows, found, place, root),
    )


def _walk(
    drawn: Sequence[Drawn],
    arrows: Sequence[Arrow],
    found: dict[Node, float],
    place: dict[Node, int],
    root: str,
) -> tuple[BackwardStep, ...]:
    """The nodes with an adjoint, from the last column to the first: every node after all that it feeds."""
    leaving: defaultdict[Node, list[int]] = defaultdict(list)
    for position, arrow in enumerate(arrows):
        if arrow.child in found:
            leaving[arrow.parent].append(position)
    order = sorted((each for each in drawn if each.node in found), key=lambda each: -each.column)
    names = {each.node: each.name for each in drawn}
    return tuple(
        BackwardStep(
            place[each.node],
            tuple(leaving[each.node]),
            _sentence(root, each, [arrows[position] for position in leaving[each.node]], found, names),
        )
        for each in order
    )


def _sentence(
    root: str, each: Drawn, arrows: list[Arrow], found: dict[Node, float], names: dict[Node, str]
) -> str:
    """The chain rule at one node: in symbols, with the numbers, and what comes out."""
    if not arrows:
        return f"∂{root}/∂{each.name} = 1"
    symbols = [f"∂{root}/∂{names[arrow.child]} · {arrow.slope}" for arrow in arrows]
    numbers = [f"{bracketed(found[arrow.child])} · {bracketed(arrow.derivative)}" for arrow in arrows]
    sums = [
        " + ".join([*terms[:SPELLED_TERMS], *["…"][: len(terms) - SPELLED_TERMS]])
        for terms in (symbols, numbers)
    ]
    return " = ".join([f"∂{root}/∂{each.name}", *sums, number(found[each.node])])
