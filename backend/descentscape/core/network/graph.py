"""A network's cost as a computational graph, layer by layer: `Chain` without a derivative done by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from descentscape.core.autodiff.reverse import (
    Node,
    absolute,
    constant,
    exp,
    logsumexp,
    named,
    reshape,
    softplus,
    total,
    transpose,
    where,
)
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.costs import SOFTMAX, require_pair
from descentscape.core.objective import Array


@dataclass(frozen=True)
class Layer:
    """The nodes of a layer: W ``(out, in)``, b ``(out,)`` or None, z and a = σ(z) ``(N, out)``."""

    weights: Node
    biases: Node | None
    z: Node
    a: Node


@dataclass(frozen=True)
class Network:
    """The nodes of a network: layers, losses of the examples ``(N,)``, and the cost C with its penalties."""

    layers: tuple[Layer, ...]
    losses: Node
    cost: Node


def network(
    theta: Node,
    widths: tuple[int, ...],
    activations: tuple[str, ...],
    cost: str,
    x: Array,
    y: Array,
    *,
    biases: bool = True,
    l1: float = 0.0,
    l2: float = 0.0,
) -> Network:
    """The graph of C(theta) = 1/N Σ losses + l1 Σ|W| + ½ l2 ΣW² on examples x ``(N, D)``, y ``(N, K)``.

    theta is a node ``(P,)``; the other arguments are those of `Chain`, with one-hot targets for a softmax.
    Nodes are named W1, b1, z1, a1, W2, … and C.
    """
    require_pair(activations[-1], cost)
    layers: list[Layer] = []
    a, start = constant(x, "x"), 0
    for (inputs, outputs), activation in zip(pairwise(widths), activations, strict=True):
        stop = start + outputs * inputs
        weights = reshape(theta[start:stop], (outputs, inputs))
        bias = theta[stop : stop + outputs] if biases else None
        layers.append(_layer(weights, bias, a, activation, str(len(layers) + 1)))
        a, start = layers[-1].a, stop + outputs * biases
    losses = LOSSES[cost](layers[-1].z, a, y)
    mean = total(losses) / len(x)
    return Network(tuple(layers), losses, named(mean + _penalty(layers, l1, l2) if l1 or l2 else mean, "C"))


def _layer(weights: Node, biases: Node | None, a: Node, activation: str, index: str) -> Layer:
    weights = named(weights, "W" + index)
    z = a @ transpose(weights)
    if biases is not None:
        biases = named(biases, "b" + index)
        z = z + biases
    z = named(z, "z" + index)
    output = softmax(z) if activation == SOFTMAX else ACTIVATIONS[activation].graph(z)
    return Layer(weights, biases, z, named(output, "a" + index))


def _penalty(layers: list[Layer], l1: float, l2: float) -> Node:
    weights = [layer.weights for layer in layers]
    return sum((l1 * total(absolute(w)) + 0.5 * l2 * total(w * w) for w in weights), constant(0.0))


def softmax(z: Node) -> Node:
    """Softmax along the last axis, e^(zₖ) / Σⱼ e^(zⱼ)."""
    return exp(z - logsumexp(z, keepdims=True))


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
