"""One theta's cost and gradient with as few calls as it takes: the inner loop of every descent.

A step of a small network costs little but the calls themselves. So every array of the pass is made once for
a number of examples, every product is a bound method with its output, and all hidden layers lie in one block
whose slopes are computed together.
"""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np

from descentscape.core.activations import Activation
from descentscape.core.architecture import Architecture, aligned
from descentscape.core.objective import Array


class Step:
    """The forward and backward pass over ``n`` examples in buffers of its own, for one thread at a time."""

    def __init__(self, architecture: Architecture, n: int) -> None:
        layout, hidden = architecture.layout, architecture.hidden
        units = layout.widths[1:-1]
        tops = [0, *np.cumsum([width + layout.biases for width in units]).tolist()]
        rows = [slice(top, top + width) for top, width in zip(tops, units, strict=False)]
        a, slopes = aligned(tops[-1], n), aligned(tops[-1], n)
        z = a if architecture.from_outputs else aligned(tops[-1], n)
        inputs = [a[start:stop] for start, stop in pairwise(tops)]
        zs = [*(z[part] for part in rows), aligned(layout.widths[-1], n)]
        deltas = [*zs[:-1], aligned(layout.widths[-1], n)]
        self._packed, self._grads = aligned(layout.dim), aligned(layout.dim)
        matrices, grads = layout.matrices(self._packed), layout.matrices(self._grads)
        self._order, self._inverse = layout.order, layout.inverse
        self._net, self._n, self._scale = architecture, n, np.array(1.0 / n)
        self._first = matrices[0].dot, zs[0]
        self._forward = [
            (hidden[k].value, zs[k], a[rows[k]], matrices[k + 1].dot, inputs[k], zs[k + 1])
            for k in range(len(hidden))
        ]
        self._head = architecture.head.slope, zs[-1], deltas[-1]
        self._slopes = [
            (activation.derivative, z[part], a[part], slopes[part])
            for activation, part in _runs(hidden, tops)
        ]
        self._backward = [
            (
                deltas[k + 1].dot, inputs[k].T, grads[k + 1],
                matrices[k + 1][:, : units[k]].T.dot, deltas[k + 1], deltas[k], slopes[rows[k]],
            )
            for k in reversed(range(len(hidden)))
        ]  # fmt: skip
        self._last = deltas[0].dot, grads[0]

    def __call__(self, theta: Array, xt: Array, yt: Array) -> tuple[Array, Array]:
        """C and its gradient ``(P,)`` at theta ``(P,)``, for xt ``(D + 1, n)`` and yt ``(K, n)``."""
        theta.take(self._order, None, self._packed, "clip")
        product, z = self._first
        product(xt, z)
        for value, z, a, product, inputs, above in self._forward:
            value(z, a)
            product(inputs, above)
        head, z, delta = self._head
        cost = head(z, yt, delta) / self._n
        for derivative, z, a, slope in self._slopes:
            derivative(z, a, slope)
        for outer, inputs, grad, back, delta, below, slope in self._backward:
            outer(inputs, grad)
            back(delta, below)
            np.multiply(below, slope, below)
        outer, grad = self._last
        outer(xt.T, grad)
        gradient = self._grads.take(self._inverse)
        np.multiply(gradient, self._scale, gradient)
        if self._net.penalized:
            cost = cost + self._net.penalty(theta)
            gradient += self._net.penalty_slope(theta)
        return cost, gradient


def _runs(hidden: tuple[Activation, ...], tops: list[int]) -> list[tuple[Activation, slice]]:
    """Neighbouring layers of one activation, with the rows they cover together."""
    runs, layer = [], 0
    for _, group in groupby(hidden, key=lambda activation: activation.kind):
        members = list(group)
        runs.append((members[0], slice(tops[layer], tops[layer + len(members)])))
        layer += len(members)
    return runs
