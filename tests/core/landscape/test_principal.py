from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.landscape.principal import principal_components


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
