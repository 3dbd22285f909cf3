"""Formulas where double precision overflows or the slope jumps, held against mpmath or rules by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from descentscape.core.autodiff.nodes import variable
from descentscape.core.autodiff.program import LONG
from descentscape.core.autodiff.reverse import topological
from descentscape.core.formulas.objective import FormulaObjective, parse
from traces import adjoints_by_name

DIGITS = 2000
"""Enough for mpmath to tell 1 + e^-4000 from 1 where it takes differences."""

Reference = Callable[[Any, Any], Any]

FAR: dict[str, tuple[Reference, tuple[float, float]]] = {
    "1/(1+exp(-x))+y**2": (lambda x, y: 1 / (1 + mpmath.exp(-x)) + y**2, (-800, 1)),
    "1/(1+e^-x) + 3y": (lambda x, y: 1 / (1 + mpmath.exp(-x)) + 3 * y, (750, 1)),
    "ln(1 + e^x) + y": (lambda x, y: mpmath.log(1 + mpmath.exp(x)) + y, (800, 1)),
    "ln(1 + e^(x-1)) + xy": (lambda x, y: mpmath.log(1 + mpmath.exp(x - 1)) + x * y, (-800, 1)),
    "e^x/(1 + e^x)": (lambda x, y: mpmath.exp(x) / (1 + mpmath.exp(x)), (800, 0)),
    "exp(-x)/(1+exp(-x))": (lambda x, y: mpmath.exp(-x) / (1 + mpmath.exp(-x)), (-800, 0)),
    "(e^x - e^-x)/(e^x + e^-x)": (lambda x, y: mpmath.tanh(x), (-900, 0)),
    "ln(e^x + e^y)": (lambda x, y: mpmath.log(mpmath.exp(x) + mpmath.exp(y)), (1000, 999)),
    "1/ln(1 + e^x)": (lambda x, y: 1 / mpmath.log(1 + mpmath.exp(x)), (800, 0)),
    "x/(1 + e^-x) + y": (lambda x, y: x / (1 + mpmath.exp(-x)) + y, (-900, 2)),
    "cosh(x)/cosh(y)": (lambda x, y: mpmath.cosh(x) / mpmath.cosh(y), (1000, 1000.5)),
    "arctan(e^x) + y": (lambda x, y: mpmath.atan(mpmath.exp(x)) + y, (800, 1)),
    "e^(-e^x) + y²": (lambda x, y: mpmath.exp(-mpmath.exp(x)) + y**2, (710, 1)),
    "e^(-x²)·e^(x² - y)": (lambda x, y: mpmath.exp(-y), (30, 0.5)),
    "x^200/(1 + x^200) + y": (lambda x, y: x**200 / (1 + x**200) + y, (100, 1)),
    "√(x² + y²)": (lambda x, y: mpmath.sqrt(x**2 + y**2), (3e200, -4e200)),
    "ln(x² + y²)": (lambda x, y: mpmath.log(x**2 + y**2), (1e200, 2e200)),
    "1/(1 + x²) + y": (lambda x, y: 1 / (1 + x**2) + y, (1e160, 1)),
    "log10(10^x + 10^y)": (lambda x, y: mpmath.log10(mpmath.mpf(10) ** x + mpmath.mpf(10) ** y), (400, 399)),
    "√(e^x)·e^(-x/2) + y": (lambda x, y: 1 + y, (1000, 2)),
}


@pytest.mark.skipif(LONG is None, reason="this machine's long doubles have the range of doubles")
@pytest.mark.parametrize("text", FAR)
def test_what_overflows_on_the_way_is_right_in_the_end(text: str) -> None:
    reference, at = FAR[text]
    cost = FormulaObjective(parse(text))
    with mpmath.workdps(DIGITS):
        point = tuple(map(mpmath.mpf, at))
        value = float(reference(*point))
        slope = [float(mpmath.diff(reference, point, order)) for order in ((1, 0), (0, 1))]
    for theta in (np.array(at, float), np.tile(np.array(at, float), (20, 1))):
        got_value, got_slope = cost.value_and_grad(theta)
        np.testing.assert_allclose(
            got_value, np.broadcast_to(value, got_value.shape), rtol=1e-13, atol=1e-300
        )
        np.testing.assert_allclose(got_slope, np.broadcast_to(slope, got_slope.shape), rtol=1e-13, atol=1e-14)
        np.testing.assert_allclose(cost.value(theta), got_value, rtol=1e-15)


def test_beyond_all_ranges_an_inner_overflow_still_moves_nothing() -> None:
    for text in ("1/(1+exp(-x)) + y**2", "e^(-e^(-x)) + y²", "arctan(exp(-x)) + y**2"):
        slope = FormulaObjective(parse(text)).value_and_grad(np.array([-20000.0, 1.0]))[1]
        np.testing.assert_array_equal(slope, [0.0, 2.0])


KINKS = {
    # the flatter side, as of a ReLU, whatever stands first
    "max(0, x)": ((0, 0), (0, 0)),
    "max(x, 0)": ((0, 0), (0, 0)),
    "min(0, x) + y": ((0, 0), (0, 1)),
    "min(x, 0) + y": ((0, 0), (0, 1)),
    "max(x, 0.01x)": ((0, 0), (0.01, 0)),
    "max(0.01x, x)": ((0, 0), (0.01, 0)),
    "-max(0, 3x)": ((0, 0), (0, 0)),
    "max(2x, 5x, y)": ((0, -1), (2, 0)),
    "|x| + y": ((0, 0), (0, 1)),
    "max(x, -x)": ((0, 0), (0, 0)),
    "min(max(x, -1), 1)": ((1, 0), (0, 0)),
    "max(min(x, 1), -1)": ((-1, 0), (0, 0)),
    "min(max(x, -1), 1) ": ((0.5, 0), (1, 0)),
    # between two slopes that meet, the shortest: the foot of the perpendicular from 0
    "max(x, y)": ((1, 1), (0.5, 0.5)),
    "max(y, x)": ((1, 1), (0.5, 0.5)),
    "min(x, y)": ((1, 1), (0.5, 0.5)),
    "max(2x, y)": ((0, 0), (0.4, 0.8)),
    "max(x, y, 0)": ((0, 0), (0, 0)),
    "max(x + y, x - y)": ((1, 0), (1, 0)),
    # tips of roots
    "√(x² + y²)": ((0, 0), (0, 0)),
    "max(√(x² + y²), 1)": ((0, 0), (0, 0)),
    "√(x² + y²) + x": ((0, 0), (1, 0)),
    "cos(√(x² + y²))": ((0, 0), (0, 0)),
    "√(x² + y²)²": ((0, 0), (0, 0)),
    "(x² + y²)^0.5": ((0, 0), (0, 0)),
    "(x² + y²)^(1/2)": ((0, 0), (0, 0)),
    "√|x| + y": ((0, 0), (0, 1)),
    "arcsin(cos(x))": ((0, 0), (0, 0)),
    # powers of 0
    "x**y": ((0, 1), (1, 0)),
    "x^1 + y^0": ((0, 0), (1, 0)),
    "x^3": ((0, 0), (0, 0)),
    "0^y": ((0, 2), (0, 0)),
}


@pytest.mark.parametrize("text", KINKS)
def test_slopes_at_kinks(text: str) -> None:
    at, slope = (np.array(each, float) for each in KINKS[text])
    cost = FormulaObjective(parse(text))
    for theta in (at, np.tile(at, (20, 1))):
        got = cost.value_and_grad(theta)[1]
        np.testing.assert_allclose(got, np.broadcast_to(slope, theta.shape), rtol=1e-15, atol=0)
    with np.errstate(all="ignore"):
        drawn = adjoints_by_name(cost.expression(*map(variable, at, "xy")))
    np.testing.assert_allclose([drawn.get("x", 0.0), drawn.get("y", 0.0)], slope, rtol=1e-15, atol=0)


NO_SLOPE = {
    "√x": (0, 0),
    "-√x": (0, 0),
    "(√x)²": (0, 0),
    "x^0.5": (0, 0),
    "x^0.3 + y": (0, 0),
    "∛x": (0, 0),
    "∛(x³)": (0, 0),
    "∛(x²)": (0, 0),
    "arcsin(x)": (1, 0),
    "arccos(x)": (-1, 0),
    "x^x": (0, 0),
    "1/(1 + 1/x)": (0, 0),
    "arctan(1/x)": (0, 0),
}


@pytest.mark.parametrize("text", NO_SLOPE)
def test_where_there_is_no_slope_it_is_not_finite(text: str) -> None:
    value, slope = FormulaObjective(parse(text)).value_and_grad(np.array(NO_SLOPE[text], float))
    assert np.isfinite(value)
    assert not np.isfinite(slope).all()


PASSED_BY = {
    # what max and min pass by has an infinite slope, a pole or a corner of its own: (at), ∇f, ∇²f by hand
    "max(√(x² + y²), 1)": ((0, 0), (0, 0), ((0, 0), (0, 0))),
    "max(√x, 1)": ((0, 0), (0, 0), ((0, 0), (0, 0))),
    "max(ln(x), 1) + xy": ((0, 3), (3, 0), ((0, 1), (1, 0))),
    "max(y², -1/x²)": ((0, 3), (0, 6), ((0, 0), (0, 2))),
    "min(1/x², x + 2y²)": ((0, 3), (1, 12), ((0, 0), (0, 4))),
    "max(max(ln(x), 1), y³)": ((0, 2), (0, 12), ((0, 0), (0, 12))),
    "max(min(∛x, 1), 2)·y": ((0, 5), (0, 2), ((0, 0), (0, 0))),
    "|max(ln(x), -2)| + x²": ((0, 1), (0, 0), ((2, 0), (0, 0))),
    "max(x^0.5, 1)²·y²": ((0, 3), (0, 6), ((0, 0), (0, 2))),
    "max(arcsin(x), 2) + x²": ((1, 0), (2, 0), ((2, 0), (0, 0))),
    "min(e^(e^x), y²)": ((20, 3), (0, 6), ((0, 0), (0, 2))),
    # a part that is passed by here counts there
    "max(√x, 1) + √(x + 4)": ((0, 0), (0.25, 0), ((-1 / 32, 0), (0, 0))),
    "max(x² + y², 1)": ((0, 3), (0, 6), ((2, 0), (0, 2))),
}


@pytest.mark.parametrize("text", PASSED_BY)
def test_what_a_max_passes_by_leaves_slope_and_curvature_alone(text: str) -> None:
    at, slope, curvature = (np.array(each, float) for each in PASSED_BY[text])
    cost = FormulaObjective(parse(text))
    for theta in (at, np.tile(at, (20, 1))):
        got = cost.value_and_grad(theta)[1]
        np.testing.assert_allclose(got, np.broadcast_to(slope, got.shape), rtol=1e-14, atol=0)
        bent = cost.hessian(theta)
        np.testing.assert_allclose(bent, np.broadcast_to(curvature, bent.shape), rtol=1e-14, atol=1e-300)


def test_a_part_counts_where_it_stands_a_second_time_beside_a_max() -> None:
    slope = FormulaObjective(parse("max(√x, 1) + √x")).value_and_grad(np.array([0.0, 0.0]))[1]
    assert slope[0] == np.inf


def test_what_a_max_passes_by_falsifies_nothing() -> None:
    plain, beside = (FormulaObjective(parse(text)) for text in ("x²·y", "max(x²·y, ln(x - 2))"))
    theta = np.array([2.0, 3.0])
    assert beside.grad_rounding(theta) == pytest.approx(plain.grad_rounding(theta), rel=0.5)
    assert beside.grad_rounding(theta) > 0


def test_a_power_of_zero_has_no_finite_curvature() -> None:
    curvature = FormulaObjective(parse("x**y")).hessian(np.array([0.0, 1.0]))
    assert curvature[0, 1] == curvature[1, 0] == -np.inf  # 1 + y ln x, times x^(y - 1)


@pytest.mark.parametrize("text", ["max(x, y)", "min(x, 2x)", "max(√x, x²)", "max(max(x, y), x*y)"])
def test_away_from_ties_the_side_that_counts_has_all_of_the_slope(text: str) -> None:
    theta = np.array([0.3, 0.8])
    cost = FormulaObjective(parse(text))
    for i, step in enumerate(1e-6 * np.eye(2)):
        difference = (cost.value(theta + step) - cost.value(theta - step)) / 2e-6
        assert cost.value_and_grad(theta)[1][i] == pytest.approx(difference, abs=1e-9)


def test_a_pile_of_ties_is_compiled_without_a_blow_up() -> None:
    text = "x"
    for _ in range(35):
        text = f"max({text}, y)"
    cost = FormulaObjective(parse(text))
    assert len(cost.hessian(np.array([1.0, 1.0]))) == 2
    assert len(topological([cost.expression(1.0, 2.0)])) < 200
