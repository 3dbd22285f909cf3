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


def _grown(y: Any) -> Any:
    """2ᵏ and e^r − 1, the parts of e^y with y = k ln 2 + r, |y| below the `_bound`.

    e^r − 1 is r + r² P(r), a fit of the least relative error. r lies in [−½, ½] ln 2, in double precision in
    [−0.35, 0.65] ln 2: so less is lost where 2 (e^r − 1) and 1, of unlike signs, make up e^y − 1.
    """


def _bound(kind: Any) -> float:
    """Where e^−y leaves the normal numbers."""
    return 708.39 if kind == types.float64 else 87.33


@overloads(_grown, jit_options=EXACT)
def _grown_of(y: Any) -> Any:
    if y == types.float64:
        scale, magic = 1.4426950408889634, 6755399441055744.0
        high, low = 6.93147180369123816490e-01, 1.90821492927058770002e-10
        p0, p1, p2, p3 = 0.4999999999999994, 0.1666666666666661, 0.04166666666677877, 0.008333333333280684
        p4, p5, p6 = 0.0013888888831460131, 0.00019841270751416262, 2.4801695359278413e-05
        p7, p8, p9 = 2.755448233452977e-06, 2.7501154067628873e-07, 2.755506247447593e-08

        def double(y: Any) -> Any:
            shifted = (y * scale - 0.15) + magic
            k = shifted - magic
            r = (y - k * high) - k * low
            z = r * r
            even = p0 + z * (p2 + z * (p4 + z * (p6 + z * p8)))
            odd = p1 + z * (p3 + z * (p5 + z * (p7 + z * p9)))
            return _power_of_two(shifted), r + z * (even + r * odd)

        return double
    scale, magic, high, low = _constants(y, 1.44269504, 12582912.0, 0.693359375, -2.12194440e-4)
    c7, c6, c5, c4, c3, half = _constants(y, 1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 0.5)

    def single(y: Any) -> Any:
        shifted = y * scale + magic
        k = shifted - magic
        r = (y - k * high) - k * low
        q = ((((c7 * r + c6) * r + c5) * r + c4) * r + c3) * r + half
        return _power_of_two(shifted), r + r * r * q

    return single


def _one_more(power: Any, grown: Any) -> Any:
    """1 + 2ᵏ (1 + g), k ≥ 0: what 1 + 2ᵏ loses beyond 2⁵² is added to the smaller part."""


@overloads(_one_more, jit_options=EXACT)
def _one_more_of(power: Any, grown: Any) -> Any:
    (one,) = _constants(power, 1.0)

    def one_more(power: Any, grown: Any) -> Any:
        total = power + one
        return (power * grown + (one - (total - power))) + total

    return one_more


def exp(y: Any) -> Any:
    """e^y for y ≤ 0; 0 below the normal numbers."""


@overloads(exp, jit_options=EXACT)
def _exp_of(y: Any) -> Any:
    zero, one, bound = _constants(y, 0.0, 1.0, -_bound(y))

    def exp(y: Any) -> Any:
        power, grown = _grown(select(y < bound, bound, y))
        return select(y < bound, zero, power * (one + grown))

    return exp


def tanh(x: Any) -> Any:
    """tanh x and its slope 1 − tanh² x, which in single precision, where no slope is used, is a plain one."""


@overloads(tanh, jit_options=EXACT)
def _tanh_of(x: Any) -> Any:
    return _tanh_in_double() if x == types.float64 else _tanh_in_single()


def _tanh_in_double() -> Any:
    """m v or 1 − 2 v, with m = e^(2|x|) − 1 and v = 1 / (m + 2); the slope is 4 (v − v²).

    m v is corrected by what m − m v (m + 2) leaves.
    """
    zero, one, two, four, border = _constants(types.float64, 0.0, 1.0, 2.0, 4.0, 2.0)
    bound = 0.5 * _bound(types.float64)

    def double(x: Any) -> Any:
        size = abs(x)
        near = select(size > bound, bound, size)
        power, grown = _grown(near + near)
        m, v = power * grown + (power - one), one / _one_more(power, grown)
        small = m * v
        small = small + ((m - two * small) - m * small) * v
        value = select(m < border, small, one - two * v)
        return copysign(value, x), select(size > bound, zero, four * (v - v * v))

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
    """v or 1 − v, with v = 1 / (1 + e^|x|), and its slope v − v²."""


@overloads(sigmoid, jit_options=EXACT)
def _sigmoid_of(x: Any) -> Any:
    zero, one, bound = _constants(x, 0.0, 1.0, _bound(x))

    def sigmoid(x: Any) -> Any:
        size = abs(x)
        power, grown = _grown(select(size > bound, bound, size))
        v = select(size > bound, zero, one / _one_more(power, grown))
        return select(x < zero, v, one - v), v - v * v

    return sigmoid


def softplus(x: Any) -> Any:
    """ln(1 + e^x) = max(x, 0) + ln(1 + e^(−|x|)), the logarithm 2 artanh(s), s = 1 / (1 + 2 e^|x|) ≤ 1/3.

    The first term is s and what its division lost.
    """


@overloads(softplus, jit_options=EXACT)
def _softplus_of(x: Any) -> Any:
    zero, one, two, bound = _constants(x, 0.0, 1.0, 2.0, _bound(x))
    c = _constants(x, *(1.0 / k for k in range(3, 35, 2)))
    c3, c5, c7, c9, c11, c13, c15, c17, c19, c21, c23, c25, c27, c29, c31, c33 = c

    def softplus(x: Any) -> Any:
        size = abs(x)
        power, grown = _grown(select(size > bound, bound, size))
        base = _one_more(power + power, grown)
        s = select(size > bound, zero, one / base)
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
        tail = two * (s + (s * z * p + s * (one - s * base)))
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
    # Far out the power leaves the normal numbers, and `exp` makes 0 of it, before the product does.
    shift = select(size > 35.0, 128.0, 0.0)
    density = 0.3989422804014327 * exp(shift - 0.5 * high * high) * near
    second = ((1.4142135623730951 - size) - 9.667293313452913e-17) * (1.4142135623730951 + size) * density
    return second * select(size > 35.0, 2.572209372642415e-56, 1.0)
