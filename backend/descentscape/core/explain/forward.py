"""The forward pass of one example, and where the cost comes from."""

from __future__ import annotations

from dataclasses import dataclass
from operator import index

import numpy as np

from descentscape.core.autodiff.nodes import constant, logsumexp
from descentscape.core.errors import InvalidValue
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.costs import SOFTMAX
from descentscape.core.network.graph import LOSSES
from descentscape.core.network.layers import Dense
from descentscape.core.network.mlp import MLP
from descentscape.core.number_format import raised
from descentscape.core.objective import Array, Indices

_SOFTMAX_FORMULA = "σ(z)ₖ = e^(zₖ) / Σⱼ e^(zⱼ)"


@dataclass(frozen=True, eq=False)
class LayerPass:
    """One layer for one example: pre-activation z and activation a, ``(units,)`` each.

    ``formula`` says how both come from the layer before; ``function`` is the activation's own formula.
    """

    name: str
    activation: str
    formula: str
    function: str
    z: Array
    a: Array


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """All layers for one example: input x ``(D,)``, target y, residual a − y ``(K,)``, and its loss ℓ."""

    example: int
    x: Array
    y: Array
    layers: tuple[LayerPass, ...]
    residual: Array
    loss: float


@dataclass(frozen=True, eq=False)
class CostShares:
    """The cost C = 1/N Σ ℓ + penalty, example by example.

    - ``losses`` ``(N,)``: ℓ of each example; ``residuals`` ``(N, K)``: a − y
    - ``terms`` ``(N, K)``: what each output of each example adds to C; they sum to C − penalty
    - ``order`` ``(N,)``: the examples by falling loss; ``shares`` ``(N,)``: their shares of Σ ℓ, in this
      order, all zero where every loss is zero
    """

    cost: float
    penalty: float
    losses: Array
    residuals: Array
    terms: Array
    order: Indices
    shares: Array


def require_example(net: MLP, example: int) -> int:
    """Return the example's number; InvalidValue if there is no such one."""
    if not 0 <= example < net.n_examples:
        raise InvalidValue("example", f"from 0 to {net.n_examples - 1}", example)
    return index(example)


@np.errstate(all="ignore")
def forward_pass(net: MLP, theta: Array, example: int) -> ForwardPass:
    """Every layer's numbers at theta ``(P,)`` for one of the network's examples, counted from 0."""
    at = require_example(net, example)
    x, y = net.x[at], net.y[at]
    passes = [(z[0], a[0]) for z, a in net.forward(theta, x[None])]
    layers = tuple(
        _layer_pass(number, layer, z, a)
        for number, (layer, (z, a)) in enumerate(zip(net.layers, passes, strict=True), 1)
    )
    z, a = passes[-1]
    return ForwardPass(at, x, y, layers, a - y, float(_losses(net.cost, z[None], a[None], y[None])[0]))


def _layer_pass(number: int, layer: Dense, z: Array, a: Array) -> LayerPass:
    formula, function = layer_formula(number, layer.biases), function_formula(layer.activation)
    return LayerPass(f"layer {number}", layer.activation, formula, function, z, a)


def layer_formula(layer: int, biases: bool) -> str:
    """A layer in symbols, such as ``"z² = W² a¹ + b², a² = σ(z²)"``; layers count from 1."""
    here, below = raised(layer), "x" if layer == 1 else "a" + raised(layer - 1)
    return f"z{here} = W{here} {below}{f' + b{here}' if biases else ''}, a{here} = σ(z{here})"


def function_formula(activation: str) -> str:
    """An activation's own formula, the softmax's included."""
    return _SOFTMAX_FORMULA if activation == SOFTMAX else ACTIVATIONS[activation].formula


@np.errstate(all="ignore")
def cost_shares(net: MLP, theta: Array) -> CostShares:
    """Where the cost at theta ``(P,)`` comes from."""
    z, a = net.forward(theta, net.x)[-1]
    losses = _losses(net.cost, z, a, net.y)
    order = np.argsort(-losses, kind="stable")
    total, cost = float(losses.sum()), float(net.value(theta))
    penalty = float(net.penalty(theta))
    shares = losses[order] / total if total > 0 else np.zeros_like(losses)
    terms = _losses_by_output(net.cost, z, a, net.y) / len(losses)
    return CostShares(cost, penalty, losses, a - net.y, terms, order, shares)


def _losses(cost: str, z: Array, a: Array, y: Array) -> Array:
    """ℓ of each example ``(n,)`` from the output layer's z and a and the targets, ``(n, K)`` each."""
    losses: Array = LOSSES[cost](constant(z), constant(a), y).value
    return losses


def _losses_by_output(cost: str, z: Array, a: Array, y: Array) -> Array:
    """The part ``(N, K)`` that each output has in its example's loss."""
    if cost == "cross_entropy":
        surprise: Array = logsumexp(z, keepdims=True).value - z
        return y * surprise
    # every other loss is a sum over the outputs: seen as examples with one output each, it comes apart
    parts = _losses(cost, *(each.reshape(-1, 1) for each in (z, a, y)))
    return parts.reshape(z.shape)
