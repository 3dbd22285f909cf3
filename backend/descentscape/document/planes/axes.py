"""The plane of two of the parameters."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from descentscape.core.landscape import planes
from descentscape.core.landscape.plane import Plane
from descentscape.core.objective import Array
from descentscape.core.time_slices import at_once
from descentscape.document.field_errors import broken_rule
from descentscape.document.planes.base import Descended, PlaneKind, point_of
from descentscape.document.points import LAST, PointSpec
from descentscape.document.schema import Path, Tagged
from descentscape.document.size_rules import Broken, ExperimentSize, is_below, point_fits


class AxesPlane(Tagged, title="Two parameters"):
    """Two of the parameters, all others held at the origin."""

    kind: Literal["axes"] = "axes"
    parameters: tuple[int, int] = Field((0, 1), title="parameters", strict=False)
    origin: PointSpec | None = None


def _rules(path: Path, spec: AxesPlane, size: ExperimentSize) -> Broken:
    if spec.origin is not None:
        yield from point_fits((*path, "origin"), spec.origin, size)
    for index, parameter in enumerate(spec.parameters):
        yield from is_below((*path, "parameters", index), parameter, size.parameters, "parameters")
    if spec.parameters[0] == spec.parameters[1]:
        yield broken_rule((*path, "parameters"), "two different parameters", spec.parameters)


def _lay(spec: AxesPlane, descended: Descended) -> Plane:
    return planes.axes(descended.objective, _origin(spec, descended), spec.parameters)


def _origin(spec: AxesPlane, descended: Descended) -> Array:
    if spec.origin is None and descended.objective.dim == 2:
        return np.zeros(2)
    return point_of(spec.origin or LAST, descended.trajectories)


PLANE = PlaneKind(AxesPlane, at_once(_lay), _rules)
