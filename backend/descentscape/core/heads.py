"""The last link of the chain: output function and cost together, from pre-activation z to loss.

Arrays are units by examples, ``(*B, K, n)``. Taking both together lets a sigmoid or softmax meet its
cross-entropy without ever forming the logarithm of a number near zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from descentscape.core.activations import ACTIVATIONS, Activation
from descentscape.core.costs import SOFTMAX, require_pair
from descentscape.core.objective import AnyArray


class Head(Protocol):
    """Output function and loss ℓ of one example, the sum over its K outputs."""

    def output(self, z: AnyArray) -> AnyArray:
        """The outputs a(z), ``(*B, K, n)``."""

    def losses(self, z: AnyArray, y: AnyArray) -> AnyArray:
        """ℓ for each example, ``(*B, n)``."""

    def slope(self, z: AnyArray, y: AnyArray, out: AnyArray) -> AnyArray:
        """Write δ = ∂ℓ/∂z to ``out``, which is not z, and return Σ ℓ over the examples, ``(*B,)``."""

    def bend(self, z: AnyArray, y: AnyArray, v: AnyArray) -> AnyArray:
        """(∂²ℓ/∂z²) v, ``(*B, K, n)``: how δ changes when z moves along v."""


class Residual(Protocol):
    """A loss h(r) of the residual r = a − y of one output."""

    def value(self, r: AnyArray) -> AnyArray:
        """h(r), elementwise."""

    def slope(self, r: AnyArray) -> AnyArray:
        """Turn r into h'(r), in place, and return Σ h(r) over outputs and examples, ``(*B,)``."""

    def bend(self, r: AnyArray) -> AnyArray:
        """h''(r), elementwise."""


class Squared:
    """h(r) = ½ r²."""

    def value(self, r: AnyArray) -> AnyArray:
        """Return ½ r²."""
        return 0.5 * r * r

    def slope(self, r: AnyArray) -> AnyArray:
        """Leave h'(r) = r as it is."""
        flat = r.reshape(*r.shape[:-2], -1) if r.ndim > 2 else r.ravel()
        squares: AnyArray = np.vecdot(flat, flat) if r.ndim > 2 else flat.dot(flat)
        return 0.5 * squares

    def bend(self, r: AnyArray) -> AnyArray:
        """Return 1."""
        return np.ones_like(r)


class Huber:
    """h(r) = ½ r² if |r| ≤ 1 else |r| − ½."""

    def value(self, r: AnyArray) -> AnyArray:
        """Return c (r − ½ c), where c is r clipped to [−1, 1]."""
        clipped = np.clip(r, -1.0, 1.0)
        value: AnyArray = clipped * (r - 0.5 * clipped)
        return value

    def slope(self, r: AnyArray) -> AnyArray:
        """Clip r to [−1, 1]."""
        total: AnyArray = self.value(r).sum((-2, -1))
        np.clip(r, -1.0, 1.0, r)
        return total

    def bend(self, r: AnyArray) -> AnyArray:
        """Return 1 inside, 0 outside and at the seam."""
        return (np.abs(r) < 1.0).astype(r.dtype)


@dataclass(frozen=True)
class LinearHead:
    """ℓ = Σₖ h(zₖ − yₖ)."""

    residual: Residual

    def output(self, z: AnyArray) -> AnyArray:
        """Return z."""
        return z.copy()

    def losses(self, z: AnyArray, y: AnyArray) -> AnyArray:
        """Σₖ h(r)."""
        return self.residual.value(z - y).sum(-2)

    def slope(self, z: AnyArray, y: AnyArray, out: AnyArray) -> AnyArray:
        """δ = h'(r)."""
        np.subtract(z, y, out)
        return self.residual.slope(out)

    def bend(self, z: AnyArray, y: AnyArray, v: AnyArray) -> AnyArray:
        """h''(r) v."""
        return self.residual.bend(z - y) * v


@dataclass(frozen=True)
class ElementwiseHead:
    """ℓ = Σₖ h(σ(zₖ) − yₖ)."""

    activation: Activation
    residual: Residual

    def output(self, z: AnyArray) -> AnyArray:
        """σ(z)."""
        return self.activation.value(z)

    def losses(self, z: AnyArray, y: AnyArray) -> AnyArray:
        """Σₖ h(r)."""
        return self.residual.value(self.activation.value(z) - y).sum(-2)

    def slope(self, z: AnyArray, y: AnyArray, out: AnyArray) -> AnyArray:
        """δ = h'(r) σ'(z)."""
        a = self.activation.value(z)
        self.activation.derivative(z, a, out)
        a -= y
        total = self.residual.slope(a)
        out *= a
        return total

    def bend(self, z: AnyArray, y: AnyArray, v: AnyArray) -> AnyArray:
        """(h''(r) σ'(z)² + h'(r) σ''(z)) v."""
        a = self.activation.value(z)
        first, second = self.activation.derivative(z, a), self.activation.second(z, a)
        a -= y
        curved = self.residual.bend(a) * first * first
        self.residual.slope(a)
        return (curved + a * second) * v


