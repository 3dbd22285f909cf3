"""The study of critical points: where a two-parameter problem has them, and what they are called."""

from __future__ import annotations

from itertools import product
from typing import Literal

import numpy as np

from descentscape.compute.window import Window
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.critical import (
    SEARCH_RESOLUTION,
    CriticalCurve,
    CriticalPoint,
    critical_points,
)
from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.plane import Plane
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import run_in_thread
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import Study, Subject, priced, window_of
from descentscape.studies.predictions import Report

SEARCHED, SOONER = 30_000, 15_000
"""Slopes and curvatures that iterations take until they stand still, and of a formula."""

FINEST_SEARCH = 161
"""Points along each side of the finest search."""


class CriticalRequest(Tagged):
    """The isolated critical points in the window, and the curves that minima form there."""

    kind: Literal["critical"] = "critical"
    resolution: int = knob(
        SEARCH_RESOLUTION,
        label="resolution",
        low=11,
        high=FINEST_SEARCH,
        help="Points along each side of the search.",
    )


def _critical(subject: Subject, request: CriticalRequest) -> TimeSlices[Report]:
    problem, window = subject.computation.problem, window_of(subject)
    if not problem.exact:
        raise InvalidValue("study.kind", "another than critical above two parameters", problem.objective.dim)
    box = _parameters_in(window)
    found = yield from run_in_thread(lambda: critical_points(problem.objective, box, request.resolution))
    return {
        "points": [_point(window.plane, point) for point in found.points],
        "curves": [_curve(window.plane, curve) for curve in found.curves],
        "flat": found.flat,
        "resolution": found.resolution,
        "spacing": found.spacing,
    }


def _parameters_in(window: Window) -> Extent:
    """The box of parameters around the window's corners."""
    corners = window.plane.lift(np.array(list(product(*window.extent))))
    (a0, b0), (a1, b1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return (a0, a1), (b0, b1)


def _point(plane: Plane, point: CriticalPoint) -> Report:
    return {
        "at": plane.project(point.theta).tolist(),
        "theta": point.theta.tolist(),
        "cost": point.cost,
        "classification": point.classification,
        "index": point.index,
        "eigenvalues": point.eigenvalues.tolist(),
    }


def _curve(plane: Plane, curve: CriticalCurve) -> Report:
    return {"path": plane.project(curve.theta), "cost": curve.cost, "curvature": curve.curvature}


def _effort(request: CriticalRequest, size: WorkSize) -> Effort:
    """Slopes of the grid, and of the iterations that set out from some of its points: of a bowl, from one."""
    searched = SOONER if size.formula else SEARCHED * (size.layers > 1)
    return Effort(gradients=1.5 * request.resolution**2 + searched, calls=20_000)


STUDIES = (Study(CriticalRequest, _critical, priced(_effort), "resolution"),)
