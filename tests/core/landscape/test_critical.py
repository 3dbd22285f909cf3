from __future__ import annotations

import numpy as np
import pytest

from core.networks import mlp
from core.toy_objectives import bowl
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.objective import FORMULAS, FormulaObjective, parse
from descentscape.core.landscape.critical import CriticalSet, critical_points
from descentscape.core.landscape.polylines import polylines


def search(expression: str, half: float = 2.0) -> CriticalSet:
    # An even count off the symmetry axes, so that no grid point hits a critical point by luck.
    return critical_points(
        FormulaObjective(parse(expression)), ((-half, half + 0.1), (-half, half + 0.2)), 80
    )


def kinds(found: CriticalSet) -> list[str]:
    return sorted(point.classification for point in found.points)


def test_himmelblaus_nine_points_are_found_and_named() -> None:
    formula = FORMULAS["himmelblau"]
    found = critical_points(FormulaObjective(parse(formula.expression)), formula.domain)
    assert kinds(found) == ["maximum"] + ["minimum"] * 4 + ["saddle"] * 4
    minima = sorted(tuple(point.theta) for point in found.points if point.classification == "minimum")
    np.testing.assert_allclose(minima, sorted(formula.minima), atol=1e-5)
    assert all(
        point.index == {"minimum": 0, "saddle": 1, "maximum": 2}[point.classification]
        for point in found.points
    )
    assert found.curves == ()
    assert found.spacing == pytest.approx(tuple((high - low) / 80 for low, high in formula.domain))


def test_points_are_found_to_rounding() -> None:
    (point,) = search("(x - 0.3)**2 + 2*(y + 0.7)**2 + x*0").points
    np.testing.assert_allclose(point.theta, [0.3, -0.7], atol=1e-9)
    np.testing.assert_allclose(point.eigenvalues, [2, 4], atol=1e-9)


def test_the_linear_chain_has_a_saddle_and_a_hyperbola_of_minima() -> None:
    x = np.linspace(-1, 2, 15)[:, None]
    chain = mlp((1, 1, 1), ("linear", "linear"), "mse", x, 0.8 * x, biases=False)
    found = critical_points(chain, ((-2, 2), (-2.5, 2.5)))
    (saddle,) = found.points
    assert (saddle.classification, saddle.index) == ("saddle", 1)
    np.testing.assert_allclose(saddle.theta, 0, atol=1e-9)
    assert len(found.curves) == 2
    for curve in found.curves:
        np.testing.assert_allclose(curve.theta.prod(axis=1), 0.8, atol=1e-6)
        assert np.linalg.norm(np.diff(curve.theta, axis=0) / found.spacing, axis=1).max() < 2.5
        assert curve.cost == pytest.approx(0, abs=1e-12)
        assert curve.curvature > 0
        ends = np.abs(curve.theta[[0, -1]]).max(axis=1) / [2, 2.5]
        assert (np.sort(ends) > 0.75).all()


def test_a_circle_of_minima_is_closed() -> None:
    found = search("(x**2 + y**2 - 1)**2")
    assert kinds(found) == ["maximum"]
    (circle,) = found.curves
    np.testing.assert_allclose(np.linalg.norm(circle.theta, axis=1), 1, atol=1e-6)
    assert np.array_equal(circle.theta[0], circle.theta[-1])
    angles = np.unwrap(np.arctan2(circle.theta[:, 1], circle.theta[:, 0]))
    assert abs(angles[-1] - angles[0]) == pytest.approx(2 * np.pi)
    assert circle.curvature == pytest.approx(8)


def test_a_valley_whose_floor_only_touches_zero_is_found() -> None:
    found = search("x**2 * (1 + y**2)")
    assert kinds(found) == []
    (floor,) = found.curves
    np.testing.assert_allclose(floor.theta[:, 0], 0, atol=1e-9)
    assert np.ptp(floor.theta[:, 1]) > 4


def test_ridges_curve_downwards() -> None:
    (ridge,) = search("-(x - y)**2").curves
    assert ridge.curvature == pytest.approx(-4)


