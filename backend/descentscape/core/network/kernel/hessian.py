"""The Hessian, exactly, unit by unit, in float64.

A weight W[u, k] acts through its unit's pre-activation z[u] alone. So along that weight everything moves as
along z[u], times the input a[k], example by example: one tangent for a unit serves all of its weights. For
two layers l ≤ m, ∂²C / ∂Wˡ[u, k] ∂Wᵐ[v, j] is the sum over the examples of

    aˡ⁻¹[k] (Rᵤ{δᵐ[v]} aᵐ⁻¹[j] + δᵐ[v] Rᵤ{aᵐ⁻¹[j]}),

where Rᵤ is the derivative along zˡ[u]; a bias has an input of 1. Either term is a matrix product over the
examples: of rows, such as Rᵤ{δᵐ[v]} for all (u, v), with products of two inputs, such as aˡ⁻¹[k] aᵐ⁻¹[j] for
all (k, j). These pairs are taken a few at a time, as many as a tile is wide.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from descentscape.core.network.kernel.compiler import compiled, part_of_one, part_of_others
from descentscape.core.network.kernel.linearization import Tape, output_tangent
from descentscape.core.network.kernel.passes import Net
from descentscape.core.network.kernel.products import ADD, BLOCK, ZERO, lanes_of, product
from descentscape.core.objective import AnyArray, Indices


class Part(NamedTuple):
    """Some units of one layer, first ≤ u < last, and the buffers of their tangents.

    ``tangents`` and ``moved`` hold R{z} and R{a} of the layers above, layer after layer, each for all u;
    ``own`` R{δ[v]} of the layer itself for v ≥ u; ``back`` and ``spare`` one layer's rows; ``pairs``
    ``(BLOCK, lanes)`` what a tile of products is multiplied with.
    """

    layer: int
    first: int
    last: int
    tangents: AnyArray
    moved: AnyArray
    own: AnyArray
    back: AnyArray
    spare: AnyArray
    pairs: AnyArray


class Places(NamedTuple):
    """Where each layer's units begin among those above the inputs, and its parameters in theta."""

    tops: Indices
    starts: Indices


@compiled
def hessian_rows(
    net: Net, theta: AnyArray, tape: Tape, count: int, parts: Indices, scale: float, full: AnyArray
) -> None:
    """Add, for each of the parts (layer, first, last), its units' rows to ``full`` ``(P, P)``.

    These are the second derivatives of Σ ℓ over the ``count`` examples of the tape, times ``scale``. Columns
    of layers below are left out; in the layer's own block a pair of units is the first one's.
    """
    depth, widest = len(net.kinds), tape.units.shape[1]
    index = np.zeros((2, depth + 1), np.intp)
    places = Places(index[0], index[1])
    for k in range(depth):
        high = net.widths[k + 1]
        places.tops[k + 1] = places.tops[k] + high
        places.starts[k + 1] = places.starts[k] + high * (net.widths[k] + net.biases)
    for number in range(len(parts)):
        layer, first, last = parts[number]
        units, high = last - first, net.widths[layer + 1]
        above, own = (
            units * (places.tops[depth] - places.tops[layer + 1]),
            units * (2 * high - first - last + 1) // 2,
        )
        rows = np.empty((2 * (above + widest) + own, BLOCK))
        part = Part(
            layer,
            first,
            last,
            rows[:above],
            rows[above : 2 * above],
            rows[2 * above : 2 * above + own],
            rows[2 * above + own : 2 * above + own + widest],
            rows[2 * above + own + widest :],
            np.empty((BLOCK, lanes_of(theta))),
        )
        _add_part(net, theta, tape, count, places, part, scale, full)


