from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.landscape.chance.walks import Own, null_share, spanned_null


def walks_of(rng: np.random.Generator, lengths: tuple[int, ...], dim: int) -> list[np.ndarray]:
    return [np.vstack([np.zeros(dim), rng.standard_normal((n - 1, dim)).cumsum(axis=0)]) for n in lengths]


def simulated(lengths: tuple[int, ...], dim: int, center: str, walks: int) -> np.ndarray:
    rng, shares = np.random.default_rng(1), []
    for _ in range(walks):
        paths = walks_of(rng, lengths, dim)
        points = np.concatenate(paths)
        points = points - {"mean": points.mean(axis=0), "start": 0, "end": paths[0][-1]}[center]
        variances = np.linalg.svd(points, compute_uv=False) ** 2
        shares.append(variances[:2] / variances.sum())
    return np.mean(shares, axis=0)


@pytest.mark.parametrize(
    ("lengths", "dim", "center"),
    [
        ((100,), 50, "mean"),
        ((400,), 5, "mean"),
        ((60,), 2, "mean"),
        ((3,), 10, "mean"),
        ((80,), 20, "start"),
        ((80,), 20, "end"),
        ((90, 90, 90), 30, "mean"),
        ((120, 40), 20, "start"),
        ((120, 40), 20, "end"),
    ],
)
def test_the_null_is_what_random_walks_show(lengths: tuple[int, ...], dim: int, center: str) -> None:
    measured = simulated(lengths, dim, center, 300)
    np.testing.assert_allclose(null_share(lengths, dim, center), measured, atol=0.015)


def test_long_walks_in_many_dimensions_have_the_published_shares() -> None:
    share = 6 / np.pi**2
    np.testing.assert_allclose(null_share((20_000,), 50_000), (share, share / 4), atol=1e-3)
    np.testing.assert_allclose(null_share((1000,), 2400), (share, share / 4), atol=5e-3)


def test_nulls_of_the_shortest_paths() -> None:
    assert null_share((1,), 10) == (0.0, 0.0)
    assert null_share((2,), 10) == pytest.approx((1.0, 0.0))
    assert sum(null_share((50,), 2)) == pytest.approx(1.0)
    assert null_share((50,), 1) == pytest.approx((1.0, 0.0))


@pytest.mark.parametrize(
    ("lengths", "dim", "between"),
    [
        ((100,), 60, [((0, 0), (0, 99)), ((0, 0), (0, 50))]),
        ((100, 100), 60, [((0, 0), (0, 99)), ((0, 0), (1, 99))]),
        ((300, 40), 25, [((0, 0), (0, 299)), ((0, 0), (1, 39))]),
        ((80,), 40, [((0, 20), (0, 79))]),
        ((11,), 40, [((0, 4), (0, 5))]),
        ((500,), 30, [((0, 0), (0, 499)), ((0, 0), (0, 250))]),
        ((21,), 17, [None, ((0, 3), (0, 4))]),
        ((21,), 3, [((0, 0), (0, 20)), ((0, 0), (0, 10))]),
        ((60, 9), 4, [None, ((0, 30), (1, 8))]),
        ((2,), 3, [((0, 0), (0, 1)), None]),
    ],
)
def test_a_plane_through_walks_own_points_holds_much_of_them(
    lengths: tuple[int, ...], dim: int, between: list[Own | None]
) -> None:
    rng, shares = np.random.default_rng(2), []
    for _ in range(24_000 // dim):
        paths = walks_of(rng, lengths, dim)
        directions = [
            rng.standard_normal(dim)
            if pair is None
            else paths[pair[1][0]][pair[1][1]] - paths[pair[0][0]][pair[0][1]]
            for pair in (*between, None)[:2]
        ]
        frame = np.linalg.qr(np.transpose(directions))[0]
        points = np.concatenate(paths)
        points -= points.mean(axis=0)
        shares.append(((points @ frame) ** 2).sum(axis=0) / (points**2).sum())
    np.testing.assert_allclose(spanned_null(lengths, dim, between), np.mean(shares, axis=0), atol=0.012)


def test_the_shares_of_a_plane_are_those_of_its_directions_in_order() -> None:
    step = ((0, 3), (0, 4))
    assert spanned_null((21,), 17, [None, step]) == pytest.approx((0.0588, 0.0971), abs=1e-4)
    assert spanned_null((21,), 17, [step, None]) == pytest.approx((0.0996, 0.0563), abs=1e-3)
    assert spanned_null((40, 40), 2, [None, ((0, 0), (1, 39))])[0] == pytest.approx(0.5)
    assert sum(spanned_null((40, 40), 2, [None, ((0, 0), (1, 39))])) == pytest.approx(1)


def test_two_points_that_are_one_span_nothing() -> None:
    once = spanned_null((50,), 30, [((0, 0), (0, 49))])
    assert spanned_null((50,), 30, [((0, 0), (0, 49)), ((0, 0), (0, 49))]) == pytest.approx(once)
    assert spanned_null((50,), 30, [((0, 7), (0, 7))]) == pytest.approx((1 / 30, 1 / 30))
    assert spanned_null((1,), 30, [((0, 0), (0, 0))]) == (0.0, 0.0)
