"""One-dimensional slices: the cost along a direction through the place, and from one point to another."""

from __future__ import annotations

from typing import Literal

import numpy as np

from descentscape.core.landscape.lines import Line, cost_along, cost_between
from descentscape.core.objective import Objective
from descentscape.core.time_slices import TimeSlices
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.points import PlaceSpec
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import Study, Subject, priced, window_of
from descentscape.studies.directions import Along, direction_effort, unit_direction
from descentscape.studies.inspection import place_of
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
    start: PlaceSpec = PlaceSpec(step=0)
    end: PlaceSpec = PlaceSpec()
    resolution: int = knob(RESOLUTION, label="resolution", low=3, high=FINEST)


def _line(subject: Subject, request: LineRequest) -> TimeSlices[Report]:
    window, theta = window_of(subject), subject.place.theta
    direction, _ = yield from unit_direction(subject, request)
    reach = request.reach or (window.extent[0][1] - window.extent[0][0]) / 2
    t = np.linspace(-reach, reach, request.resolution)
    line = yield from cost_along(objective_of(subject), theta, direction, t, test=_test(subject))
    return {"direction": request.direction, "reach": reach, **_costs(line)}


def _segment(subject: Subject, request: SegmentRequest) -> TimeSlices[Report]:
    start, end = (
        place_of(subject.computation, spec, f"study.{name}.").theta
        for name, spec in (("start", request.start), ("end", request.end))
    )
    found = yield from cost_between(
        objective_of(subject), start, end, request.resolution, test=_test(subject)
    )
    return {
        "length": found.length,
        "barrier": found.barrier,
        "test_barrier": found.test_barrier,
        **_costs(found.line),
    }


def _costs(line: Line) -> Report:
    test = {} if line.test_cost is None else {"test_cost": line.test_cost}
    return {"t": line.t, "distance": line.distance, "cost": line.cost, **test}


def _test(subject: Subject) -> Objective | None:
    data = subject.computation.problem.data
    return None if data is None else data.test_objective


def _line_effort(request: LineRequest, size: WorkSize) -> Effort:
    return direction_effort(request, size) + _costs_effort(request.resolution, size)


def _segment_effort(request: SegmentRequest, size: WorkSize) -> Effort:
    return 2 * size.theta + _costs_effort(1.5 * request.resolution, size)


def _costs_effort(points: float, size: WorkSize) -> Effort:
    costs = points * (1 + size.test / size.examples)
    return Effort(costs=costs, numbers=3 * points * size.parameters, calls=250 + points / 10, kept=4 * points)


STUDIES = (
    Study(LineRequest, _line, priced(_line_effort), "resolution"),
    Study(SegmentRequest, _segment, priced(_segment_effort), "resolution"),
)
