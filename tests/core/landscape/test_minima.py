from __future__ import annotations

import numpy as np
import pytest

from core.networks import mlp
from core.toy_objectives import bowl
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.objective import FORMULAS, FormulaObjective, parse
from descentscape.core.landscape.kinks import kink_minima
from descentscape.core.landscape.minima import Minimum, Whereabouts, minima_around, reach_of, widened
from descentscape.core.network.mlp import MLP

SQUARE = ((-2.0, 2.1), (-2.0, 2.2))
NONE = np.empty((0, 2))


def formula(expression: str) -> FormulaObjective:
    return FormulaObjective(parse(expression))


def linear_chain() -> MLP:
    x = np.linspace(-1, 2, 15)[:, None]
    return mlp((1, 1, 1), ("linear", "linear"), "mse", x, 0.8 * x, biases=False)


@pytest.mark.parametrize(
    "kind", ["himmelblau", "six_hump_camel", "three_hump_camel", "styblinski_tang", "ackley"]
)
def test_the_known_minima_are_found(kind: str) -> None:
    known = FORMULAS[kind]
    found = minima_around(formula(known.expression), known.domain)
    for point in (*known.minima, *known.local_minima):
        gaps = [np.linalg.norm(minimum.theta - point, axis=1).min() for minimum in found]
        assert min(gaps) < 1e-3
    costs = [minimum.cost for minimum in found]
    assert costs == sorted(costs)


def test_a_curve_of_minima_is_one_place() -> None:
    found = minima_around(linear_chain(), SQUARE)
    assert len(found) == 2
    for minimum in found:
        np.testing.assert_allclose(minimum.theta.prod(axis=1), 0.8, atol=1e-6)
        assert np.ptp(np.sign(minimum.theta[:, 0])) == 0


def test_degenerate_points_count_when_nothing_around_is_lower() -> None:
    (only,) = minima_around(formula("x**2 + y**4"), SQUARE)
    np.testing.assert_allclose(only.theta, 0, atol=1e-2)
    assert minima_around(formula(FORMULAS["monkey_saddle"].expression), SQUARE) == ()
    assert minima_around(formula("-x**2 - y**2"), SQUARE) == ()


def test_the_search_goes_somewhat_beyond_the_window() -> None:
    assert widened(((0.0, 2.0), (-1.0, 0.0))) == ((-1.0, 3.0), (-1.5, 0.5))
    (only,) = minima_around(formula("(x - 2.9)**2 + y**2"), SQUARE)
    np.testing.assert_allclose(only.theta, [[2.9, 0]], atol=1e-7)


def test_kinked_minima_are_found_by_values_alone() -> None:
    found = kink_minima(formula("abs(x - 0.3) + 2*abs(y + 0.7)"), SQUARE, 41, NONE)
    np.testing.assert_allclose(found, [[0.3, -0.7]], atol=1e-7)
    cone = kink_minima(formula("sqrt((x - 1)**2 + y**2)"), SQUARE, 41, NONE)
    np.testing.assert_allclose(cone, [[1, 0]], atol=1e-7)


def test_what_is_known_is_not_found_again() -> None:
    smooth = formula("x**2 + y**2")
    assert len(kink_minima(smooth, SQUARE, 41, NONE)) == 1
    assert len(kink_minima(smooth, SQUARE, 41, np.zeros((1, 2)))) == 0


@pytest.mark.parametrize("expression", ["3 + 0*x", "abs(x)", "x + y", "-abs(x) - abs(y)", "max(0*x, x)"])
def test_floors_plateaus_and_tops_are_no_kinked_minima(expression: str) -> None:
    assert len(kink_minima(formula(expression), SQUARE, 41, NONE)) == 0


def test_a_point_is_at_the_nearest_minimum_within_reach() -> None:
    window = ((0.0, 3.0), (0.0, 4.0))
    reach = reach_of(window)
    assert reach == pytest.approx(0.05)
    curve = np.stack([np.linspace(2, 3, 5), np.full(5, 3.5)], axis=-1)
    minima = (
        Minimum(np.array([[1.0, 1.0]]), 0.0),
        Minimum(np.array([[1.06, 1.0]]), 1.0),
        Minimum(curve, 2.0),
    )
    where = Whereabouts(minima, window)
    fine = 0.005
    points = [
        ((1.0, 1.0), 0), ((1.06, 1.0), 1), ((1.02, 1.0), 0), ((1.04, 1.0), 1),
        ((1.0, 1.05 - fine), 0), ((1.0, 1.05 + fine), -1), ((1.11 + fine, 1.0), -1),
        ((2.4, 3.54), 2), ((2.4, 3.46), 2), ((2.4, 3.56), -1), ((1.9, 3.5), -1),
        ((-100.0, 0.0), -1), ((np.nan, 0.0), -1), ((np.inf, 1.0), -1),
    ]  # fmt: skip
    assert where.at(np.array([point for point, _ in points])).tolist() == [label for _, label in points]


def test_only_two_parameters_have_a_map() -> None:
    with pytest.raises(InvalidValue, match="dim must be 2"):
        minima_around(bowl(), SQUARE)
