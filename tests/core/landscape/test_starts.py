from __future__ import annotations

import numpy as np
import pytest

from clocks import Clock
from core.networks import mlp
from core.toy_objectives import Quadratic
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import Run
from descentscape.core.landscape import planes
from descentscape.core.landscape.starts import final_costs, strides
from descentscape.core.network.mlp import MLP
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.time_slices import reported, run_to_completion

WINDOW = ((-2.0, 2.0), (-1.0, 1.0))


def network() -> MLP:
    x = np.random.default_rng(0).standard_normal((30, 2))
    return mlp((2, 4, 1), ("tanh", "linear"), "mse", x, np.sin(x[:, :1]))


@pytest.mark.parametrize("kind", ["gd", "adam", "lbfgs"])
def test_each_start_comes_to_the_cost_of_its_own_run(kind: str) -> None:
    net, recipe = network(), Recipe(OPTIMIZERS[kind](), batch_size=5)
    plane = planes.random(net, net.init("xavier", np.random.default_rng(1)), np.random.default_rng(2))
    found = run_to_completion(final_costs(net, recipe, plane, WINDOW, 4, 25))
    for row, column in ((0, 0), (1, 3), (3, 2)):
        theta = plane.lift(np.array([found.a[column], found.b[row]]))
        trajectory = ComputedTrajectory(Run(net, Recipe(OPTIMIZERS[kind]()), theta, 25))
        trajectory.advance()
        assert found.cost[row, column] == pytest.approx(trajectory.cost[-1], rel=1e-6)
    assert not found.diverged.any()
    assert found.steps == 25


def test_no_steps_leave_the_surface_as_it_is() -> None:
    net = network()
    plane = planes.random(net, net.init("xavier", np.random.default_rng(1)), np.random.default_rng(2))
    found = run_to_completion(final_costs(net, Recipe(OPTIMIZERS["gd"]()), plane, WINDOW, 5, 0))
    points = np.stack(np.meshgrid(found.a, found.b), axis=-1)
    np.testing.assert_allclose(found.cost, net.value(plane.lift(points)))


def test_starts_that_blow_up_are_left_open() -> None:
    steep = Quadratic(np.diag([3.0, 1.0, 1.0]), np.zeros(3))
    plane = planes.axes(steep, np.zeros(3), (0, 1))
    found = run_to_completion(final_costs(steep, Recipe(OPTIMIZERS["gd"](1.0)), plane, WINDOW, 5, 40))
    assert found.diverged.sum() == 20
    assert not found.diverged[:, 2].any()
    assert np.isnan(found.cost[found.diverged]).all()


def test_it_says_how_far_it_is() -> None:
    bowl = Quadratic(np.eye(2), np.zeros(2))
    plane = planes.axes(bowl, np.zeros(2), (0, 1))
    progress = list(final_costs(bowl, Recipe(OPTIMIZERS["gd"]()), plane, WINDOW, 21, 10, clock=Clock()))
    # From 36 starts, from 121, from all, 128 at most together, and a rough result after each: no time passes.
    assert [each.done for each in progress] == [36, 36, 121, 121, 249, 377, 441]
    slow = list(final_costs(bowl, Recipe(OPTIMIZERS["gd"]()), plane, WINDOW, 21, 9, clock=Clock(tick=1.0)))
    assert [each.done for each in slow[:5]] == pytest.approx([0, 3.6, 7.2, 10.8, 14.4])
    assert {each.total for each in progress} == {441}


def test_coarse_grids_are_parts_of_the_whole_one() -> None:
    net = network()
    plane = planes.random(net, net.init("xavier", np.random.default_rng(1)), np.random.default_rng(2))
    descents = final_costs(net, Recipe(OPTIMIZERS["adam"]()), plane, WINDOW, 9, 12)
    rough, finer, whole = (result for _, result in reported(descents) if result is not None)
    for coarse, stride in ((rough, 4), (finer, 2)):
        np.testing.assert_array_equal(coarse.a, whole.a[::stride])
        np.testing.assert_array_equal(coarse.cost, whole.cost[::stride, ::stride])
    assert strides(41) == [4, 2, 1]
    assert strides(8) == [1]
