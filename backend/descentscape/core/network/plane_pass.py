"""A dense network's cost over a plane of its parameters, at many points.

On the plane θ = origin + a u + b v the first layer's pre-activation is affine in (a, b): three products with
the inputs, made once, give it at every point as one product with (1, a, b). So do the weights of the other
layers. Points are taken in chunks whose activations, units by points by examples, stay in the cache.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from descentscape.core.network.architecture import Architecture, aligned
from descentscape.core.objective import AnyArray, Array
from descentscape.core.parallel import spread

PLANE_CHUNK_BYTES = 1 << 21


class PlanePass:
    """The plane through ``origin`` ``(P,)`` along ``basis`` ``(2, P)``, seen by one set of examples."""

    def __init__(
        self, net: Architecture, origin: Array, basis: Array, xt: Array, yt: Array, dtype: DTypeLike
    ) -> None:
        layout = net.layout
        frame = np.vstack([origin, basis]).take(layout.order, 1)
        first = layout.matrices(frame)[0] @ xt
        self._net, self._yt = net, yt.astype(dtype)
        self._first = np.ascontiguousarray(first.swapaxes(0, 1), dtype)
        self._rest = np.ascontiguousarray(frame[:, layout.spans[0].stop :], dtype)

    def costs(self, points: AnyArray) -> AnyArray:
        """Σ ℓ over the examples at each of the points ``(M, 2)``, shape ``(M,)``."""
        dtype, count = self._first.dtype, len(points)
        units, n = sum(self._net.layout.widths[1:]), self._yt.shape[1]
        chunks = max(1, -(-count * units * n * dtype.itemsize // PLANE_CHUNK_BYTES))
        size = max(1, -(-count // chunks))
        starts = range(0, count, size)
        coordinates = np.ones((len(starts) * size, 3), dtype)
        coordinates[:count, 1:] = points
        total = np.empty(len(coordinates), dtype)

        def work(share: Sequence[int]) -> None:
            blocks = self._blocks(size)
            for start in share:
                part = slice(start, start + size)
                total[part] = self._chunk(coordinates[part], blocks)

        spread(work, starts)
        return total[:count]

    def _blocks(self, size: int) -> list[AnyArray]:
        """Activations of each layer for ``size`` points, with the ones that carry the biases."""
        layout = self._net.layout
        shapes = [(width + layout.biases, size, self._yt.shape[1]) for width in layout.widths[1:]]
        return [aligned(*shape, dtype=self._first.dtype) for shape in shapes]

    def _chunk(self, coordinates: AnyArray, blocks: list[AnyArray]) -> AnyArray:
        layout, hidden = self._net.layout, self._net.hidden
        units = [block[:width] for block, width in zip(blocks, layout.widths[1:], strict=True)]
        np.matmul(coordinates, self._first, units[0])
        weights, start = coordinates @ self._rest, 0
        for k, activation in enumerate(hidden):
            height, width = layout.shapes[k + 1]
            matrices = weights[:, start : start + height * width].reshape(-1, height, width)
            start += height * width
            activation.value(units[k], units[k])
            np.matmul(matrices, blocks[k].swapaxes(0, 1), units[k + 1].swapaxes(0, 1))
        losses: AnyArray = self._net.output_loss.total(units[-1].swapaxes(0, 1), self._yt)
        return losses
