"""The study of a knob: the run of the place once more for each of the knob's values."""

from __future__ import annotations

from copy import deepcopy
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, ValidationError

from descentscape.compute.cost_model import Price, estimate
from descentscape.compute.machine import Operations
from descentscape.core.descent.computed import searched
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.sweep import Swept, summary_of
from descentscape.core.time_slices import Progress
from descentscape.document.bounds import MAX_STEPS
from descentscape.document.experiment import Experiment
from descentscape.document.field_errors import field_errors
from descentscape.document.runs import LiftStart
from descentscape.document.schema import Tagged, knob, listed
from descentscape.studies.base import Reports, Study, Subject
from descentscape.studies.predictions import Report
from descentscape.studies.reports import plain, step_of

BEGUN = 500
"""Calls that build a variant and sum its run up."""

SWEEP_SLICE = 0.01
"""Seconds of computing between two chances to give the sweep up."""

JsonDocument: TypeAlias = dict[str, Any]

EXAMPLES = "run.optimizer.learning_rate, run.batch_size, problem.l2, problem.hidden.0 or seed"


def _kind(value: Any) -> str:
    return "<none>" if value is None else "<word>" if isinstance(value, str) else "<number>"


Value: TypeAlias = Annotated[
    Annotated[float, Field(ge=-1e6, le=1e6), Tag("<number>")]
    | Annotated[str, Field(max_length=40), Tag("<word>")]
    | Annotated[None, Tag("<none>")],
    Discriminator(_kind),
]
Values: TypeAlias = Annotated[tuple[Value, ...], listed(2, 32)]


class SweepRequest(Tagged):
    """The run of the place from its start, once for each value of one setting of the experiment."""

    kind: Literal["sweep"] = "sweep"
    field: str = knob(
        "run.optimizer.learning_rate",
        label="knob",
        max_length=80,
        help="Where it lies in the document, with `run` for the place’s run.",
    )
    values: Values = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
    steps: int | None = knob(None, label="steps", low=1, high=MAX_STEPS, help="Empty: the experiment’s.")


def _sweep(subject: Subject, request: SweepRequest) -> Reports:
    document = _alone(subject, request.steps)
    used = _setting(document, request.field)
    variants = [_variant(document, request.field, value) for value in request.values]
    found: list[Swept] = []
    for variant in variants:
        descents = subject.computation.cache.get(variant)
        while not descents.advance(SWEEP_SLICE):
            yield Progress(len(found) + descents.done / descents.total, len(variants))
        yield from searched(descents.trajectories[0])
        found.append(summary_of(descents.trajectories[0]))
        report = _report(request, variant.steps, found, used)
        if len(found) < len(variants):
            yield Progress(len(found), len(variants), report)
    return report


def _alone(subject: Subject, steps: int | None) -> JsonDocument:
    """The document of the place's run by itself, under the name `run`, without its edits."""
    trajectory, _ = step_of(subject)
    experiment, index = subject.computation.experiment, subject.place.run or 0
    document = experiment.model_dump(mode="json", exclude={"view", "edits", "runs"})
    own = experiment.runs[index].model_dump(mode="json")
    if isinstance(experiment.runs[index].start or experiment.start, LiftStart):
        # The plane that it was lifted from would move with the knob.
        own["start"] = {"kind": "theta", "values": trajectory.theta_at(0).tolist()}
    return document | {"run": own, "steps": steps or experiment.steps}


def _setting(document: JsonDocument, field: str) -> float | str | None:
    """The value in use; InvalidValue where the path leads to no single setting."""
    held, key = _place(document, field)
    used: float | str | None = held[key]
    return used


def _place(document: JsonDocument, field: str) -> tuple[Any, str | int]:
    """What holds a field, and the field's key there."""
    held: Any = {"held": document}
    key: str | int = "held"
    for name in field.split("."):
        held = held[key]
        key = int(name) if isinstance(held, list) and name.isdecimal() else name
        known = held.keys() if isinstance(held, dict) else range(len(held)) if isinstance(held, list) else ()
        if key not in known:
            raise InvalidValue("study.field", f"a setting of this experiment, such as {EXAMPLES}", field)
    if isinstance(held[key], dict | list):
        raise InvalidValue("study.field", f"a single setting, such as {EXAMPLES}", field)
    return held, key


def _variant(document: JsonDocument, field: str, value: float | str | None) -> Experiment:
    changed = deepcopy(document)
    held, key = _place(changed, field)
    if key == "kind" and value != held[key]:
        held.clear()  # another kind has other settings, and comes with its own
    held[key] = int(value) if isinstance(value, float) and value.is_integer() else value
    changed["runs"] = [changed.pop("run")]
    try:
        return Experiment.model_validate(changed)
    except ValidationError as error:
        raise InvalidValue("study.values", f"possible ({field_errors(error)[0]})", value) from error


def _report(request: SweepRequest, steps: int, found: list[Swept], used: float | str | None) -> Report:
    return {
        "field": request.field,
        "values": list(request.values[: len(found)]),
        "steps": steps,
        "used": used,
        "runs": plain(found),
    }


def _price(subject: Subject, request: SweepRequest, machine: Operations) -> Price:
    """The runs of all variants one after the other; what they leave is the cache’s."""
    document = _alone(subject, request.steps)
    variants = [_variant(document, request.field, value) for value in request.values]
    begun = Operations(calls=BEGUN).seconds(machine)
    return Price(sum(begun + estimate(variant, machine).descent_seconds for variant in variants), 0)


STUDIES = (Study(SweepRequest, _sweep, _price, "steps"),)