@dataclass(frozen=True)
class SoftmaxHead:
    """ℓ = Σₖ h(pₖ − yₖ), p = softmax(z)."""

    residual: Residual

    def output(self, z: AnyArray) -> AnyArray:
        """Return p."""
        return softmax(z)

    def losses(self, z: AnyArray, y: AnyArray) -> AnyArray:
        """Σₖ h(r)."""
        return self.residual.value(softmax(z) - y).sum(-2)

    def slope(self, z: AnyArray, y: AnyArray, out: AnyArray) -> AnyArray:
        """δ = p (g − p·g), g = h'(r)."""
        p = softmax(z)
        r = p - y
        total = self.residual.slope(r)
        np.copyto(out, _along(p, r))
        return total

    def bend(self, z: AnyArray, y: AnyArray, v: AnyArray) -> AnyArray:
        """The derivative of δ along v, where p moves by p (v − p·v)."""
        p = softmax(z)
        g = p - y
        moved = _along(p, v)
        bent = self.residual.bend(g) * moved
        self.residual.slope(g)
        mean, mean_moved = (p * g).sum(-2, keepdims=True), (moved * g).sum(-2, keepdims=True)
        return moved * (g - mean) - p * mean_moved + _along(p, bent)


class LogisticHead:
    """ℓ = Σₖ −y ln a − (1 − y) ln(1 − a), a = sigmoid(z), written as max(z, 0) − y z + ln(1 + e^−|z|)."""

    def output(self, z: AnyArray) -> AnyArray:
        """sigmoid(z)."""
        return ACTIVATIONS["sigmoid"].value(z)

    def losses(self, z: AnyArray, y: AnyArray) -> AnyArray:
        """softplus(z) − y z, summed over k."""
        return (np.maximum(z, 0.0) - y * z + np.log1p(np.exp(-np.abs(z)))).sum(-2)

    def slope(self, z: AnyArray, y: AnyArray, out: AnyArray) -> AnyArray:
        """δ = a − y."""
        total = self.losses(z, y).sum(-1)
        ACTIVATIONS["sigmoid"].value(z, out)
        out -= y
        return total

    def bend(self, z: AnyArray, y: AnyArray, v: AnyArray) -> AnyArray:
        """Return a (1 − a) v."""
        a = self.output(z)
        return a * (1.0 - a) * v


class CategoricalHead:
    """ℓ = −Σₖ yₖ ln pₖ, p = softmax(z), Σₖ yₖ = 1."""

    def output(self, z: AnyArray) -> AnyArray:
        """Return p."""
        return softmax(z)

    def losses(self, z: AnyArray, y: AnyArray) -> AnyArray:
        """Return ln Σⱼ e^(zⱼ − m) + Σₖ yₖ (m − zₖ), m the largest z."""
        below = z - z.max(-2, keepdims=True)
        return np.log(np.exp(below).sum(-2)) - (y * below).sum(-2)

    def slope(self, z: AnyArray, y: AnyArray, out: AnyArray) -> AnyArray:
        """δ = p − y."""
        below = z - z.max(-2, keepdims=True)
        np.exp(below, out=out)
        scale = out.sum(-2, keepdims=True)
        out /= scale
        out -= y
        below *= y
        return np.log(scale).sum((-2, -1)) - below.sum((-2, -1))

    def bend(self, z: AnyArray, y: AnyArray, v: AnyArray) -> AnyArray:
        """Return p (v − p·v)."""
        return _along(softmax(z), v)


def softmax(z: AnyArray) -> AnyArray:
    """e^(zₖ) / Σⱼ e^(zⱼ) over the units, the last axis but one, free of overflow."""
    p = np.exp(z - z.max(-2, keepdims=True))
    p /= p.sum(-2, keepdims=True)
    return p


def _along(p: AnyArray, v: AnyArray) -> AnyArray:
    """The derivative of softmax along v, p (v − p·v); symmetric, so it carries slopes back too."""
    return p * (v - (p * v).sum(-2, keepdims=True))


def head(output: str, cost: str) -> Head:
    """The head of an output layer and a cost; InvalidValue where they do not fit (``costs.require_pair``)."""
    require_pair(output, cost)
    if cost == "bce":
        return LogisticHead()
    if cost == "cross_entropy":
        return CategoricalHead()
    residual = Squared() if cost == "mse" else Huber()
    if output == SOFTMAX:
        return SoftmaxHead(residual)
    if output == "linear":
        return LinearHead(residual)
    return ElementwiseHead(ACTIVATIONS[output], residual)
