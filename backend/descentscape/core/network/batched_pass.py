"""Many thetas of dense layers at once: costs and gradients of a stack ``(R, P)`` by stacked products.

Arrays are units by runs by examples, ``(H, R, n)``, so that every elementwise operation covers one block of
memory and the first layer of all runs, who share the inputs, is one product. A stack is taken in chunks
whose buffers stay in the processor's cache.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from descentscape.core.network.architecture import Architecture, aligned
from descentscape.core.objective import AnyArray

BATCH_CHUNK_BYTES = 1 << 20


class BatchedPass:
    """The passes over ``runs`` thetas and ``n`` examples in buffers of its own, for one thread at a time."""

    def __init__(self, architecture: Architecture, runs: int, n: int, dtype: DTypeLike) -> None:
        layout, hidden = architecture.layout, architecture.hidden
        units = layout.widths[1:-1]
        self._loss, self._order, self._inverse = architecture.output_loss, layout.order, layout.inverse
        self._packed, self._grads = (aligned(runs, layout.dim, dtype=dtype) for _ in range(2))
        self._matrices, grads = layout.matrices(self._packed), layout.matrices(self._grads)
        blocks = [aligned(width + layout.biases, runs, n, dtype=dtype) for width in units]
        a = [block[:width] for block, width in zip(blocks, units, strict=True)]
        z = list(a) if architecture.from_outputs else [aligned(*block.shape, dtype=dtype) for block in a]
        z.append(aligned(layout.widths[-1], runs, n, dtype=dtype))
        by_run = [block.swapaxes(0, 1) for block in z]
        inputs = [block.swapaxes(0, 1) for block in blocks]
        self._delta = np.zeros_like(by_run[-1])
        deltas = [*by_run[:-1], self._delta]
        self._shared = aligned(layout.widths[1], runs, layout.shapes[0][1], dtype=dtype)
        self._rows = self._shared.reshape(layout.widths[1] * runs, -1)
        self._z = by_run[-1]
        self._first = self._rows.dot, z[0].reshape(len(self._rows), n)
        self._forward = [
            (hidden[k].value, z[k], a[k], self._matrices[k + 1], inputs[k], by_run[k + 1])
            for k in range(len(hidden))
        ]
        self._backward = [
            (
                hidden[k].derivative, z[k], a[k], aligned(*z[k].shape, dtype=dtype),
                deltas[k + 1], inputs[k].swapaxes(1, 2), grads[k + 1],
                self._matrices[k + 1][:, :, : units[k]], by_run[k],
            )
            for k in reversed(range(len(hidden)))
        ]  # fmt: skip
        self._last = deltas[0].swapaxes(0, 1), grads[0].swapaxes(0, 1)

    def _outputs(self, theta: AnyArray, xt: AnyArray) -> AnyArray:
        """The last pre-activation ``(runs, K, n)``."""
        theta.take(self._order, 1, self._packed, "clip")
        np.copyto(self._shared, self._matrices[0].swapaxes(0, 1))
        product, z = self._first
        product(xt, z)
        for value, z, a, matrix, inputs, above in self._forward:
            value(z, a)
            np.matmul(matrix, inputs, above)
        return self._z

    def totals(self, theta: AnyArray, xt: AnyArray, yt: AnyArray) -> AnyArray:
        """Σ ℓ over the examples ``(runs,)``, for xt ``(D + 1, n)`` and yt ``(K, n)``."""
        total: AnyArray = self._loss.total(self._outputs(theta, xt), yt)
        return total

    def gradients(self, theta: AnyArray, xt: AnyArray, yt: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Σ ℓ over the examples ``(runs,)`` and its gradients ``(runs, P)``."""
        total = self._loss.slope(self._outputs(theta, xt), yt, self._delta)
        for derivative, z, a, slope, delta, inputs, grad, weights, below in self._backward:
            derivative(z, a, slope)
            np.matmul(delta, inputs, grad)
            _back(weights, delta, below)
            np.multiply(z, slope, z)
        delta, grad = self._last
        grad[...] = delta.reshape(len(self._rows), -1).dot(xt.T).reshape(self._shared.shape)
        return total, self._grads.take(self._inverse, 1)


def _back(weights: AnyArray, delta: AnyArray, out: AnyArray) -> None:
    """Wᵀ δ ``(runs, H, n)``; a single unit gets an idle second, since only then does NumPy call BLAS."""
    if delta.shape[1] == 1:
        weights, delta = _with_zeros(weights), _with_zeros(delta)
    np.matmul(weights.swapaxes(1, 2), delta, out)


def _with_zeros(row: AnyArray) -> AnyArray:
    pair = np.zeros((len(row), 2, row.shape[2]), row.dtype)
    pair[:, :1] = row
    return pair


def chunks(architecture: Architecture, runs: int, n: int, itemsize: int) -> list[slice]:
    """Cut a stack of ``runs`` thetas into parts whose buffers fit ``CHUNK_BYTES``."""
    each = (3 - architecture.from_outputs) * sum(architecture.widths[1:]) * n * itemsize
    size = max(1, BATCH_CHUNK_BYTES // each)
    return [slice(start, min(start + size, runs)) for start in range(0, runs, size)]
