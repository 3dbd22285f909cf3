"""The Hessian of dense layers, exactly, unit by unit.

A weight W[u, k] acts through its unit's pre-activation z[u] alone. So along that weight everything moves as
along z[u], times the input a[k], example by example: one tangent for a unit serves all of its weights, and
the rest is matrix products. For two layers l ≤ m, ∂²C / ∂Wˡ[u, k] ∂Wᵐ[v, j] is the sum over the examples of

    aˡ⁻¹[k] (Rᵤ{δᵐ[v]} aᵐ⁻¹[j] + δᵐ[v] Rᵤ{aᵐ⁻¹[j]}),

where Rᵤ is the derivative along zˡ[u].
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from descentscape.core.network.layers import Dense
from descentscape.core.network.layout import Layout, with_ones
from descentscape.core.network.tangent import Linearization
from descentscape.core.objective import AnyArray, Array, Indices

PAIRS = 1 << 20
"""How many products of two inputs are held at a time."""


class Passes(NamedTuple):
    """Both passes of dense layers, units by examples.

    W, inputs aˡ⁻¹ above the row of ones that carries the biases, δ, and for the hidden layers σ'(z) and
    σ''(z) ∂ℓ/∂a.
    """

    weights: list[AnyArray]
    inputs: list[AnyArray]
    deltas: list[AnyArray]
    slopes: list[AnyArray]
    curvatures: list[AnyArray]
    output: Linearization

    def second_product(self, tangents: Array) -> Array:
        """R{δ} of the output from its R{z}, both ``(K, R, n)``."""
        return np.ascontiguousarray(self.output.second_product(tangents.swapaxes(0, 1)).swapaxes(0, 1))


def hessian(layout: Layout, linearized: Linearization) -> Array:
    """The Hessian of Σ ℓ where the network is linearized, ``(P, P)``."""
    weights = [w for w, _ in map(Dense.split, layout.layers, linearized.parameters)]
    inputs = [with_ones(a, layout.biases) for a in linearized.inputs]
    slopes, curvatures = linearized.slopes, linearized.curvatures
    at = Passes(weights, inputs, linearized.deltas, slopes, curvatures, linearized)
    full = np.empty((layout.dim, layout.dim))
    for layer in range(len(at.weights)):
        _write_rows(layout, at, layer, full)
    spans = layout.spans
    for layer, rows in enumerate(spans):
        for columns in spans[:layer]:
            full[rows, columns] = full[columns, rows].T
    return full


def _write_rows(layout: Layout, at: Passes, layer: int, full: Array) -> None:
    """Write the rows of one layer, from its own columns on."""
    units, last = len(at.weights[layer]), len(at.weights) - 1
    same = np.arange(units)
    if layer == last:
        tangent = np.zeros((units, units, at.deltas[-1].shape[1]))
        tangent[same, same] = 1.0
        _write_own(layout, full, layer, at.second_product(tangent), at.inputs[layer])
        return
    tangents, moved = _forward(at, layer)
    rdelta = at.second_product(tangents[-1])
    for above in range(last, layer, -1):
        block = _curved(rdelta, at.inputs[layer], at.inputs[above])
        _add_moved(block, at, layer, above, moved)
        _write(layout, full, layer, above, block)
        rdelta = _through(at.weights[above].T, rdelta)
        rdelta *= at.slopes[above - 1][:, None]
        if above - 1 > layer:
            tangents[above - layer - 2] *= at.curvatures[above - 1][:, None]
            rdelta += tangents[above - layer - 2]
    rdelta[same, same] += at.curvatures[layer]
    _write_own(layout, full, layer, rdelta, at.inputs[layer])


def _forward(at: Passes, layer: int) -> tuple[list[Array], list[Array]]:
    """Rᵤ{z} of the layers above, and Rᵤ{a} of those hidden, along each pre-activation of ``layer``."""
    tangents, moved = [at.weights[layer + 1][:, :, None] * at.slopes[layer]], []
    for k in range(layer + 1, len(at.slopes)):
        moved.append(tangents[-1] * at.slopes[k][:, None])
        tangents.append(_through(at.weights[k + 1], moved[-1]))
    return tangents, moved


def _through(matrix: AnyArray, tangents: Array) -> Array:
    """A matrix ``(H, J)`` times tangents ``(J, R, n)``."""
    product: Array = matrix.dot(tangents.reshape(len(tangents), -1))
    return product.reshape(len(matrix), *tangents.shape[1:])


def _curved(rdelta: Array, below: Array, above: Array) -> Array:
    """Σ aˡ⁻¹[k] Rᵤ{δᵐ[v]} aᵐ⁻¹[j] as ``(v, u, k, j)``."""
    flat = _contract(rdelta.reshape(-1, rdelta.shape[2]), below[:, None], above)
    return flat.reshape(*rdelta.shape[:2], len(below), len(above))


def _add_moved(block: Array, at: Passes, layer: int, above: int, moved: list[Array]) -> None:
    """Add Σ aˡ⁻¹[k] δᵐ[v] Rᵤ{aᵐ⁻¹[j]} to ``(v, u, k, j)``; one layer up only j = u moves."""
    below, delta = at.inputs[layer], at.deltas[above]
    if above == layer + 1:
        flat = _contract(at.slopes[layer], delta[:, None], below)
        same = np.arange(len(flat))
        block[:, same, :, same] += flat.reshape(len(flat), len(delta), len(below))
    else:
        tangent = moved[above - layer - 2]
        flat = _contract(tangent.reshape(-1, tangent.shape[2]), delta[:, None], below)
        block[..., : len(tangent)] += flat.reshape(*tangent.shape[:2], len(delta), -1).transpose(2, 1, 3, 0)


def _contract(rows: Array, left: Array, right: Array) -> Array:
    """Σ over the examples of rows ``(A, n)`` times left right ``(*pairs, n)``, as ``(A, pairs)``."""
    n = rows.shape[1]
    size = max(32, PAIRS // (len(left) * (len(right) if left.ndim > 2 else 1)))
    total: Array = rows[:, :size].dot((left[..., :size] * right[:, :size]).reshape(-1, min(n, size)).T)
    for start in range(size, n, size):
        part = slice(start, start + size)
        total += rows[:, part].dot((left[..., part] * right[:, part]).reshape(-1, min(n - start, size)).T)
    return total


def _write(layout: Layout, full: Array, layer: int, above: int, block: Array) -> None:
    """Write ``(v, u, k, j)`` to the rows of ``layer`` and the columns of ``above``."""
    for target, k, j in _targets(layout, full, layer, above):
        target[...] = block[:, :, k, j].transpose(1, 2, 0, 3)


def _write_own(layout: Layout, full: Array, layer: int, rdelta: Array, inputs: Array) -> None:
    """Write Σ Rᵤ{δ[v]} a[k] a[j] to a layer's own block; only v ≥ u and j ≥ k are computed."""
    v, u = _lower(len(rdelta))
    j, k = _lower(len(inputs))
    place = np.empty((len(inputs), len(inputs)), np.intp)
    place[j, k] = place[k, j] = np.arange(len(j))
    half = _contract(rdelta[v, u], inputs.take(j, 0), inputs.take(k, 0))
    for target, rows, columns in _targets(layout, full, layer, layer):
        part = half.take(place[rows, columns], 1)
        target[v, :, u] = part
        target[u, :, v] = part


@cache
def _lower(size: int) -> tuple[Indices, Indices]:
    return np.tril_indices(size)


def _targets(layout: Layout, full: Array, layer: int, above: int) -> list[tuple[Array, slice, slice]]:
    """Views ``(u, k, v, j)`` of one layer's rows in another's columns, with the k and j they are for."""
    heights = layout.widths[layer + 1], layout.widths[above + 1]
    return [
        (full[rows, columns].reshape(heights[0], k.stop - k.start, heights[1], -1), k, j)
        for rows, k in _pieces(layout, layer)
        for columns, j in _pieces(layout, above)
    ]


def _pieces(layout: Layout, layer: int) -> list[tuple[slice, slice]]:
    """Where a layer's weights and biases lie in theta, and which inputs they belong to."""
    start, stop = layout.spans[layer].start, layout.spans[layer].stop
    units, width = layout.widths[layer + 1], layout.widths[layer]
    middle = start + units * width
    pieces = [(slice(start, middle), slice(0, width))]
    return [*pieces, (slice(middle, stop), slice(width, width + 1))] if layout.biases else pieces
