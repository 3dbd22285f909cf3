from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.landscape.principal import GRAM_WORK, principal_components
from descentscape.core.time_slices import run_to_completion


def walk(points: int, dim: int, seed: int = 0) -> np.ndarray:
    path = np.random.default_rng(seed).standard_normal((points, dim)).cumsum(axis=0)
    return path - path.mean(axis=0)


@pytest.mark.parametrize("shape", [(40, 300), (300, 40), (200, 500), (400, 700), (700, 400)])
def test_components_equal_those_of_a_full_decomposition(shape: tuple[int, int]) -> None:
    points = walk(*shape)
    _, singular, directions = np.linalg.svd(points, full_matrices=False)
    variances, found = run_to_completion(principal_components(points, 10))
    np.testing.assert_allclose(variances, singular[:10] ** 2, rtol=1e-10)
    np.testing.assert_allclose(np.abs(found[:2] @ directions[:2].T), np.eye(2), atol=1e-10)
    np.testing.assert_allclose(found @ found.T, np.eye(10), atol=1e-12)


def test_components_of_a_straight_line_stay_orthonormal() -> None:
    direction = np.random.default_rng(0).standard_normal(400)
    points = np.outer(np.linspace(-1, 1, 300), direction)
    variances, found = run_to_completion(principal_components(points, 10))
    np.testing.assert_allclose(variances[0], np.vdot(points, points))
    np.testing.assert_allclose(variances[1:], 0, atol=1e-20)
    np.testing.assert_allclose(np.abs(found[0]), np.abs(direction / np.linalg.norm(direction)))
    np.testing.assert_allclose(found @ found.T, np.eye(10), atol=1e-12)


@pytest.mark.parametrize("shape", [(60, 40), (30, 90)])
def test_small_components_keep_their_digits(shape: tuple[int, int]) -> None:
    """Also those that squares lose: 10⁻⁹ of the largest is 10⁻¹⁸ of its square."""
    rng = np.random.default_rng(4)
    rows, columns = (np.linalg.qr(rng.standard_normal((size, 4)))[0] for size in shape)
    sizes = np.array([1.0, 1e-4, 1e-9, 1e-12])
    variances, found = run_to_completion(principal_components((rows * sizes) @ columns.T, 4))
    np.testing.assert_allclose(np.sqrt(variances), sizes, rtol=1e-3)
    np.testing.assert_allclose(np.sqrt(variances[:3]), sizes[:3], rtol=1e-6)
    np.testing.assert_allclose(np.abs(found[:2] @ columns[:, :2]), np.eye(2), atol=1e-10)
    np.testing.assert_allclose(found @ found.T, np.eye(4), atol=1e-14)


@pytest.mark.parametrize(("shape", "fewer"), [((2000, 30), 30), ((30, 2000), 30), ((30, 8000), 30)])
def test_only_the_fewer_of_points_and_dimensions_are_decomposed(
    shape: tuple[int, int], fewer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    decomposed, eigh = [], np.linalg.eigh

    def counted(matrix: np.ndarray) -> object:
        decomposed.append(matrix.shape)
        return eigh(matrix)

    monkeypatch.setattr(np.linalg, "eigh", counted)
    run_to_completion(principal_components(walk(*shape), 10))
    assert decomposed == [(fewer, fewer)]


def test_many_points_are_multiplied_in_slices() -> None:
    points = walk(2 * GRAM_WORK // 200**2 + 10, 200)
    slices = list(principal_components(points, 2))
    assert len(slices) >= 3
    assert not list(principal_components(points[:500], 2))
