"""The plane of the highest and the lowest curvature at a step."""

from __future__ import annotations

from typing import Literal

from descentscape.core.landscape import planes
from descentscape.core.landscape.curvature import DENSE_ON_PATHS
from descentscape.core.landscape.plane import Plane
from descentscape.core.time_slices import TimeSlices
from descentscape.document.bounds import MAX_RUNS, MAX_STEPS
from descentscape.document.effort import EIGENVECTORS, Effort, WorkSize, krylov
from descentscape.document.planes.base import Descended, PlaneKind, entry_of
from descentscape.document.schema import Tagged, knob
from descentscape.document.size_rules import moment_fits


class HessianPlane(Tagged, title="Extreme curvatures"):
    """The directions of most positive and most negative curvature at a step."""

    kind: Literal["hessian"] = "hessian"
    run: int = knob(0, label="run", low=0, high=MAX_RUNS - 1)
    step: int | None = knob(None, label="step", low=0, high=MAX_STEPS, help="Empty: the last one.")


def _lay(spec: HessianPlane, descended: Descended) -> TimeSlices[Plane]:
    run, step = entry_of(spec.run, spec.step, descended.trajectories)
    theta = descended.trajectories[run].theta_at(step)
    return (yield from planes.hessian(descended.objective, theta))


def _effort(_: HessianPlane, size: WorkSize) -> Effort:
    """All eigenvectors of a small Hessian; of a large one two, from some dozens of products."""
    if size.parameters <= DENSE_ON_PATHS:
        return Effort(hessians=1, factorisations=EIGENVECTORS, calls=100)
    return krylov(size.parameters, 60)


PLANE = PlaneKind(HessianPlane, _lay, moment_fits, effort=_effort)
