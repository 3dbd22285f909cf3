"""The compiled passes of one network and its examples, called with NumPy arrays and shared among threads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from descentscape.core.network.architecture import WORKSPACES, Architecture
from descentscape.core.network.kernel import curvature
from descentscape.core.network.kernel import passes as kernel
from descentscape.core.network.kernel.activations import ACTIVATION_CODES
from descentscape.core.network.kernel.hessian import hessian_rows
from descentscape.core.network.kernel.linearization import Tape, linearize, tape_for
from descentscape.core.network.kernel.losses import COST_CODES
from descentscape.core.network.kernel.products import BLOCK
from descentscape.core.network.kernel.surfaces import plane_costs
from descentscape.core.objective import ALL, AnyArray, Array, Indices
from descentscape.core.parallel import spread

T = TypeVar("T", bound=AnyArray)

THREAD_WORK = 1 << 17
"""Multiplications that are worth a thread of their own: about 50 µs."""

MOST_PARTS = 8

PLANE_POINTS = 16
"""Points of a plane that are worth taking its first layer into the blocks of a thread of their own."""

KEPT_BYTES = 1 << 21
"""A plane's first layer of so many bytes at most is kept for its further points."""

HESSIAN_UNITS = 8
"""Units of a layer whose rows of the Hessian are computed together."""

HESSIAN_THREAD_WORK = 1 << 21
"""Multiplications of a Hessian that are worth threads."""


