"""Reverse-mode differentiation: walking a computational graph backwards gives the gradient, as a graph.

The walk turns an adjoint ḡ = ∂output/∂node into those of the operands by the primitives' vector-Jacobian
products; a second walk over its nodes gives second derivatives. Broadcasting is undone in `_share` alone.
What a max, a min or a choice passes by moves nothing, even where its own slope is not finite: √x in
max(√x, 1) at 0.

Source: A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed. (2008), chapter 3.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from descentscape.core.autodiff.nodes import (
    ACROSS,
    PRIMITIVES,
    Node,
    Operand,
    apply,
    constant,
    equal,
    lift,
    reshape,
    times,
    total,
    where,
)
from descentscape.core.objective import Array


def topological(outputs: Iterable[Node]) -> list[Node]:
    """Every node that the outputs depend on, each after its operands."""
    order: list[Node] = []
    seen: set[Node] = set()
    stack = [(node, False) for node in outputs]
    while stack:
        node, finished = stack.pop()
        if finished:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in reversed(node.parents))
    return order


Adjoints = dict[Node, Node]


def adjoints(output: Node, wrt: Sequence[Node] | None = None, seed: Operand | None = None) -> Adjoints:
    """The adjoint ∂⟨seed, output⟩/∂node of every node between ``wrt`` and the output.

    ``wrt`` defaults to all variables, ``seed`` to ones. Each adjoint has its node's shape and is a node, to
    be differentiated again. Nodes that the output does not depend on are left out.
    """
    nodes = topological([output])
    sources = [node for node in nodes if node.op == "variable"] if wrt is None else wrt
    live = dependents(nodes, sources)
    start = constant(np.ones(output.shape)) if seed is None else lift(seed)
    result = {output: start} if output in live else {}
    active: dict[Node, Node | None] = {output: None}
    for node in reversed(nodes):
        if node in result:
            for k, parent in enumerate(node.parents):
                if parent in live and (share := _share(node, k, result[node])) is not None:
                    branch = None
                    if parent.shape == node.shape and node.op not in ACROSS:
                        felt = active[node]
                        share = share if felt is None else where(felt, share, 0.0)
                        branch = _branch(node, k, felt)
                    active[parent] = _either(active[parent], branch) if parent in active else branch
                    result[parent] = result[parent] + share if parent in result else share
    return result


def _branch(node: Node, k: int, active: Node | None) -> Node | None:
    """Where the output feels operand k by way of a node that it feels where ``active`` (None: everywhere)."""
    match node.op, k:
        case ("maximum", 0) | ("minimum", 1):
            passed_by: Node = node.parents[0] < node.parents[1]
        case ("maximum", 1) | ("minimum", 0):
            passed_by = node.parents[0] > node.parents[1]
        case "where", 1:
            passed_by = equal(node.parents[0], 0.0)
        case "where", 2:
            passed_by = node.parents[0]
        case _:
            return active
    return where(passed_by, 0.0, 1.0 if active is None else active)


def _either(a: Node | None, b: Node | None) -> Node | None:
    return None if a is None or b is None else where(a, 1.0, b)


def dependents(nodes: Iterable[Node], sources: Iterable[Node]) -> set[Node]:
    """The sources and, of the nodes in topological order, those that depend on one."""
    live = set(sources)
    for node in nodes:
        if not live.isdisjoint(node.parents):
            live.add(node)
    return live


def _share(node: Node, k: int, g: Node) -> Node | None:
    """What a node's adjoint g adds to its operand k's, summed over the axes of broadcasting."""
    vjp = PRIMITIVES[node.op][1][k]
    if vjp is None:
        return None
    share, shape = vjp(g, node, *node.parents, **node.params), node.parents[k].shape
    if share.shape == shape:
        return share
    lead = share.ndim - len(shape)
    stretched = (lead + i for i, length in enumerate(shape) if length == 1)
    return reshape(total(share, (*range(lead), *stretched)), shape)


Tangent = tuple[Node, ...]
"""The derivatives of a scalar node by some variables."""


def tangent(node: Node, parents: Sequence[Tangent]) -> Tangent:
    """The derivatives of an elementwise node from those of its operands, forwards.

    Of an elementwise operation the vector-Jacobian product and the Jacobian-vector product are the same.
    """
    shares = [
        [share for k, along in enumerate(each) if (share := _share(node, k, along)) is not None]
        for each in zip(*parents, strict=True)
    ]
    return tuple(functools.reduce(operator.add, each, constant(0.0)) for each in shares)


def shortest(a: Tangent, b: Tangent) -> Node:
    """The t in [0, 1] for which the gradient t∇a + (1 − t)∇b at a tie is the shortest."""
    aa, ab, bb = (
        functools.reduce(operator.add, (times(p, q) for p, q in zip(u, v, strict=True)))
        for u, v in ((a, a), (a, b), (b, b))
    )
    return apply("tie_share", aa, ab, bb)


def pullback(output: Node, wrt: Sequence[Node], seed: Operand | None = None) -> list[Node]:
    """∂⟨seed, output⟩/∂w for each w of ``wrt``; zeros where the output does not depend on it."""
    found = adjoints(output, wrt, seed)
    return [found[w] if w in found else constant(np.zeros(w.shape)) for w in wrt]


def _basis(shape: tuple[int, ...]) -> Iterator[Array]:
    for row in np.eye(math.prod(shape)):
        yield row.reshape(shape)


def local_derivative(node: Node, k: int) -> Array:
    """∂node/∂operand k through that operand alone, shape ``(*node.shape, *operand.shape)``."""
    operand = node.parents[k]
    shares = [_share(node, k, constant(seed)) for seed in _basis(node.shape)]
    rows = [np.zeros(operand.shape) if share is None else share.value for share in shares]
    return np.reshape(rows, node.shape + operand.shape)
