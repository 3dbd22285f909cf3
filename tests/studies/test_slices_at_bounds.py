"""No time slice goes through more than some fifty milliseconds’ work, whatever is asked, at its bounds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from bench.slices import STUDIED

from descentscape.api.http import jobs
from descentscape.api.http.payloads import FRAME
from descentscape.api.ops.admission import Admission
from descentscape.api.stream.session import Session
from descentscape.compute.computation import Computation
from descentscape.core.errors import InvalidValue
from descentscape.core.optimizers import MAX_HESSIAN_DIM, OPTIMIZERS
from descentscape.core.time_slices import reported
from descentscape.core.undivided import SLICE_WORK
from descentscape.document.bounds import MAX_RESOLUTION, MAX_ROWS, MAX_RUNS
from descentscape.document.experiment import Experiment
from descentscape.document.planes import PLANES
from descentscape.studies import STUDIES, Subject, conduct
from descentscape.studies.inspection import WANTS
from metered import OPERATION, Meter, meter
from places import place_of
from studies.conducting import REQUESTS

__all__ = ["meter"]

MOST = 0.05 / OPERATION
"""Work of one slice: fifty milliseconds."""

EXAMPLES = {"kind": "moons", "n": MAX_ROWS}
SIZES: dict[str, dict[str, Any]] = {
    "most parameters": {"dataset": EXAMPLES, "hidden": [256, 180]},
    "deepest": {"dataset": EXAMPLES, "hidden": [60] * 12},
    "a whole Hessian": {"dataset": EXAMPLES, "hidden": [20, 12]},
    "two parameters": {"kind": "linear", "dataset": {"kind": "line", "n": MAX_ROWS}},
}

ALIKE = {"basins": 20}
"""Slices that tell of all: waits for steps of the same starts, made in a thread, up to a first report."""


def document(size: str, **fields: Any) -> dict[str, Any]:
    return {"problem": SIZES[size], "steps": 4, **fields}


def computation(meter: Meter, size: str, **fields: Any) -> Computation:
    return Computation(Experiment.model_validate(document(size, **fields)), meter.cache())


def advanced(work: Computation) -> Iterator[None]:
    while not work.advance(0.02):
        yield


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", STUDIES)
def test_of_a_study(meter: Meter, kind: str, size: str) -> None:
    work = computation(meter, size, runs=[{"batch_size": MAX_ROWS - 1}]).finish()
    asked = REQUESTS.validate_python({"kind": kind, **STUDIED.get(kind, {})})
    slices = reported(conduct(Subject(work, place_of(work, run=0, step=2)), asked))
    with suppress(InvalidValue):  # what this size has nothing of, or too much
        assert meter.most(slices, ALIKE.get(kind, 60)) <= MOST


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_of_steps(meter: Meter, kind: str, size: str) -> None:
    run = {"optimizer": {"kind": kind}, "batch_size": MAX_ROWS - 1}
    work = computation(meter, size, runs=[run, run])
    if OPTIMIZERS[kind].needs.hessian and work.problem.objective.dim > MAX_HESSIAN_DIM:
        return
    assert meter.most(advanced(work)) <= MOST


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", PLANES)
def test_of_a_plane(meter: Meter, kind: str, size: str) -> None:
    plane: dict[str, Any] = {"kind": kind}
    if kind == "custom":
        dim = computation(meter, size).problem.objective.dim
        rows = [[float(place == row) for place in range(dim)] for row in range(2)]
        plane |= {"origin": [0.0] * dim, "basis": rows}
    assert meter.most(advanced(computation(meter, size, view={"plane": plane}))) <= MOST


@pytest.mark.parametrize("size", SIZES)
def test_of_a_surface(meter: Meter, size: str) -> None:
    assert meter.most(computation(meter, size).finish().surface(MAX_RESOLUTION)) <= MOST


@pytest.mark.parametrize("size", SIZES)
def test_of_an_inspection(meter: Meter, size: str) -> None:
    asked = {"experiment": document(size), "want": WANTS, "resolution": MAX_RESOLUTION}

    def begin(experiment: Experiment) -> Computation:
        return Computation(experiment, meter.cache())

    assert meter.most(jobs.inspections(json.dumps(asked).encode(), FRAME, begin)) <= MOST


@pytest.mark.parametrize("runs", [1, MAX_RUNS])
@pytest.mark.parametrize("size", SIZES)
def test_of_a_stream(meter: Meter, size: str, runs: int) -> None:
    session = Session(Admission(seconds=1e9, cache=meter.cache()))
    opened = document(size, runs=[{"batch_size": 1}] * runs)
    for message in (
        {"type": "open", "experiment": opened},
        {"type": "play"},
        {"type": "surface", "id": 1, "resolution": MAX_RESOLUTION},
        {"type": "inspect", "id": 2, "step": 3, "want": WANTS},
        {"type": "study", "id": 3, "step": 3, "study": {"kind": "spectrum"}},
    ):
        session.receive(json.dumps(message))

    def slices() -> Iterator[None]:
        while session.busy or session.pending:
            session.advance(0.02)
            session.take()
            yield

    assert meter.most(slices()) <= MOST


def test_work_within_a_slice_is_well_within_it() -> None:
    assert 2 * SLICE_WORK <= MOST
