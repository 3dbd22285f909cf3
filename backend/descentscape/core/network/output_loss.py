"""The end of a network: output function and cost together, from pre-activation z to loss.

Arrays are units by examples, ``(*B, K, n)``. Taking both together lets a sigmoid or softmax meet its
cross-entropy without ever forming the logarithm of a number near zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from descentscape.core.network.activations import ACTIVATIONS, Activation
from descentscape.core.network.costs import SOFTMAX, require_pair
from descentscape.core.objective import AnyArray


class OutputLoss(Protocol):
    """Output function and loss ℓ of one example, the sum over its K outputs."""

    def output(self, z: AnyArray) -> AnyArray:
        """The outputs a(z), ``(*B, K, n)``."""

    def total(self, z: AnyArray, y: AnyArray) -> AnyArray:
        """Σ ℓ over the examples, ``(*B,)``; z is overwritten."""

    def slope(self, z: AnyArray, y: AnyArray, out: AnyArray) -> AnyArray:
        """Write δ = ∂ℓ/∂z to ``out``, which is not z, and return Σ ℓ over the examples, ``(*B,)``."""

    def second_product(self, z: AnyArray, y: AnyArray, v: AnyArray) -> AnyArray:
        """(∂²ℓ/∂z²) v, ``(*B, K, n)``: how δ changes when z moves along v."""


class Residual(Protocol):
    """A loss h(r) of the residual r = a − y of one output."""

    def slope(self, r: AnyArray) -> AnyArray:
        """Turn r into h'(r), in place, and return Σ h(r) over outputs and examples, ``(*B,)``."""

    def second(self, r: AnyArray) -> AnyArray:
        """h''(r), elementwise."""


class Squared:
    """h(r) = ½ r²."""

    def slope(self, r: AnyArray) -> AnyArray:
        """Leave h'(r) = r as it is."""
        flat = _flat(r)
        squares: AnyArray = flat.dot(flat) if flat.ndim == 1 else np.vecdot(flat, flat)
        return 0.5 * squares

    def second(self, r: AnyArray) -> AnyArray:
        """Return 1."""
        return np.ones_like(r)


class Huber:
    """h(r) = ½ r² if |r| ≤ 1 else |r| − ½, which is c (r − ½ c) for r clipped to c in [−1, 1]."""

    def slope(self, r: AnyArray) -> AnyArray:
        """Clip r to [−1, 1]."""
        clipped = np.clip(r, -1.0, 1.0)
        total = _sum((r - 0.5 * clipped) * clipped)
        np.copyto(r, clipped)
        return total

    def second(self, r: AnyArray) -> AnyArray:
        """Return 1 inside, 0 outside and at the seam."""
        return (np.abs(r) < 1.0).astype(r.dtype)


@dataclass(frozen=True)
class LinearOutput:
    """ℓ = Σₖ h(zₖ − yₖ)."""

    residual: Residual

    def output(self, z: AnyArray) -> AnyArray:
        """Return z."""
        return z.copy()

    def total(self, z: AnyArray, y: AnyArray) -> AnyArray:
        """Σ h(r)."""
        return self.slope(z, y, z)

    def slope(self, z: AnyArray, y: AnyArray, out: AnyArray) -> AnyArray:
        """δ = h'(r)."""
        np.subtract(z, y, out)
        return self.residual.slope(out)

    def second_product(self, z: AnyArray, y: AnyArray, v: AnyArray) -> AnyArray:
        """h''(r) v."""
        return self.residual.second(z - y) * v


@dataclass(frozen=True)
class ElementwiseOutput:
    """ℓ = Σₖ h(σ(zₖ) − yₖ)."""

    activation: Activation
    residual: Residual

    def output(self, z: AnyArray) -> AnyArray:
        """σ(z)."""
        return self.activation.value(z)

    def total(self, z: AnyArray, y: AnyArray) -> AnyArray:
        """Σ h(r)."""
        self.activation.value(z, z)
        z -= y
        return self.residual.slope(z)

    def slope(self, z: AnyArray, y: AnyArray, out: AnyArray) -> AnyArray:
        """δ = h'(r) σ'(z)."""
        a = self.activation.value(z)
        self.activation.derivative(z, a, out)
        a -= y
        total = self.residual.slope(a)
        out *= a
        return total

    def second_product(self, z: AnyArray, y: AnyArray, v: AnyArray) -> AnyArray:
        """(h''(r) σ'(z)² + h'(r) σ''(z)) v."""
        a = self.activation.value(z)
        first, second = self.activation.derivative(z, a), self.activation.second(z, a)
        a -= y
        curved = self.residual.second(a) * first * first
        self.residual.slope(a)
        product: AnyArray = (curved + a * second) * v
        return product


