"""The plane and window of a document's picture, where a run leaves it."""

from __future__ import annotations

from typing import Any

import numpy as np

import descentscape as ds
from descentscape.core.landscape.extent import before_blow_up

SINE: dict[str, Any] = {
    "problem": {"dataset": {"kind": "sine"}, "hidden": [8]},
    "runs": [
        {"optimizer": {"kind": "gd", "learning_rate": 5}},
        {"optimizer": {"kind": "adam", "learning_rate": 0.05}},
    ],
    "steps": 60,
}


def test_principal_components_leave_a_blow_up_out_and_say_so() -> None:
    result = ds.run(SINE)
    blown, calm = result.runs
    assert [blown.status, calm.status] == ["diverged", "finished"]
    kept = before_blow_up([blown.cost, calm.cost], [True, False])[0]
    points = np.concatenate([blown.theta[:kept], calm.theta])
    deviations = points - points.mean(axis=0)
    _, sizes, directions = np.linalg.svd(deviations, full_matrices=False)
    np.testing.assert_allclose(np.abs(result.plane.basis @ directions[:2].T), np.eye(2), atol=1e-9)
    assert result.plane.variance_share is not None
    np.testing.assert_allclose(result.plane.variance_share, (sizes**2 / (sizes**2).sum())[:2])
    assert result.plane.note.endswith("A path that diverged counts up to where it blows up.")


def test_a_run_that_blows_up_at_once_still_has_a_picture() -> None:
    alone = {**SINE, "runs": [{"optimizer": {"kind": "gd", "learning_rate": 1e4}}]}
    plane = ds.run(alone).plane
    assert "the path is one point" in plane.note
    np.testing.assert_allclose(plane.basis @ plane.basis.T, np.eye(2), atol=1e-12)
    assert np.isfinite(ds.surface({**alone, "view": {"grid": {"resolution": 11}}}).cost).all()
