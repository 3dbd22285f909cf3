"""The graph of one example's loss through a network, unit by unit and weight by weight."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from descentscape.core.autodiff.nodes import Node, apply, constant, variable
from descentscape.core.autodiff.reverse import local_derivative
from descentscape.core.data.features import FEATURES
from descentscape.core.explain.forward import require_example
from descentscape.core.explain.graph import Arrow, Drawn, Graph, assemble, require_drawable
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.costs import COSTS, SOFTMAX
from descentscape.core.network.graph import LOSSES
from descentscape.core.network.layers import activated
from descentscape.core.network.mlp import MLP
from descentscape.core.number_format import lowered, raised
from descentscape.core.objective import AnyArray, Array

_BY_ACTIVATION = {"mse": "({a} − {y})", "huber": "h′({a} − {y})"}
"""∂ℓ/∂a in symbols for the losses that are computed from a."""

_BY_SUM = "({a} − {y})"
"""∂ℓ/∂z in symbols for the others, the cross-entropies, which are computed from z."""


@np.errstate(all="ignore")
def graph_network(net: MLP, theta: Array, example: int) -> Graph:
    """The graph of the loss ℓ of one example at theta ``(P,)``, penalties left out.

    Every weight, bias, sum z and activation a is a node by itself. A cross-entropy is a function of the last
    z, as it is computed: its activations are drawn beside, and ℓ does not depend on them. Raises TooExpensive
    for more than MAX_NODES nodes.
    """
    at = require_example(net, example)
    widths = net.widths
    require_drawable(widths[0] + net.dim + 2 * sum(widths[1:]) + widths[-1] + 1)
    drawing = _Drawing()
    units = [
        drawing.add(Drawn(variable(value), *_input(k, name), 0))
        for k, (value, name) in enumerate(zip(net.x[at], net.input_names, strict=True), 1)
    ]
    z = units
    layers = zip(net.activations, net.weights(theta), net.weights(np.arange(net.dim)), strict=True)
    for layer, (kind, values, places) in enumerate(layers, 1):
        z = _sums(drawing, layer, units, values, places)
        units = _activations(drawing, layer, kind, z)
    cost = _cost(drawing, net.cost, z, units, net.y[at])
    return assemble(list(drawing.drawn.values()), drawing.arrows, cost, "ℓ")


def _input(k: int, name: str) -> tuple[str, str, str]:
    """An input's symbol, kind and words: xₖ, or a feature's own formula."""
    if name in _FEATURES:
        return name, "input", f"input {k}, made of x₁ and x₂"
    return f"x{lowered(k)}", "input", f"input {k}" + ("" if name in ("x", f"x{k}") else f", {name}")


class _Drawing:
    """Nodes, and the edges from each to what it is computed from among the nodes before it."""

    def __init__(self) -> None:
        self.drawn: dict[Node, Drawn] = {}
        self.arrows: list[Arrow] = []

    def add(self, drawn: Drawn, slopes: Mapping[Node, str] | None = None) -> Node:
        """Draw a node, its derivatives by others in symbols as given, else as ∂node/∂other."""
        for parent, derivative in self._operands(drawn.node).items():
            slope = (slopes or {}).get(parent, f"∂{drawn.name}/∂{self.name(parent)}")
            self.arrows.append(Arrow(parent, drawn.node, derivative, slope))
        self.drawn[drawn.node] = drawn
        return drawn.node

    def name(self, node: Node) -> str:
        return self.drawn[node].name

    def _operands(self, node: Node) -> dict[Node, float]:
        """The drawn nodes that a node is computed from; its derivative by each through all in between."""
        found: dict[Node, float] = {}

        def spread(inner: Node, weight: AnyArray) -> None:
            for k, parent in enumerate(inner.parents):
                if parent in self.drawn or parent.parents:
                    share = np.tensordot(weight, local_derivative(inner, k), inner.ndim)
                    if parent in self.drawn:
                        found[parent] = found.get(parent, 0.0) + float(share)
                    else:
                        spread(parent, share)

        spread(node, np.ones(()))
        return found


_FEATURES = {feature.label for feature in FEATURES.values()}

Parameters = tuple[AnyArray, AnyArray | None]
"""A layer's weights ``(out, in)`` and biases ``(out,)``: their values, or their places in theta."""


