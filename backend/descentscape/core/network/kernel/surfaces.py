"""Costs of networks over the points of a plane, in float64 and float32."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from descentscape.core.network.kernel.activations import LINEAR, activate, activate_along
from descentscape.core.network.kernel.compiler import compiled, part_of_others
from descentscape.core.network.kernel.losses import output_value
from descentscape.core.network.kernel.passes import Net
from descentscape.core.network.kernel.products import ZERO, product
from descentscape.core.objective import AnyArray

BLOCK = 272
"""Examples of one block: an odd number of cache lines, so that rows of units do not meet in the same ones."""

_VECTOR, _TILE = 16, 32


class Block(NamedTuple):
    """A block of n examples, whose rows are wider: whole vectors, and at least one tile.

    ``units`` ``(2, H, width)``, those of the odd and of the even layers, as rows ``(2, H width)`` too; the
    ``targets`` ``(K + 1, width)``, whose last row is a buffer; another ``(2, width)``.
    """

    n: int
    units: AnyArray
    rows: AnyArray
    targets: AnyArray
    spare: AnyArray


@part_of_others
def _block(net: Net, low: int, n: int) -> Block:
    """Examples from ``low`` on."""
    dtype, width, widest = net.yt.dtype, max(_TILE, -(-n // _VECTOR) * _VECTOR), 0
    for units in net.widths[1:]:
        widest = max(widest, units)
    targets, rows = np.zeros((len(net.yt) + 1, width), dtype), np.zeros((2, widest * width), dtype)
    _copy(net.yt, low, n, targets)
    return Block(n, rows.reshape(2, widest, width), rows, targets, np.zeros((2, width), dtype))


@part_of_others
def _copy(source: AnyArray, low: int, n: int, target: AnyArray) -> None:
    """n columns of source ``(D, N)`` from ``low`` on to the first columns of the target."""
    for k in range(len(source)):
        for i in range(n):
            target[k, i] = source[k, low + i]


@part_of_others
def _upper_layers(net: Net, theta: AnyArray, block: Block) -> float:
    """Σ ℓ of a block whose units of the first layer are there; theta holds the parameters of the others."""
    start, width = 0, block.targets.shape[1]
    for layer in range(1, len(net.kinds)):
        wide, high, bias = net.widths[layer], net.widths[layer + 1], ZERO
        if net.biases:
            bias = start + high * wide
        below, above = block.units[(layer - 1) % 2, :wide], block.units[layer % 2, :high]
        product(theta, start, wide, 1, bias, below, above, block.n)
        if layer < len(net.kinds) - 1:
            activate(net.kinds[layer], block.rows[layer % 2], high * width)
        start += high * (wide + net.biases)
    outputs = block.units[(len(net.kinds) - 1) % 2, : net.widths[-1]]
    return output_value(net.kinds[-1], net.cost, outputs, block.spare, block.targets, block.n)


@part_of_others
def _add_block(
    net: Net, frame: AnyArray, first: AnyArray, points: AnyArray, total: AnyArray, low: int, n: int
) -> None:
    """Add to the totals ``(M,)`` what the n examples from ``low`` on make of them."""
    block, dtype, high = _block(net, low, n), frame.dtype, net.widths[1]
    z = np.zeros((3, high, block.targets.shape[1]), dtype)
    for k in range(3):
        _copy(first[k], low, n, z[k])
    z0, zu, zv, across = z[0].ravel(), z[1].ravel(), z[2].ravel(), np.empty(z[0].size, dtype)
    start, kind = high * (net.widths[0] + net.biases), net.kinds[0] if len(net.kinds) > 1 else LINEAR
    origin, u, v = frame[0, start:], frame[1, start:], frame[2, start:]
    theta = np.empty_like(origin)
    for point in range(len(points)):
        a, b = points[point, 0], points[point, 1]
        if point == 0 or b != points[point - 1, 1]:
            for i in range(len(across)):
                across[i] = z0[i] + b * zv[i]
        activate_along(kind, across, zu, a, block.rows[0], len(across))
        for p in range(len(theta)):
            theta[p] = origin[p] + b * v[p] + a * u[p]
        total[point] += _upper_layers(net, theta, block)


@compiled
def plane_costs(net: Net, frame: AnyArray, first: AnyArray, points: AnyArray, costs: AnyArray) -> None:
    """The mean of ℓ at θ = origin + a u + b v for each of the points ``(M, 2)``.

    ``frame`` ``(3, P)`` holds origin, u and v; ``first`` ``(3, H, N)`` the first layer's pre-activations by
    each of them, since there z is affine in (a, b).
    """
    count, total = net.yt.shape[1], np.zeros(len(points))
    for low in range(0, count, BLOCK):
        _add_block(net, frame, first, points, total, low, min(BLOCK, count - low))
    for point in range(len(points)):
        costs[point] = total[point] / count
