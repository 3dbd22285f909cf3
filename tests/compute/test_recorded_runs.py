"""Recorded runs: what is measured at their checkpoints, beside computed runs from the same start."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

import descentscape as ds
from descentscape.compute.columns import columns
from descentscape.core.data.checkpoint_content import KIND, Head, RecordedWeights
from descentscape.core.data.store import current_store
from descentscape.core.objective import Array
from descentscape.document.experiment import Experiment, dynamics_hash
from descentscape.document.field_errors import gone_in

PROBLEM = {"dataset": {"kind": "moons", "n": 60, "test_fraction": 0.2}, "hidden": [4]}
COMPUTED = {"problem": PROBLEM, "runs": [{"optimizer": {"kind": "adam"}}], "steps": 40}
EVERY = 5


def stored(theta: Array, widths: tuple[int, ...] = (2, 4, 1)) -> str:
    head = Head(widths, None, None, tuple(EVERY * k for k in range(len(theta))))
    return current_store().put(KIND, RecordedWeights(head, theta).content())


@pytest.fixture(scope="module")
def computed() -> Any:
    return ds.run(COMPUTED).runs[0]


@pytest.fixture(scope="module")
def both(computed: Any) -> Any:
    """Every fifth step of a run as if it were recorded, beside that run from the recorded start."""
    sha256 = stored(computed.theta[::EVERY])
    runs = [{"recorded": {"sha256": sha256, "name": "moons.npz"}}, {"optimizer": {"kind": "adam"}}]
    start = {"kind": "stored", "sha256": sha256, "entry": 0}
    return ds.run(COMPUTED | {"runs": runs, "start": start}).runs


def test_a_recorded_run_has_the_costs_and_slopes_of_its_checkpoints(computed: Any, both: Any) -> None:
    recorded = both[0]
    assert (recorded.label, recorded.status) == ("moons.npz", "finished")
    np.testing.assert_allclose(recorded.cost, computed.cost[::EVERY], rtol=1e-12)
    np.testing.assert_allclose(recorded.test_cost, computed.test_cost[::EVERY], rtol=1e-12)
    np.testing.assert_allclose(recorded.grad_norm, computed.grad_norm[::EVERY], rtol=1e-9)
    np.testing.assert_array_equal(recorded.theta, computed.theta[::EVERY])
    np.testing.assert_array_equal(recorded.gradient_evaluations, EVERY * np.arange(9))
    np.testing.assert_array_equal(columns(recorded)["step"], EVERY * np.arange(9))
    np.testing.assert_array_equal(columns(both[1])["step"], np.arange(len(both[1].cost)))
    assert np.isnan(recorded.learning_rate).all()


def test_a_computed_run_starts_where_the_recorded_one_did(computed: Any, both: Any) -> None:
    np.testing.assert_array_equal(both[1].theta, computed.theta)
    np.testing.assert_allclose(both[0].path, both[1].path[::EVERY], atol=1e-12)
    np.testing.assert_allclose(both[0].shadow_cost, both[1].shadow_cost[::EVERY], atol=1e-12)


def test_shares_of_the_checkpoints_variance_are_those_of_singular_values(computed: Any) -> None:
    theta = computed.theta[::EVERY]
    recorded = [{"recorded": {"sha256": stored(theta)}}]
    plane = ds.run(COMPUTED | {"runs": recorded, "view": {"plane": {"kind": "pca"}}}).plane
    squares = np.linalg.svd(theta - theta.mean(axis=0), compute_uv=False) ** 2
    np.testing.assert_allclose(plane.variance_share, squares[:2] / squares.sum(), rtol=1e-10)


def test_curvature_and_predictions_are_those_of_the_checkpoint(computed: Any) -> None:
    recorded = COMPUTED | {"runs": [{"recorded": {"sha256": stored(computed.theta[::EVERY])}}]}
    here = ds.curvature(recorded, run=0, step=3)
    there = ds.curvature(COMPUTED, theta=computed.theta[3 * EVERY])
    np.testing.assert_allclose(here.eigenvalues, there.eigenvalues, atol=1e-10)
    report = ds.inspect(recorded, run=0, step=3, want=["outputs", "state"], resolution=5)
    assert "outputs" in report
    assert "not recorded" in report["state_missing"]


def test_a_stored_model_is_a_start_at_its_last_checkpoint(computed: Any) -> None:
    sha256 = stored(computed.theta[::EVERY])
    result = ds.run(COMPUTED | {"start": {"kind": "stored", "sha256": sha256}, "steps": 2})
    np.testing.assert_array_equal(result.runs[0].theta[0], computed.theta[-1])


def test_a_recorded_run_is_another_experiment(computed: Any) -> None:
    recorded = COMPUTED | {"runs": [{"recorded": {"sha256": stored(computed.theta[::EVERY])}}]}
    hashes = {dynamics_hash(Experiment.model_validate(each)) for each in (COMPUTED, recorded)}
    assert len(hashes) == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"runs": [{"recorded": {"sha256": "0" * 64}}]}, "open the file again"),
        (
            {"runs": [{"recorded": {"sha256": "{}"}}], "edits": [{"step": 1, "set": {"0": 1.0}}]},
            "computed one",
        ),
        ({"runs": [{"recorded": {"sha256": "{}"}, "batch_size": 5}]}, "null in a recorded run"),
        ({"runs": [{"recorded": {"sha256": "{}"}}], "problem": {"hidden": [5]}}, "layers 2 → 5 → 1"),
        ({"start": {"kind": "stored", "sha256": "{}", "entry": 9}}, "one of the 9 checkpoints"),
        ({"start": {"kind": "stored", "sha256": "{}"}, "problem": {"kind": "linear"}}, "a network only"),
    ],
)
def test_what_does_not_fit_is_refused(computed: Any, change: dict[str, Any], why: str) -> None:
    sha256 = stored(computed.theta[::EVERY])
    for part in (*change.get("runs", ()), change.get("start", {})):
        named = part.get("recorded", part)
        if named.get("sha256") == "{}":
            named["sha256"] = sha256
    with pytest.raises(ValidationError, match=why):
        Experiment.model_validate(COMPUTED | change)


def test_what_is_gone_is_known_by_the_file_that_it_came_from() -> None:
    gone = {"sha256": "0" * 64}
    start = {"start": {"kind": "stored", **gone}}
    for runs, name in (
        ({"runs": [{}, {"recorded": {**gone, "name": "run.zip"}}]}, "run.zip"),
        ({}, "The trained model"),
    ):
        with pytest.raises(ValidationError) as refused:
            Experiment.model_validate(COMPUTED | start | runs)
        assert gone_in(refused.value) == {"kind": "checkpoints", "name": name, **gone}
