"""Studies of the derivative as a linear map: nudges, difference quotients, and kinks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.explain.autopsy import dissect_step
from descentscape.core.explain.kinks import at_kinks, one_sided
from descentscape.core.explain.nudge import DIFFERENCES, SIZES, difference_limit, nudge_along
from descentscape.core.network.mlp import MLP
from descentscape.core.norm import norm
from descentscape.core.objective import Array
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.schema import Tagged
from descentscape.document.view import Directed, Nudge
from descentscape.studies.base import Subject, priced, window_of
from descentscape.studies.directions import axis_of, random_of
from descentscape.studies.predictions import Report
from descentscape.studies.reports import explained, objective_of, plain, replayed_step_of

MOST_KINKS = 200
"""Pre-activations at a kink that are listed."""


class NudgeRequest(Tagged, Nudge):
    """What the derivatives predict of C(θ + s v) − C(θ), and what happens, at a size and as it shrinks."""

    kind: Literal["nudge"] = "nudge"


class DifferenceLimitRequest(Tagged, Directed):
    """Difference quotients for steps from 1 to 10⁻¹²."""

    kind: Literal["difference_limit"] = "difference_limit"


class KinksRequest(Tagged, Directed):
    """Which pre-activations lie at a kink, and the slopes of C from both sides."""

    kind: Literal["kinks"] = "kinks"


def _nudge(subject: Subject, request: NudgeRequest) -> Report:
    objective, theta, v = objective_of(subject), subject.place.theta, _direction(subject, request)
    one = nudge_along(objective, theta, v, np.array([request.size]))
    names = ("real", "predicted", "second", "first_error", "second_error", "floor")
    chosen: dict[str, float | None] = {name: float(getattr(one, name)[0]) for name in names}
    chosen |= {"size": request.size, "crossings": int(one.crossings[0])}
    chosen["ratio"] = float(one.real[0] / one.predicted[0]) if one.predicted[0] else None
    found = nudge_along(objective, theta, v)
    return {
        **plain(found),
        "ratio_error": _share(found.first_error, np.abs(found.predicted)),
        "chosen": chosen,
        "length": float(np.linalg.norm(v)),
        "parameter_name": objective.parameter_names()[min(request.parameter, objective.dim - 1)],
        "sides": one_sided(objective, theta, v),
    }


def _share(part: Array, whole: Array) -> Array:
    """part / whole, NaN where the whole is zero."""
    shares: Array = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole != 0)
    return shares


def _difference_limit(subject: Subject, request: DifferenceLimitRequest) -> Report:
    objective, theta, v = objective_of(subject), subject.place.theta, _direction(subject, request)
    return {**plain(difference_limit(objective, theta, v)), "sides": one_sided(objective, theta, v)}


def _kinks(subject: Subject, request: KinksRequest) -> Report:
    objective, theta = objective_of(subject), subject.place.theta
    report: Report = {"sides": one_sided(objective, theta, _direction(subject, request)), "count": 0}
    if isinstance(objective, MLP):
        found = plain(at_kinks(objective, theta))
        report |= {"count": len(found["z"])} | {name: rows[:MOST_KINKS] for name, rows in found.items()}
    return report


def _direction(subject: Subject, request: Directed) -> Array:
    """The direction that is asked for; InvalidValue where it is zero, or has no place here."""
    v = _raw_direction(subject, request)
    length = norm(v)
    if not (np.isfinite(length) and length > 0):
        raise InvalidValue("study.direction", "one that is finite and not zero here", request.direction)
    return v if request.direction in ("step", "plane") else v / length


def _raw_direction(subject: Subject, request: Directed) -> Array:
    objective, theta = objective_of(subject), subject.place.theta
    match request.direction:
        case "parameter":
            return axis_of(objective.dim, request)
        case "random":
            return random_of(objective.dim, request)
        case "step":
            return dissect_step(*replayed_step_of(subject)).step
        case "plane":
            drawn: Array = np.asarray(request.vector) @ window_of(subject).plane.basis
            return drawn
    return objective.value_and_grad(theta)[1]


def _effort(points: int, calls: int, naming: int = 0) -> Callable[[Any, WorkSize], Effort]:
    """So many costs and calls, and some for each name, with the pre-activations there and the derivatives."""

    def effort(_: Tagged, size: WorkSize) -> Effort:
        looked = Effort(costs=points, numbers=5 * points * (size.parameters + size.units * size.examples))
        calls_of_all = calls + naming * size.parameters
        return size.theta + looked + Effort(gradients=6, products=3, calls=calls_of_all)

    return effort


STUDIES = (
    explained(NudgeRequest, _nudge, priced(_effort(2 * len(SIZES), 4000, naming=2))),
    explained(DifferenceLimitRequest, _difference_limit, priced(_effort(2 * len(DIFFERENCES), 400))),
    explained(KinksRequest, _kinks, priced(_effort(4, 250))),
)
