from __future__ import annotations

import numpy as np
import pytest

from descentscape.core import planes
from descentscape.core.chain import Chain
from descentscape.core.descent import Recipe
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.moving import (
    aligned,
    centred,
    ground_at,
    moving_slice,
    recentred,
    through,
)
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.run import Run
from descentscape.core.trajectory import Trajectory

RNG = np.random.default_rng(0)
X = RNG.standard_normal((60, 2))
NET = Chain((2, 4, 3, 1), ("tanh", "tanh", "linear"), "mse", X, np.sin(X[:, :1]) * X[:, 1:])
TRAIN, TEST = NET.batch(np.arange(40)), NET.batch(np.arange(40, 60))
WINDOW = ((-1.0, 1.0), (-0.5, 0.5))


def trained(batch_size: int | None = 8, *, tested: bool = True) -> Trajectory:
    recipe = Recipe(OPTIMIZERS["adam"](), batch_size=batch_size)
    run = Run(TRAIN, recipe, NET.init("xavier", np.random.default_rng(1)), 50)
    trajectory = Trajectory(run, test_objective=TEST if tested else None)
    trajectory.advance()
    return trajectory


TRAJECTORY = trained()
PLANE = planes.pca(TRAIN, [TRAJECTORY.theta])


def test_the_slice_is_the_cost_around_the_point() -> None:
    moving = moving_slice(TRAJECTORY, 20, PLANE, WINDOW, 11)
    theta = TRAJECTORY.theta_at(20)
    surface = moving.surface
    assert surface.cost.shape == (11, 11)
    for row, column in ((0, 0), (3, 7), (10, 2)):
        there = theta + surface.a[column] * PLANE.basis[0] + surface.b[row] * PLANE.basis[1]
        assert surface.cost[row, column] == pytest.approx(float(TRAIN.value(there)), rel=1e-5)
    assert surface.cost[5, 5] == pytest.approx(moving.cost, rel=1e-5)
    assert moving.cost == pytest.approx(TRAJECTORY.cost[20])
    assert moving.examples == 40


def test_the_path_passes_through_the_middle() -> None:
    moving = moving_slice(TRAJECTORY, 20, PLANE, WINDOW, 11)
    assert moving.path.shape == (51, 2)
    np.testing.assert_allclose(moving.path[20], 0, atol=1e-15)
    np.testing.assert_allclose(moving.path, moving.surface.plane.project(TRAJECTORY.theta), atol=1e-15)
    assert moving.surface.plane.residual(TRAJECTORY.theta_at(20)) == 0


def test_a_known_path_only_needs_to_be_shifted() -> None:
    known = PLANE.project(TRAJECTORY.theta)
    np.testing.assert_allclose(
        recentred(known, 30), through(PLANE, TRAJECTORY.theta_at(30)).project(TRAJECTORY.theta), atol=1e-12
    )
    quick = moving_slice(TRAJECTORY, 30, PLANE, WINDOW, 11, path=known)
    np.testing.assert_allclose(quick.path, moving_slice(TRAJECTORY, 30, PLANE, WINDOW, 11).path, atol=1e-12)


def test_the_batchs_ground_is_the_one_the_next_step_is_taken_on() -> None:
    examples = TRAJECTORY.batch_at(20)
    assert examples is not None
    moving = moving_slice(TRAJECTORY, 20, PLANE, WINDOW, 11, ground="batch")
    assert moving.cost == pytest.approx(TRAJECTORY.batch_cost[20])
    assert moving.examples == 8
    there = moving.surface.plane.lift(np.array([moving.surface.a[2], moving.surface.b[9]]))
    assert moving.surface.cost[9, 2] == pytest.approx(float(TRAIN.batch(examples).value(there)), rel=1e-5)


def test_the_batches_of_an_epoch_add_up_to_the_full_ground() -> None:
    slices = [
        moving_slice(TRAJECTORY, k, through(PLANE, TRAJECTORY.theta_at(0)), WINDOW, 5, ground="batch")
        for k in range(5)
    ]
    assert [each.examples for each in slices] == [8] * 5
    plane = through(PLANE, TRAJECTORY.theta_at(0))
    points = plane.lift(np.random.default_rng(0).uniform(-1, 1, (6, 2)))
    costs = [ground_at(TRAJECTORY, k, "batch").value(points) for k in range(5)]
    np.testing.assert_allclose(np.mean(costs, axis=0), TRAIN.value(points))


def test_the_test_sets_ground() -> None:
    moving = moving_slice(TRAJECTORY, 20, PLANE, WINDOW, 11, ground="test")
    assert TRAJECTORY.test_cost is not None
    assert moving.cost == pytest.approx(TRAJECTORY.test_cost[20])
    assert moving.examples == 20
    with pytest.raises(InvalidValue, match="ground must be train or batch where there is no test set"):
        moving_slice(trained(tested=False), 20, PLANE, WINDOW, ground="test")


def test_full_batch_has_one_ground() -> None:
    full = trained(None)
    assert ground_at(full, 3, "batch") is full.run.objective


def test_eigenvectors_do_not_flip_along_the_way() -> None:
    before = planes.hessian(TRAIN, TRAJECTORY.theta_at(10))
    turned = through(before, TRAJECTORY.theta_at(11))
    flipped = planes.custom(TRAIN, turned.origin, turned.basis * [[-1.0], [1.0]])
    np.testing.assert_allclose(
        aligned(before, through(flipped, before.origin)).basis,
        flipped.basis * np.sign(np.einsum("kp,kp->k", before.basis, flipped.basis))[:, None],
        atol=1e-12,
    )
    plane = before
    for step in range(11, 50):
        following = aligned(planes.hessian(TRAIN, TRAJECTORY.theta_at(step)), plane)
        assert (np.einsum("kp,kp->k", following.basis, plane.basis) >= 0).all()
        np.testing.assert_allclose(following.basis @ following.basis.T, np.eye(2), atol=1e-12)
        plane = following


def test_a_window_keeps_its_size() -> None:
    assert centred(((1.0, 3.0), (-5.0, -4.0))) == ((-1.0, 1.0), (-0.5, 0.5))
