"""One-dimensional slices: the cost along a direction through the place, and from one point to another."""

from __future__ import annotations

from typing import Literal

import numpy as np

from descentscape.compute.plane_choice import point_of
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.lines import Line, cost_along_turns, cost_between_turns
from descentscape.core.objective import Objective
from descentscape.core.time_slices import Turns
from descentscape.document.schema import Tagged, knob
from descentscape.document.view import PointSpec
from descentscape.studies.base import Study, Subject, in_turns, window_of
from descentscape.studies.directions import Along, unit_direction
from descentscape.studies.predictions import Report
from descentscape.studies.reports import objective_of

RESOLUTION, FINEST = 151, 401


class LineRequest(Along):
    """The cost along a straight line through the place, train and test."""

    kind: Literal["line"] = "line"
    reach: float | None = knob(
        None,
        label="reach",
        low=1e-9,
        high=1e6,
        help="To either side. Empty: half the window’s width.",
    )
    resolution: int = knob(RESOLUTION, label="resolution", low=3, high=FINEST)


class SegmentRequest(Tagged):
    """The cost from one point to another and a little beyond, and the barrier between, train and test."""

    kind: Literal["segment"] = "segment"
    start: PointSpec = PointSpec(step=0)
    end: PointSpec = PointSpec()
    resolution: int = knob(RESOLUTION, label="resolution", low=3, high=FINEST)


def _line(subject: Subject, request: LineRequest) -> Turns[Report]:
    window, theta = window_of(subject), subject.place.theta
    direction, _ = yield from unit_direction(subject, request)
    reach = request.reach or (window.extent[0][1] - window.extent[0][0]) / 2
    t = np.linspace(-reach, reach, request.resolution)
    line = yield from cost_along_turns(objective_of(subject), theta, direction, t, test=_test(subject))
    return {"direction": request.direction, "reach": reach, **_costs(line)}


def _segment(subject: Subject, request: SegmentRequest) -> Turns[Report]:
    trajectories = subject.computation.trajectories
    for name, point in (("start", request.start), ("end", request.end)):
        _require(subject, name, point)
    start, end = (point_of(point, trajectories) for point in (request.start, request.end))
    found = yield from cost_between_turns(
        objective_of(subject), start, end, request.resolution, test=_test(subject)
    )
    return {
        "length": found.length,
        "barrier": found.barrier,
        "test_barrier": found.test_barrier,
        **_costs(found.line),
    }


def _require(subject: Subject, name: str, point: PointSpec) -> None:
    runs, dim = len(subject.computation.trajectories), subject.computation.problem.objective.dim
    if point.theta is not None and len(point.theta) != dim:
        raise InvalidValue(f"study.{name}.theta", f"{dim} numbers", len(point.theta))
    if point.theta is None and point.run >= runs:
        raise InvalidValue(f"study.{name}.run", f"from 0 to {runs - 1}", point.run)


def _costs(line: Line) -> Report:
    test = {} if line.test_cost is None else {"test_cost": line.test_cost}
    return {"t": line.t, "distance": line.distance, "cost": line.cost, **test}


def _test(subject: Subject) -> Objective | None:
    data = subject.computation.problem.data
    return None if data is None else data.test_objective


STUDIES = (Study(LineRequest, in_turns(_line)), Study(SegmentRequest, in_turns(_segment)))
