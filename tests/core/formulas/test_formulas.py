from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.autodiff.nodes import variable
from descentscape.core.autodiff.program import FEW
from descentscape.core.blocks import layer_spans
from descentscape.core.formulas.objective import FORMULAS, Formula, FormulaObjective, parse
from descentscape.core.formulas.parser import MAX_FORMULA_NODES
from descentscape.core.objective import Array, Objective, is_sampled
from traces import adjoints_by_name

SMOOTH_AT_MINIMUM = FORMULAS.keys() - {"ackley"}
BOUNDED = FORMULAS.keys() - {"saddle", "monkey_saddle"}

each_formula = pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)


def objective(formula: Formula | str) -> FormulaObjective:
    return FormulaObjective(parse(formula if isinstance(formula, str) else formula.expression))


def window(formula: Formula, resolution: int) -> Array:
    (x0, x1), (y0, y1) = formula.domain
    return np.stack(np.meshgrid(np.linspace(x0, x1, resolution), np.linspace(y0, y1, resolution)), axis=-1)


def random_points(formula: Formula, count: int) -> Array:
    low, high = np.transpose(formula.domain)
    return np.random.default_rng(0).uniform(low, high, (count, 2))


def test_the_named_formulas_are_there() -> None:
    promised = "bowl ravine saddle monkey_saddle plateau rosenbrock himmelblau beale rastrigin ackley"
    assert {*promised.split(), "six_hump_camel", "styblinski_tang"} <= FORMULAS.keys()
    assert len(FORMULAS) >= 18


@each_formula
def test_entry_is_complete_and_inside_its_window(formula: Formula) -> None:
    assert formula.kind == next(kind for kind, entry in FORMULAS.items() if entry is formula)
    assert all((formula.label, formula.source, formula.help, formula.learning_rate > 0))
    low, high = np.transpose(formula.domain)
    points = np.array([formula.start, *formula.minima, *formula.local_minima])
    assert ((points >= low) & (points <= high)).all()
    assert len(parse(formula.expression).postfix) < MAX_FORMULA_NODES / 2


@each_formula
def test_known_minima_are_critical_and_curve_upwards(formula: Formula) -> None:
    cost = objective(formula)
    if formula.kind in SMOOTH_AT_MINIMUM:
        for point in np.array([*formula.minima, *formula.local_minima]).reshape(-1, 2):
            curvature = cost.hessian(point)
            assert np.linalg.norm(cost.value_and_grad(point)[1]) < 1e-12 * (1 + np.linalg.norm(curvature))
            assert np.linalg.eigvalsh(curvature).min() > 0


@each_formula
def test_no_point_of_the_window_lies_lower_than_the_global_minima(formula: Formula) -> None:
    if formula.minima:
        cost = objective(formula)
        depths = cost.value(np.array(formula.minima))
        scale = 1e-12 * (1 + abs(depths[0]))
        np.testing.assert_allclose(depths, depths[0], rtol=0, atol=scale)
        assert cost.value(window(formula, 401)).min() >= depths[0] - scale
        if formula.local_minima:
            assert cost.value(np.array(formula.local_minima)).min() > depths[0] + 1e-3


def saddle_free_newton(cost: FormulaObjective, points: Array, longest: float) -> Array:
    """The minima under the points: Newton steps with |H|, no longer than given."""
    for _ in range(200):
        values, vectors = np.linalg.eigh(cost.hessian(points))
        along = np.einsum("nij,ni->nj", vectors, cost.value_and_grad(points)[1]) / (np.abs(values) + 1e-9)
        step = np.einsum("nij,nj->ni", vectors, along)
        points = points - step * np.minimum(
            1.0, longest / (np.linalg.norm(step, axis=1, keepdims=True) + 1e-300)
        )
    return points


