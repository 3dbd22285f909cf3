"""What a plane says of itself beside chance, by the document that asks for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import descentscape as ds
from descentscape.compute import plane_choice
from descentscape.compute.build import build_problem
from descentscape.compute.plane_choice import thinned_paths
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.time_slices import run_to_completion
from descentscape.document.experiment import Experiment

MOONS = {"kind": "network", "dataset": {"kind": "moons", "n": 60}, "hidden": [4]}
STILL = {"optimizer": {"kind": "gd", "learning_rate": 1e-6}}
APART = [STILL | {"init_seed": 5}, STILL | {"init_seed": 77}]


def plane_of(runs: list[dict[str, Any]], plane: dict[str, Any] | None, steps: int) -> Any:
    return ds.run({"problem": MOONS, "runs": runs, "steps": steps, "view": {"plane": plane}}).plane


def test_runs_that_start_apart_and_stay_there_tell_nothing_beyond_chance() -> None:
    plane = plane_of(APART, None, 60)
    assert plane.variance_share == pytest.approx((1, 0), abs=1e-6)
    assert plane.null_share == pytest.approx((1, 0), abs=1e-6)


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "pca", "center": "end"},
        {"kind": "pca", "center": "start"},
        {"kind": "random", "seed": 3},
        {"kind": "axes", "parameters": [2, 9]},
        {"kind": "points", "points": [{"run": 0, "step": 0}, {"run": 1, "step": 0}, {"run": 0}]},
    ],
)
def test_the_starts_distance_is_no_finding_of_any_plane(spec: dict[str, Any]) -> None:
    plane = plane_of(APART, spec, 60)
    assert sum(plane.null_share) == pytest.approx(sum(plane.variance_share), abs=0.01)


def test_the_null_of_a_gradient_plane_is_in_its_labels_order() -> None:
    adam = {"optimizer": {"kind": "adam", "learning_rate": 0.05}}
    plane = plane_of([adam], {"kind": "gradient", "run": 0, "step": 3}, 20)
    assert plane.labels == ("along ∇C", "the optimizer’s step")
    assert plane.null_share == pytest.approx((0.0588, 0.0971), abs=3e-4)


def test_a_step_along_the_gradient_makes_that_direction_the_paths_own() -> None:
    plane = plane_of(
        [{"optimizer": {"kind": "gd", "learning_rate": 0.1}}], {"kind": "gradient", "step": 3}, 20
    )
    assert plane.labels == ("along ∇C", "H ∇C")
    first, second = plane.null_share
    assert second < 1 / 17 < first


def test_given_points_are_no_ones_own() -> None:
    far = {"theta": [0.5] * 17}
    adam = [{"optimizer": {"kind": "adam", "learning_rate": 0.05}}]
    plane = plane_of(adam, {"kind": "points", "points": [{"step": 0}, {"step": 20}, far]}, 20)
    first, second = plane.null_share
    assert second < 1 / 17 < first
    plane = plane_of(adam, {"kind": "points", "points": [far, {"step": 0}, {"step": 20}]}, 20)
    first, second = plane.null_share
    assert first == pytest.approx(1 / 17)
    assert second > 0.4


DIGITS: dict[str, Any] = {
    "problem": {"kind": "network", "dataset": {"kind": "digits"}, "hidden": [32], "cost": "cross_entropy"},
    "runs": [
        {"optimizer": {"kind": "gd", "learning_rate": 0.3}, "batch_size": 16},
        {"optimizer": {"kind": "adam", "learning_rate": 0.001}, "batch_size": 16},
    ],
    "steps": 120,
}


def shares_of_all(trajectories: tuple[ComputedTrajectory, ...]) -> Any:
    points = np.concatenate([each.theta for each in trajectories])
    points = points - points.mean(axis=0)
    variances = np.linalg.eigvalsh(points @ points.T)[::-1]
    return variances[:2] / variances.sum()


@pytest.mark.parametrize("numbers", [10**9, 200_000])
def test_components_of_thinned_paths_are_those_of_all_entries(numbers: int) -> None:
    problem = build_problem(Experiment.model_validate(DIGITS).problem)
    trajectories = tuple(run.trajectory for run in ds.run(DIGITS).runs)
    paths = thinned_paths(trajectories, [each.entries for each in trajectories], numbers)
    plane = run_to_completion(plane_choice.plane_of(None, problem, trajectories, paths))
    thinned = numbers < 10**9
    assert ("Taken of" in plane.note) == thinned
    exact = shares_of_all(trajectories)
    np.testing.assert_allclose(plane.variance_share, exact, atol=2e-3 if thinned else 1e-9)


def test_paths_are_thinned_to_what_is_kept() -> None:
    run = ds.run(DIGITS | {"runs": DIGITS["runs"][:1]}).runs[0].trajectory.run
    scarce = ComputedTrajectory(run, memory=16 * run.objective.dim * 20)
    scarce.advance()
    assert scarce.stride == 8
    (points,), (weights,) = thinned_paths([scarce], [scarce.entries])
    whole = ComputedTrajectory(run)
    whole.advance()
    np.testing.assert_array_equal(points, whole.theta[[*range(0, 120, 8), 120]])
    assert weights.sum() == 121
    assert weights[0] == 5
    assert weights[-1] == 4
    np.testing.assert_array_equal(scarce.theta_at(16), whole.theta[16])
    np.testing.assert_array_equal(scarce.theta_at(37), whole.theta[37])
    longer = scarce.extended(400)
    assert longer.stride == 32
    np.testing.assert_array_equal(longer.kept, whole.theta[::32])
