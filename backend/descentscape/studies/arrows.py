"""The study of the vectors of a run's steps, as arrows on the plane."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import takewhile
from time import perf_counter
from typing import Literal

import numpy as np

from descentscape.compute.efforts import total
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.trajectory import Replayable
from descentscape.core.explain.vectors import StepVectors, vectors_of
from descentscape.core.landscape.plane import Plane
from descentscape.core.norm import norm
from descentscape.core.objective import Array
from descentscape.core.time_slices import Progress, TimeSlices
from descentscape.core.undivided import SLICE_WORK, run_in_thread
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import Reports, Study, Subject, priced_by_subject, steps_again, window_of
from descentscape.studies.inspection import steps_again_work
from descentscape.studies.predictions import Report
from descentscape.studies.reports import replayed_step_of

ARROWS_REPORT_SECONDS = 0.1
"""Time between two reports of arrows that are not all there yet."""

_STEP_BLOCK = 8
"""Steps that are made once more between two looks at the clock."""


class ArrowsRequest(Tagged):
    """The vectors of the steps that follow from the place on: the gradient seen, the memory, the step."""

    kind: Literal["arrows"] = "arrows"
    count: int = knob(32, label="steps", low=1, high=256, help="How many, as far as there are entries.")


def _arrows(subject: Subject, request: ArrowsRequest) -> Reports:
    trajectory, first = replayed_step_of(subject)
    count = min(request.count, trajectory.entries - first)
    plane = window_of(subject).plane
    said = {"run": subject.place.run, "first": first, "plane_id": window_of(subject).plane_id}
    found: list[tuple[Array, StepVectors]] = []
    reported = perf_counter()
    for start in range(first, first + count, _STEP_BLOCK):
        more = yield from _vectors(trajectory, start, min(start + _STEP_BLOCK, first + count))
        # Another optimizer, put in by an edit, remembers other things: the arrows end before it.
        kind = (found or more)[0][1].kind
        found += takewhile(partial(_is_by, kind), more)
        if len(found) < start - first + len(more):
            break
        due = perf_counter() - reported > ARROWS_REPORT_SECONDS and len(found) < count
        reported = perf_counter() if due else reported
        yield Progress(len(found), count, said | _report(plane, trajectory, found) if due else None)
    return said | _report(plane, trajectory, found)


def _is_by(kind: str, each: tuple[Array, StepVectors]) -> bool:
    return each[1].kind == kind


def _vectors(trajectory: Replayable, first: int, last: int) -> TimeSlices[list[tuple[Array, StepVectors]]]:
    """Theta at each entry, and the vectors of the step that follows it."""

    def vectors() -> list[tuple[Array, StepVectors]]:
        return [(step.theta, vectors_of(step)) for step in trajectory.replay(first, last)]

    long = steps_again_work(trajectory) > SLICE_WORK
    return (yield from run_in_thread(vectors)) if long else vectors()


def _report(plane: Plane, trajectory: Replayable, found: list[tuple[Array, StepVectors]]) -> Report:
    thetas, vectors = zip(*found, strict=True)
    memory = vectors[0].memory
    return {
        "count": len(found),
        "optimizer": vectors[0].kind,
        "sees": list(_seen_through(trajectory.run.recipe)),
        "at": plane.project(np.stack(thetas)),
        "downhill": _on(plane, [-each.gradient for each in vectors]),
        "step": _on(plane, [each.step for each in vectors]),
        "memory": [
            {"name": part.name, "symbol": part.symbol}
            | _on(plane, [-np.asarray(each.memory[k].value) for each in vectors])
            for k, part in enumerate(memory)
        ],
    }


def _seen_through(recipe: Recipe) -> Iterator[str]:
    """What stands between ∇C and the gradient that the steps see."""
    if recipe.batch_size is not None:
        yield "batch"
    if recipe.gradient_noise:
        yield "noise"
    if recipe.clip is not None:
        yield "clip"


def _on(plane: Plane, vectors: list[Array]) -> Report:
    """Vectors on the plane: coordinates ``along`` (n, 2) it, ``length`` there, and the whole ``norm``."""
    all_of_them = np.stack(vectors)
    coordinates = plane.along(all_of_them)
    length = norm(coordinates @ plane.basis)
    return {"along": coordinates, "length": length, "norm": norm(all_of_them)}


def _effort(subject: Subject, request: ArrowsRequest, size: WorkSize) -> Effort:
    """The steps twice more, a block at a time, and their vectors on the plane, in each report."""
    count = min(request.count, size.steps + 1 - (subject.place.step or 0))
    again = total(
        steps_again(subject, size, first, first + 2 * min(_STEP_BLOCK, count - first))
        for first in range(0, count, _STEP_BLOCK)
    )
    return again + count * Effort(numbers=150 * size.parameters, calls=40, kept=5 * size.parameters)


STUDIES = (Study(ArrowsRequest, _arrows, priced_by_subject(_effort), "count"),)
