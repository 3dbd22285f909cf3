"""Derivatives of a network's two passes along directions: Hessian-vector products.

R{·} is the derivative along a direction (B. Pearlmutter, Neural Computation 6, 1994). Every layer moves by
its own ``forward_tangent``, ``backward_tangent`` and ``gradient_tangent``; here they are joined.
"""

from __future__ import annotations

import numpy as np

from descentscape.core.network.architecture import Architecture
from descentscape.core.objective import AnyArray, Array


class Linearization:
    """Both passes at one theta and one set of n examples, kept layer by layer.

    Inputs aˡ⁻¹ ``(in, n)``, z and δ = ∂ℓ/∂z ``(out, n)``, each layer's ``parameters``, and for the hidden
    layers the slopes σ'(z) and the curvatures σ''(z) ∂ℓ/∂a.
    """

    def __init__(self, net: Architecture, theta: Array, x: Array, y: Array) -> None:
        self._net, self.targets = net, y
        self.parameters: list[AnyArray] = net.layout.parts(theta)
        self.inputs: list[AnyArray] = [x]
        self.zs: list[AnyArray] = []
        for layer, parameters in zip(net.layers, self.parameters, strict=True):
            z, a = layer.forward(parameters, self.inputs[-1])
            self.zs.append(z)
            self.inputs.append(a)
        self.outputs = self.inputs.pop()
        self.deltas = [np.empty_like(z) for z in self.zs]
        self.slopes, self.curvatures = list[AnyArray](), list[AnyArray]()
        self._back()

    def _back(self) -> None:
        net = self._net
        net.output_loss.slope(self.zs[-1], self.targets, self.deltas[-1])
        for k, activation in reversed(list(enumerate(net.hidden))):
            z, a = self.zs[k], self.inputs[k + 1]
            slope = net.layers[k + 1].backward(self.parameters[k + 1], self.deltas[k + 1])
            self.slopes.insert(0, activation.derivative(z, a))
            self.curvatures.insert(0, activation.second(z, a) * slope)
            self.deltas[k] = self.slopes[0] * slope

    def sizes(self) -> Array:
        """Σ |δ| |a|ᵀ over the examples ``(P,)``: the sizes of the terms that the gradient of Σ ℓ adds up."""
        passes = zip(self._net.layers, self.inputs, self.deltas, strict=True)
        return np.concatenate([layer.gradient(np.abs(a), np.abs(delta)) for layer, a, delta in passes])

    def scatter(self) -> float:
        """Σ ‖gᵢ − ḡ‖² / (n − 1) of the examples' gradients gᵢ about their mean ḡ; 0 of a single one."""
        passes = list(zip(self._net.layers, self.inputs, self.deltas, strict=True))
        count = len(self.targets.T)
        squares = sum(float(layer.gradient_squares(a, delta).sum()) for layer, a, delta in passes)
        total = np.concatenate([layer.gradient(a, delta) for layer, a, delta in passes])
        return max(0.0, squares - float(total @ total) / count) / max(1, count - 1)

    def second_product(self, tangent: AnyArray) -> AnyArray:
        """R{δ} of the output from its R{z}, both ``(R, K, n)``."""
        return self._net.output_loss.second_product(self.zs[-1], self.targets, tangent)

    def products(self, v: Array) -> Array:
        """The Hessian of Σ ℓ times each row of v ``(R, P)``."""
        net, moves = self._net, self._net.layout.parts(v)
        tangents, moved = self._tangents(moves)
        rdelta, found = self.second_product(tangents[-1]), list[AnyArray]()
        for k in range(len(net.layers) - 1, -1, -1):
            layer, delta = net.layers[k], self.deltas[k]
            found.insert(0, layer.gradient_tangent(self.inputs[k], moved[k], delta, rdelta))
            if k:
                rdelta = layer.backward_tangent(self.parameters[k], moves[k], delta, rdelta)
                rdelta *= self.slopes[k - 1]
                tangents[k - 1] *= self.curvatures[k - 1]
                rdelta += tangents[k - 1]
        return np.concatenate(found, axis=-1)

    def _tangents(self, moves: list[AnyArray]) -> tuple[list[AnyArray], list[AnyArray | None]]:
        """R{z} of every layer, and R{a} of the units below it: None of the inputs, which stay."""
        tangents, moved = list[AnyArray](), list[AnyArray | None]([None])
        for k, layer in enumerate(self._net.layers):
            tangents.append(layer.forward_tangent(self.parameters[k], moves[k], self.inputs[k], moved[k]))
            if k < len(self.slopes):
                moved.append(tangents[k] * self.slopes[k])
        return tangents, moved
