"""Studies of one step: its rule in numbers, what other rules would have done, and which rates are stable."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from descentscape.compute.efforts import BATCHED, INTERPRETED, PASSED, rule_at, step_effort, total
from descentscape.core.explain.autopsy import Autopsy, Quantity, dissect_step
from descentscape.core.explain.notation import at
from descentscape.core.explain.others import others_from_here
from descentscape.core.explain.stability import BOUNDS, stability_at
from descentscape.core.landscape.curvature import DENSE_HESSIAN
from descentscape.core.norm import norm
from descentscape.core.objective import Array
from descentscape.core.optimizers import MAX_HESSIAN_DIM, OPTIMIZERS
from descentscape.document.bounds import MAX_PARAMETERS
from descentscape.document.effort import EIGENVALUES, EIGENVECTORS, NONE, Effort, WorkSize, krylov
from descentscape.document.entry_models import OPTIMIZER_MODELS
from descentscape.document.planes import PLANES
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import Subject, priced_by_subject, steps_again, window_of
from descentscape.studies.predictions import Report
from descentscape.studies.reports import explained, objective_of, plain, replayed_step_of

REPLAYED_COMPONENTS = 20_000_000
"""Components of gradients that the other rules are shown at most, but for those of the step itself."""

NAMING = 4
"""Calls for each parameter’s name, twice."""

UPDATING = 15
"""Calls of a rule that is shown a gradient, beside those for what it takes by itself."""

MOST_NAMES = 5000
"""Parameters whose names are listed."""


class AutopsyRequest(Tagged):
    """The step that follows the place: its rule line by line, in one parameter’s numbers."""

    kind: Literal["autopsy"] = "autopsy"
    parameter: int = knob(0, label="parameter", low=0, high=MAX_PARAMETERS - 1)


class OthersRequest(Tagged):
    """The steps of all other rules from here, had they seen the same gradients."""

    kind: Literal["others"] = "others"
    parameter: int = knob(0, label="parameter", low=0, high=MAX_PARAMETERS - 1)


class StabilityRequest(Tagged):
    """The largest learning rate that the curvature admits, beside the one in use."""

    kind: Literal["stability"] = "stability"


def _autopsy(subject: Subject, request: AutopsyRequest) -> Report:
    trajectory, step = replayed_step_of(subject)
    found = dissect_step(trajectory, step, request.parameter)
    plane, k = window_of(subject).plane, request.parameter
    lines = [
        plain(line) | {"value": None if line.value is None else at(line.value, k)} for line in found.lines
    ]
    rule = OPTIMIZERS[found.kind]
    names = trajectory.run.objective.parameter_names()
    return {
        **plain(found),
        **{name: None for name in ("rates", "decay") if getattr(found, name) is None},
        "label": rule.label,
        "formula": rule.formula,
        "source": rule.source,
        "names": names[:MOST_NAMES],
        "lines": lines,
        "before": [_shown(each, k) for each in found.before],
        "after": [_shown(each, k) for each in found.after],
        "theta": float(subject.place.theta[k]),
        "moved": float(found.step[k]),
        "change": _change(subject, found.step),
        "at": plane.project(subject.place.theta),
        "arrows": _arrows(subject, found),
    }


def _shown(quantity: Quantity, parameter: int) -> Report:
    """A part of the state by its value for the parameter, or by its shape if it has none."""
    value = quantity.value
    said = at(value, parameter) if np.ndim(value) <= 1 and np.size(value) != 0 else None
    return {"name": quantity.name, "symbol": quantity.symbol, "label": quantity.label, "value": said}


def _arrows(subject: Subject, found: Autopsy) -> Report:
    """Gradient and step on the plane, ``(2,)`` each."""
    plane = window_of(subject).plane
    return {"downhill": plane.along(-found.received), "step": plane.along(found.step)}


def _change(subject: Subject, step: Array) -> float:
    """C(θ + step) − C(θ)."""
    theta = subject.place.theta
    cost = objective_of(subject).value(np.stack([theta, theta + step]))
    return float(cost[1] - cost[0])


@np.errstate(all="ignore")
def _others(subject: Subject, request: OthersRequest) -> Report:
    (trajectory, step), objective = replayed_step_of(subject), objective_of(subject)
    own = dissect_step(trajectory, step, request.parameter)
    kind, plane = own.kind, window_of(subject).plane
    rules = {each: rule() for each, rule in OPTIMIZERS.items()}
    rules[kind] = trajectory.step_at(step).recipe.optimizer
    most = max(1, min(1000, REPLAYED_COMPONENTS // (objective.dim * len(rules))))
    found = others_from_here(trajectory, step, rules, most)
    found.steps[kind] = own.step
    gradient = objective.value_and_grad(subject.place.theta)[1]
    steps = [
        {
            "kind": each,
            "label": rules[each].label,
            "norm": float(norm(vector)),
            "moved": float(vector[request.parameter]),
            "predicted": float(gradient @ vector),
            "change": _change(subject, vector),
            "along": plane.along(vector),
        }
        for each, vector in found.steps.items()
    ]
    return {
        "own": kind,
        "steps": steps,
        "left_out": found.left_out,
        "replayed": found.replayed,
        "complete": found.complete,
    }


def _stability(subject: Subject, request: StabilityRequest) -> Any:
    trajectory, step = replayed_step_of(subject)
    found = dissect_step(trajectory, step)
    optimizer = trajectory.step_at(step).recipe.optimizer
    return stability_at(
        objective_of(subject), subject.place.theta, optimizer, found.learning_rate, found.rates
    )


def _autopsy_effort(subject: Subject, _: Tagged, size: WorkSize) -> Effort:
    """The step once more, and what it is made from for its lines."""
    again = steps_again(subject, size, 0, 3)
    return again + Effort(costs=2, numbers=300 * size.parameters, calls=1200 + NAMING * size.parameters)


def _others_effort(subject: Subject, request: OthersRequest, size: WorkSize) -> Effort:
    """All rules’ steps along as many of the run’s gradients as each remembers, and Newton’s at the place."""
    run, step = subject.place.run, subject.place.step
    if run is None or step is None:
        return NONE
    batch_size = subject.computation.experiment.runs[run].batch_size
    most = max(1, min(1000, step, REPLAYED_COMPONENTS // (size.parameters * len(OPTIMIZERS))))
    rules = total(
        min(most, 1 + rule().remembers) * _updated(kind, batch_size, size)
        for kind, rule in OPTIMIZERS.items()
        if not rule.needs.hessian
    )
    share = (batch_size or size.examples) / size.examples
    small = size.parameters <= MAX_HESSIAN_DIM
    newton = Effort(hessians=2 * share, factorisations=2 * EIGENVECTORS) if small else NONE
    told = len(OPTIMIZERS) * Effort(costs=2, numbers=20 * size.parameters, calls=60)
    again = _autopsy_effort(subject, request, size) + steps_again(subject, size, -most, 1)
    return again + rules + newton + told


def _updated(kind: str, batch_size: int | None, size: WorkSize) -> Effort:
    """A step of a rule that is shown a gradient."""
    whole = step_effort(OPTIMIZER_MODELS[kind](), batch_size, size, again=True)
    plain = INTERPRETED + BATCHED * (batch_size is not None) + (0 if size.formula else PASSED)
    return whole + Effort(gradients=-(batch_size or size.examples) / size.examples, calls=UPDATING - plain)


def _stability_effort(subject: Subject, request: StabilityRequest, size: WorkSize) -> Effort:
    """The highest eigenvalue, of the preconditioned Hessian for a rule whose bound is by that."""
    again = _autopsy_effort(subject, request, size)
    if not _is_preconditioned(subject):
        return again + PLANES["hessian"].effort(None, size)
    whole = Effort(hessians=1, factorisations=EIGENVALUES)
    return again + (whole if size.parameters <= DENSE_HESSIAN else krylov(size.parameters, 60))


def _is_preconditioned(subject: Subject) -> bool:
    run, step = subject.place.run, subject.place.step
    if run is None or step is None:
        return False
    bound = BOUNDS.get(rule_at(subject.computation.experiment, run, step).kind)
    return bound is not None and bound.preconditioned


STUDIES = (
    explained(AutopsyRequest, _autopsy, priced_by_subject(_autopsy_effort)),
    explained(OthersRequest, _others, priced_by_subject(_others_effort), long=True),
    explained(StabilityRequest, _stability, priced_by_subject(_stability_effort)),
)