@dataclass(frozen=True)
class SoftmaxOutput:
    """ℓ = Σₖ h(pₖ − yₖ), p = softmax(z)."""

    residual: Residual

    def output(self, z: AnyArray) -> AnyArray:
        """Return p."""
        return softmax(z)

    def total(self, z: AnyArray, y: AnyArray) -> AnyArray:
        """Σ h(r)."""
        return self.residual.slope(softmax(z) - y)

    def slope(self, z: AnyArray, y: AnyArray, out: AnyArray) -> AnyArray:
        """δ = p (g − p·g), g = h'(r)."""
        p = softmax(z)
        g = p - y
        total = self.residual.slope(g)
        np.copyto(out, softmax_product(p, g))
        return total

    def second_product(self, z: AnyArray, y: AnyArray, v: AnyArray) -> AnyArray:
        """The derivative of δ along v, where p moves by p (v − p·v)."""
        p = softmax(z)
        g = p - y
        moved = softmax_product(p, v)
        slope_moved = self.residual.second(g) * moved
        self.residual.slope(g)
        mean, mean_moved = (p * g).sum(-2, keepdims=True), (moved * g).sum(-2, keepdims=True)
        product: AnyArray = moved * (g - mean) - p * mean_moved + softmax_product(p, slope_moved)
        return product


class LogisticOutput:
    """ℓ = −Σₖ [y ln a + (1 − y) ln(1 − a)], a = sigmoid(z), which is Σₖ max(z, 0) − y z + ln(1 + e^−|z|)."""

    def output(self, z: AnyArray) -> AnyArray:
        """Return sigmoid(z)."""
        return ACTIVATIONS["sigmoid"].value(z)

    def total(self, z: AnyArray, y: AnyArray) -> AnyArray:
        """Σ ℓ."""
        losses = np.abs(z)
        np.negative(losses, losses)
        np.exp(losses, losses)
        np.log1p(losses, losses)
        linear = np.maximum(z, 0.0)
        linear -= y * z
        losses += linear  # last, so that a small logarithm keeps its digits
        return _sum(losses)

    def slope(self, z: AnyArray, y: AnyArray, out: AnyArray) -> AnyArray:
        """δ = a − y."""
        ACTIVATIONS["sigmoid"].value(z, out)
        out -= y
        return self.total(z, y)

    def second_product(self, z: AnyArray, y: AnyArray, v: AnyArray) -> AnyArray:
        """Return a (1 − a) v."""
        a = self.output(z)
        return a * (1.0 - a) * v


class CategoricalOutput:
    """ℓ = −Σₖ yₖ ln pₖ, p = softmax(z), Σₖ yₖ = 1: ln Σⱼ e^(zⱼ − m) − Σₖ yₖ (zₖ − m), m the largest z.

    The term j of the largest z is 1, so that the logarithm is log1p of the others: two parts of which neither
    is negative, and no digit of a loss near zero is lost.
    """

    def output(self, z: AnyArray) -> AnyArray:
        """Return p."""
        return softmax(z)

    def total(self, z: AnyArray, y: AnyArray) -> AnyArray:
        """Σ ℓ."""
        z -= z.max(-2, keepdims=True)
        labels = np.vecdot(z, y).sum(-1)
        _, others = _exponentials(z)
        total: AnyArray = np.log1p(others).sum((-2, -1)) - labels
        return total

    def slope(self, z: AnyArray, y: AnyArray, out: AnyArray) -> AnyArray:
        """δ = p − y."""
        np.subtract(z, z.max(-2, keepdims=True), out)
        labels = np.vecdot(out, y).sum(-1)
        scale, others = _exponentials(out)
        out /= scale
        out -= y
        total: AnyArray = np.log1p(others).sum((-2, -1)) - labels
        return total

    def second_product(self, z: AnyArray, y: AnyArray, v: AnyArray) -> AnyArray:
        """Return p (v − p·v)."""
        return softmax_product(softmax(z), v)


def softmax(z: AnyArray) -> AnyArray:
    """e^(zₖ) / Σⱼ e^(zⱼ) over the units, the last axis but one, free of overflow."""
    p: AnyArray = np.exp(z - z.max(-2, keepdims=True))
    p /= p.sum(-2, keepdims=True)
    return p


def _exponentials(z: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Turn z ≤ 0, at its largest 0, into e^z; return Σₖ e^(zₖ) and the same without one of the ones."""
    below = z < 0.0
    np.exp(z, z)
    scale = z.sum(-2, keepdims=True)
    others = np.add.reduce(z, -2, keepdims=True, where=below)
    others += np.rint(scale - others) - 1.0  # where several are the largest
    return scale, others


def softmax_product(p: AnyArray, v: AnyArray) -> AnyArray:
    """The derivative of a softmax p along v, p (v − p·v); symmetric, so it carries slopes back too."""
    moved: AnyArray = p * (v - (p * v).sum(-2, keepdims=True))
    return moved


def _flat(a: AnyArray) -> AnyArray:
    """Outputs and examples on one axis."""
    return a.ravel() if a.ndim == 2 else a.reshape(*a.shape[:-2], -1)


def _sum(a: AnyArray) -> AnyArray:
    """Σ over outputs and examples, ``(*B,)``."""
    total: AnyArray = np.add.reduce(_flat(a), -1)
    return total


def output_loss(output: str, cost: str) -> OutputLoss:
    """The output function and the cost on it; InvalidValue if they do not fit (``costs.require_pair``)."""
    require_pair(output, cost)
    if cost == "bce":
        return LogisticOutput()
    if cost == "cross_entropy":
        return CategoricalOutput()
    residual = Squared() if cost == "mse" else Huber()
    if output == SOFTMAX:
        return SoftmaxOutput(residual)
    if output == "linear":
        return LinearOutput(residual)
    return ElementwiseOutput(ACTIVATIONS[output], residual)
