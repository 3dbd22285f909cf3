"""Products of the Hessian with vectors, and the sizes of what gradients add up, in float64.

R{·} is the derivative along a direction of theta (B. Pearlmutter, Neural Computation 6, 1994).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from descentscape.core.network.kernel.compiler import compiled, part_of_one
from descentscape.core.network.kernel.linearization import Tape, output_tangent, padded
from descentscape.core.network.kernel.passes import Net
from descentscape.core.network.kernel.products import ADD, BLOCK, ZERO, add_biases, add_outer, product
from descentscape.core.objective import AnyArray


class Moves(NamedTuple):
    """Buffers of one thread: R{z} and R{a} of the layers above the inputs, and R{∂ℓ/∂a} of one."""

    tangents: AnyArray
    moved: AnyArray
    back: AnyArray


def moves_for(net: Net) -> Moves:
    """Return buffers for products."""
    outer, widest = int(net.widths[1:].sum()), int(net.widths.max())
    return Moves(*(np.zeros((rows, BLOCK)) for rows in (outer, outer, widest)))


@compiled
def products(
    net: Net, theta: AnyArray, tape: Tape, count: int, vectors: AnyArray, found: AnyArray, work: Moves
) -> None:
    """The Hessian of Σ ℓ over the ``count`` examples of the tape, times each of the vectors ``(R, P)``."""
    for row in range(len(found)):
        for p in range(len(theta)):
            found[row, p] = 0.0
    for b in range((count + BLOCK - 1) // BLOCK):
        n = min(BLOCK, count - b * BLOCK)
        for row in range(len(vectors)):
            _tangents(net, theta, tape, b, n, vectors[row], work)
            _back(net, theta, tape, b, n, vectors[row], found[row], work)


@part_of_one
def _tangents(net: Net, theta: AnyArray, tape: Tape, b: int, n: int, v: AnyArray, work: Moves) -> None:
    """R{z} and R{a} of every layer; of the outputs R{δ}."""
    end, inputs, depth = padded(n, work.back), net.widths[0], len(net.kinds)
    top, start = 0, 0
    for layer in range(depth):
        wide, high = net.widths[layer], net.widths[layer + 1]
        above = top + wide - inputs
        tangents = work.tangents[above : above + high]
        bias = start + high * wide if net.biases else ZERO
        product(v, start, wide, 1, bias, tape.units[b, top : top + wide], tangents, n)
        if layer:
            product(theta, start, wide, 1, ADD, work.moved[above - wide : above], tangents, n)
        if layer < depth - 1:
            for h in range(above, above + high):
                slope, tangent, moved = tape.slopes[b, h], work.tangents[h], work.moved[h]
                for i in range(end):
                    moved[i] = slope[i] * tangent[i]
        top, start = top + wide, start + high * (wide + net.biases)
    rows = work.tangents[top - inputs :]
    p, c = tape.units[b, top:], tape.curvatures[b, top - inputs :]
    output_tangent(net.kinds[-1], net.cost, p, c, rows, work.back, end)


@part_of_one
def _back(
    net: Net, theta: AnyArray, tape: Tape, b: int, n: int, v: AnyArray, found: AnyArray, work: Moves
) -> None:
    """Add the block's part of the product; each layer's R{δ} is written over its R{z}."""
    end, inputs, depth = padded(n, work.back), net.widths[0], len(net.kinds)
    top, start = tape.units.shape[1] - net.widths[-1], len(theta)
    for layer in range(depth - 1, -1, -1):
        wide, high = net.widths[layer], net.widths[layer + 1]
        start -= high * (wide + net.biases)
        above, below = top - inputs, top - inputs - wide
        rdelta, delta = work.tangents[above : above + high], tape.deltas[b, above : above + high]
        add_outer(found, start, rdelta, tape.units[b, top - wide : top], n)
        if net.biases:
            add_biases(found, start + high * wide, rdelta, n)
        if layer:
            add_outer(found, start, delta, work.moved[below:above], n)
            product(theta, start, 1, wide, ZERO, rdelta, work.back[:wide], n)
            product(v, start, 1, wide, ADD, delta, work.back[:wide], n)
            for h in range(wide):
                slope, curvature = tape.slopes[b, below + h], tape.curvatures[b, below + h]
                back, tangent = work.back[h], work.tangents[below + h]
                for i in range(end):
                    tangent[i] = slope[i] * back[i] + curvature[i] * tangent[i]
        top -= wide


@compiled
def sizes(net: Net, tape: Tape, count: int, found: AnyArray, work: Moves) -> None:
    """Σ |δ| |a|ᵀ over the ``count`` examples of the tape ``(P,)``: of the terms that gradients add up."""
    for p in range(len(found)):
        found[p] = 0.0
    for b in range((count + BLOCK - 1) // BLOCK):
        n = min(BLOCK, count - b * BLOCK)
        top, start = 0, 0
        for layer in range(len(net.kinds)):
            wide, high = net.widths[layer], net.widths[layer + 1]
            units, deltas = work.back[:wide], work.moved[:high]
            for h in range(wide):
                for i in range(BLOCK):
                    units[h, i] = abs(tape.units[b, top + h, i])
            top += wide
            for h in range(high):
                for i in range(BLOCK):
                    deltas[h, i] = abs(tape.deltas[b, top - net.widths[0] + h, i])
            add_outer(found, start, deltas, units, n)
            if net.biases:
                add_biases(found, start + high * wide, deltas, n)
            start += high * (wide + net.biases)
