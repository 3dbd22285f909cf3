from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from descentscape.core.autodiff import nodes as ad
from descentscape.core.autodiff.program import CHUNK, FEW, MAX_EXPANDED, ON_FLOATS, Program, assemble

X, Y = ad.variable(0.5, "x"), ad.variable(0.25, "y")
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 800.0, -800.0, math.inf, -math.inf, math.nan]


def program(*outputs: ad.Node) -> Program:
    return assemble([X, Y], outputs)


@pytest.mark.parametrize("op", ON_FLOATS)
def test_floats_agree_with_arrays_wherever_they_answer(op: str) -> None:
    function, vjps = ad.PRIMITIVES[op]
    # NumPy's power has NaN for some infinite exponents where C has a value
    values = [v for v in SPECIAL if op != "power" or not math.isinf(v)]
    answered = 0
    for operands in itertools.product(values, repeat=len(vjps)):
        try:
            got = ON_FLOATS[op](*operands)
        except (ArithmeticError, ValueError):
            continue
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(got, function(*operands), rtol=1e-15)
        answered += 1
    assert answered >= 5


@pytest.mark.parametrize("n", [*range(-9, 10), MAX_EXPANDED, MAX_EXPANDED + 1, -MAX_EXPANDED, 0.5, 2.5])
def test_powers_by_products(n: float) -> None:
    points = np.random.default_rng(0).uniform(-2.0, 2.0, (50, 2))
    if n % 1:
        points = np.abs(points)
    power = program(X**n)
    np.testing.assert_allclose(power(points)[0], np.power(points[:, 0], n), rtol=1e-13)
    assert ("power" in {step.op for step in power.steps}) == (n % 1 > 0 or n > MAX_EXPANDED)


def test_repeated_parts_are_computed_once() -> None:
    compiled = program(ad.sin(X) * ad.sin(X) + ad.sin(X))
    assert sorted(step.op for step in compiled.steps) == ["add", "multiply", "sin"]


def test_what_depends_on_no_variable_is_folded() -> None:
    compiled = program(X * ad.exp(ad.constant(1.0) * 2.0))
    assert [step.op for step in compiled.steps] == ["multiply"]
    assert compiled.at([3.0, 0.0]) == [3.0 * math.exp(2.0)]


@np.errstate(divide="ignore")
def test_zeros_keep_their_sign() -> None:
    compiled = program(X / ad.constant(0.0), X / ad.constant(-0.0))
    assert compiled.at([1.0, 0.0]) == [math.inf, -math.inf]


def test_registers_are_used_again() -> None:
    node = X
    for _ in range(100):
        node = ad.sin(node) + Y
    assert len(program(node).tail) <= 1


def test_outputs_may_be_variables_constants_and_one_another() -> None:
    product = X * Y
    outputs = program(Y, ad.constant(7.0), product, product + 1.0, X)
    points = np.arange(40.0).reshape(20, 2)
    x, y = points.T
    np.testing.assert_array_equal(outputs(points), [y, np.full(20, 7.0), x * y, x * y + 1, x])
    assert outputs.at([2.0, 3.0]) == [3.0, 7.0, 6.0, 7.0, 2.0]


@pytest.mark.parametrize("count", [0, 1, FEW, FEW + 1, CHUNK, CHUNK + 1, 2 * CHUNK + 3])
def test_any_number_of_points(count: int) -> None:
    points = np.random.default_rng(count).standard_normal((count, 2))
    got = program(X * X + 3.0 * Y, X - Y)(points)
    x, y = points.T
    np.testing.assert_allclose(got, [x * x + 3 * y, x - y], rtol=1e-15, atol=1e-15)


def test_single_precision_stays_single() -> None:
    points = np.random.default_rng(0).uniform(0.1, 1.0, (100, 2))
    compiled = program(ad.where(X > Y, X**3 / 7.0, ad.maximum(ad.sin(Y), 0.5)))
    single = compiled(points.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, compiled(points), rtol=1e-6)


def test_whole_numbers_are_points_too() -> None:
    np.testing.assert_array_equal(program(X / 2.0)(np.array([[1, 0], [3, 0]])), [[0.5, 1.5]])


@pytest.mark.parametrize("count", [1, 50])
def test_what_single_precision_cannot_hold_is_infinite(count: int) -> None:
    points = np.full((count, 2), 100.0, np.float32)
    got = program(ad.exp(X), ad.exp(X) / ad.exp(Y))(points)
    np.testing.assert_array_equal(got, np.broadcast_to([[np.inf], [1.0]], (2, count)))


def test_values_out_of_the_domain_are_results() -> None:
    compiled = program(1.0 / X, ad.log(X), ad.exp(1000.0 * Y), ad.sqrt(X - 0.25))
    expected = [math.inf, -math.inf, math.inf, math.nan]
    np.testing.assert_array_equal(compiled.at([0.0, 1.0]), expected)
    np.testing.assert_array_equal(compiled(np.tile([0.0, 1.0], (50, 1)))[:, 0], expected)
