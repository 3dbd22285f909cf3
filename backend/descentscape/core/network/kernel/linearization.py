"""Both passes at one theta, kept block by block: what its products with the Hessian are computed from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from descentscape.core.network.kernel.activations import SOFTMAX, activate_twice
from descentscape.core.network.kernel.compiler import compiled, part_of_one, part_of_others
from descentscape.core.network.kernel.elementary import select, sigmoid
from descentscape.core.network.kernel.losses import BCE, CROSS_ENTROPY, HUBER, residual_loss, softmax
from descentscape.core.network.kernel.passes import Net, load
from descentscape.core.network.kernel.products import BLOCK, ZERO, lanes_of, product
from descentscape.core.objective import AnyArray, Indices


class Tape(NamedTuple):
    """Both passes over blocks of examples, ``(blocks, rows, BLOCK)``, zeros beyond the examples.

    ``units`` are those of every layer; the others leave out the inputs: ``deltas`` ∂ℓ/∂z, ``slopes`` σ'(z)
    and ``curvatures`` σ''(z) ∂ℓ/∂a. For the outputs, ``curvatures`` are ∂²ℓ/∂z², or of a softmax what
    `output_tangent` needs.
    """

    units: AnyArray
    deltas: AnyArray
    slopes: AnyArray
    curvatures: AnyArray


def tape_for(net: Net, examples: int) -> Tape:
    """Return room for so many examples."""
    blocks, units, outer = -(-examples // BLOCK), int(net.widths.sum()), int(net.widths[1:].sum())
    return Tape(*(np.zeros((blocks, rows, BLOCK)) for rows in (units, outer, outer, outer)))


@part_of_others
def padded(n: int, rows: AnyArray) -> int:
    """The examples up to the end of the last tile."""
    lanes: int = lanes_of(rows)
    return (n + lanes - 1) // lanes * lanes


@compiled
def linearize(  # noqa: C901 - both passes, layer by layer
    net: Net, theta: AnyArray, examples: Indices, low: int, high: int, tape: Tape, first: int, last: int
) -> None:
    """Write the blocks ``first`` ≤ b < ``last`` of the examples low ≤ i < high, of all or of those chosen."""
    targets = np.empty((len(net.yt) + 1, BLOCK))
    back = np.empty((tape.units.shape[1], BLOCK))
    for b in range(first, last):
        place = low + b * BLOCK
        n = min(BLOCK, high - place)
        units, deltas, slopes, curvatures = tape.units[b], tape.deltas[b], tape.slopes[b], tape.curvatures[b]
        load(net.xt, examples, place, units, n)
        load(net.yt, examples, place, targets, n)
        top, start, depth = 0, 0, len(net.kinds)
        for layer in range(depth):
            wide, tall = net.widths[layer], net.widths[layer + 1]
            above = units[top + wide : top + wide + tall]
            bias = start + tall * wide if net.biases else ZERO
            product(theta, start, wide, 1, bias, units[top : top + wide], above, n)
            if layer < depth - 1:
                for h in range(tall):
                    row = top + wide - net.widths[0] + h
                    activate_twice(net.kinds[layer], above[h], slopes[row], curvatures[row], n)
            top, start = top + wide, start + tall * (wide + net.biases)
        top -= net.widths[0]
        outputs = units[top + net.widths[0] :]
        _output(net.kinds[-1], net.cost, outputs, deltas[top:], slopes[top:], curvatures[top:], targets, n)
        for layer in range(depth - 1, 0, -1):
            wide, tall = net.widths[layer], net.widths[layer + 1]
            start -= tall * (wide + net.biases)
            product(theta, start, 1, wide, ZERO, deltas[top : top + tall], back[:wide], n)
            top -= wide
            for h in range(wide):
                pull, delta, slope, curvature = back[h], deltas[top + h], slopes[top + h], curvatures[top + h]
                for i in range(n):
                    delta[i] = slope[i] * pull[i]
                    curvature[i] *= pull[i]
        for rows in (units, deltas, slopes, curvatures):
            for h in range(len(rows)):
                for i in range(n, padded(n, rows)):
                    rows[h, i] = 0.0


@part_of_one
def _output(  # noqa: C901 - one branch for each cost
    kind: int, cost: int, a: AnyArray, d: AnyArray, s: AnyArray, c: AnyArray, y: AnyArray, n: int
) -> None:
    """z in a ``(K, n)`` becomes σ(z), δ goes to d, what `output_tangent` needs to c; s and y are lost."""
    if kind == SOFTMAX:
        softmax(a, y, s, n)
    for k in range(len(a)):
        if kind == SOFTMAX:
            for i in range(n):
                s[k, i] = 1.0
        elif cost == BCE:
            for i in range(n):
                a[k, i], s[k, i] = sigmoid(a[k, i])
                d[k, i], c[k, i] = a[k, i] - y[k, i], s[k, i]
            continue
        else:
            activate_twice(kind, a[k], s[k], c[k], n)
        for i in range(n):
            d[k, i] = a[k, i]
        residual_loss(cost, d[k], y[k], n)
        for i in range(n):
            inside = select(abs(a[k, i] - y[k, i]) < 1.0, 1.0, 0.0) if cost == HUBER else 1.0
            c[k, i] = inside if kind == SOFTMAX else inside * s[k, i] * s[k, i] + d[k, i] * c[k, i]
            d[k, i] *= s[k, i]
    if kind == SOFTMAX and cost == CROSS_ENTROPY:
        for k in range(len(a)):
            for i in range(n):
                d[k, i] = a[k, i] - y[k, i]
    elif kind == SOFTMAX:
        for k in range(len(a)):
            for i in range(n):
                s[k, i] = d[k, i]
        _apart(a, s, d, n)
        for k in range(len(a)):
            for i in range(n):
                c[k, i] = d[k, i] + a[k, i] * c[k, i]
                d[k, i] *= a[k, i]


@part_of_others
def _apart(p: AnyArray, v: AnyArray, w: AnyArray, n: int) -> None:
    """wₖ = vₖ − p·v of a softmax p, as Σⱼ pⱼ (vₖ − vⱼ): no digit is lost where one p is nearly all."""
    for k in range(len(p)):
        for i in range(n):
            w[k, i] = 0.0
        for j in range(len(p)):
            if j != k:
                for i in range(n):
                    w[k, i] += p[j, i] * (v[k, i] - v[j, i])


@part_of_others
def output_tangent(  # noqa: C901 - row by row
    kind: int, cost: int, p: AnyArray, c: AnyArray, v: AnyArray, buffer: AnyArray, n: int
) -> None:
    """R{z} of the outputs, v ``(K, n)``, becomes R{δ}, in place; ``buffer`` ``(K, n)`` is written to.

    Of a softmax p with δ = p (g − p·g), g = h'(p − y), it is q r − p (q·r), where r = p (v − p·v) and
    q = g − p·g + p h''(p − y). With its own cross-entropy it is r.
    """
    if kind != SOFTMAX:
        for k in range(len(v)):
            for i in range(n):
                v[k, i] *= c[k, i]
        return
    _apart(p, v, buffer, n)
    for k in range(len(v)):
        for i in range(n):
            v[k, i] = p[k, i] * buffer[k, i]
    if cost == CROSS_ENTROPY:
        return
    mean = buffer[0]
    for i in range(n):
        mean[i] = 0.0
    for k in range(len(v)):
        for i in range(n):
            v[k, i] *= c[k, i]
            mean[i] += v[k, i]
    for k in range(len(v)):
        for i in range(n):
            v[k, i] -= p[k, i] * mean[i]
