"""Layers as linear maps at a point: their Jacobians, the product of these, and what becomes of a gradient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import cast

import numpy as np

from descentscape.core.blocks import layer_spans
from descentscape.core.errors import TooExpensive
from descentscape.core.explain.forward import require_example
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.costs import SOFTMAX
from descentscape.core.network.layers import Layer
from descentscape.core.network.mlp import MLP
from descentscape.core.norm import norm
from descentscape.core.objective import Array

MAX_POINTS = 512
"""Points of a run at which Jacobians are computed at once."""


@dataclass(frozen=True, eq=False)
class LayerJacobian:
    """One layer seen as a linear map near one example.

    - ``jacobian`` ``(out, in)``: ∂aˡ/∂aˡ⁻¹ = diag(σ'(zˡ)) Wˡ, for a softmax (diag(p) − p pᵀ) Wˡ
    - ``product`` ``(out, D)``: ∂aˡ/∂x, the product of the Jacobians so far
    - ``singular_values``, ``product_singular_values``: of both, falling
    - ``mean_slope``: mean |σ'(z)| over the layer's units and all examples; p (1 − p) for a softmax
    - ``grad_norm``: ‖∂C/∂θˡ‖ of the whole cost
    - ``theta_norm``: ‖θˡ‖ of the layer's weights and biases, beside which a gradient is large or small
    """

    name: str
    jacobian: Array
    product: Array
    singular_values: Array
    product_singular_values: Array
    mean_slope: float
    grad_norm: float
    theta_norm: float


@dataclass(frozen=True, eq=False)
class JacobiansAlong:
    """S points of a run, at one example.

    ``grad_norms`` and ``mean_slopes`` ``(S, L)`` are those of `LayerJacobian`; ``largest`` and ``smallest``
    ``(S,)`` the ends of the singular values of ∂aᴸ/∂x; NaN where theta has diverged.
    """

    grad_norms: Array
    mean_slopes: Array
    largest: Array
    smallest: Array


@np.errstate(all="ignore")
def layer_jacobians(net: MLP, theta: Array, example: int) -> tuple[LayerJacobian, ...]:
    """Every layer's Jacobian at theta ``(P,)`` for one example."""
    jacobians = _jacobians(net, theta, require_example(net, example))
    slopes, norms = _mean_slopes(net, theta), _grad_norms(net, theta[None])[0]
    layers, product = [], np.eye(net.widths[0])
    spans = layer_spans(net.blocks).items()
    for (name, span), jacobian, slope, grad in zip(spans, jacobians, slopes, norms, strict=True):
        product = jacobian @ product
        alone, together = _singular_values(jacobian), _singular_values(product)
        size = float(np.linalg.norm(theta[span]))
        layers.append(
            LayerJacobian(name, jacobian, product, alone, together, float(slope), float(grad), size)
        )
    return tuple(layers)


@np.errstate(all="ignore")
def jacobians_along(net: MLP, thetas: Array, example: int) -> JacobiansAlong:
    """The same along a run, at thetas ``(S, P)``; TooExpensive for more than MAX_POINTS of them."""
    at = require_example(net, example)
    if len(thetas) > MAX_POINTS:
        raise TooExpensive("thetas", f"at most {MAX_POINTS} points of the run", len(thetas))
    ends = np.array([_ends(_jacobians(net, theta, at)) for theta in thetas])
    slopes = np.array([_mean_slopes(net, theta) for theta in thetas])
    return JacobiansAlong(_grad_norms(net, thetas), slopes, ends[:, 0], ends[:, 1])


def _jacobians(net: MLP, theta: Array, example: int) -> list[Array]:
    """∂aˡ/∂aˡ⁻¹ of each layer ``(out, in)``."""
    passes = net.forward(theta, net.x[example][None])
    return [
        _jacobian(layer, parameters, z.T, a.T)
        for layer, parameters, (z, a) in zip(net.layers, net.parts(theta), passes, strict=True)
    ]


def _jacobian(layer: Layer, parameters: Array, z: Array, a: Array) -> Array:
    """∂a/∂aˡ⁻¹ from z and a ``(out, 1)``: each unit taken back by itself, as if it were the cost."""
    return layer.backward(parameters, layer.delta(z, a, np.eye(layer.units_out))).T


def _slope(kind: str, z: Array, a: Array) -> Array:
    """∂aₖ/∂zₖ, each unit's activation by its own z."""
    slope: Array = a * (1.0 - a) if kind == SOFTMAX else ACTIVATIONS[kind].derivative(z, a)
    return slope


def _mean_slopes(net: MLP, theta: Array) -> Array:
    """Mean |σ'| of each layer ``(L,)`` over units and examples."""
    passes = zip(net.activations, net.forward(theta, net.x), strict=True)
    return np.array([np.abs(_slope(kind, z, a)).mean() for kind, (z, a) in passes])


def _grad_norms(net: MLP, thetas: Array) -> Array:
    """‖∂C/∂θˡ‖ of each layer ``(S, L)``."""
    grads = net.value_and_grad(thetas)[1]
    return np.stack([norm(grads[:, span]) for span in layer_spans(net.blocks).values()], axis=1)


def _ends(jacobians: list[Array]) -> tuple[float, float]:
    """The largest and the smallest singular value of the whole product."""
    values = _singular_values(reduce(lambda product, jacobian: jacobian @ product, jacobians))
    return float(values[0]), float(values[-1])


def _singular_values(matrix: Array) -> Array:
    """The singular values, falling; NaN where the matrix is not finite."""
    if not np.isfinite(matrix).all():
        return np.full(min(matrix.shape), np.nan)
    return cast(Array, np.linalg.svd(matrix, compute_uv=False))