@pytest.mark.parametrize("kind", [kind for kind, formula in FORMULAS.items() if formula.local_minima])
def test_where_local_minima_are_named_there_are_no_others(kind: str) -> None:
    formula = FORMULAS[kind]
    cost, points = objective(formula), window(formula, 101)
    height = np.pad(cost.value(points), 1, constant_values=-np.inf)
    around = [height[1 + i : 102 + i, 1 + j : 102 + j] for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
    dips = points[height[1:-1, 1:-1] < np.min(around, axis=0)]
    found = saddle_free_newton(cost, dips, 0.02 * np.ptp(formula.domain))
    named = np.array([*formula.minima, *formula.local_minima])
    distance = np.linalg.norm(found[:, None] - named, axis=-1)
    assert (distance.min(axis=1) < 1e-7).all()
    assert (distance.min(axis=0) < 1e-7).all()


def test_ackley_has_a_kink_at_its_minimum() -> None:
    cost = objective(FORMULAS["ackley"])
    assert abs(cost.value(np.zeros(2))) < 1e-14
    np.testing.assert_array_equal(cost.value_and_grad(np.zeros(2))[1], 0.0)  # the flattest slope of the tip
    ring = 1e-6 * np.stack([np.cos(np.arange(8)), np.sin(np.arange(8))], axis=-1)
    slopes = np.sum(ring * cost.value_and_grad(ring)[1], axis=-1) / 1e-6
    np.testing.assert_allclose(slopes, 4 / np.sqrt(2), rtol=1e-4)


@each_formula
def test_suggested_descent_goes_down_and_stays_finite(formula: Formula) -> None:
    cost = objective(formula)
    theta = np.array(formula.start)
    costs = []
    for _ in range(300 if formula.kind in BOUNDED else 60):
        value, slope = cost.value_and_grad(theta)
        costs.append(float(value))
        theta = theta - formula.learning_rate * slope
    assert np.isfinite(costs).all()
    assert np.diff(costs).max() <= 1e-9
    assert costs[-1] < costs[0] - 1e-3


@each_formula
def test_derivatives_match_differences(formula: Formula) -> None:
    cost = objective(formula)
    points = random_points(formula, 20)
    h = 1e-3 * np.eye(2)
    _, slope = cost.value_and_grad(points)
    curvature = cost.hessian(points)
    for i, step in enumerate(h):
        stencil = [points + k * step for k in (1, -1, 2, -2, 3, -3)]
        weights = np.array([45, -45, -9, 9, 1, -1]) / 60e-3
        differences = np.tensordot(weights, [cost.value(p) for p in stencil], 1)
        np.testing.assert_allclose(slope[:, i], differences, rtol=1e-8, atol=1e-8 * np.abs(slope).max())
        bends = np.tensordot(weights, [cost.value_and_grad(p)[1] for p in stencil], 1)
        np.testing.assert_allclose(curvature[:, i], bends, rtol=1e-8, atol=1e-8 * np.abs(curvature).max())


def test_himmelblau_by_hand() -> None:
    cost = objective(FORMULAS["himmelblau"])
    value, slope = cost.value_and_grad(np.array([1.0, 2.0]))
    assert value == 8**2 + 2**2  # (1 + 2 - 11)² + (1 + 4 - 7)²
    np.testing.assert_array_equal(slope, [4 * -8 + 2 * -2, 2 * -8 + 8 * -2])
    np.testing.assert_array_equal(cost.hessian(np.array([1.0, 2.0])), [[12 + 8 - 42, 12], [12, 4 + 48 - 26]])


def test_saddles_by_their_curvature() -> None:
    origin = np.zeros(2)
    np.testing.assert_array_equal(objective(FORMULAS["saddle"]).hessian(origin), [[2, 0], [0, -2]])
    np.testing.assert_array_equal(objective(FORMULAS["monkey_saddle"]).hessian(origin), np.zeros((2, 2)))
    np.testing.assert_array_equal(objective(FORMULAS["double_well"]).hessian(origin), [[1, 0], [0, -1]])


@each_formula
def test_batch_axes_are_the_same_call(formula: Formula) -> None:
    cost = objective(formula)
    points = random_points(formula, 60).reshape(3, 4, 5, 2)
    values, slopes = cost.value_and_grad(points)
    curvatures = cost.hessian(points)
    assert (values.shape, slopes.shape, curvatures.shape) == ((3, 4, 5), (3, 4, 5, 2), (3, 4, 5, 2, 2))
    np.testing.assert_allclose(cost.value(points), values, rtol=1e-12)
    for at in [(0, 0, 0), (2, 3, 4), (1, 2, 0)]:
        value, slope = cost.value_and_grad(points[at])
        assert (value.shape, slope.shape, cost.value(points[at]).shape) == ((), (2,), ())
        np.testing.assert_allclose(values[at], value, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(slopes[at], slope, rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(curvatures[at], cost.hessian(points[at]), rtol=1e-10, atol=1e-10)


def test_a_small_race_takes_the_very_steps_of_its_runs() -> None:
    cost = objective(FORMULAS["ackley"])
    points = random_points(FORMULAS["ackley"], FEW)
    values, slopes = cost.value_and_grad(points)
    for point, value, slope in zip(points, values, slopes, strict=True):
        np.testing.assert_array_equal(cost.value_and_grad(point)[0], value)
        np.testing.assert_array_equal(cost.value_and_grad(point)[1], slope)


@each_formula
def test_drawn_surfaces_are_single_precision(formula: Formula) -> None:
    cost = objective(formula)
    points = window(formula, 21).astype(np.float32)
    single, double = cost.value(points), cost.value(points.astype(np.float64))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, double, rtol=1e-7)
    assert cost.value(points[0, 0]).dtype == np.float32


def test_it_is_an_objective_of_one_point() -> None:
    cost = objective("x*y")
    assert isinstance(cost, Objective)
    assert not is_sampled(cost)
    assert (cost.dim, cost.parameter_names()) == (2, ["x", "y"])
    assert layer_spans(cost.blocks) == {"point": slice(0, 2)}
    vectors = np.array([[[1.0, 2.0]], [[-3.0, 0.5]]])
    np.testing.assert_array_equal(cost.hvp(np.array([5.0, 7.0]), vectors), vectors[..., ::-1])


@pytest.mark.parametrize(
    ("text", "at", "value", "slope"),
    [
        ("1/x + y", (0.0, 1.0), np.inf, (-np.inf, 1.0)),
        ("log(x) + y", (0.0, 1.0), -np.inf, (np.inf, 1.0)),
        ("log(x) + y", (-1.0, 1.0), np.nan, (-1.0, 1.0)),
        ("sqrt(x)*y", (-1.0, 1.0), np.nan, (np.nan, np.nan)),
        ("x**0.5", (-1.0, 1.0), np.nan, (np.nan, 0.0)),
        ("exp(x**2)", (40.0, 1.0), np.inf, (np.inf, 0.0)),
        ("x**-2", (0.0, 1.0), np.inf, (-np.inf, 0.0)),
        ("5 + 0*x", (1.0, 1.0), 5.0, (0.0, 0.0)),
        ("7", (1.0, 1.0), 7.0, (0.0, 0.0)),
        ("y", (1.0, 3.0), 3.0, (0.0, 1.0)),
    ],
)
def test_edges_are_results_for_one_point_and_for_many(
    text: str, at: tuple[float, float], value: float, slope: tuple[float, float]
) -> None:
    cost = objective(text)
    for theta in (np.array(at), np.tile(at, (50, 1))):
        got = cost.value_and_grad(theta)
        np.testing.assert_array_equal(got[0], np.broadcast_to(value, theta.shape[:-1]))
        np.testing.assert_array_equal(got[1], np.broadcast_to(slope, theta.shape))
        np.testing.assert_array_equal(cost.value(theta), got[0])


@pytest.mark.parametrize(
    ("text", "at", "slope", "curvature"),
    [
        ("abs(x) + y", (0.0, 0.0), (0.0, 1.0), (0.0, 0.0, 0.0)),
        ("abs(x)*y", (-2.0, 3.0), (-3.0, 2.0), (0.0, -1.0, 0.0)),
        ("max(x, 0)", (0.0, 0.0), (0.0, 0.0), (0.0, 0.0, 0.0)),
        ("max(x**2, y)", (2.0, 1.0), (4.0, 0.0), (2.0, 0.0, 0.0)),
        ("min(x**2, y)", (2.0, 1.0), (0.0, 1.0), (0.0, 0.0, 0.0)),
        ("max(x, y)", (1.0, 1.0), (0.5, 0.5), (0.0, 0.0, 0.0)),
        ("x**1 + y**0", (0.0, 0.0), (1.0, 0.0), (0.0, 0.0, 0.0)),
        ("x**y", (2.0, 3.0), (12.0, 8 * np.log(2)), (12.0, 4 + 12 * np.log(2), 8 * np.log(2) ** 2)),
    ],
)
def test_kinks_and_powers(
    text: str, at: tuple[float, float], slope: tuple[float, float], curvature: tuple[float, float, float]
) -> None:
    cost = objective(text)
    xx, xy, yy = curvature
    for theta in (np.array(at), np.tile(at, (50, 1))):
        np.testing.assert_allclose(
            cost.value_and_grad(theta)[1], np.broadcast_to(slope, theta.shape), rtol=1e-15
        )
        expected = np.broadcast_to([[xx, xy], [xy, yy]], (*theta.shape, 2))
        np.testing.assert_allclose(cost.hessian(theta), expected, rtol=1e-15)


def test_graph_at_a_point() -> None:
    cost = objective("(x*y - 1)**2").expression(variable(2.0, "x"), variable(3.0, "y"))
    adjoints = adjoints_by_name(cost)
    assert cost.value == 25.0
    assert (adjoints["x"], adjoints["y"]) == (30.0, 20.0)
