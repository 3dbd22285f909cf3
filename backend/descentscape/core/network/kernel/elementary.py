"""Elementary functions to two units in the last place, values and slopes, however small.

Each is written for both precisions: Numba asks the function that stands under ``overloads`` for the one that
fits the type. No branch depends on an element, so that loops over them become vector instructions.
"""

from __future__ import annotations

from math import copysign
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types

from descentscape.core.network.kernel.compiler import EXACT, instruction, overloads
from descentscape.core.special import TAIL_SERIES, TAIL_SHIFT


def _constants(kind: Any, *numbers: float) -> tuple[Any, ...]:
    return tuple(np.float64(c) if kind == types.float64 else np.float32(c) for c in numbers)


@instruction
def _power_of_two(typing: Any, shifted: Any) -> Any:
    """2ᵏ from k + 1.5 · 2⁵² (or 2²³): the low bits of the sum, moved to where the exponent is."""
    bits, width, bias = (52, 64, 1023) if shifted == types.float64 else (23, 32, 127)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        integer = ir.IntType(width)
        exponent = builder.shl(builder.bitcast(args[0], integer), integer(bits))
        return builder.bitcast(builder.add(exponent, integer(bias << bits)), args[0].type)

    return shifted(shifted), code


@instruction
def select(typing: Any, chosen: Any, one: Any, other: Any) -> Any:
    """One number or the other, both computed: a branch would keep a loop from being vectorised."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(*args)

    return one(chosen, one, one), code


def exp(y: Any) -> Any:
    """e^y for y ≤ 0, as 2ᵏ e^r with y = k ln 2 + r, |r| ≤ ½ ln 2, and e^r by its series.

    What r and 1 + r lose is added again with the rest of the series, so that little more than one rounding is
    left. 0 below the normal numbers.
    """


@overloads(exp, jit_options=EXACT)
def _exp_of(y: Any) -> Any:
    zero, one, half, bound = _constants(y, 0.0, 1.0, 0.5, -708.39 if y == types.float64 else -87.33)
    if y == types.float64:
        scale, magic = 1.4426950408889634, 6755399441055744.0
        high, low = 6.93147180369123816490e-01, 1.90821492927058770002e-10

        def double(y: Any) -> Any:
            near = select(y < bound, bound, y)
            shifted = near * scale + magic
            k = shifted - magic
            reduced, rest = near - k * high, k * low
            r = reduced - rest
            q = r * (1 / 6227020800.0) + 1 / 479001600.0
            q = q * r + 1 / 39916800.0
            q = q * r + 1 / 3628800.0
            q = q * r + 1 / 362880.0
            q = q * r + 1 / 40320.0
            q = q * r + 1 / 5040.0
            q = q * r + 1 / 720.0
            q = q * r + 1 / 120.0
            q = q * r + 1 / 24.0
            q = q * r + 1 / 6.0
            q = q * r + half
            most = one + r
            tail = (r - (most - one)) + (((reduced - r) - rest) + r * r * q)
            return select(y < bound, zero, _power_of_two(shifted) * (most + tail))

        return double
    scale, magic, high, low = _constants(y, 1.44269504, 12582912.0, 0.693359375, -2.12194440e-4)
    c7, c6, c5, c4, c3 = _constants(y, 1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6)

    def single(y: Any) -> Any:
        near = select(y < bound, bound, y)
        shifted = near * scale + magic
        k = shifted - magic
        r = (near - k * high) - k * low
        q = ((((c7 * r + c6) * r + c5) * r + c4) * r + c3) * r + half
        return select(y < bound, zero, _power_of_two(shifted) * (one + (r + r * r * q)))

    return single


def reciprocal(base: Any, q: Any) -> Any:
    """1 / (base + q) for base ≥ q ≥ 0, as a number and what is to be added to it."""


@overloads(reciprocal, jit_options=EXACT)
def _reciprocal_of(base: Any, q: Any) -> Any:
    (one,) = _constants(q, 1.0)

    def inverse(base: Any, q: Any) -> Any:
        total = base + q
        lost = q - (total - base)
        inverse = one / total
        return inverse, inverse * ((one - total * inverse) - lost * inverse)

    return inverse


def tanh(x: Any) -> Any:
    """tanh x and its slope 1 − tanh² x, which in single precision, where no slope is used, is a plain one."""


@overloads(tanh, jit_options=EXACT)
def _tanh_of(x: Any) -> Any:
    return _tanh_in_double() if x == types.float64 else _tanh_in_single()


def _tanh_in_double() -> Any:
    """Near 0 as x + x³ P(x²) / Q(x²), a fit of (tanh x − x) / x³; else ±(1 − 2q / (1 + q)), q = e^(−2|x|).

    The slope is 4q / (1 + q)² there, which keeps its digits where it is small. One division serves both.
    """
    zero, one, two, four, border = _constants(types.float64, 0.0, 1.0, 2.0, 4.0, 0.59)
    p0, p1, p2 = -0.33333333333333332949, -0.020499899833604440421, -0.00019922678855114945563
    q1, q2, q3 = 0.46149969950081101033, 0.023292798261291750468, 0.00020658594526321008148

    def double(x: Any) -> Any:
        size, z = abs(x), x * x
        near, q = size < border, exp(-two * size)
        inverse, more = reciprocal(one, select(near, z * (q1 + z * (q2 + z * q3)), q))
        value = x + x * z * (p0 + z * (p1 + z * p2)) * inverse
        far = one - two * (q * inverse + q * more)
        square = inverse * inverse
        lost = (inverse * inverse - square) + two * inverse * more
        return (
            select(near, value, select(x < zero, -far, far)),
            select(near, one - value * value, four * (q * square + q * lost)),
        )

    return double


def _tanh_in_single() -> Any:
    """m / (1 + m), m = ½ (e^(2|x|) − 1), as m − m² / (1 + m) or 1 − 1 / (1 + m): the quotient is small.

    2|x| = k ln 2 + r, |r| ≤ ½ ln 2, and e^r − 1 = r + r² P(r), a fit. Beyond the bound all is 1.
    The magic number is odd by one, so that the power is 2ᵏ⁻¹.
    """
    half, one, border, bound = _constants(types.float32, 0.5, 1.0, 0.75, 9.1)
    scale, magic, ln2 = _constants(types.float32, 2.88539008, 12582911.0, 0.69314718)
    p0, p1, p2, p3, p4 = _constants(
        types.float32, 0.5000001192, 0.166665256, 0.04166358709, 0.008368244394, 0.001409603981
    )

    def single(x: Any) -> Any:
        size = abs(x)
        size = select(size > bound, bound, size)
        shifted = size * scale + magic
        r = (size + size) - (shifted - magic) * ln2
        grown = r + r * r * (p0 + r * (p1 + r * (p2 + r * (p3 + r * p4))))
        power = _power_of_two(shifted)
        m = power * grown + (power - half)
        base = select(m < border, m, one)
        value = copysign(base - base * (base / (m + one)), x)
        return value, one - value * value

    return single


def sigmoid(x: Any) -> Any:
    """1 / (1 + e^(−x)) and its slope: 1 / (1 + q) or q / (1 + q), and q / (1 + q)², with q = e^(−|x|)."""


@overloads(sigmoid, jit_options=EXACT)
def _sigmoid_of(x: Any) -> Any:
    zero, one, two = _constants(x, 0.0, 1.0, 2.0)

    def sigmoid(x: Any) -> Any:
        q = exp(-abs(x))
        inverse, more = reciprocal(one, q)
        square = inverse * inverse
        lost = (inverse * inverse - square) + two * inverse * more
        value = select(x < zero, q * inverse + q * more, inverse + more)
        return value, q * square + q * lost

    return sigmoid


def softplus(x: Any) -> Any:
    """ln(1 + e^x) = max(x, 0) + ln(1 + q), q = e^(−|x|); ln(1 + q) = 2 artanh(s), s = q / (2 + q) ≤ 1/3."""


@overloads(softplus, jit_options=EXACT)
def _softplus_of(x: Any) -> Any:
    zero, two = _constants(x, 0.0, 2.0)
    c = _constants(x, *(1.0 / k for k in range(3, 35, 2)))
    c3, c5, c7, c9, c11, c13, c15, c17, c19, c21, c23, c25, c27, c29, c31, c33 = c

    def softplus(x: Any) -> Any:
        q = exp(-abs(x))
        inverse, more = reciprocal(two, q)
        s = q * inverse + q * more
        z = s * s
        p = c33 * z + c31
        p = p * z + c29
        p = p * z + c27
        p = p * z + c25
        p = p * z + c23
        p = p * z + c21
        p = p * z + c19
        p = p * z + c17
        p = p * z + c15
        p = p * z + c13
        p = p * z + c11
        p = p * z + c9
        p = p * z + c7
        p = p * z + c5
        p = p * z + c3
        tail = two * (s + s * z * p)
        return select(x < zero, tail, x + tail)

    return softplus


@njit(fastmath={"contract"}, error_model="numpy")
def normal_cdf(z: Any) -> Any:
    """Φ(z) in double precision, as `special.normal_cdf` has it: half of e^(−x²) p(t) beyond |z| = √2 x."""
    x = abs(z) * 0.7071067811865476
    t = (x - TAIL_SHIFT) / (x + TAIL_SHIFT)
    p = 0.0
    for k in range(len(TAIL_SERIES) - 1, -1, -1):
        p = p * t + TAIL_SERIES[k]
    tail = 0.5 * p * exp(-x * x)
    return 1.0 - tail if z > 0.0 else tail


@njit(error_model="numpy")
def gelu_second(z: Any) -> Any:
    """(2 − z²) φ(z), the second derivative of z Φ(z), in double precision.

    With |z| = h + r, h² exact, φ(z) is e^(−h²/2) e^(−r (|z| + h) / 2) / √(2π), and 2 − z² is
    (√2 − |z|)(√2 + |z|) with √2 as the sum of two numbers: no operation is moved to another place.
    """
    size = min(abs(z), 40.0)
    high = np.float64(np.float32(size))
    rest = 0.5 * (size - high) * (size + high)
    near = 1.0 - rest * (1.0 - rest * (0.5 - rest * 0.16666666666666666))
    density = 0.3989422804014327 * exp(-0.5 * high * high) * near
    return ((1.4142135623730951 - size) - 9.667293313452913e-17) * (1.4142135623730951 + size) * density
