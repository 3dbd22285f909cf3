"""The study of a knob: the run of the place once more for each of the knob's values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import Field, ValidationError

from descentscape.core.chain import Chain
from descentscape.core.descent import Recipe
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.explain import Swept, sweep_recipes
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.limits import MAX_STEPS
from descentscape.response import Report
from descentscape.schema import Tagged, knob, listed
from descentscape.specs import OPTIMIZER_MODELS, made
from descentscape.studies.base import ALMOST, Reports, Study, Subject
from descentscape.studies.reports import objective_of, plain, step_of
from descentscape.work import gradient_seconds

LONGEST = 30.0
"""Seconds of all runs of a sweep."""

if TYPE_CHECKING:
    Values: TypeAlias = tuple[float, ...]
else:
    Values = listed(Annotated[float, Field(ge=-1e6, le=1e6)], 2, 32)


class SweepRequest(Tagged):
    """The run of the place from its start, one run for each value of one of its optimizer's knobs."""

    kind: Literal["sweep"] = "sweep"
    field: str = knob("learning_rate", label="knob", max_length=40, help="Of the optimizer, or batch_size.")
    values: Values = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
    steps: int | None = knob(None, label="steps", low=1, high=MAX_STEPS, help="Empty: the experiment's.")


def _sweep(subject: Subject, request: SweepRequest) -> Reports:
    trajectory, _ = step_of(subject)
    run = trajectory.run
    steps = request.steps or run.steps
    _refuse_long(subject, request, steps)
    recipes = [_with(subject, run.recipe, request.field, value) for value in request.values]
    found: list[Swept] = []
    swept = sweep_recipes(run.objective, trajectory.theta_at(0), recipes, steps=steps, seed=run.seed)
    for one in swept:
        found.append(one)
        done = len(found) / len(recipes)
        yield done if done == 1 else min(ALMOST, done), _report(request, steps, found, run.recipe)


def _refuse_long(subject: Subject, request: SweepRequest, steps: int) -> None:
    seconds = gradient_seconds(subject.computation.experiment) * steps * len(request.values)
    if seconds > LONGEST:
        most = max(1, int(steps * LONGEST / seconds))
        raise TooExpensive("study.steps", f"at most about {most} (it would take {seconds:.0f} s)", steps)


def _with(subject: Subject, recipe: Recipe, field: str, value: float) -> Recipe:
    if field == "batch_size":
        return replace(recipe, batch_size=_batch_size(subject, value))
    kind = recipe.optimizer.kind
    model = OPTIMIZER_MODELS[kind]
    if field not in model.model_fields or field == "kind":
        names = ", ".join(name for name in model.model_fields if name != "kind")
        raise InvalidValue("study.field", f"one of batch_size, {names}", field)
    settings = {name: getattr(recipe.optimizer, name) for name in model.model_fields if name != "kind"}
    whole = int(value) if isinstance(settings[field], int) and value == int(value) else value
    try:
        chosen = model.model_validate({"kind": kind, **settings, field: whole})
    except ValidationError as error:
        raise InvalidValue(
            "study.values", f"possible ({field}: {error.errors()[0]['msg']})", value
        ) from error
    return replace(recipe, optimizer=made(OPTIMIZERS, chosen))


def _batch_size(subject: Subject, value: float) -> int:
    objective = objective_of(subject)
    most = objective.n_examples if isinstance(objective, Chain) else 0
    if value != int(value) or not 1 <= value <= most:
        raise InvalidValue("study.values", f"whole numbers from 1 to {most}", value)
    return int(value)


def _report(request: SweepRequest, steps: int, found: list[Swept], recipe: Recipe) -> Report:
    used: Any = getattr(recipe.optimizer, request.field, recipe.batch_size)
    values = request.values[: len(found)]
    return {
        "field": request.field,
        "values": list(values),
        "steps": steps,
        "used": used,
        "runs": plain(found),
    }


STUDIES = (Study(SweepRequest, _sweep),)
