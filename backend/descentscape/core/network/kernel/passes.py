"""Cost and gradient of networks, in float64 and float32."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numba import types

from descentscape.core.network.kernel.activations import LINEAR, activate, activate_both
from descentscape.core.network.kernel.compiler import (
    compiled,
    compiled_plainly,
    part_of_others,
    pointer,
    type_of,
)
from descentscape.core.network.kernel.losses import MSE, output_loss, output_value
from descentscape.core.network.kernel.products import BLOCK, ZERO, add_biases, add_outer, lanes_of, product
from descentscape.core.objective import AnyArray, Indices

SEGMENT = 32 * BLOCK
"""Examples whose sums are formed on their own: what one thread takes of a large data set."""


class Net(NamedTuple):
    """A network and its examples as compiled code takes them.

    ``widths`` ``(L + 1,)``, ``kinds`` ``(L,)`` of activations, ``cost``, whether there are ``biases`` (0 or
    1), and the examples ``xt`` ``(D, N)`` and ``yt`` ``(K, N)``.
    """

    widths: Indices
    kinds: Indices
    cost: int
    biases: int
    xt: AnyArray
    yt: AnyArray


class Work(NamedTuple):
    """Buffers of one thread: units, slopes and targets of one block, and one gradient ``(P,)``."""

    units: AnyArray
    slopes: AnyArray
    targets: AnyArray
    grad: AnyArray


@part_of_others
def load(source: AnyArray, examples: Indices, low: int, target: AnyArray, n: int) -> None:
    """n columns of source ``(D, N)`` from ``low`` on, or the chosen examples', to the target's rows."""
    for k in range(len(source)):
        row, values = target[k], source[k]
        if len(examples):
            for i in range(n):
                row[i] = values[examples[low + i]]
        else:
            for i in range(n):
                row[i] = values[low + i]


@part_of_others
def _forward(net: Net, theta: AnyArray, n: int, work: Work) -> float:
    """Σ ℓ of a block; leaves its units, their slopes, and δ of the outputs."""
    top, start = 0, 0
    for layer in range(len(net.kinds)):
        wide, high = net.widths[layer], net.widths[layer + 1]
        above = work.units[top + wide : top + wide + high]
        bias = start + high * wide if net.biases else ZERO
        product(theta, start, wide, 1, bias, work.units[top : top + wide], above, n)
        if layer < len(net.kinds) - 1:
            for h in range(high):
                activate_both(net.kinds[layer], above[h], work.slopes[top + wide + h], n)
        top, start = top + wide, start + high * (wide + net.biases)
    outputs = work.units[top : top + net.widths[-1]]
    return output_loss(net.kinds[-1], net.cost, outputs, work.slopes[top:], work.targets, n)


@part_of_others
def _value(net: Net, theta: AnyArray, n: int, work: Work) -> float:
    """Σ ℓ of a block, as `_forward` has it, and nothing else."""
    top, start = 0, 0
    for layer in range(len(net.kinds)):
        wide, high = net.widths[layer], net.widths[layer + 1]
        above = work.units[top + wide : top + wide + high]
        bias = start + high * wide if net.biases else ZERO
        product(theta, start, wide, 1, bias, work.units[top : top + wide], above, n)
        if layer < len(net.kinds) - 1:
            for h in range(high):
                activate(net.kinds[layer], above[h], n)
        top, start = top + wide, start + high * (wide + net.biases)
    outputs = work.units[top : top + net.widths[-1]]
    return output_value(net.kinds[-1], net.cost, outputs, work.slopes[top:], work.targets, n)


@part_of_others
def _backward(net: Net, theta: AnyArray, n: int, work: Work) -> None:
    """Add the block's part of ∇Σ ℓ to the buffer; each layer's δ is written over its units."""
    if n < BLOCK:
        work.units[:, n : n + lanes_of(work.units)] = 0.0
    top, start = 0, 0
    for layer in range(len(net.kinds)):
        top, start = top + net.widths[layer], start + net.widths[layer + 1] * (net.widths[layer] + net.biases)
    for layer in range(len(net.kinds) - 1, -1, -1):
        wide, high = net.widths[layer], net.widths[layer + 1]
        start -= high * (wide + net.biases)
        delta, below = work.units[top : top + high], work.units[top - wide : top]
        add_outer(work.grad, start, delta, below, n)
        if net.biases:
            add_biases(work.grad, start + high * wide, delta, n)
        if layer:
            product(theta, start, 1, wide, ZERO, delta, below, n)
            for h in range(wide):
                row, slope = below[h], work.slopes[top - wide + h]
                for i in range(n):
                    row[i] *= slope[i]
        top -= wide


def _segment_gradient(net: Net, theta: AnyArray, examples: Indices, low: int, high: int, work: Work) -> float:
    """Σ ℓ of the examples low ≤ i < high, of all or of those chosen; ``work.grad`` takes its gradient."""
    total = 0.0
    work.grad[:] = 0.0
    for place in range(low, high, BLOCK):
        n = min(BLOCK, high - place)
        load(net.xt, examples, place, work.units, n)
        load(net.yt, examples, place, work.targets, n)
        total += _forward(net, theta, n, work)
        _backward(net, theta, n, work)
    return total


@cache
def segment_gradient() -> Any:
    """What compiled code calls for Σ ℓ of a segment and its gradient, in double precision."""
    net = example_net(np.float64)
    net_type, work_type = type_of(net), type_of(work_for(net))
    examples, theta = types.Array(types.intp, 1, "C"), types.Array(types.float64, 1, "C")
    signature = types.float64(net_type, theta, examples, types.intp, types.intp, work_type)
    return pointer(signature, _segment_gradient)


@compiled_plainly
def one_segment(
    segment: Any, net: Net, theta: AnyArray, examples: Indices, low: int, high: int, work: Work
) -> float:
    """`segment_gradient` called from outside of compiled code."""
    return float(segment(net, theta, examples, low, high, work))


@compiled_plainly
def gradient(segment: Any, net: Net, theta: AnyArray, examples: Indices, grad: AnyArray, work: Work) -> float:
    """The mean of ℓ at theta ``(P,)``, over all examples or those chosen; its gradient goes to ``grad``."""
    count, total = len(examples) or net.yt.shape[1], 0.0
    grad[:] = 0.0
    for low in range(0, count, SEGMENT):
        total += segment(net, theta, examples, low, min(low + SEGMENT, count), work)
        for p in range(len(grad)):
            grad[p] += work.grad[p]
    for p in range(len(grad)):
        grad[p] /= count
    return total / count


@compiled_plainly
def gradients(
    segment: Any, net: Net, thetas: AnyArray, examples: Indices, costs: AnyArray, grads: AnyArray, work: Work
) -> None:
    """The mean of ℓ and its gradient at each theta ``(R, P)``, over all examples or those chosen."""
    for row in range(len(thetas)):
        costs[row] = gradient(segment, net, thetas[row], examples, grads[row], work)


@compiled
def costs(net: Net, thetas: AnyArray, examples: Indices, costs: AnyArray, work: Work) -> None:
    """The mean of ℓ at each theta ``(R, P)``, over all examples or those chosen."""
    # Block by block, so that a block of examples is loaded once for all thetas.
    count = len(examples) or net.yt.shape[1]
    total, part = np.zeros(len(thetas)), np.zeros(len(thetas))
    for low in range(0, count, SEGMENT):
        part[:] = 0.0
        for place in range(low, min(low + SEGMENT, count), BLOCK):
            n = min(BLOCK, count - place)
            load(net.xt, examples, place, work.units, n)
            load(net.yt, examples, place, work.targets, n)
            for row in range(len(thetas)):
                part[row] += _value(net, thetas[row], n, work)
        for row in range(len(thetas)):
            total[row] += part[row]
    for row in range(len(thetas)):
        costs[row] = total[row] / count


def work_for(net: Net) -> Work:
    """Return buffers for passes over the network's examples, in their precision."""
    dtype, units = net.xt.dtype, int(net.widths.sum())
    dim = int((net.widths[1:] * (net.widths[:-1] + net.biases)).sum())
    shapes = (units, BLOCK), (units + 1, BLOCK), (int(net.widths[-1]) + 1, BLOCK), (dim,)
    return Work(*(np.zeros(shape, dtype) for shape in shapes))


def example_net(dtype: type[np.floating]) -> Net:
    """A network of one weight and one example, whose types are those of every network of its precision."""
    one = np.ones((1, 1), dtype)
    return Net(np.ones(2, np.intp), np.zeros(1, np.intp) + LINEAR, MSE, 0, one, one)
