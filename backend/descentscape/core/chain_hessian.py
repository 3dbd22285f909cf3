"""The Hessian of a network, exactly, unit by unit.

A weight W[u, k] acts through its unit's pre-activation z[u] alone. So along that weight everything moves as
along z[u], times the input a[k], example by example: one tangent for a unit serves all of its weights, and
the rest is matrix products. Of each pair of layers l ≤ m, ∂²C / ∂Wˡ[u, k] ∂Wᵐ[v, j] is the sum over examples of

    aˡ⁻¹[k] (Rᵤ{δᵐ[v]} aᵐ⁻¹[j] + δᵐ[v] Rᵤ{aᵐ⁻¹[j]}),

where Rᵤ is the derivative along zˡ[u].
"""

from __future__ import annotations

import numpy as np

from descentscape.core.architecture import Architecture
from descentscape.core.chain_layout import Layout
from descentscape.core.chain_tangent import Linearization, bend, linearize, times
from descentscape.core.objective import Array


def hessian(net: Architecture, theta: Array, xt: Array, yt: Array) -> Array:
    """The Hessian of Σ ℓ at theta ``(P,)``, shape ``(P, P)``."""
    full = np.zeros((net.layout.dim, net.layout.dim))
    size = _block_size(net.layout)
    for start in range(0, yt.shape[1], size):
        part = slice(start, start + size)
        at = linearize(net, theta, xt[:, part], yt[:, part])
        for layer in range(len(at.weights)):
            _add_layer(net, at, yt[:, part], layer, full)
    spans = net.layout.spans
    for layer, rows in enumerate(spans):
        for columns in spans[:layer]:
            full[rows, columns] = full[columns, rows].T
    return full


def _block_size(layout: Layout) -> int:
    """How many examples at a time keep the products of inputs within 8 MB."""
    widest = max(columns for _, columns in layout.shapes)
    return max(32, (1 << 20) // max(widest, *layout.widths[1:]) ** 2)


def _add_layer(net: Architecture, at: Linearization, yt: Array, layer: int, full: Array) -> None:
    """Add the rows of one layer, from its own columns on."""
    units, last = net.layout.widths[layer + 1], len(at.weights) - 1
    diagonal = np.arange(units)
    if layer == last:
        same = np.zeros((units, units, yt.shape[1]))
        same[diagonal, diagonal] = 1.0
        rdelta = bend(net, at, yt, same)
    else:
        tangents, moved = _forward(at, layer)
        rdelta = bend(net, at, yt, tangents[-1])
        for above in range(last, layer, -1):
            block = _curved(rdelta, at.inputs[layer], at.inputs[above])
            _add_moved(block, at, layer, above, moved)
            _place(net.layout, full, layer, above, block)
            rdelta = times(at.weights[above].T, rdelta)
            rdelta *= at.slopes[above - 1][:, None]
            if above - 1 > layer:
                rdelta += at.bends[above - 1][:, None] * tangents[above - layer - 2]
        rdelta[diagonal, diagonal] += at.bends[layer]
    _place_diagonal(net.layout, full, layer, rdelta, at.inputs[layer])


def _forward(at: Linearization, layer: int) -> tuple[list[Array], list[Array]]:
    """Rᵤ{z} of the layers above, and Rᵤ{a} of those hidden, along each pre-activation of ``layer``."""
    tangents, moved = [at.weights[layer + 1][:, :, None] * at.slopes[layer]], []
    for k in range(layer + 1, len(at.slopes)):
        moved.append(tangents[-1] * at.slopes[k][:, None])
        tangents.append(times(at.weights[k + 1], moved[-1]))
    return tangents, moved


def _curved(rdelta: Array, below: Array, above: Array) -> Array:
    """Σ aˡ⁻¹[k] Rᵤ{δᵐ[v]} aᵐ⁻¹[j] as ``(v, u, k, j)``."""
    pairs = (below[:, None] * above).reshape(-1, below.shape[1])
    flat = rdelta.reshape(-1, rdelta.shape[2]).dot(pairs.T)
    return flat.reshape(*rdelta.shape[:2], len(below), len(above))


def _add_moved(block: Array, at: Linearization, layer: int, above: int, moved: list[Array]) -> None:
    """Add Σ aˡ⁻¹[k] δᵐ[v] Rᵤ{aᵐ⁻¹[j]} to ``(v, u, k, j)``; one layer up only j = u moves."""
    below, delta = at.inputs[layer], at.deltas[above]
    pairs = (delta[:, None] * below).reshape(-1, delta.shape[1])
    if above == layer + 1:
        slope = at.slopes[layer]
        units = np.arange(len(slope))
        block[:, units, :, units] += slope.dot(pairs.T).reshape(len(slope), len(delta), len(below))
    else:
        tangent = moved[above - layer - 2]
        flat = tangent.reshape(-1, tangent.shape[2]).dot(pairs.T)
        block[..., : len(tangent)] += flat.reshape(*tangent.shape[:2], len(delta), -1).transpose(2, 1, 3, 0)


def _place(layout: Layout, full: Array, layer: int, above: int, block: Array) -> None:
    """Add ``(v, u, k, j)`` to the rows of ``layer`` and the columns of ``above``."""
    for rows, k in _pieces(layout, layer):
        for columns, j in _pieces(layout, above):
            part = block[:, :, k, j].transpose(1, 2, 0, 3)
            target = full[rows, columns].reshape(part.shape)
            target += part


def _place_diagonal(layout: Layout, full: Array, layer: int, rdelta: Array, inputs: Array) -> None:
    """Add Σ Rᵤ{δ[v]} a[k] a[j] to a layer's own block, computed for v ≥ u and mirrored."""
    pairs = (inputs[:, None] * inputs).reshape(-1, inputs.shape[1]).T
    shape = len(inputs), len(inputs)
    pieces = _pieces(layout, layer)
    targets = [
        (full[rows, columns].reshape(len(rdelta), k.stop - k.start, len(rdelta), -1), k, j)
        for rows, k in pieces
        for columns, j in pieces
    ]
    for u in range(len(rdelta)):
        block = rdelta[u:, u].dot(pairs).reshape(-1, *shape)
        for target, k, j in targets:
            target[u, :, u:] += block[:, k, j].swapaxes(0, 1)
            target[u + 1 :, :, u] += block[1:, k, j]


def _pieces(layout: Layout, layer: int) -> list[tuple[slice, slice]]:
    """Where a layer's weights and biases lie in theta, and which inputs they belong to."""
    start, stop = layout.spans[layer].start, layout.spans[layer].stop
    units, width = layout.widths[layer + 1], layout.widths[layer]
    middle = start + units * width
    pieces = [(slice(start, middle), slice(0, width))]
    return [*pieces, (slice(middle, stop), slice(width, width + 1))] if layout.biases else pieces