@part_of_one
def _add_part(
    net: Net,
    theta: AnyArray,
    tape: Tape,
    count: int,
    places: Places,
    part: Part,
    scale: float,
    full: AnyArray,
) -> None:
    """Add the rows of one part."""
    layer, units, depth, lanes = part.layer, part.last - part.first, len(net.kinds), part.pairs.shape[1]
    wide, biases = net.widths[layer], net.biases
    inputs = wide + biases
    # Where the sums of each layer above begin, those of both terms, after those of the layer's own block.
    index = np.zeros((2, depth), np.intp)
    curved, moved = index[0], index[1]
    size = len(part.own) * _tiles(inputs * (inputs + 1) // 2, lanes)
    for above in range(layer + 1, depth):
        curved[above] = size
        size += units * net.widths[above + 1] * _tiles(inputs * (net.widths[above] + biases), lanes)
        moved[above] = size
        rows = units if above == layer + 1 else units * net.widths[above]
        size += rows * _tiles(inputs * net.widths[above + 1], lanes)
    sums = np.zeros((size, lanes))
    for b in range((count + BLOCK - 1) // BLOCK):
        n = min(BLOCK, count - b * BLOCK)
        low = places.tops[layer] + net.widths[0] - wide
        left = tape.units[b, low : low + wide]
        _forward(net, theta, tape, b, n, places, part)
        for above in range(depth - 1, layer, -1):
            high, top = net.widths[above + 1], places.tops[above]
            at, low = units * (top - places.tops[layer + 1]), top + net.widths[0] - net.widths[above]
            rdelta, delta = part.tangents[at : at + units * high], tape.deltas[b, top : top + high]
            right = tape.units[b, low : low + net.widths[above]]
            rights = net.widths[above] + biases
            _contract(rdelta, left, right, inputs, rights, n, part.pairs, sums[curved[above] :])
            if above == layer + 1:
                rows = tape.slopes[b, places.tops[layer] + part.first : places.tops[layer] + part.last]
            else:
                rows = part.moved[at - units * net.widths[above] : at]
            _contract(rows, left, delta, inputs, high, n, part.pairs, sums[moved[above] :])
            _back(net, theta, tape, b, n, places, part, above)
        _contract(part.own, left, left, inputs, -inputs, n, part.pairs, sums)
    _write_own(net, places.starts[layer], part, sums, scale, full)
    for above in range(layer + 1, depth):
        for term in range(2):
            place = moved[above] if term else curved[above]
            _write(net, places, part, above, term == 1, sums[place:], scale, full)


@part_of_others
def _tiles(pairs: int, lanes: int) -> int:
    return (pairs + lanes - 1) // lanes


@part_of_one
def _forward(net: Net, theta: AnyArray, tape: Tape, b: int, n: int, places: Places, part: Part) -> None:
    """R{z} and R{a} of the layers above along each unit's z; of the outputs R{δ}."""
    layer, units, depth = part.layer, part.last - part.first, len(net.kinds)
    base = places.tops[layer + 1]
    for above in range(layer + 1, depth):
        wide, high, top = net.widths[above], net.widths[above + 1], places.tops[above]
        for u in range(units):
            at = units * (top - base) + u * high
            tangents = part.tangents[at : at + high]
            if above == layer + 1:
                unit = part.first + u
                slope = tape.slopes[b, places.tops[layer] + unit]
                for h in range(high):
                    weight = theta[places.starts[above] + h * wide + unit]
                    for i in range(n):
                        tangents[h, i] = weight * slope[i]
            else:
                low = units * (top - wide - base) + u * wide
                product(theta, places.starts[above], wide, 1, ZERO, part.moved[low : low + wide], tangents, n)
            if above == depth - 1:
                p, c = tape.units[b, top + net.widths[0] :], tape.curvatures[b, top:]
                output_tangent(net.kinds[-1], net.cost, p, c, tangents, part.back, n)
            else:
                for h in range(high):
                    slope = tape.slopes[b, top + h]
                    for i in range(n):
                        part.moved[at + h, i] = slope[i] * tangents[h, i]
    if layer == depth - 1:
        _outputs_own(net, tape, b, n, part)


@part_of_one
def _outputs_own(net: Net, tape: Tape, b: int, n: int, part: Part) -> None:
    """R{δ[v]} of the outputs along z[u]."""
    row, count = 0, net.widths[-1]
    outputs = tape.units.shape[1] - count
    for u in range(part.first, part.last):
        for v in range(count):
            for i in range(n):
                part.spare[v, i] = 1.0 if v == u else 0.0
        p, c = tape.units[b, outputs:], tape.curvatures[b, outputs - net.widths[0] :]
        output_tangent(net.kinds[-1], net.cost, p, c, part.spare[:count], part.back, n)
        for v in range(u, count):
            for i in range(n):
                part.own[row, i] = part.spare[v, i]
            row += 1


@part_of_one
def _back(
    net: Net, theta: AnyArray, tape: Tape, b: int, n: int, places: Places, part: Part, above: int
) -> None:
    """From R{δ} of a layer to that of the one below, which is written over its R{z}."""
    units, wide, high = part.last - part.first, net.widths[above], net.widths[above + 1]
    top, low, base = places.tops[above], places.tops[above - 1], places.tops[part.layer + 1]
    own = 0
    for u in range(units):
        at = units * (top - base) + u * high
        product(
            theta, places.starts[above], 1, wide, ZERO, part.tangents[at : at + high], part.back[:wide], n
        )
        hidden = above - 1 > part.layer
        unit = 0 if hidden else part.first + u
        for h in range(unit, wide):
            slope, curvature, back = tape.slopes[b, low + h], tape.curvatures[b, low + h], part.back[h]
            if hidden:
                tangent = part.tangents[units * (low - base) + u * wide + h]
                for i in range(n):
                    tangent[i] = slope[i] * back[i] + curvature[i] * tangent[i]
            else:
                rdelta = part.own[own]
                for i in range(n):
                    rdelta[i] = slope[i] * back[i]
                if h == unit:
                    for i in range(n):
                        rdelta[i] += curvature[i]
                own += 1


@part_of_others
def _contract(
    rows: AnyArray,
    left: AnyArray,
    right: AnyArray,
    lefts: int,
    rights: int,
    n: int,
    pairs: AnyArray,
    sums: AnyArray,
) -> None:
    """Add Σᵢ rows[r, i] left[k, i] right[j, i] to the sums: for each tile of pairs (k, j) a line for each r.

    There are ``lefts`` k and ``rights`` j, a row of ones the last of them where left and right have no more.
    For negative ``rights`` only half of the pairs are formed, those with j ≤ k.
    """
    flat, count, lanes, ones = rows.reshape(-1), len(rows), pairs.shape[1], np.ones(BLOCK)
    lane, place = 0, 0
    for k in range(lefts):
        one = left[k] if k < len(left) else ones
        end = rights if rights > 0 else k + 1
        for j in range(end):
            other = right[j] if j < len(right) else ones
            for i in range(n):
                pairs[i, lane] = one[i] * other[i]
            lane += 1
            if lane == lanes or (k == lefts - 1 and j == end - 1):
                product(flat, 0, BLOCK, 1, ADD, pairs[:n], sums[place : place + count], lanes)
                place += count
                lane = 0


@part_of_others
def _parameter(start: int, wide: int, high: int, unit: int, k: int) -> int:
    """The place in theta of W[unit, k], or of the bias, which follows the layer's weights."""
    return start + unit * wide + k if k < wide else start + high * wide + unit


@part_of_one
def _write_own(net: Net, start: int, part: Part, sums: AnyArray, scale: float, full: AnyArray) -> None:
    """Add the layer's own block: for units u ≤ v a symmetric matrix (k, j), in both of its places."""
    wide, high = net.widths[part.layer], net.widths[part.layer + 1]
    lanes, count, row, inputs = lanes_of(sums), len(part.own), 0, wide + net.biases
    block = np.empty((inputs, inputs))
    for u in range(part.first, part.last):
        for v in range(u, high):
            pair = 0
            for k in range(inputs):
                for j in range(k + 1):
                    value = scale * sums[pair // lanes * count + row, pair % lanes]
                    block[k, j] = value
                    block[j, k] = value
                    pair += 1
            for side in range(1 if u == v else 2):
                up, down = (v, u) if side else (u, v)
                for k in range(inputs):
                    line = full[_parameter(start, wide, high, up, k)]
                    for j in range(wide):
                        line[start + down * wide + j] += block[k, j]
                    if net.biases:
                        line[start + high * wide + down] += block[k, wide]
            row += 1


@part_of_others
def _write(
    net: Net,
    places: Places,
    part: Part,
    above: int,
    moved: bool,
    sums: AnyArray,
    scale: float,
    full: AnyArray,
) -> None:
    """Add one of the two terms to the rows of the layer l, in the columns of the layer m ``above``.

    Σ aˡ⁻¹[k] Rᵤ{δᵐ[v]} aᵐ⁻¹[j] is a row for each (u, v); what is moved, Σ aˡ⁻¹[k] Rᵤ{aᵐ⁻¹[j]} δᵐ[v], one
    for each (u, j), or one layer up, where only j = u moves, for each u.
    """
    layer, lanes, units = part.layer, lanes_of(sums), part.last - part.first
    wide, high, start = net.widths[above], net.widths[above + 1], places.starts[above]
    near = moved and above == layer + 1
    outer, inner = (1 if near else wide, high) if moved else (high, wide + net.biases)
    for row in range(units * outer):
        u, x = part.first + row // outer, row % outer
        for k in range(net.widths[layer] + net.biases):
            line = full[_parameter(places.starts[layer], net.widths[layer], net.widths[layer + 1], u, k)]
            for y in range(inner):
                pair = k * inner + y
                value = scale * sums[pair // lanes * units * outer + row, pair % lanes]
                v, j = (y, u if near else x) if moved else (x, y)
                line[_parameter(start, wide, high, v, j)] += value
