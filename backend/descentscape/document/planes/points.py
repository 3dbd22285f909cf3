"""The plane through three points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from descentscape.core.landscape import planes
from descentscape.core.landscape.chance.walks import Own
from descentscape.core.landscape.plane import Plane
from descentscape.core.time_slices import at_once
from descentscape.document.planes.base import (
    Descended,
    PlaneKind,
    Trajectories,
    entry_of,
    point_of,
)
from descentscape.document.points import LAST, PointSpec
from descentscape.document.schema import Path, Tagged
from descentscape.document.size_rules import Broken, ExperimentSize, point_fits

Three: TypeAlias = Annotated[tuple[PointSpec, PointSpec, PointSpec], Field(strict=False)]


class PointsPlane(Tagged, title="Through three points"):
    """The plane through three points, such as the ends of three runs."""

    kind: Literal["points"] = "points"
    points: Three | None = Field(
        None,
        title="points",
        description="Empty: the first run’s start and two runs’ ends; of one run start, middle and end.",
    )


def _rules(path: Path, spec: PointsPlane, size: ExperimentSize) -> Broken:
    for index, point in enumerate(spec.points or ()):
        yield from point_fits((*path, "points", index), point, size)


def _lay(spec: PointsPlane, descended: Descended) -> Plane:
    trajectories = descended.trajectories
    return planes.points(
        descended.objective, [point_of(point, trajectories) for point in _three(spec, trajectories)]
    )


def _joins(spec: PointsPlane, _: Plane, trajectories: Trajectories) -> Mapping[str, Own]:
    entries = (
        entry_of(point.run, point.step, trajectories) if point.theta is None else None
        for point in _three(spec, trajectories)
    )
    first, *others = entries
    first = first or others[0]
    return {
        label: (first, other)
        for label, other in zip(planes.POINTS_LABELS, others, strict=True)
        if first and other and other != first
    }


def _three(spec: PointsPlane, trajectories: Trajectories) -> tuple[PointSpec, PointSpec, PointSpec]:
    halfway = PointSpec(step=trajectories[0].entries // 2)
    third = PointSpec(run=1) if len(trajectories) > 1 else halfway
    return spec.points or (PointSpec(step=0), LAST, third)


PLANE = PlaneKind(PointsPlane, at_once(_lay), _rules, _joins)
