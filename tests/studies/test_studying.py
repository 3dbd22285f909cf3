"""Studies over the stream and in POST inspect."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from pydantic import ValidationError

from api.talking import Talk
from descentscape.api.http import jobs
from descentscape.api.http.payloads import JSON
from descentscape.api.http.points import InspectRequest
from descentscape.api.stream.messages import message_of
from descentscape.compute.computation import Computation
from descentscape.core.errors import InvalidValue
from descentscape.document.field_errors import field_errors
from descentscape.output.frames import FrameKind
from descentscape.studies import STUDIES
from studies.conducting import HIMMELBLAU, MOONS, report_on, subject_of


def test_a_study_is_answered_by_frames() -> None:
    talk = Talk().opened(MOONS)
    talk.say("study", id=7, run=1, step=5, study={"kind": "spectrum"}).listen()
    (frame,) = talk.frames(FrameKind.STUDY)
    assert (frame.meta["id"], frame.meta["kind"], frame.meta["progress"]) == (7, "spectrum", 1.0)
    expected = report_on(subject_of(MOONS, run=1, step=5), "spectrum")
    assert frame.arrays["eigenvalues"].tolist() == expected["eigenvalues"].tolist()


def test_a_study_waits_for_its_step() -> None:
    talk = Talk().say("open", experiment=MOONS)
    talk.say("study", id=1, run=0, step=40, study={"kind": "line"}).listen()
    assert [frame.meta["id"] for frame in talk.frames(FrameKind.STUDY)] == [1]


def test_the_newest_of_a_kind_wins() -> None:
    talk = Talk().opened(MOONS)
    for number in range(3):
        talk.say("study", id=number, run=0, step=number, study={"kind": "moving"})
    talk.say("study", id=9, run=0, step=0, study={"kind": "null"}).listen()
    assert {frame.meta["id"] for frame in talk.frames(FrameKind.STUDY)} == {2, 9}
    assert talk.messages("error") == []


def test_the_processor_gives_fifteen_live_slices_a_second() -> None:
    """Its own time, not the clock's: what else the machine does meanwhile is not the program's pace."""
    talk = Talk().opened({"problem": {"hidden": [8, 8]}, "runs": [{"batch_size": 16}], "steps": 60})
    began = time.process_time()
    for step in range(45):
        talk.say("study", id=step, run=0, step=step, study={"kind": "moving"}).listen()
    assert time.process_time() - began < 45 / 15
    whole = [frame.meta["id"] for frame in talk.frames(FrameKind.STUDY) if frame.meta["progress"] == 1]
    assert whole == list(range(45))


def test_studies_given_up_are_told_of() -> None:
    talk = Talk().opened(HIMMELBLAU)
    talk.say("study", id=4, study={"kind": "basins", "resolution": 121}).say("cancel").listen()
    assert talk.frames(FrameKind.STUDY) == []
    error = talk.message("error")
    assert (error["id"], error["detail"]) == (4, "The study was given up.")


def test_a_study_that_fails_names_the_field() -> None:
    talk = Talk().opened(MOONS)
    talk.say("study", id=4, study={"kind": "critical"}).listen()
    assert talk.message("error")["id"] == 4
    assert not talk.session.busy


def inspected(**body: Any) -> dict[str, Any]:
    """What POST inspect answers."""
    *_, response = jobs.inspections(json.dumps({"experiment": MOONS, **body}).encode(), JSON, Computation)
    assert response is not None
    answer: dict[str, Any] = json.loads(bytes(response.body))
    return answer


def test_inspect_answers_a_study_whole() -> None:
    study = inspected(run=1, step=5, study={"kind": "sharpness", "points": 5})["study"]
    assert study["steps"] == [0, 10, 20, 30, 40]


def test_inspect_without_a_study_has_none() -> None:
    assert "study" not in inspected()


def test_kinds_are_named_once() -> None:
    assert len({study.request for study in STUDIES.values()}) == len(STUDIES)


FIELDS = [
    (kind, name) for kind, study in STUDIES.items() for name in study.request.model_fields if name != "kind"
]


def refused_names(study: dict[str, Any]) -> list[set[str]]:
    """The fields that the stream's message and the request over HTTP name."""
    found = []
    for read in (
        lambda: message_of({"type": "study", "id": 1, "study": study}),
        lambda: InspectRequest.model_validate({"study": study}),
    ):
        with pytest.raises(ValidationError) as caught:
            read()
        found.append({error.field for error in field_errors(caught.value)})
    return found


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_a_studys_field_has_one_name(kind: str, name: str) -> None:
    assert refused_names({"kind": kind, name: {"no": "such value"}}) in (
        [{f"study.{name}"}] * 2,
        [{f"study.{name}.no"}] * 2,
    )


@pytest.mark.parametrize(
    ("study", "refused"),
    [
        ({"kind": "autopsy", "parameter": 13}, {"parameter": -1}),
        ({"kind": "forward", "example": 30}, {"example": -1}),
        ({"kind": "noise", "batch_sizes": [99]}, {"batch_sizes": 3}),
        ({"kind": "segment", "start": {"run": 7}}, {"start": {"run": -1}}),
        ({"kind": "segment", "start": {"theta": [1.0]}}, {"start": {"theta": 1.0}}),
    ],
)
def test_validation_and_execution_name_the_same_field(study: dict[str, Any], refused: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue) as caught:
        report_on(subject_of(MOONS, run=1, step=5), **study)
    assert refused_names(study | refused) == [{caught.value.name}] * 2
