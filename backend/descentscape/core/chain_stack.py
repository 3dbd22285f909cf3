"""Many thetas at once: costs and gradients of a stack ``(R, P)`` by stacked products.

The first layer of all of them is one product, since they share the inputs; the rest are R products in one
call. A stack is taken in chunks whose buffers stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from descentscape.core.architecture import Architecture
from descentscape.core.objective import AnyArray

CHUNK_BYTES = 1 << 20


class Stack:
    """The passes over ``runs`` thetas and ``n`` examples in buffers of its own, for one thread at a time."""

    def __init__(self, architecture: Architecture, runs: int, n: int, dtype: np.dtype) -> None:
        layout = architecture.layout
        self._architecture, self._layout = architecture, layout
        self._runs, self._n, self._dtype = runs, n, dtype
        self._z = [np.empty((runs, width, n), dtype) for width in layout.widths[1:]]
        self._inputs = [np.ones((runs, width + layout.biases, n), dtype) for width in layout.widths[1:-1]]
        self._a = [inputs[:, :width] for inputs, width in zip(self._inputs, layout.widths[1:-1], strict=True)]

    def losses(self, theta: AnyArray, xt: AnyArray, yt: AnyArray) -> AnyArray:
        """Σ ℓ over the examples ``(runs,)``."""
        matrices = self._layout.matrices(theta.take(self._layout.order, 1))
        return self._architecture.head.losses(self._forward(matrices, xt), yt).sum(-1)

    def _forward(self, matrices: list[AnyArray], xt: AnyArray) -> AnyArray:
        rows = matrices[0].reshape(-1, len(xt))
        rows.dot(xt, self._z[0].reshape(-1, self._n))
        for k, activation in enumerate(self._architecture.hidden):
            activation.value(self._z[k], self._a[k])
            np.matmul(matrices[k + 1], self._inputs[k], self._z[k + 1])
        return self._z[-1]

    def gradients(self, theta: AnyArray, xt: AnyArray, yt: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Σ ℓ over the examples ``(runs,)`` and its gradients ``(runs, P)``."""
        matrices = self._layout.matrices(theta.take(self._layout.order, 1))
        z = self._forward(matrices, xt)
        packed = np.empty((self._runs, self._layout.dim), self._dtype)
        grads = self._layout.matrices(packed)
        delta = np.empty_like(z)
        total = self._architecture.head.slope(z, yt, delta)
        for k in reversed(range(len(self._inputs))):
            np.matmul(delta, self._inputs[k].swapaxes(1, 2), grads[k + 1])
            slope = self._architecture.hidden[k].derivative(self._z[k], self._a[k])
            width = self._layout.widths[k + 1]
            delta = np.matmul(matrices[k + 1][:, :, :width].swapaxes(1, 2), delta, self._z[k])
            delta *= slope
        grads[0][...] = delta.reshape(-1, self._n).dot(xt.T).reshape(grads[0].shape)
        return total, packed.take(self._layout.inverse, 1)


def chunks(architecture: Architecture, runs: int, n: int, itemsize: int) -> Iterator[slice]:
    """Cut a stack of ``runs`` thetas into parts whose buffers fit ``CHUNK_BYTES``."""
    each = 3 * sum(architecture.layout.widths[1:]) * n * itemsize
    size = max(1, CHUNK_BYTES // each)
    return (slice(start, min(start + size, runs)) for start in range(0, runs, size))