def _sums(
    drawing: _Drawing, layer: int, units: list[Node], values: Parameters, places: Parameters
) -> list[Node]:
    """Each unit's z = Σ w a + b, with its weights and bias, from the units of the layer before."""
    here, column = raised(layer), 3 * layer - 2
    words = f"Σ w {'x' if layer == 1 else f'a{raised(layer - 1)}'}{'' if values[1] is None else ' + b'}"
    sums = []
    for j in range(len(values[0])):
        products, slopes = list[Node](), dict[Node, str]()
        for k, (value, place, a) in enumerate(zip(values[0][j], places[0][j], units, strict=True), 1):
            name, whence = f"w{here}{lowered(j + 1, k)}", f"weight from {drawing.name(a)}"
            w = drawing.add(Drawn(variable(value), name, "weight", whence, column, int(place)))
            slopes |= {w: drawing.name(a), a: name}
            products.append(w * a)
        z = sum(products[1:], start=products[0])
        if values[1] is not None and places[1] is not None:
            value, place, name = values[1][j], int(places[1][j]), f"b{here}{lowered(j + 1)}"
            b = drawing.add(Drawn(variable(value), name, "bias", "bias", column, place))
            slopes[b] = "1"
            z = z + b
        sums.append(drawing.add(Drawn(z, f"z{here}{lowered(j + 1)}", "sum", words, column + 1), slopes))
    return sums


def _activations(drawing: _Drawing, layer: int, kind: str, z: list[Node]) -> list[Node]:
    """Each unit's a = σ(z)."""
    nodes = _softmax(z) if kind == SOFTMAX else [_activated(kind, each) for each in z]
    label = "Softmax" if kind == SOFTMAX else ACTIVATIONS[kind].label
    units = []
    for j, (own, a) in enumerate(zip(z, nodes, strict=True), 1):
        name = f"a{raised(layer)}{lowered(j)}"
        words = f"{label} of z{raised(layer)}{'' if kind == SOFTMAX else lowered(j)}"
        slopes = {} if kind == SOFTMAX else {own: f"σ′({drawing.name(own)})"}
        units.append(drawing.add(Drawn(a, name, "activation", words, 3 * layer), slopes))
    return units


def _cost(drawing: _Drawing, kind: str, z: list[Node], a: list[Node], y: Array) -> Node:
    """The targets and the loss."""
    column = drawing.drawn[a[0]].column
    targets = [
        drawing.add(Drawn(constant(target), f"y{lowered(k)}", "target", f"target {k}", column))
        for k, target in enumerate(y, 1)
    ]
    cost = LOSSES[kind](_stacked(z)[None], _stacked(a)[None], y[None])[0]
    form = _BY_ACTIVATION.get(kind, _BY_SUM)
    slopes = {
        source: form.format(a=drawing.name(output), y=drawing.name(target))
        for source, output, target in zip(a if kind in _BY_ACTIVATION else z, a, targets, strict=True)
    }
    drawing.add(Drawn(cost, "ℓ", "cost", COSTS[kind].loss, column + 1), slopes)
    drawing.arrows += [Arrow(target, cost, np.nan, "") for target in targets]
    return cost


def _activated(kind: str, z: Node) -> Node:
    """σ(z) as a node of its own, which a linear unit's is not by itself."""
    a = activated(kind, z)
    return apply("identity", z) if a is z else a


def _softmax(z: list[Node]) -> list[Node]:
    p = activated(SOFTMAX, _stacked(z))
    return [p[k] for k in range(len(z))]


def _stacked(units: list[Node]) -> Node:
    """Scalar nodes as one vector node."""
    parts = [apply("place", unit, key=k, shape=(len(units),)) for k, unit in enumerate(units)]
    return sum(parts[1:], start=parts[0])
