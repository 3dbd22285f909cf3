"""Derivatives of a network's two passes along directions: Hessian-vector products.

R{·} is the derivative along a direction (B. Pearlmutter, Neural Computation 6, 1994). Tangents of several
directions are units by directions by examples, ``(H, R, n)``, so that each layer is one matrix product.
"""

from __future__ import annotations

import numpy as np

from descentscape.core.network.architecture import Architecture, aligned
from descentscape.core.objective import AnyArray, Array


class Linearization:
    """Both passes at one theta over ``n`` examples, kept layer by layer for one thread at a time.

    Weights W ``(out, in)``, inputs aˡ⁻¹ with the row of ones ``(in + 1, n)``, z and δ = ∂ℓ/∂z ``(out, n)``,
    and for the hidden layers the slopes σ'(z) and the bends σ''(z) Wᵀδ.
    """

    def __init__(self, net: Architecture, n: int) -> None:
        layout = net.layout
        units = layout.widths[1:-1]
        self._net = net
        self._place: tuple[bytes, Array | None] = b"", None
        self._packed = aligned(layout.dim)
        self._matrices = layout.matrices(self._packed)
        self._a = [aligned(width + layout.biases, n) for width in units]
        self.weights = [
            matrix[:, :width] for matrix, width in zip(self._matrices, layout.widths, strict=False)
        ]
        self.inputs = [aligned(layout.shapes[0][1], n), *self._a]
        self.zs = [aligned(width, n) for width in layout.widths[1:]]
        self.deltas = [aligned(width, n) for width in layout.widths[1:]]
        self.slopes = [aligned(width, n) for width in units]
        self.bends = [aligned(width, n) for width in units]
        self.targets = aligned(layout.widths[-1], n)

    def at(self, theta: Array, xt: Array, yt: Array) -> Linearization:
        """Move to theta ``(P,)`` and the examples xt, yt, unless it is there already."""
        key = theta.tobytes()
        if key != self._place[0] or xt is not self._place[1]:
            self._place = key, xt
            self._run(theta, xt, yt)
        return self

    def _run(self, theta: Array, xt: Array, yt: Array) -> None:
        theta.take(self._net.layout.order, None, self._packed, "clip")
        np.copyto(self.inputs[0], xt)
        np.copyto(self.targets, yt)
        for k, activation in enumerate(self._net.hidden):
            z, a = self.zs[k], self._a[k][: len(self.zs[k])]
            self._matrices[k].dot(self.inputs[k], z)
            activation.value(z, a)
            activation.derivative(z, a, self.slopes[k])
            activation.second(z, a, self.bends[k])
        self._matrices[-1].dot(self.inputs[-1], self.zs[-1])
        self._net.head.slope(self.zs[-1], self.targets, self.deltas[-1])
        for k in range(len(self._net.hidden) - 1, -1, -1):
            self.weights[k + 1].T.dot(self.deltas[k + 1], self.deltas[k])
            np.multiply(self.bends[k], self.deltas[k], self.bends[k])
            np.multiply(self.deltas[k], self.slopes[k], self.deltas[k])

    def sizes(self) -> Array:
        """Σ |δ| |a|ᵀ over the examples ``(P,)``: the sizes of the terms that the gradient of Σ ℓ adds up."""
        packed = np.empty(self._net.layout.dim)
        for matrix, delta, inputs in zip(
            self._net.layout.matrices(packed), self.deltas, self.inputs, strict=True
        ):
            np.abs(delta).dot(np.abs(inputs).T, matrix)
        return packed.take(self._net.layout.inverse)

    def bend(self, tangent: Array) -> Array:
        """R{δ} of the output from its R{z}, both ``(K, R, n)``."""
        bent = self._net.head.bend(self.zs[-1], self.targets, tangent.swapaxes(0, 1))
        return np.ascontiguousarray(bent.swapaxes(0, 1))


class Products:
    """Hessian-vector products of ``directions`` vectors over ``n`` examples, for one thread at a time."""

    def __init__(self, net: Architecture, directions: int, n: int) -> None:
        layout = net.layout
        self._order, self._inverse = layout.order, layout.inverse
        self._moves, self._products = aligned(directions, layout.dim), aligned(directions, layout.dim)
        self._sources, self._results = layout.matrices(self._moves), layout.matrices(self._products)
        self._rows = [aligned(height, directions, width) for height, width in layout.shapes]
        self._backs = [
            aligned(width, directions, height)
            for width, height in zip(layout.widths[1:], layout.widths[2:], strict=False)
        ]
        self._tangents = [aligned(width, directions, n) for width in layout.widths[1:]]
        self._moved = [aligned(width, directions, n) for width in layout.widths[1:-1]]
        self._scratch = [aligned(width, directions, n) for width in layout.widths[1:]]
        self._deltas = [aligned(width, directions, n) for width in layout.widths[1:-1]]

    def __call__(self, at: Linearization, v: Array) -> Array:
        """The Hessian of Σ ℓ times each row of v ``(R, P)``."""
        v.take(self._order, 1, self._moves, "clip")
        tangents = self._forward(at)
        rdelta = at.bend(tangents[-1])
        for k in range(len(self._rows) - 1, 0, -1):
            self._results[k][...] = outer(rdelta, at.inputs[k]).swapaxes(0, 1)
            moved = outer(self._moved[k - 1], at.deltas[k])
            self._results[k][:, :, : len(moved)] += moved.transpose(1, 2, 0)
            np.copyto(self._backs[k - 1], self._sources[k][:, :, : len(moved)].transpose(2, 0, 1))
            back = apply(self._backs[k - 1], at.deltas[k], self._deltas[k - 1])
            back += times(at.weights[k].T, rdelta, self._scratch[k - 1])
            back *= at.slopes[k - 1][:, None]
            tangents[k - 1] *= at.bends[k - 1][:, None]
            back += tangents[k - 1]
            rdelta = back
        self._results[0][...] = outer(rdelta, at.inputs[0]).swapaxes(0, 1)
        return self._products.take(self._inverse, 1)

    def _forward(self, at: Linearization) -> list[Array]:
        """R{z} of every layer; R{a} of the hidden ones is left in ``_moved``."""
        for k, tangent in enumerate(self._tangents):
            np.copyto(self._rows[k], self._sources[k].swapaxes(0, 1))
            apply(self._rows[k], at.inputs[k], tangent)
            if k:
                tangent += times(at.weights[k], self._moved[k - 1], self._scratch[k])
            if k < len(self._moved):
                np.multiply(tangent, at.slopes[k][:, None], self._moved[k])
        return self._tangents


def apply(matrices: Array, units: Array, out: Array) -> Array:
    """Matrices ``(H, R, J)`` times units ``(J, n)``."""
    matrices.reshape(-1, matrices.shape[2]).dot(units, out.reshape(-1, out.shape[2]))
    return out


def times(matrix: AnyArray, tangents: Array, out: Array) -> Array:
    """One matrix ``(H, J)`` times tangents ``(J, R, n)``."""
    matrix.dot(tangents.reshape(len(tangents), -1), out.reshape(len(out), -1))
    return out


def outer(tangents: Array, units: Array) -> Array:
    """Tangents ``(H, R, n)`` times units ``(J, n)``, summed over the examples: ``(H, R, J)``."""
    product: Array = tangents.reshape(-1, tangents.shape[2]).dot(units.T)
    return product.reshape(*tangents.shape[:2], -1)
