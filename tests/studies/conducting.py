"""Conducts a study of an experiment's place, as the stream and POST inspect do."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from descentscape.compute.computation import Computation
from descentscape.core.time_slices import reported
from descentscape.document.experiment import Experiment
from descentscape.studies import StudyRequest, Subject, conduct
from descentscape.studies.predictions import Report
from places import place_of

REQUESTS: TypeAdapter[Any] = TypeAdapter(StudyRequest)

SADDLE = {"problem": {"kind": "formula", "name": "saddle"}, "steps": 20}
HIMMELBLAU = {
    "problem": {"kind": "formula", "name": "himmelblau"},
    "runs": [
        {"optimizer": {"kind": "gd", "learning_rate": 0.01}},
        {"optimizer": {"kind": "momentum", "learning_rate": 0.01}},
    ],
    "steps": 30,
}
MOONS = {
    "problem": {"dataset": {"kind": "moons", "n": 40, "test_fraction": 0.25}, "hidden": [3]},
    "runs": [{"optimizer": {"kind": "gd"}, "batch_size": 8}, {"optimizer": {"kind": "adam"}}],
    "steps": 40,
}
"""A small network with a test set, of 13 parameters."""


def subject_of(experiment: dict[str, Any], **place: Any) -> Subject:
    computation = Computation(Experiment.model_validate(experiment)).finish()
    return Subject(computation, place_of(computation, **place))


def reports_on(subject: Subject, request: dict[str, Any]) -> list[tuple[float, Report | None]]:
    return list(reported(conduct(subject, REQUESTS.validate_python(request))))


def report_on(subject: Subject, kind: str, **fields: Any) -> Report:
    """The whole report, after checks that hold for every study's progress."""
    reports = reports_on(subject, {"kind": kind, **fields})
    shares = [share for share, _ in reports]
    assert shares == sorted(shares)
    assert all(0 <= share < 1 for share in shares[:-1])
    assert shares[-1] == 1
    last = reports[-1][1]
    assert last is not None
    return last
