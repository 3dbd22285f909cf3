"""Principal planes by products in blocks, held against those of all points at once."""

from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.errors import InvalidValue
from descentscape.core.foreign import components, paths
from descentscape.core.foreign.components import principal_plane, shares_along
from descentscape.core.foreign.functions import functions_of
from descentscape.core.foreign.objective import ForeignObjective, whole_block
from descentscape.core.foreign.paths import RecordedPath, shadow_of
from descentscape.core.landscape import planes
from descentscape.core.landscape.planes import Center
from descentscape.core.objective import Array


def objective_of(dim: int) -> ForeignObjective:
    functions = functions_of(lambda t: 0.5 * t @ t, np.ones(dim), None, lambda t: t, lambda t, v: v)
    return ForeignObjective(functions, dim, whole_block(dim))


def walk(steps: int, dim: int, seed: int, start: float = 0.0) -> Array:
    drawn = np.random.default_rng(seed).standard_normal((steps, dim))
    drawn[0] = start
    return drawn.cumsum(axis=0)


@pytest.fixture(autouse=True)
def _in_small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "SMALL", 0)
    monkeypatch.setattr(paths, "BLOCK_BYTES", 4096)


@pytest.mark.parametrize("center", ["mean", "start", "end"])
@pytest.mark.parametrize("starts", [(0.0,), (0.0, 0.0), (1.0, -2.0)])
def test_blocks_of_parameters_make_the_plane_of_all(center: Center, starts: tuple[float, ...]) -> None:
    rows = [walk(12 + 3 * k, 300, k, start) for k, start in enumerate(starts)]
    objective = objective_of(300)
    found = principal_plane(objective, [RecordedPath(row, np.arange(len(row))) for row in rows], center)
    whole = planes.pca(objective, rows, center)
    np.testing.assert_allclose(found.basis, whole.basis, atol=1e-9)
    np.testing.assert_allclose(found.origin, whole.origin, atol=1e-12)
    np.testing.assert_allclose(found.components, whole.components, rtol=1e-9)
    np.testing.assert_allclose(found.variance_share, whole.variance_share, rtol=1e-9)
    np.testing.assert_allclose(found.null_share, whole.null_share, rtol=1e-9)
    assert (found.note, found.labels) == (whole.note, whole.labels)


@pytest.mark.parametrize("direction", [np.zeros(300), np.eye(300)[7]])
def test_straight_paths_and_points_have_substitutes(direction: Array) -> None:
    rows = 1 + np.outer(np.arange(8.0), direction)
    objective = objective_of(300)
    found = principal_plane(objective, [RecordedPath(rows, np.arange(8))], "mean")
    whole = planes.pca(objective, [rows])
    np.testing.assert_allclose(found.basis, whole.basis, atol=1e-9)
    assert found.note == whole.note


def test_shadows_and_shares_of_oblique_planes() -> None:
    rows = walk(9, 300, 0)
    path = RecordedPath(rows, np.arange(9))
    objective = objective_of(300)
    rng = np.random.default_rng(1)
    for normalization in ("none", "filter"):
        plane = planes.random(objective, rows[-1] + 1, rng, normalization=normalization)
        shadow = shadow_of(path, plane)
        np.testing.assert_allclose(shadow.path, plane.project(rows), atol=1e-12)
        np.testing.assert_allclose(shadow.off_plane, plane.residual(rows), rtol=1e-12)
        np.testing.assert_allclose(shares_along([path], plane), plane.share([rows]), rtol=1e-9)
        assert plane.orthonormal is (normalization == "none")


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "MOST_ENTRIES", 5)
    with pytest.raises(
        InvalidValue, match="trajectory must be of at most 5 entries: record every k-th, got 6"
    ):
        principal_plane(objective_of(3), [RecordedPath(np.ones((6, 3)), np.arange(6))], "mean")
