"""Slices: lines, the live slice, the gradient field, basins, and the null picture."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from descentscape.compute.allowance import Allowance
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.plane import Plane
from descentscape.core.time_slices import reported
from descentscape.studies import Subject, conduct, moving
from descentscape.studies.directions import DirectionName
from studies.conducting import HIMMELBLAU, MOONS, SADDLE, report_on, reports_on, subject_of


def plane_of(subject: Subject) -> Plane:
    assert subject.computation.window is not None
    return subject.computation.window.plane


def test_the_moving_slice_goes_through_the_point() -> None:
    subject = subject_of(MOONS, run=1, step=7)
    found = report_on(subject, "moving", resolution=31)
    run = found["runs"][1]
    entry = 7 - run["first"]
    assert run["off_plane"][entry] < 1e-12
    assert run["shadow_cost"][entry] == pytest.approx(run["cost"][entry], abs=1e-12)
    assert run["cost"][entry] == subject.computation.trajectories[1].cost[7]
    assert found["cost"].shape == (31, 31)


def test_its_heights_are_those_of_the_parallel_plane() -> None:
    subject = subject_of(MOONS, run=1, step=7)
    found = report_on(subject, "moving", resolution=5)
    plane, theta = plane_of(subject), subject.place.theta
    moved = theta + (np.array([found["a"][3], found["b"][1]]) - plane.project(theta)) @ plane.basis
    expected = subject.computation.problem.objective.value(moved)
    assert found["cost"][1, 3] == pytest.approx(float(expected), rel=1e-5)


def test_heights_that_take_long_are_told_after_more_slices() -> None:
    problem = {"dataset": {"kind": "moons", "n": 5000}, "hidden": [64, 16]}
    subject = subject_of({"problem": problem, "runs": [{"batch_size": 4000}], "steps": 12}, run=0, step=8)
    asked = moving.MovingRequest(surface="batch", resolution=5)
    reports = [report for _, report in reported(conduct(subject, asked))]
    assert reports[:10] == [None] * 10
    trajectory = subject.computation.trajectories[0]
    batch = subject.computation.problem.objective.batch(trajectory.batch_at(8))
    np.testing.assert_allclose(reports[-1]["runs"][0]["cost"], batch.value(trajectory.theta), rtol=1e-12)


def test_without_following_it_is_the_plane_itself() -> None:
    subject = subject_of(MOONS, run=1, step=7)
    found = report_on(subject, "moving", follow=False)
    projected = subject.computation.channel("shadow_cost", 1)
    assert projected is not None
    run = found["runs"][1]
    np.testing.assert_allclose(run["shadow_cost"], projected[run["first"] :], rtol=1e-5)


def test_the_mini_batch_is_the_next_steps() -> None:
    subject = subject_of(MOONS, run=0, step=3)
    found = report_on(subject, "moving", surface="batch")
    run = found["runs"][0]
    assert run["cost"][3 - run["first"]] == pytest.approx(subject.computation.trajectories[0].batch_cost[3])
    assert (found["examples"], found["all_examples"]) == (30 - 3 * 8, 30)


def test_a_formula_s_slice_is_of_no_examples() -> None:
    found = report_on(subject_of(SADDLE, step=0), "moving", resolution=5)
    assert (found["examples"], found["all_examples"]) == (None, None)


def test_the_test_set_has_its_own_surface() -> None:
    subject = subject_of(MOONS, run=0, step=3)
    found = report_on(subject, "moving", surface="test")
    test_cost = subject.computation.trajectories[0].test_cost
    assert test_cost is not None
    assert found["runs"][0]["cost"][3] == pytest.approx(test_cost[3])


def test_surfaces_that_are_not_there() -> None:
    with pytest.raises(InvalidValue, match="where there is no test set"):
        reports_on(subject_of(SADDLE, step=0), {"kind": "moving", "surface": "test"})
    with pytest.raises(InvalidValue, match="of a place on a run"):
        reports_on(subject_of(MOONS, at=[0.0, 0.0]), {"kind": "moving", "surface": "batch"})


def test_a_line_falls_along_the_gradient_by_its_norm() -> None:
    subject = subject_of(MOONS, run=1, step=2)
    found = report_on(subject, "line", direction="gradient", reach=1e-4, resolution=3)
    slope = (found["cost"][2] - found["cost"][0]) / 2e-4
    _, grad = subject.computation.problem.objective.value_and_grad(subject.place.theta)
    assert slope == pytest.approx(-np.linalg.norm(grad), rel=1e-4)
    assert found["test_cost"].shape == (3,)


DIRECTIONS = get_args(DirectionName)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_every_line_passes_through_the_place(direction: str) -> None:
    subject = subject_of(MOONS, run=1, step=2)
    found = report_on(subject, "line", direction=direction, resolution=21)
    assert found["distance"][10] == pytest.approx(0, abs=1e-12)
    assert found["cost"][10] == pytest.approx(subject.computation.trajectories[1].cost[2])


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_direction_is_what_its_name_says(direction: str) -> None:
    subject = subject_of(MOONS, run=1, step=2)
    found = report_on(subject, "direction", direction=direction, parameter=4, seed=9)
    objective, theta = subject.computation.problem.objective, subject.place.theta
    run = subject.computation.trajectories[1]
    values, vectors = np.linalg.eigh(objective.hessian(theta))
    expected = {
        "gradient": -objective.value_and_grad(theta)[1],
        "step": run.theta[3] - run.theta[2],
        "run": run.theta[-1] - run.theta[0],
        "first": plane_of(subject).basis[0],
        "second": plane_of(subject).basis[1],
        "highest": vectors[:, values.argmax()],
        "lowest": vectors[:, values.argmin()],
        "parameter": np.eye(13)[4],
        "random": np.random.default_rng(9).standard_normal(13),
    }[direction]
    assert np.linalg.norm(found["vector"]) == pytest.approx(1)
    assert found["length"] == pytest.approx(np.linalg.norm(expected))
    sign = np.sign(found["vector"] @ expected) if direction in ("highest", "lowest") else 1
    np.testing.assert_allclose(found["vector"] * found["length"] * sign, expected, atol=1e-9)


@pytest.mark.parametrize(
    ("place", "asked", "words"),
    [
        (
            {"run": 1, "step": 2},
            {"direction": "parameter", "parameter": 13},
            "parameter must be from 0 to 12",
        ),
        ({"run": 1, "step": 40}, {"direction": "step"}, "another than the next step at a run’s end"),
        ({"at": [0.0, 0.0]}, {"direction": "run"}, "of a place on a run"),
    ],
)
def test_directions_that_are_not_there(place: dict[str, Any], asked: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        reports_on(subject_of(MOONS, **place), {"kind": "direction", **asked})


def test_a_segment_joins_the_ends_of_two_runs() -> None:
    subject = subject_of(MOONS)
    found = report_on(subject, "segment", start={"run": 0}, end={"run": 1}, resolution=51)
    ends = [run.cost[-1] for run in subject.computation.trajectories]
    at = [int(np.abs(found["t"] - t).argmin()) for t in (0, 1)]
    np.testing.assert_allclose(found["cost"][at], ends, rtol=1e-12)
    assert found["barrier"] == pytest.approx(max(0, found["cost"][at[0] : at[1] + 1].max() - max(ends)))


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ({"run": 7}, "study.end.run must be from 0 to 1"),
        ({"theta": [1.0]}, "study.end.theta must be 13 numbers"),
    ],
)
def test_segments_to_nowhere(point: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        reports_on(subject_of(MOONS), {"kind": "segment", "end": point})


def test_the_field_points_downhill() -> None:
    subject = subject_of(MOONS)
    found = report_on(subject, "field", resolution=5)
    plane = plane_of(subject)
    theta = plane.lift(np.array([found["a"][1], found["b"][3]]))
    _, grad = subject.computation.problem.objective.value_and_grad(theta)
    np.testing.assert_allclose(found["arrows"][3, 1], -plane.project(plane.origin + grad), atol=1e-12)
    assert ((found["share"] >= 0) & (found["share"] <= 1)).all()


def test_basins_lead_to_the_minimum_that_a_start_stands_on() -> None:
    found = report_on(subject_of(HIMMELBLAU), "basins", against=1, resolution=21)
    assert found["of"] == "minima"
    assert len(found["minima"]) == 4
    for number, minimum in enumerate(found["minima"]):
        a, b = minimum["path"][0]
        row, column = np.abs(found["b"] - b).argmin(), np.abs(found["a"] - a).argmin()
        assert found["label"][row, column] == number
    assert 0 < found["share"] < 1
    assert found["share"] == pytest.approx(found["differ"].mean())


def test_on_a_slice_basins_are_final_costs() -> None:
    subject = subject_of(MOONS)
    found = report_on(subject, "basins", optimizer=1, resolution=5, steps=3)
    assert found["of"] == "costs"
    assert found["cost"].shape == (5, 5)
    assert "other_cost" not in found


def test_final_costs_of_two_optimizers_come_coarse_to_fine_together() -> None:
    asked = {"kind": "basins", "optimizer": 0, "against": 1, "resolution": 9, "steps": 3}
    shown = [(done, report) for done, report in reports_on(subject_of(MOONS), asked) if report]
    assert [done for done, _ in shown] == [9 / 81, 25 / 81, 1.0]
    assert [report["cost"].shape for _, report in shown] == [(3, 3), (5, 5), (9, 9)]
    whole = shown[-1][1]
    np.testing.assert_array_equal(shown[0][1]["other_cost"], whole["other_cost"][::4, ::4])


def test_basins_that_cost_too_much_name_the_field() -> None:
    digits = subject_of({"problem": {"dataset": {"kind": "digits"}}, "steps": 1})
    digits.computation.allowance = Allowance(seconds=60.0)
    with pytest.raises(InvalidValue, match=r"study\.steps must be at most \d+ here .* 60 s are allowed"):
        reports_on(digits, {"kind": "basins", "resolution": 121, "steps": 2000})
    with pytest.raises(InvalidValue, match=r"study\.optimizer must be from 0 to 1, got 5"):
        reports_on(subject_of(MOONS), {"kind": "basins", "optimizer": 5})


def test_the_null_is_as_long_as_the_run() -> None:
    subject = subject_of(MOONS, run=1, step=0)
    found = report_on(subject, "null")
    assert (found["steps"], found["dim"]) == (40, 13)
    assert found["walk"]["path"].shape == found["own"]["path"].shape == (41, 2)
    path = subject.computation.trajectories[1].theta
    singular = np.linalg.svd(path - path.mean(axis=0), compute_uv=False)
    np.testing.assert_allclose(
        found["own"]["shares"][:3], (singular**2 / (singular**2).sum())[:3], atol=1e-12
    )
