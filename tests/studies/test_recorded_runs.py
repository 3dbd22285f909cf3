"""A run of which only arrays are left is read like a computed one; what needs its recipe says so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.recorded import recording_of
from descentscape.compute.computation import Computation
from descentscape.compute.plane_choice import thinned_paths
from descentscape.compute.projections import Projection
from descentscape.compute.window import fit_window
from descentscape.core.descent.trajectory import Trajectory, replayable
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.sweep import summary_of
from descentscape.core.time_slices import run_to_completion
from descentscape.studies import Subject
from descentscape.studies.inspection import inspect
from studies.conducting import HIMMELBLAU, MOONS, report_on, subject_of

PLACE = {"run": 1, "step": 30}


@pytest.fixture
def subject(monkeypatch: pytest.MonkeyPatch) -> Subject:
    """A place of an experiment whose runs are recorded."""
    computed = subject_of(MOONS, **PLACE)
    recorded = tuple(recording_of(each) for each in computed.computation.trajectories)
    monkeypatch.setattr(Computation, "trajectories", property(lambda _: recorded))
    return computed


def assert_same(one: Any, other: Any) -> None:
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            assert_same(one[key], other[key])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_same(left, right)
    else:
        np.testing.assert_array_equal(one, other)


def test_its_summary_is_that_of_the_run() -> None:
    for computed in subject_of(HIMMELBLAU, run=0, step=3).computation.trajectories:
        seen, expected = summary_of(recording_of(computed)), summary_of(computed)
        assert_same(vars(seen), vars(expected))


def test_its_window_and_projection_are_those_of_the_run() -> None:
    computation = subject_of(MOONS, run=0, step=3).computation
    recorded: list[Trajectory] = [recording_of(each) for each in computation.trajectories]
    window = run_to_completion(fit_window(computation.experiment.view, computation.problem, recorded, 0))
    assert computation.window is not None
    assert window.plane_id == computation.window.plane_id
    assert window.extent == computation.window.extent
    assert not window.provisional
    for run, each in enumerate(recorded):
        projection = Projection(each, window.plane)
        while not projection.complete:
            projection.advance()
        entries = projection.entries
        for name, column in (
            ("path", projection.path(0, entries)),
            ("shadow_cost", projection.cost(0, entries)),
        ):
            expected: Any = computation.channel(name, run)  # type: ignore[arg-type]
            np.testing.assert_array_equal(column, expected)


def test_its_path_is_kept_whole() -> None:
    computed = subject_of(MOONS, run=0, step=3).computation.trajectories[0]
    (points,), _ = thinned_paths([recording_of(computed)], [11])
    np.testing.assert_array_equal(points, computed.thetas(0, 11))


PATH_STUDIES = {"null": {}, "moving": {}, "line": {"direction": "run"}}
WANTED = ("theta", "gradient", "layers")


@pytest.fixture
def expected() -> dict[str, Any]:
    """What the studies of the path, and an inspection, report where the runs are computed."""
    computed = subject_of(MOONS, **PLACE)
    reports = {kind: report_on(computed, kind, **fields) for kind, fields in PATH_STUDIES.items()}
    return reports | {"inspection": inspect(computed.computation, computed.place, WANTED)}


def test_studies_of_the_path_serve_it(expected: dict[str, Any], subject: Subject) -> None:
    for kind, fields in PATH_STUDIES.items():
        assert_same(report_on(subject, kind, **fields), expected[kind])
    assert_same(inspect(subject.computation, subject.place, WANTED), expected["inspection"])


@pytest.mark.parametrize("kind", ["autopsy", "others", "stability", "arrows"])
def test_a_study_of_its_steps_is_refused(subject: Subject, kind: str) -> None:
    with pytest.raises(InvalidValue, match=r"run must be one that is computed here: .* not recorded"):
        report_on(subject, kind)


def test_of_its_optimizers_state_it_is_said_that_there_is_none(subject: Subject) -> None:
    report = inspect(subject.computation, subject.place, ("state",))
    assert "state" not in report
    assert report["state_missing"] == "The optimizer’s state was not recorded."


def test_a_computed_run_can_be_replayed() -> None:
    computed = subject_of(HIMMELBLAU, run=0, step=3).computation.trajectories[0]
    again = replayable(computed).replay(4, 7)
    assert [step.number for step in again] == [4, 5, 6]
    np.testing.assert_array_equal([step.theta for step in again], computed.thetas(4, 7))
