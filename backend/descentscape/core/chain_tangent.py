"""Derivatives of a network's two passes along a direction: Hessian-vector products.

R{·} is the derivative along the direction (B. Pearlmutter, Neural Computation 6, 1994). Tangents of many
directions are units by directions by examples, ``(H, R, n)``, so that each layer is one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from descentscape.core.architecture import Architecture
from descentscape.core.chain_layout import with_ones
from descentscape.core.objective import AnyArray, Array


@dataclass(frozen=True)
class Linearization:
    """What the two passes leave behind at one theta, layer by layer.

    Weights W (out, in), inputs aˡ⁻¹ (with the row of ones), δ = ∂ℓ/∂z; for the hidden layers the slopes
    σ'(z) and bends σ''(z) Wᵀδ; and the pre-activation z of the output.
    """

    weights: list[Array]
    inputs: list[Array]
    deltas: list[Array]
    slopes: list[Array]
    bends: list[Array]
    z: Array


def linearize(net: Architecture, theta: Array, xt: Array, yt: Array) -> Linearization:
    """Run both passes at theta ``(P,)`` and keep what second derivatives need."""
    matrices = net.layout.matrices(theta.take(net.layout.order))
    weights = [matrix[:, :width] for matrix, width in zip(matrices, net.layout.widths, strict=False)]
    inputs, slopes, seconds = [xt], [], []
    for matrix, activation in zip(matrices, net.hidden, strict=False):
        z = matrix.dot(inputs[-1])
        a = activation.value(z)
        slopes.append(activation.derivative(z, a))
        seconds.append(activation.second(z, a))
        inputs.append(with_ones(a, net.layout.biases))
    z = matrices[-1].dot(inputs[-1])
    deltas, bends = [np.empty_like(z)], list(seconds)
    net.head.slope(z, yt, deltas[0])
    for k in reversed(range(len(slopes))):
        back = weights[k + 1].T.dot(deltas[0])
        bends[k] *= back
        deltas.insert(0, back * slopes[k])
    return Linearization(weights, inputs, deltas, slopes, bends, z)


def products(net: Architecture, theta: Array, v: Array, xt: Array, yt: Array) -> Array:
    """The Hessian of Σ ℓ at theta ``(P,)`` times each row of v ``(R, P)``."""
    at = linearize(net, theta, xt, yt)
    moves = net.layout.matrices(v.take(net.layout.order, 1))
    result = np.empty_like(v)
    blocks = net.layout.matrices(result)
    tangents, moved = _forward(at, moves)
    rdelta = bend(net, at, yt, tangents[-1])
    for k in reversed(range(len(moves))):
        blocks[k][...] = outer(rdelta, at.inputs[k]).swapaxes(0, 1)
        if k:
            width = net.layout.widths[k]
            blocks[k][:, :, :width] += outer(moved[k - 1], at.deltas[k]).transpose(1, 2, 0)
            back = times(at.weights[k].T, rdelta)
            back += apply(moves[k][:, :, :width].transpose(2, 0, 1), at.deltas[k])
            back *= at.slopes[k - 1][:, None]
            rdelta = back + at.bends[k - 1][:, None] * tangents[k - 1]
    return result.take(net.layout.inverse, 1)


def _forward(at: Linearization, moves: list[Array]) -> tuple[list[Array], list[Array]]:
    """R{z} of every layer, and R{a} of the hidden ones, when the matrices move along ``moves`` ``(R, out, in)``."""
    tangents, moved = [apply(moves[0].swapaxes(0, 1), at.inputs[0])], []
    for k, slope in enumerate(at.slopes):
        moved.append(tangents[-1] * slope[:, None])
        tangents.append(apply(moves[k + 1].swapaxes(0, 1), at.inputs[k + 1]))
        tangents[-1] += times(at.weights[k + 1], moved[-1])
    return tangents, moved


def bend(net: Architecture, at: Linearization, yt: Array, tangent: Array) -> Array:
    """R{δ} of the output ``(K, R, n)`` from its R{z}."""
    return np.ascontiguousarray(net.head.bend(at.z, yt, tangent.swapaxes(0, 1)).swapaxes(0, 1))


def apply(matrices: AnyArray, units: Array) -> Array:
    """Matrices ``(H, R, J)`` times units ``(J, n)``."""
    height, directions, width = matrices.shape
    return matrices.reshape(-1, width).dot(units).reshape(height, directions, -1)


def times(matrix: AnyArray, tangents: Array) -> Array:
    """One matrix ``(H, J)`` times tangents ``(J, R, n)``."""
    return matrix.dot(tangents.reshape(len(tangents), -1)).reshape(len(matrix), *tangents.shape[1:])


def outer(tangents: Array, units: Array) -> Array:
    """Tangents ``(H, R, n)`` times units ``(J, n)``, summed over the examples: ``(H, R, J)``."""
    rows = tangents.reshape(-1, tangents.shape[2])
    return rows.dot(units.T).reshape(*tangents.shape[:2], -1)