@pytest.mark.parametrize("expression", [FORMULAS["monkey_saddle"].expression, "x**4 + y**4"])
def test_a_degenerate_point_stands_alone(expression: str) -> None:
    found = search(expression)
    assert kinds(found) == ["degenerate"]
    np.testing.assert_allclose(found.points[0].theta, 0, atol=1e-3)
    assert found.curves == ()


def test_plateaus_are_told_but_not_listed() -> None:
    found = search("exp(-10*(x**2 + y**2))", 4.0)
    assert kinds(found) == ["maximum"]
    assert 0.5 < found.flat < 1
    assert search("3 + 0*x").flat == 1
    assert search("3 + 0*x").points == ()


def test_slopes_and_poles_have_no_critical_points() -> None:
    for expression in ("x + y", "1/x + y**2", "exp(x) * exp(y)"):
        found = search(expression)
        assert found.points == ()
        assert found.curves == ()


def test_points_outside_the_window_are_left_out() -> None:
    assert search("(x - 2.5)**2 + y**2").points == ()


def test_the_search_is_for_two_parameters() -> None:
    with pytest.raises(InvalidValue, match="dim must be 2 for a search of critical points, got 3"):
        critical_points(bowl(3), ((-1, 1), (-1, 1)))


def test_polylines_follow_curves_from_end_to_end() -> None:
    order = np.random.default_rng(0).permutation(20)
    line = np.column_stack([np.arange(20.0), np.zeros(20)])
    points = np.concatenate([line[order], [[50.0, 50.0]]])
    long, single = sorted(polylines(points, 1.5), key=len, reverse=True)
    assert points[long][:, 0].tolist() in ([*range(20)], [*range(19, -1, -1)])
    assert single == [20]


def test_polylines_close_a_ring() -> None:
    angle = np.random.default_rng(0).permutation(12) * np.pi / 6
    (ring,) = polylines(np.column_stack([np.cos(angle), np.sin(angle)]), 0.6)
    assert ring[0] == ring[-1]
    assert sorted(ring[:-1]) == list(range(12))


def test_a_kink_is_no_critical_point() -> None:
    window = ((-5.0, 5.0), (-5.0, 5.0))  # an odd count of points: one of them is the kink

    def found(expression: str) -> CriticalSet:
        return critical_points(FormulaObjective(parse(expression)), window, 81)

    assert found("abs(x) + abs(y)").points == ()
    assert kinds(found("x**2 + abs(y)**3")) == ["degenerate"]
    kinked = found("abs(x) + y**2 + x/2")
    assert kinked.points == kinked.curves == ()


@pytest.mark.parametrize("factor", ["1e-100", "1e-8", "1e8"])
def test_a_factor_on_the_cost_changes_no_name(factor: str) -> None:
    plain = search(FORMULAS["himmelblau"].expression, 5.0)
    scaled = search(f"{factor} * ({FORMULAS['himmelblau'].expression})", 5.0)
    assert kinds(scaled) == kinds(plain)
    assert len(scaled.points) == 9
    by_place = sorted(scaled.points, key=lambda point: tuple(point.theta.round(6)))
    for one, other in zip(by_place, sorted(plain.points, key=lambda p: tuple(p.theta.round(6))), strict=True):
        np.testing.assert_allclose(one.theta, other.theta, atol=1e-9)
        assert one.index == other.index


@pytest.mark.parametrize("ratio", ["1e6", "1e9"])
def test_curvatures_of_unlike_size_make_a_saddle(ratio: str) -> None:
    found = search(f"{ratio}*x**2 - y**2")
    assert kinds(found) == ["saddle"]
    np.testing.assert_allclose(found.points[0].eigenvalues, [-2, 2 * float(ratio)])


def test_a_flat_bottom_is_one_degenerate_point() -> None:
    found = search("x**6 + y**2", 1.0)
    assert kinds(found) == ["degenerate"]
    assert found.points[0].index == 0