class CompiledPasses:
    """Means of the loss and their gradients over the examples x ``(N, D)`` and y ``(N, K)``, or some of them.

    Penalties are not in them. Calls are safe from several threads, and give the same bits however they are
    cut and shared.
    """

    def __init__(self, architecture: Architecture, x: Array, y: Array) -> None:
        self._architecture = architecture
        self._multiplications = sum(layer.multiplications for layer in architecture.layers)
        self._double = _net(architecture, x, y, np.float64)
        self._single: kernel.Net | None = None
        self.xt, self.yt = self._double.xt, self._double.yt
        self._segment = kernel.segment_gradient()
        self._shape = *architecture.widths, architecture.biases

    def costs(self, thetas: AnyArray, examples: Indices = ALL) -> AnyArray:
        """The mean loss ``(R,)`` at each theta ``(R, P)``, in theta's precision."""
        thetas, examples = _plain(thetas), _plain(examples)
        costs, net = np.empty(len(thetas), thetas.dtype), self._net(thetas.dtype)

        def work(parts: Sequence[slice]) -> None:
            for part in parts:
                kernel.costs(net, thetas[part], examples, costs[part], self._work(net))

        spread(work, self._parts(len(thetas), len(examples) or net.yt.shape[1]))
        return costs

    def gradients(self, thetas: Array, examples: Indices = ALL) -> tuple[Array, Array]:
        """The mean loss ``(R,)`` and its gradient ``(R, P)`` at each theta ``(R, P)``."""
        thetas, examples = _plain(thetas), _plain(examples)
        net, count = self._double, len(examples) or self.yt.shape[1]
        if len(thetas) == 1 and count > kernel.SEGMENT:
            return self._by_segments(net, thetas, examples, count)
        costs, grads = np.empty(len(thetas)), np.empty(thetas.shape)
        if len(thetas) == 1:
            kernel.gradients(self._segment, net, thetas, examples, costs, grads, self._work(net))
            return costs, grads

        def work(parts: Sequence[slice]) -> None:
            for part in parts:
                kernel.gradients(
                    self._segment, net, thetas[part], examples, costs[part], grads[part], self._work(net)
                )

        spread(work, self._parts(len(thetas), 3 * count))
        return costs, grads

    def plane_costs(
        self, origin: Array, basis: Array, points: Array, dtype: DTypeLike, examples: Indices = ALL
    ) -> AnyArray:
        """The mean loss ``(M,)`` at origin ``(P,)`` + points ``(M, 2)`` @ basis ``(2, P)``, in ``dtype``."""
        net, frame, first = self._plane(np.vstack([origin, basis]), np.dtype(dtype), examples)
        places = _plain(np.asarray(points, dtype))
        costs = np.empty(len(points), dtype)

        def work(parts: Sequence[slice]) -> None:
            for part in parts:
                plane_costs(net, frame, first, places[part], costs[part])

        spread(work, self._parts(len(points), net.yt.shape[1], PLANE_POINTS))
        return costs

    def _plane(
        self, frame: Array, dtype: np.dtype[Any], examples: Indices
    ) -> tuple[kernel.Net, AnyArray, AnyArray]:
        """The network, the frame ``(3, P)`` and its first layer's pre-activations ``(3, H, N)``, in a dtype.

        They are kept unless they are large, since the points of a plane come in many parts.
        """
        key, here = ("plane", self, dtype.char), frame.tobytes()
        known: tuple[bytes, Indices | None, tuple[Any, Any, Any]] | None = WORKSPACES.get(key)
        if known and known[0] == here and known[1] is examples:
            return known[2]
        net, xt = self._net(dtype), self.xt
        if len(examples):
            net, xt = net._replace(yt=net.yt.take(examples, 1)), xt.take(examples, 1)
        layer = self._architecture.layers[0]
        w, b = layer.split(frame[:, self._architecture.layout.spans[0]])
        first = w @ xt
        if b is not None:
            first += b[..., None]
        made = net, _plain(frame.astype(dtype)), _plain(first.astype(dtype))
        if first.nbytes <= KEPT_BYTES:
            WORKSPACES.keep(key, (here, examples, made))
        return made

    def for_compiled_code(self) -> tuple[Any, kernel.Net, kernel.Work]:
        """A segment's gradient, the network and this thread's buffers, for compiled code that calls it."""
        return self._segment, self._double, self._work(self._double)

    def products(self, theta: Array, vectors: Array, examples: Indices = ALL) -> Array:
        """The Hessian of the mean loss at theta ``(P,)`` times each of the vectors ``(R, P)``."""
        theta, vectors, examples = _plain(theta), _plain(vectors), _plain(examples)
        net, edges = self._double, self._edges(examples)
        total, found = np.zeros(vectors.shape), np.empty(vectors.shape)
        parts = self._parts(len(vectors), min(edges[-1], kernel.SEGMENT))
        for low, high in pairwise(edges):
            tape = self._tape(theta, examples, low, high)

            def work(parts: Sequence[slice], tape: Tape = tape, n: int = high - low) -> None:
                for part in parts:
                    curvature.products(net, theta, tape, n, vectors[part], found[part], self._moves())

            spread(work, parts)
            total += found
        return total / edges[-1]

    def sizes(self, theta: Array, examples: Indices = ALL) -> Array:
        """The mean of |δ| |a|ᵀ ``(P,)``: of the sizes of the terms that a gradient adds up."""
        theta, examples = _plain(theta), _plain(examples)
        edges, total, found = self._edges(examples), np.zeros(len(theta)), np.empty(len(theta))
        for low, high in pairwise(edges):
            tape = self._tape(theta, examples, low, high)
            curvature.sizes(self._double, tape, high - low, found, self._moves())
            total += found
        return total / edges[-1]

    def hessian(self, theta: Array, examples: Indices = ALL) -> Array:
        """The Hessian of the mean loss at theta ``(P,)``, ``(P, P)``."""
        theta, examples = _plain(theta), _plain(examples)
        net, full, edges = self._double, np.zeros((len(theta), len(theta))), self._edges(examples)
        parts = self._hessian_parts
        for low, high in pairwise(edges):
            tape = self._tape(theta, examples, low, high)

            def work(parts: Sequence[tuple[int, int, int]], tape: Tape = tape, n: int = high - low) -> None:
                hessian_rows(net, theta, tape, n, np.array(parts), 1.0 / edges[-1], full)

            if sum(map(self._pairs, parts)) * edges[-1] < HESSIAN_THREAD_WORK:
                work(parts)
            else:
                spread(work, parts)
        spans = self._architecture.layout.spans
        for layer, rows in enumerate(spans):
            for columns in spans[:layer]:
                full[rows, columns] = full[columns, rows].T
        return full

    @cached_property
    def _hessian_parts(self) -> list[tuple[int, int, int]]:
        """Layers and their units, the first and the one after the last, the most work first."""
        parts = [
            (layer, first, min(first + HESSIAN_UNITS, units))
            for layer, units in enumerate(self._architecture.widths[1:])
            for first in range(0, units, HESSIAN_UNITS)
        ]
        return sorted(parts, key=self._pairs, reverse=True)

    def _pairs(self, part: tuple[int, int, int]) -> int:
        """The pairs of parameters that a part of the Hessian takes, by which its time grows."""
        layers, (layer, first, last) = self._architecture.layers, part
        outer = sum(each.multiplications for each in layers[layer + 1 :])
        own = (layers[layer].units_out - (first + last) // 2) * layers[layer].units_in // 2
        return (last - first) * layers[layer].units_in * (outer + own)

    def _edges(self, examples: Indices) -> list[int]:
        """Where the segments of the examples begin, and their end."""
        count = len(examples) or self.yt.shape[1]
        return [*range(0, count, kernel.SEGMENT), count]

    def _tape(self, theta: Array, examples: Indices, low: int, high: int) -> Tape:
        """Both passes over a segment; the last one's are kept, since products come many at one place."""
        key, here = ("tape", self, high - low), (theta.tobytes(), low)
        known: tuple[object, Indices | None, Tape] | None = WORKSPACES.get(key)
        if known and known[0] == here and known[1] is examples:
            return known[2]
        tape = known[2] if known else tape_for(self._double, high - low)
        WORKSPACES.keep(key, (b"", None, tape))

        def work(blocks: Sequence[slice]) -> None:
            for part in blocks:
                linearize(self._double, theta, examples, low, high, tape, part.start, part.stop)

        blocks = -(-(high - low) // BLOCK)
        spread(work, [slice(first, min(first + 8, blocks)) for first in range(0, blocks, 8)])
        WORKSPACES.keep(key, (here, examples, tape))
        return tape

    def _moves(self) -> curvature.Moves:
        """The buffers of the thread that calls."""
        key = "moves", self._shape
        known: curvature.Moves | None = WORKSPACES.get(key)
        return known or WORKSPACES.keep(key, curvature.moves_for(self._double))

    def _by_segments(
        self, net: kernel.Net, thetas: Array, examples: Indices, count: int
    ) -> tuple[Array, Array]:
        """One theta over many examples: their segments in threads, added up in their order."""
        edges = [*range(0, count, kernel.SEGMENT), count]
        totals, grads = np.empty(len(edges) - 1), np.empty((len(edges) - 1, thetas.shape[1]))

        def work(segments: Sequence[int]) -> None:
            own = self._work(net)
            for k in segments:
                low, high = edges[k], edges[k + 1]
                totals[k] = kernel.one_segment(self._segment, net, thetas[0], examples, low, high, own)
                grads[k] = own.grad

        spread(work, range(len(totals)))
        total, grad = np.zeros(1), np.zeros(thetas.shape)
        for part, slope in zip(totals, grads, strict=True):
            total += part
            grad += slope
        return total / count, grad / count

    def _parts(self, rows: int, examples: int, fewest: int = 1) -> list[slice]:
        """The rows in parts that are worth a thread each, of ``fewest`` rows or more."""
        least = max(fewest, THREAD_WORK // max(1, self._multiplications * examples))
        count = min(MOST_PARTS, max(1, rows // least))
        return [slice(rows * k // count, rows * (k + 1) // count) for k in range(count)]

    def _net(self, dtype: DTypeLike) -> kernel.Net:
        if np.dtype(dtype) == np.float64:
            return self._double
        if self._single is None:
            self._single = _net(self._architecture, self.xt.T, self.yt.T, np.float32)
        return self._single

    def _work(self, net: kernel.Net) -> kernel.Work:
        """The buffers of the thread that calls."""
        key = "work", net.xt.dtype.char, self._shape
        known: kernel.Work | None = WORKSPACES.get(key)
        return known or WORKSPACES.keep(key, kernel.work_for(net))


def _plain(array: T) -> T:
    """The array, copied where it is not contiguous or not to be written to: the kernel takes no such."""
    return array if array.flags.carray else array.copy()


def _net(architecture: Architecture, x: AnyArray, y: AnyArray, dtype: DTypeLike) -> kernel.Net:
    return kernel.Net(
        np.array(architecture.widths),
        np.array([ACTIVATION_CODES[layer.activation] for layer in architecture.layers]),
        COST_CODES[architecture.cost],
        int(architecture.biases),
        np.ascontiguousarray(x.T, dtype),
        np.ascontiguousarray(y.T, dtype),
    )
