"""A network's cost as a computational graph, layer by layer: `MLP` without a derivative done by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from descentscape.core.autodiff.nodes import (
    Node,
    absolute,
    constant,
    logsumexp,
    named,
    softplus,
    total,
    where,
)
from descentscape.core.network.costs import require_pair
from descentscape.core.network.layers import Layer, LayerNodes
from descentscape.core.objective import Array


@dataclass(frozen=True)
class Network:
    """The nodes of a network: layers, losses of the examples ``(N,)``, and the cost C with its penalties."""

    layers: tuple[LayerNodes, ...]
    losses: Node
    cost: Node


def network(
    theta: Node, layers: Sequence[Layer], cost: str, x: Array, y: Array, *, l1: float = 0.0, l2: float = 0.0
) -> Network:
    """The graph of C(theta) = 1/N Σ losses + l1 Σ|W| + ½ l2 ΣW² on examples x ``(N, D)``, y ``(N, K)``.

    theta is a node ``(P,)``; the other arguments are those of `MLP`, with one-hot targets for a softmax.
    Nodes are named W1, b1, z1, a1, W2, … and C.
    """
    require_pair(layers[-1].activation, cost)
    nodes: list[LayerNodes] = []
    a, start = constant(x, "x"), 0
    for number, layer in enumerate(layers, 1):
        stop = start + layer.blocks[-1].span.stop
        nodes.append(layer.graph(theta[start:stop], a, number))
        a, start = nodes[-1].a, stop
    losses = LOSSES[cost](nodes[-1].z, a, y)
    mean = total(losses) / len(x)
    return Network(tuple(nodes), losses, named(mean + _penalty(nodes, l1, l2) if l1 or l2 else mean, "C"))


def _penalty(layers: list[LayerNodes], l1: float, l2: float) -> Node:
    weights = [layer.weights for layer in layers]
    return sum((l1 * total(absolute(w)) + 0.5 * l2 * total(w * w) for w in weights), constant(0.0))


def _squared(z: Node, a: Node, y: Array) -> Node:
    return 0.5 * total((a - y) ** 2, 1)


def _huber(z: Node, a: Node, y: Array) -> Node:
    size = absolute(a - y)
    return total(where(size > 1.0, size - 0.5, 0.5 * size * size), 1)


def _binary_cross_entropy(z: Node, a: Node, y: Array) -> Node:
    return total(softplus(z) - y * z, 1)


def _cross_entropy(z: Node, a: Node, y: Array) -> Node:
    return logsumexp(z) - total(y * z, 1)


LOSSES: dict[str, Callable[[Node, Node, Array], Node]] = {
    "mse": _squared,
    "huber": _huber,
    "bce": _binary_cross_entropy,
    "cross_entropy": _cross_entropy,
}
"""The loss of each example ``(N,)`` from its output layer's z and a and its target, all ``(N, K)``."""
