from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.landscape.plane import Plane


def plane(dim: int = 7, *, orthonormal: bool = True) -> Plane:
    rng = np.random.default_rng(1)
    directions = rng.standard_normal((2, dim))
    basis = np.linalg.qr(directions.T)[0].T if orthonormal else directions
    return Plane(rng.standard_normal(dim), basis, "custom", ("a", "b"), "", orthonormal=orthonormal)


@pytest.mark.parametrize("orthonormal", [True, False])
def test_projecting_undoes_lifting(orthonormal: bool) -> None:
    ab = np.random.default_rng(2).standard_normal((3, 4, 2))
    chosen = plane(orthonormal=orthonormal)
    assert chosen.lift(ab).shape == (3, 4, 7)
    np.testing.assert_allclose(chosen.project(chosen.lift(ab)), ab, rtol=0, atol=1e-12)
    np.testing.assert_allclose(chosen.residual(chosen.lift(ab)), 0, atol=1e-12)


@pytest.mark.parametrize("orthonormal", [True, False])
def test_the_projection_is_the_nearest_point(orthonormal: bool) -> None:
    chosen, theta = plane(orthonormal=orthonormal), np.arange(7.0)
    projected = chosen.lift(chosen.project(theta))
    np.testing.assert_allclose(chosen.basis @ (theta - projected), 0, atol=1e-12)
    distance = float(chosen.residual(theta))
    assert distance == pytest.approx(np.linalg.norm(theta - projected), rel=1e-12)
    for nudge in np.random.default_rng(3).standard_normal((5, 2)):
        assert np.linalg.norm(theta - chosen.lift(chosen.project(theta) + nudge)) > distance


def test_an_oblique_projection_by_hand() -> None:
    oblique = Plane(
        np.zeros(3), np.array([[1.0, 0, 0], [1.0, 1, 0]]), "random", ("a", "b"), "", orthonormal=False
    )
    assert oblique.project(np.array([3.0, 2.0, 5.0])).tolist() == [1.0, 2.0]
    assert float(oblique.residual(np.array([3.0, 2.0, 5.0]))) == 5.0


@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200])
def test_the_distance_to_a_plane_of_any_size(size: float) -> None:
    axes = Plane(np.zeros(4), np.eye(4)[:2], "axes", ("a", "b"), "")
    assert axes.residual(np.array([[1, 2, 3, 4], [1, 2, 0, 0]]) * size) == pytest.approx(
        [5 * size, 0], rel=1e-15
    )


def test_a_plane_is_exact_when_nothing_is_left_out() -> None:
    assert plane(2).exact
    assert not plane(3).exact


def test_shares_by_hand() -> None:
    axes = Plane(np.zeros(3), np.eye(3)[:2], "axes", ("a", "b"), "")
    path = np.array([[1.0, 0, 0], [-1.0, 0, 0], [0, 2.0, 0], [0, -2.0, 0], [0, 0, 1.0], [0, 0, -1.0]])
    assert axes.share([path + 5.0]) == pytest.approx((2 / 12, 8 / 12))
    assert axes.share([path[:3], path[3:]]) == pytest.approx((2 / 12, 8 / 12))
    oblique = Plane(
        np.zeros(3), np.array([[1.0, 0, 0], [3.0, 4, 0]]), "random", ("a", "b"), "", orthonormal=False
    )
    assert oblique.share([path]) == pytest.approx((2 / 12, 8 / 12))


def test_a_path_that_stands_still_has_no_shares() -> None:
    assert plane().share([np.ones((5, 7))]) == (0.0, 0.0)


def test_no_fixed_direction_is_favoured_by_a_random_walk() -> None:
    rng = np.random.default_rng(0)
    walks = rng.standard_normal((400, 50, 7)).cumsum(axis=1)
    measured = np.mean([plane().share([walk]) for walk in walks], axis=0)
    told = plane().beside([walks[0]])
    assert told.null_share == (1 / 7, 1 / 7)
    assert told.variance_share == plane().share([walks[0]])
    np.testing.assert_allclose(measured, told.null_share, atol=0.015)
