"""Directions of parameter space by what they mean: for a line through a place, or as numbers for a plane."""

from __future__ import annotations

from typing import Literal

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.curvature import extremes
from descentscape.core.norm import norm
from descentscape.core.objective import Array
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import in_thread_if_long
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.planes import PLANES
from descentscape.document.schema import Tagged, knob
from descentscape.document.view import Picked
from descentscape.studies.base import Study, Subject, priced, window_of
from descentscape.studies.predictions import Report
from descentscape.studies.reports import objective_of, step_of

DirectionName = Literal[
    "gradient", "step", "run", "first", "second", "highest", "lowest", "parameter", "random"
]


class Along(Tagged, Picked):
    """A direction at a place; ``parameter`` and ``seed`` belong to those that need one."""

    direction: DirectionName = knob(
        "gradient",
        label="direction",
        choices={
            "gradient": "steepest descent",
            "step": "the run’s next step",
            "run": "from the run’s start to its end",
            "first": "the plane’s first direction",
            "second": "the plane’s second direction",
            "highest": "highest curvature",
            "lowest": "lowest curvature",
            "parameter": "one parameter",
            "random": "a random direction",
        },
    )


class DirectionRequest(Along):
    """A direction as numbers, one a parameter, of length 1."""

    kind: Literal["direction"] = "direction"


def axis_of(dim: int, request: Picked) -> Array:
    """The axis ``(P,)`` of the parameter that is picked; InvalidValue where there is none of that number."""
    if request.parameter >= dim:
        raise InvalidValue("study.parameter", f"from 0 to {dim - 1}", request.parameter)
    axis: Array = (np.arange(dim) == request.parameter).astype(np.float64)
    return axis


def random_of(dim: int, request: Picked) -> Array:
    """A standard normal vector ``(P,)`` of the seed that is picked: every direction is as likely."""
    return np.random.default_rng(request.seed).standard_normal(dim)


def unit_direction(subject: Subject, request: Along) -> TimeSlices[tuple[Array, float]]:
    """The direction ``(P,)`` with length 1, and how long it was; InvalidValue where it is zero."""
    vector = yield from _vector(subject, request)
    length = float(norm(vector))
    if not (np.isfinite(length) and length > 0):
        raise InvalidValue("study.direction", "one that is not zero here", request.direction)
    return vector / length, length


def _vector(subject: Subject, request: Along) -> TimeSlices[Array]:
    objective, theta = objective_of(subject), subject.place.theta
    match request.direction:
        case "step":
            trajectory, step = step_of(subject)
            last = trajectory.entries - 1
            if step >= last:
                raise InvalidValue("study.direction", "another than the next step at a run’s end", "step")
            return trajectory.theta_at(step + 1) - theta
        case "run":
            trajectory, _ = step_of(subject)
            return trajectory.theta_at(trajectory.entries - 1) - trajectory.theta_at(0)
        case "first" | "second":
            along: Array = window_of(subject).plane.basis[int(request.direction == "second")]
            return along
        case "highest" | "lowest":
            _, vectors = yield from extremes(objective, theta)
            vector: Array = vectors[int(request.direction == "lowest")]
            return vector
        case "parameter":
            return axis_of(objective.dim, request)
        case "random":
            return random_of(objective.dim, request)
    _, uphill = yield from in_thread_if_long(objective, lambda: objective.value_and_grad(theta))
    return -uphill


def _direction(subject: Subject, request: DirectionRequest) -> TimeSlices[Report]:
    vector, length = yield from unit_direction(subject, request)
    return {"direction": request.direction, "vector": vector, "length": length}


def direction_effort(request: Along, size: WorkSize) -> Effort:
    """What finding the direction takes."""
    if request.direction in ("highest", "lowest"):
        return PLANES["hessian"].effort(None, size)
    return size.theta + Effort(gradients=1, calls=100)


STUDIES = (Study(DirectionRequest, _direction, priced(direction_effort)),)
