from __future__ import annotations

from itertools import pairwise, takewhile

import numpy as np
import pytest

from core.networks import mlp
from core.toy_objectives import ROSENBROCK, Quadratic
from descentscape.core.formulas.objective import FormulaObjective, parse
from descentscape.core.landscape import planes
from descentscape.core.landscape.plane import Plane
from descentscape.core.landscape.surface import COMPARED, Surface, clipping, refine, sample
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import AnyArray, Array, Objective
from descentscape.core.time_slices import Work, reported


def network(n: int = 40) -> MLP:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, 2))
    return mlp((2, 5, 4, 1), ("tanh", "tanh", "sigmoid"), "bce", x, (x[:, :1] > 0) * 1.0)


def slice_of(objective: Objective) -> Plane:
    rng = np.random.default_rng(3)
    return planes.random(objective, rng.standard_normal(objective.dim), rng)


def whole(expression: str) -> tuple[FormulaObjective, Plane]:
    objective = FormulaObjective(parse(expression))
    return objective, planes.axes(objective, np.zeros(2), (0, 1))


def levels_of(work: Work[Surface]) -> list[Surface]:
    return [surface for _, surface in reported(work) if surface is not None]


def test_a_cell_is_the_cost_at_its_coordinates() -> None:
    net = network()
    plane, a, b = slice_of(net), np.linspace(-1, 2, 7), np.linspace(-3, 0, 5)
    surface = sample(net, plane, a, b)
    assert surface.cost.shape == (5, 7)
    assert surface.cost.dtype == np.float32
    for row, column in ((0, 0), (4, 6), (1, 5)):
        exact = net.value(plane.lift(np.array([a[column], b[row]])))
        assert surface.cost[row, column] == pytest.approx(float(exact), rel=1e-6)
    assert not surface.exact
    assert surface.missing == 0


def test_objectives_without_a_fast_slice_give_the_same() -> None:
    class Plain:
        def __init__(self, net: MLP) -> None:
            self.dim, self.value = net.dim, net.value

    net = network()
    plane, a = slice_of(net), np.linspace(-1, 1, 9)
    fast, plain = sample(net, plane, a, a), sample(Plain(net), plane, a, a)
    np.testing.assert_allclose(fast.cost, plain.cost, rtol=2e-6)


def test_a_narrow_surface_is_computed_in_double_precision() -> None:
    narrow = Quadratic(np.eye(2), np.zeros(2))
    plane, a = planes.axes(narrow, np.array([100.0, 100.0]), (0, 1)), np.linspace(-1e-3, 1e-3, 11)
    surface = sample(narrow, plane, a, a)
    assert surface.cost.dtype == np.float64
    exact = narrow.value(plane.lift(np.stack(np.meshgrid(a, a), axis=-1)))
    np.testing.assert_allclose(surface.cost, exact, rtol=1e-13)
    levels = levels_of(refine(narrow, plane, ((-1e-3, 1e-3), (-1e-3, 1e-3)), 60))
    assert [each.cost.dtype for each in levels] == [np.float64] * 2
    assert sample(narrow, plane, 1e3 * a, 1e3 * a).cost.dtype == np.float32


def test_what_single_precision_cannot_hold_is_computed_in_double() -> None:
    objective, plane = whole("1e40 * (1 + x**2 + y**2)")
    surface = sample(objective, plane, np.linspace(0, 1, 3), np.linspace(0, 1, 3))
    assert surface.missing == 0
    np.testing.assert_allclose(surface.cost[2], [2e40, 2.25e40, 3e40])


def test_cells_that_are_not_finite_are_nan_and_counted() -> None:
    objective, plane = whole("log(x) + 1/y")
    surface = sample(objective, plane, np.array([-1.0, 0.0, 1.0]), np.array([0.0, 1.0]))
    assert surface.exact
    np.testing.assert_array_equal(np.isfinite(surface.cost), [[False] * 3, [False, False, True]])
    assert surface.missing == 5
    assert not np.isinf(surface.cost).any()
    assert surface.clipped == clipping(surface.cost, None)


def test_a_surface_without_a_finite_cell_is_one_too() -> None:
    objective, plane = whole("log(-1 - x**2)")
    surface = sample(objective, plane, np.linspace(0, 1, 4), np.linspace(0, 1, 4), path_range=(0.0, 1.0))
    assert surface.missing == 16
    assert surface.clipped.count == 0


def test_refinement_goes_from_coarse_to_fine_and_says_how_far_it_is() -> None:
    net = network()
    plane, extent = slice_of(net), ((-1.0, 1.0), (0.0, 3.0))
    surfaces = levels_of(refine(net, plane, extent, 101))
    assert [len(surface.a) for surface in surfaces] == [26, 101]
    steps = list(refine(net, plane, extent, 101))
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[-1] == steps[-1].total == 101**2
    coarse, finest = surfaces
    np.testing.assert_array_equal(coarse.a, finest.a[::4])
    np.testing.assert_array_equal(coarse.cost, finest.cost[::4, ::4])
    assert (finest.a[0], finest.a[-1], finest.b[0], finest.b[-1]) == (-1.0, 1.0, 0.0, 3.0)
    np.testing.assert_allclose(finest.cost, sample(net, plane, finest.a, finest.b).cost, rtol=2e-6)


