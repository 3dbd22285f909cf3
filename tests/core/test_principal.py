from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.principal import null_share, principal_components


def walk(points: int, dim: int, seed: int = 0) -> np.ndarray:
    path = np.random.default_rng(seed).standard_normal((points, dim)).cumsum(axis=0)
    return path - path.mean(axis=0)


@pytest.mark.parametrize("shape", [(40, 300), (300, 40), (200, 500), (500, 200)])
def test_components_equal_those_of_a_full_decomposition(shape: tuple[int, int]) -> None:
    points = walk(*shape)
    _, singular, directions = np.linalg.svd(points, full_matrices=False)
    variances, found = principal_components(points, 10)
    np.testing.assert_allclose(variances, singular[:10] ** 2, rtol=1e-10)
    np.testing.assert_allclose(np.abs(found[:2] @ directions[:2].T), np.eye(2), atol=1e-10)
    np.testing.assert_allclose(found @ found.T, np.eye(10), atol=1e-12)


def test_components_of_a_straight_line_stay_orthonormal() -> None:
    direction = np.random.default_rng(0).standard_normal(400)
    points = np.outer(np.linspace(-1, 1, 300), direction)
    variances, found = principal_components(points, 10)
    np.testing.assert_allclose(variances[0], np.vdot(points, points))
    np.testing.assert_allclose(variances[1:], 0, atol=1e-20)
    np.testing.assert_allclose(np.abs(found[0]), np.abs(direction / np.linalg.norm(direction)))
    np.testing.assert_allclose(found @ found.T, np.eye(10), atol=1e-12)


def simulated(lengths: tuple[int, ...], dim: int, center: str, walks: int) -> np.ndarray:
    rng, shares = np.random.default_rng(1), []
    for _ in range(walks):
        paths = [
            np.vstack([np.zeros(dim), rng.standard_normal((n - 1, dim)).cumsum(axis=0)]) for n in lengths
        ]
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
