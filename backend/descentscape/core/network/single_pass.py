"""One theta's cost and gradient with as few calls as it takes: the inner loop of every descent.

It knows dense layers by heart. A step of a small network costs little but the calls themselves. So every
array of the pass is made once for a number of examples, every product is a bound method with its output, and
all hidden layers lie in one block whose slopes are computed together.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import groupby, pairwise

import numpy as np

from descentscape.core.network.activations import Activation
from descentscape.core.network.architecture import Architecture, aligned
from descentscape.core.objective import Array


class SinglePass:
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
        self._first, self._z = matrices[0].dot, zs[0]
        self._forward: list[Callable[[], object]] = []
        for k, activation in enumerate(hidden):
            self._forward += [
                partial(activation.value, zs[k], a[rows[k]]),
                partial(matrices[k + 1].dot, inputs[k], zs[k + 1]),
            ]
        self._loss, self._outputs, self._delta = architecture.output_loss.slope, zs[-1], deltas[-1]
        self._backward: list[Callable[[], object]] = [
            partial(activation.derivative, z[part], a[part], slopes[part])
            for activation, part in _runs(hidden, tops)
        ]
        for k in reversed(range(len(hidden))):
            self._backward += [
                partial(deltas[k + 1].dot, inputs[k].T, grads[k + 1]),
                partial(matrices[k + 1][:, : units[k]].T.dot, deltas[k + 1], deltas[k]),
                partial(np.multiply, deltas[k], slopes[rows[k]], deltas[k]),
            ]
        self._last, self._grad = deltas[0].dot, grads[0]

    def __call__(self, theta: Array, xt: Array, yt: Array) -> tuple[Array, Array]:
        """C and its gradient ``(P,)`` at theta ``(P,)``, for xt ``(D + 1, n)`` and yt ``(K, n)``."""
        theta.take(self._order, None, self._packed, "clip")
        self._first(xt, self._z)
        for call in self._forward:
            call()
        cost = self._loss(self._outputs, yt, self._delta) / self._n
        for call in self._backward:
            call()
        self._last(xt.T, self._grad)
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
