"""The passes of any network by its layers’ own methods: slower than the compiled ones, but for every kind."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from descentscape.core.network.architecture import Architecture
from descentscape.core.network.tangent import Linearization
from descentscape.core.objective import ALL, AnyArray, Array, Indices

STACK_NUMBERS = 1 << 18
"""Units of all layers, examples and thetas whose passes are made at once."""


class LayerPasses:
    """What `passes.CompiledPasses` computes, for activations that the kernel does not know."""

    def __init__(self, architecture: Architecture, x: Array, y: Array) -> None:
        self._net, self.xt, self.yt = architecture, np.ascontiguousarray(x.T), np.ascontiguousarray(y.T)

    def costs(self, thetas: AnyArray, examples: Indices = ALL) -> AnyArray:
        """The mean loss ``(R,)`` at each theta ``(R, P)``, in theta's precision."""
        xt, yt = (self._chosen(each, examples).astype(thetas.dtype) for each in (self.xt, self.yt))
        parts = self._stacks(thetas, xt.shape[1])
        totals = [self._net.output_loss.total(self._forward(part, xt)[-1][0], yt) for part in parts]
        costs: AnyArray = np.concatenate(totals) / xt.shape[1]
        return costs

    def gradients(self, thetas: Array, examples: Indices = ALL) -> tuple[Array, Array]:
        """The mean loss ``(R,)`` and its gradient ``(R, P)`` at each theta ``(R, P)``."""
        xt, yt = self._chosen(self.xt, examples), self._chosen(self.yt, examples)
        found = [self._gradient(part, xt, yt) for part in self._stacks(thetas, xt.shape[1])]
        costs, grads = (np.concatenate(each) / xt.shape[1] for each in zip(*found, strict=True))
        return costs, grads

    def plane_costs(
        self, origin: Array, basis: Array, points: Array, dtype: DTypeLike, examples: Indices = ALL
    ) -> AnyArray:
        """The mean loss ``(M,)`` at origin ``(P,)`` + points ``(M, 2)`` @ basis ``(2, P)``, in ``dtype``."""
        parts = self._stacks(points, self.xt.shape[1])
        return np.concatenate([self.costs((origin + part @ basis).astype(dtype), examples) for part in parts])

    def for_compiled_code(self) -> None:
        """Nothing: nothing here is compiled."""

    def products(self, theta: Array, vectors: Array, examples: Indices = ALL) -> Array:
        """The Hessian of the mean loss at theta ``(P,)`` times each of the vectors ``(R, P)``."""
        at = self._linearized(theta, examples)
        n = at.targets.shape[1]
        found: Array = np.concatenate([at.products(part) for part in self._stacks(vectors, n)]) / n
        return found

    def sizes(self, theta: Array, examples: Indices = ALL) -> Array:
        """The mean of |δ| |a|ᵀ ``(P,)``: the sizes of the terms that a gradient adds up."""
        at = self._linearized(theta, examples)
        sizes: Array = at.sizes() / at.targets.shape[1]
        return sizes

    def hessian(self, theta: Array, examples: Indices = ALL) -> Array:
        """The Hessian of the mean loss at theta ``(P,)``, ``(P, P)``: its products with the axes."""
        found = self.products(theta, np.eye(len(theta)), examples)
        full: Array = 0.5 * (found + found.T)
        return full

    def _linearized(self, theta: Array, examples: Indices) -> Linearization:
        return Linearization(self._net, theta, *(self._chosen(each, examples) for each in (self.xt, self.yt)))

    def _chosen(self, columns: Array, examples: Indices) -> Array:
        return columns.take(examples, 1) if len(examples) else columns

    def _stacks(self, rows: AnyArray, n: int) -> list[AnyArray]:
        each = max(1, STACK_NUMBERS // (n * sum(self._net.widths[1:])))
        return [rows[start : start + each] for start in range(0, max(len(rows), 1), each)]

    def _forward(self, thetas: AnyArray, a: AnyArray) -> list[tuple[AnyArray, AnyArray]]:
        """z and σ(z) of each layer ``(R, out, n)``, of inputs ``(D, n)``."""
        passes = list[tuple[AnyArray, AnyArray]]()
        for layer, parameters in zip(self._net.layers, self._net.layout.parts(thetas), strict=True):
            passes.append(layer.forward(parameters, a))
            a = passes[-1][1]
        return passes

    def _gradient(self, thetas: Array, xt: Array, yt: Array) -> tuple[Array, Array]:
        """Σ ℓ ``(R,)`` and its gradient ``(R, P)``."""
        passes, parts = self._forward(thetas, xt), self._net.layout.parts(thetas)
        inputs = [xt, *(a for _, a in passes[:-1])]
        z = passes[-1][0]
        delta = np.empty_like(z)
        total = self._net.output_loss.slope(z, yt, delta)
        found = list[AnyArray]()
        for k in range(len(parts) - 1, -1, -1):
            layer = self._net.layers[k]
            found.insert(0, layer.gradient(inputs[k], delta))
            if k:
                slope = layer.backward(parts[k], delta)
                delta = self._net.layers[k - 1].delta(*passes[k - 1], slope)
        return total, np.concatenate(found, axis=-1)
