"""The null of descents from several starts, against walks drawn one by one."""

from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.landscape.chance.walks import null_share, spanned_null
from descentscape.core.landscape.chance.walks_apart import WalksApart, start_apart, walks_beside
from descentscape.core.objective import Array

DIM = 12
STARTS = np.random.default_rng(7).standard_normal((3, DIM))
LENGTHS = (40, 25, 60)


def one_by_one(starts: Array, lengths: tuple[int, ...], step: Array, center: str, draws: int = 1500) -> Array:
    rng, shares = np.random.default_rng(8), []
    for _ in range(draws):
        paths = []
        for start, length, size in zip(starts, lengths, step, strict=True):
            moves = size * rng.standard_normal((length - 1, starts.shape[1]))
            paths.append(start + np.vstack([np.zeros(starts.shape[1]), moves.cumsum(axis=0)]))
        points = np.concatenate(paths)
        about = {"mean": points.mean(axis=0), "start": starts.mean(axis=0), "end": paths[0][-1]}[center]
        variances = np.linalg.svd(points - about, compute_uv=False) ** 2
        shares.append(variances[:2] / variances.sum())
    return np.mean(shares, axis=0)


def spread(lengths: tuple[int, ...], step: Array, dim: int) -> Array:
    """E of a walk's mean squared distance from its own mean: P σ² (n² − 1) / 6n."""
    n = np.array(lengths)
    return dim * step**2 * (n**2 - 1) / (6 * n)


@pytest.mark.parametrize("center", ["mean", "start", "end"])
@pytest.mark.parametrize("size", [1e-6, 0.05, 0.3])
def test_largest_shares_are_those_of_walks_from_these_starts(size: float, center: str) -> None:
    step = size * np.array([1.0, 2.0, 0.5])
    walks = WalksApart(STARTS, LENGTHS, spread(LENGTHS, step, DIM))
    np.testing.assert_allclose(
        walks.shares(center=center), one_by_one(STARTS, LENGTHS, step, center), atol=0.012
    )


def test_what_does_not_move_leaves_all_variance_to_the_starts() -> None:
    still = walks_beside([np.tile(STARTS[0], (30, 1)), np.tile(STARTS[1], (30, 1))], [np.ones(30)] * 2)
    assert still.shares() == pytest.approx((1, 0))
    line = WalksApart(STARTS[:, :1], LENGTHS, np.ones(3))
    assert line.shares() == (1.0, 0.0)
    single = WalksApart(STARTS[:1], (1,), np.zeros(1))
    assert single.shares() == (0.0, 0.0)


def test_two_dimensions_hold_all() -> None:
    walks = WalksApart(STARTS[:, :2], LENGTHS, np.ones(3))
    assert sum(walks.shares()) == pytest.approx(1)
    assert walks.shares([np.array([1.0, 0.0]), np.array([0.0, 1.0])])[0] < 1


def test_from_one_start_walks_are_what_they_were() -> None:
    together = WalksApart(np.ones((2, 30)), (50, 50), np.ones(2))
    np.testing.assert_allclose(together.shares(), null_share((50, 50), 30), atol=0.01)
    own = [((0, 0), (0, 49)), ((0, 0), (1, 49))]
    np.testing.assert_allclose(together.shares(own), spanned_null((50, 50), 30, own), atol=0.015)
    fixed = together.shares([np.eye(30)[0], ((0, 3), (0, 4))])
    np.testing.assert_allclose(fixed, spanned_null((50, 50), 30, [None, ((0, 3), (0, 4))]), atol=0.015)


def test_a_plane_through_the_starts_holds_what_lies_between_them() -> None:
    walks = WalksApart(STARTS[:2], (20, 20), np.full(2, 1e-12))
    between = [((0, 0), (1, 0)), np.eye(DIM)[0]]
    assert walks.shares(between) == pytest.approx((1, 0), abs=1e-6)
    gap = STARTS[0] - STARTS[1]
    along = walks.shares([np.eye(DIM)[3], np.eye(DIM)[5]])
    assert along == pytest.approx(((gap[3] ** 2) / (gap @ gap), gap[5] ** 2 / (gap @ gap)), abs=1e-6)


def test_starts_are_apart_where_any_differs() -> None:
    paths = [np.array([[0.0, 1.0], [2.0, 3.0]]), np.array([[0.0, 1.0], [5.0, 5.0]])]
    assert not start_apart(paths)
    assert start_apart([*paths, np.array([[0.0, 1.0 + 1e-15]])])
