"""Activations of a block of examples, with or without their slopes."""

from __future__ import annotations

import numpy as np

from descentscape.core.network.kernel.compiler import compiled
from descentscape.core.network.kernel.elementary import (
    exp,
    gelu_second,
    normal_cdf,
    sigmoid,
    softplus,
    tanh,
)
from descentscape.core.objective import AnyArray

LINEAR, SIGMOID, TANH, RELU, LEAKY_RELU, SOFTPLUS, GELU, SOFTMAX = range(8)
ACTIVATION_CODES = {
    "linear": LINEAR, "sigmoid": SIGMOID, "tanh": TANH, "relu": RELU,
    "leaky_relu": LEAKY_RELU, "softplus": SOFTPLUS, "gelu": GELU, "softmax": SOFTMAX,
}  # fmt: skip


@compiled
def activate(kind: int, a: AnyArray, n: int) -> None:  # noqa: C901 - one branch for each kind
    """z ``(n,)`` becomes σ(z), in place; a softmax is left as it is."""
    zero, leak = a.dtype.type(0.0), a.dtype.type(0.01)
    if kind == TANH:
        for i in range(n):
            a[i] = tanh(a[i])[0]
    elif kind == SIGMOID:
        for i in range(n):
            a[i] = sigmoid(a[i])[0]
    elif kind == RELU:
        for i in range(n):
            a[i] = max(a[i], zero)
    elif kind == LEAKY_RELU:
        for i in range(n):
            a[i] = leak * a[i] if a[i] < zero else a[i]
    elif kind == SOFTPLUS:
        for i in range(n):
            a[i] = softplus(a[i])
    elif kind == GELU:
        for i in range(n):
            z = np.float64(a[i])
            a[i] = z * normal_cdf(z)


@compiled
def activate_along(kind: int, z: AnyArray, slope: AnyArray, t: float, a: AnyArray, n: int) -> None:
    """a becomes σ(z + t slope), all ``(n,)``; the kind that surfaces are drawn of most, in one pass."""
    if kind == TANH:
        for i in range(n):
            a[i] = tanh(z[i] + t * slope[i])[0]
    else:
        for i in range(n):
            a[i] = z[i] + t * slope[i]
        activate(kind, a, n)


@compiled
def activate_both(kind: int, a: AnyArray, s: AnyArray, n: int) -> None:
    """z ``(n,)`` becomes σ(z), in place, and s σ'(z); at a kink that of the flatter side."""
    zero, one, leak = a.dtype.type(0.0), a.dtype.type(1.0), a.dtype.type(0.01)
    if kind == TANH:
        for i in range(n):
            a[i], s[i] = tanh(a[i])
    elif kind == SIGMOID:
        for i in range(n):
            a[i], s[i] = sigmoid(a[i])
    elif kind == SOFTPLUS:
        for i in range(n):
            s[i] = sigmoid(a[i])[0]
            a[i] = softplus(a[i])
    elif kind == GELU:
        for i in range(n):
            z = np.float64(a[i])
            cdf = normal_cdf(z)
            a[i] = z * cdf
            s[i] = cdf + z * (0.3989422804014327 * exp(-0.5 * z * z))
    else:
        below = one if kind == LINEAR else zero if kind == RELU else leak
        for i in range(n):
            s[i] = one if a[i] > zero else below
        activate(kind, a, n)


@compiled
def activate_twice(kind: int, a: AnyArray, s: AnyArray, c: AnyArray, n: int) -> None:
    """`activate_both`, and c becomes σ''(z), in double precision; 0 at a kink.

    Each is a product that keeps its digits, such as −2 tanh · tanh', and −tanh(z/2) σ' of the sigmoid.
    """
    if kind == TANH:
        for i in range(n):
            value, slope = tanh(a[i])
            a[i], s[i], c[i] = value, slope, -2.0 * value * slope
    elif kind == SIGMOID:
        for i in range(n):
            half = tanh(0.5 * a[i])[0]
            a[i], s[i] = sigmoid(a[i])
            c[i] = -half * s[i]
    elif kind == SOFTPLUS:
        for i in range(n):
            s[i], c[i] = sigmoid(a[i])
            a[i] = softplus(a[i])
    else:
        for i in range(n):
            c[i] = 0.0
        if kind == GELU:
            for i in range(n):
                c[i] = gelu_second(a[i])
        activate_both(kind, a, s, n)