@pytest.mark.parametrize(
    ("resolution", "counts"),
    [(25, [25]), (41, [21, 41]), (51, [26, 51]), (60, [20, 60]), (61, [21, 61]), (101, [26, 101])],
)
def test_a_level_shows_some_points_of_the_next(resolution: int, counts: list[int]) -> None:
    net = network()
    surfaces = levels_of(refine(net, slice_of(net), ((-1.0, 1.0), (0.0, 3.0)), resolution))
    assert [len(surface.a) for surface in surfaces] == counts
    for coarse, fine in pairwise(surfaces):
        places = np.searchsorted(fine.b, coarse.b)
        assert places[0] == 0
        assert places[-1] == len(fine.b) - 1
        np.testing.assert_array_equal(coarse.b, fine.b[places])
        np.testing.assert_array_equal(coarse.cost, fine.cost[np.ix_(places, places)])


def test_no_point_is_computed_twice() -> None:
    class Counting:
        dim, seen = 2, 0

        def value(self, theta: AnyArray) -> Array:
            self.seen += len(theta)
            return theta[:, 0] ** 2

    objective = Counting()
    levels_of(refine(objective, slice_of(ROSENBROCK), ((-1.0, 1.0), (-1.0, 1.0)), 101))
    compared = 2 * COMPARED
    assert 101**2 < objective.seen <= 101**2 + compared


def test_low_resolutions_are_not_refined() -> None:
    surfaces = levels_of(refine(ROSENBROCK, slice_of(ROSENBROCK), ((-1, 1), (-1, 1)), 25))
    assert [len(surface.a) for surface in surfaces] == [25]


def test_refinement_can_be_abandoned_between_chunks() -> None:
    class Counting:
        dim, seen = 2, 0

        def value(self, theta: AnyArray) -> Array:
            self.seen += theta.shape[0]
            return theta[:, 0] ** 2

    objective = Counting()
    plane = Plane(np.zeros(2), np.eye(2), "axes", ("a", "b"), "")
    steps = refine(objective, plane, ((-1, 1), (-1, 1)), 401)
    first = list(takewhile(lambda step: step.result is None, steps))
    seen = objective.seen
    steps.close()
    assert first[0].done == 16
    assert seen == objective.seen < 401**2


def test_nothing_is_clipped_without_need() -> None:
    cost = np.array([[0.0, 1.0], [2.0, 3.0]])
    assert clipping(cost, (0.5, 1.5)).count == 0
    assert (clipping(cost, (0.5, 1.5)).low, clipping(cost, (0.5, 1.5)).high) == (0.0, 3.0)
    assert clipping(np.array([[0.0, 1e30]]), None).count == 0


def test_what_dwarfs_the_paths_and_the_rest_is_clipped_and_said() -> None:
    objective, plane = whole("x**2 + y**2 + 1e-3 / ((x - 1)**2 + y**2)")
    a = np.linspace(-2, 2, 101)
    surface = sample(objective, plane, a + 1e-4, a + 1e-4, path_range=(0.1, 5.0))
    clipped = surface.clipped
    assert surface.cost.max() > 1e4
    assert 5.0 < clipped.high < 100
    assert clipped.count == (surface.cost > clipped.high).sum() > 0
    assert clipped.count < 0.01 * surface.cost.size
    drawn = surface.drawn()
    assert drawn.max() == pytest.approx(clipped.high)
    assert np.array_equal(drawn[surface.cost < clipped.high], surface.cost[surface.cost < clipped.high])


def test_paths_are_never_clipped() -> None:
    cost = np.ones((50, 50))
    cost[0, 0] = 1000.0
    assert clipping(cost, (0.9, 1.1)).high == pytest.approx(1.1 + 10 * 0.2)
    assert clipping(cost, (0.9, 1.1)).count == 1
    assert clipping(cost, (0.9, 1000.0)).count == 0


def test_singularities_downwards_are_clipped_but_minima_are_not() -> None:
    well = np.zeros((50, 50))
    well[3, 3] = -1.0
    assert clipping(well, (0.0, 1e-3)).count == 0
    well[3, 3] = -1e9
    assert clipping(well, (0.0, 1.0)).count == 1
    assert clipping(well, (0.0, 1.0)).low == pytest.approx(-1e4)
    assert clipping(well, (2.0, 3.0)).low == pytest.approx(2 - 3e4)


def test_a_run_that_hardly_moves_at_a_saddle_flattens_nothing() -> None:
    x = np.linspace(-1, 1, 41)
    saddle = x**2 - x[:, None] ** 2
    assert clipping(saddle, (0.0, 1e-12)).count == clipping(saddle, (0.0, 0.0)).count == 0


@pytest.mark.parametrize("unit", [2.0**-100, 2.0**100])
def test_clipping_does_not_depend_on_the_unit_of_the_cost(unit: float) -> None:
    cost = np.linspace(-1, 3, 2500).reshape(50, 50)
    cost[3, 3], cost[4, 4] = -1e7, 1e7
    one, other = clipping(cost, (0.5, 1.0)), clipping(unit * cost, (0.5 * unit, unit))
    assert (other.low, other.high, other.count) == (unit * one.low, unit * one.high, one.count)
    assert one.count == 2
