from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.landscape.chance.walks import null_share
from descentscape.core.landscape.null import MOST_NUMBERS, null_picture


def test_the_same_seed_draws_the_same_walk() -> None:
    first, again, other = (null_picture(100, 50, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.path, again.path)
    assert first.shares == again.shares
    assert not np.allclose(first.path, other.path)
    assert first.path.shape == (101, 2)
    assert first.step.tolist() == list(range(101))


def test_the_path_holds_the_variance_that_its_shares_say() -> None:
    picture = null_picture(80, 20)
    walk = np.random.default_rng(0).standard_normal((81, 20))
    walk[0] = 0
    points = walk.cumsum(axis=0)
    points -= points.mean(axis=0)
    variances = np.linalg.svd(points, compute_uv=False) ** 2
    np.testing.assert_allclose(picture.shares, variances[:10] / variances.sum())
    np.testing.assert_allclose((picture.path**2).sum(axis=0), variances[:2])
    np.testing.assert_allclose(picture.path.mean(axis=0), 0, atol=1e-12)


@pytest.mark.parametrize("center", ["mean", "start", "end"])
def test_walks_show_on_average_what_the_null_share_says(center: str) -> None:
    shares = np.mean(
        [null_picture(60, 30, seed=seed, center=center).shares[:2] for seed in range(200)], axis=0
    )
    np.testing.assert_allclose(shares, null_share((61,), 30, center), atol=0.02)


def test_a_long_walk_in_many_dimensions_is_a_cosine() -> None:
    picture = null_picture(400, 3000)
    assert picture.shares[0] == pytest.approx(6 / np.pi**2, abs=0.01)
    first = picture.path[:, 0] / np.linalg.norm(picture.path[:, 0])
    wave = np.cos(np.pi * (np.arange(401) + 0.5) / 401)
    assert abs(first @ wave) / np.linalg.norm(wave) > 0.999


def test_where_it_is_centred_the_path_passes_zero() -> None:
    assert not null_picture(50, 10, center="start").path[0].any()
    assert not null_picture(50, 10, center="end").path[-1].any()


def test_a_large_walk_is_thinned_and_keeps_its_law() -> None:
    steps, dim = 1000, 20_000
    thinned = null_picture(steps, dim)
    kept = MOST_NUMBERS // dim
    assert thinned.path.shape == (kept, 2)
    assert (thinned.step[0], thinned.step[-1]) == (0, steps)
    # A long walk is a cosine: x₁(t) = √(2 P S / π²) cos(π t / S), with 6/π² and 6/4π² of the variance.
    np.testing.assert_allclose(thinned.shares[:2], [6 / np.pi**2, 6 / (4 * np.pi**2)], atol=0.02)
    assert np.ptp(thinned.path[:, 0]) == pytest.approx(2 * np.sqrt(2 * dim * steps) / np.pi, rel=0.05)


def test_the_shortest_walks() -> None:
    assert null_picture(0, 5).path.tolist() == [[0.0, 0.0]]
    one = null_picture(1, 5)
    assert one.shares[0] == pytest.approx(1)
    assert one.path[:, 0].sum() == pytest.approx(0)
    assert null_picture(9, 1).path[:, 1].tolist() == [0.0] * 10
