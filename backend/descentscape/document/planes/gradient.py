"""The plane of steepest descent and the optimizer's own step, at a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from descentscape.core.landscape import planes
from descentscape.core.landscape.chance.walks import Own
from descentscape.core.landscape.plane import Plane
from descentscape.core.time_slices import at_once
from descentscape.document.bounds import MAX_RUNS, MAX_STEPS
from descentscape.document.effort import Effort
from descentscape.document.planes.base import Descended, PlaneKind, Trajectories, entry_of
from descentscape.document.schema import Tagged, knob
from descentscape.document.size_rules import moment_fits


class GradientPlane(Tagged, title="Gradient and step"):
    """Steepest descent and the optimizer’s own step, at a step."""

    kind: Literal["gradient"] = "gradient"
    run: int = knob(0, label="run", low=0, high=MAX_RUNS - 1)
    step: int = knob(0, label="step", low=0, high=MAX_STEPS)


def _lay(spec: GradientPlane, descended: Descended) -> Plane:
    """Of theta at the step and the move to the next; at the end, of the last step and its move."""
    at, after = _entries(spec, descended.trajectories)
    two = descended.trajectories[spec.run].thetas(at, after + 1)
    return planes.gradient(descended.objective, two[0], two[-1] - two[0])


def _joins(spec: GradientPlane, plane: Plane, trajectories: Trajectories) -> Mapping[str, Own]:
    at, after = _entries(spec, trajectories)
    turns = planes.STEP_LABEL in plane.labels
    return {planes.STEP_LABEL if turns else planes.GRADIENT_LABEL: ((spec.run, at), (spec.run, after))}


def _entries(spec: GradientPlane, trajectories: Trajectories) -> tuple[int, int]:
    last = trajectories[spec.run].entries - 1
    at = min(entry_of(spec.run, spec.step, trajectories)[1], max(last - 1, 0))
    return at, min(at + 1, last)


PLANE = PlaneKind(GradientPlane, at_once(_lay), moment_fits, _joins, effort=lambda *_: Effort(gradients=1))
