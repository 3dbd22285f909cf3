"""Costs of a block of examples, and what they pull the pre-activations of the outputs by."""

from __future__ import annotations

from math import log1p

from descentscape.core.network.kernel.activations import SOFTMAX, activate, activate_both
from descentscape.core.network.kernel.compiler import part_of_others
from descentscape.core.network.kernel.elementary import exp, select, sigmoid, softplus
from descentscape.core.objective import AnyArray

MSE, HUBER, BCE, CROSS_ENTROPY = range(4)
COST_CODES = {"mse": MSE, "huber": HUBER, "bce": BCE, "cross_entropy": CROSS_ENTROPY}


_SQUARED = 1e18
"""Up to here a square is a number of single precision."""


@part_of_others
def _log_products(u: AnyArray, n: int, most: float) -> float:
    """Σ ln(1 + uᵢ) of n numbers 0 ≤ uᵢ < most, which are lost: a logarithm for products of many of them.

    (1 + u)(1 + v) is 1 + (u + v + uv), in which a small u keeps its digits as it does in log1p.
    """
    while n > 1 and most < _SQUARED:
        half = (n + 1) // 2
        for i in range(n - half):
            u[i] += u[half + i] * u[i] + u[half + i]
        n, most = half, (1.0 + most) * (1.0 + most)
    total = 0.0
    for i in range(n):
        total += log1p(u[i])
    return total


@part_of_others
def _surprise(z: AnyArray, y: AnyArray, s: AnyArray, n: int) -> float:
    """Σ −yₖ ln pₖ of the softmax p of z ``(K, n)``, which becomes e^(z − m), m the largest.

    s ``(2, n)`` is a buffer, s[1] becomes 1 over the sum of these; y ``(K + 1, n)`` ends in another. The
    largest term is 1: the logarithm is that of 1 and the others, and no digit of a loss near 0 is lost.
    """
    zero, one = z.dtype.type(0.0), z.dtype.type(1.0)
    top, others, ties = s[0], s[1], y[len(z)]
    for i in range(n):
        top[i], others[i], ties[i] = z[0, i], zero, -one
    for k in range(1, len(z)):
        for i in range(n):
            top[i] = max(z[k, i], top[i])
    total = 0.0
    for k in range(len(z)):
        label = zero
        for i in range(n):
            v = z[k, i] - top[i]
            label += y[k, i] * v
            p = exp(v)
            z[k, i] = p
            others[i] += select(v < zero, p, zero)
            ties[i] += select(v < zero, zero, one)
        total -= label
    for i in range(n):
        top[i] = others[i] + ties[i]
        others[i] = one / (one + top[i])
    return total + _log_products(top, n, float(len(z)))


@part_of_others
def softmax(z: AnyArray, y: AnyArray, s: AnyArray, n: int) -> float:
    """z ``(K, n)`` becomes p = e^(z − m) / Σ e^(z − m); returns Σ −yₖ ln pₖ, as `_surprise` has it."""
    total = _surprise(z, y, s, n)
    for k in range(len(z)):
        for i in range(n):
            z[k, i] *= s[1, i]
    return total


@part_of_others
def residual_loss(cost: int, a: AnyArray, y: AnyArray, n: int) -> float:
    """Σ h(a − y), which is ½ r² or Huber's; a ``(n,)`` becomes h'(a − y)."""
    half, one = a.dtype.type(0.5), a.dtype.type(1.0)
    loss = a.dtype.type(0.0)
    for i in range(n):
        r = a[i] - y[i]
        bounded = select(r < -one, -one, select(r > one, one, r))
        c = r if cost == MSE else bounded
        loss += (r - half * c) * c
        a[i] = c
    return float(loss)


@part_of_others
def _logistic_loss(z: AnyArray, y: AnyArray, n: int) -> float:
    """Σ −y ln a − (1 − y) ln(1 − a), a = 1 / (1 + e^(−z)), as Σ max(z, 0) − y z + ln(1 + e^−|z|).

    The logarithms are added last, so that small ones keep their digits.
    """
    zero = z.dtype.type(0.0)
    linear, logarithms = zero, zero
    for i in range(n):
        v = z[i]
        linear += select(v < zero, zero, v) - y[i] * v
        logarithms += softplus(-abs(v))
    return float(linear) + float(logarithms)


@part_of_others
def _softmax_residual_loss(cost: int, p: AnyArray, y: AnyArray, s: AnyArray, n: int) -> float:
    """Σ h(p − y) of a softmax p ``(K, n)``, which becomes δ = p (g − p·g), g = h'(p − y); y is lost."""
    total, mean, g = 0.0, s[0], s[1]
    for i in range(n):
        mean[i] = 0.0
    for k in range(len(p)):
        for i in range(n):
            g[i] = p[k, i]
        total += residual_loss(cost, g, y[k], n)
        for i in range(n):
            mean[i] += p[k, i] * g[i]
            y[k, i] = g[i]
    for k in range(len(p)):
        for i in range(n):
            p[k, i] *= y[k, i] - mean[i]
    return total


@part_of_others
def output_loss(kind: int, cost: int, z: AnyArray, s: AnyArray, y: AnyArray, n: int) -> float:
    """Σ ℓ over n examples of outputs z ``(K, n)``; leaves δ = ∂ℓ/∂z in z.

    s ``(2 or more, n)`` is for slopes; the targets y ``(K + 1, n)``, whose last row is a buffer, may be
    overwritten.
    """
    total = 0.0
    if kind == SOFTMAX:
        surprise = softmax(z, y, s, n)
        if cost != CROSS_ENTROPY:
            return _softmax_residual_loss(cost, z, y, s, n)
        for k in range(len(z)):
            for i in range(n):
                z[k, i] -= y[k, i]
        return surprise
    for k in range(len(z)):
        if cost == BCE:
            total += _logistic_loss(z[k], y[k], n)
            for i in range(n):
                z[k, i] = sigmoid(z[k, i])[0] - y[k, i]
        else:
            activate_both(kind, z[k], s[0], n)
            total += residual_loss(cost, z[k], y[k], n)
            for i in range(n):
                z[k, i] *= s[0, i]
    return total


@part_of_others
def output_value(kind: int, cost: int, z: AnyArray, s: AnyArray, y: AnyArray, n: int) -> float:
    """Σ ℓ as `output_loss` has it, but no δ: z is lost, and the targets are kept."""
    total = 0.0
    if kind == SOFTMAX:
        if cost == CROSS_ENTROPY:
            return _surprise(z, y, s, n)
        softmax(z, y, s, n)
    for k in range(len(z)):
        if cost == BCE:
            total += _logistic_loss(z[k], y[k], n)
        else:
            activate(kind, z[k], n)
            total += residual_loss(cost, z[k], y[k], n)
    return total
