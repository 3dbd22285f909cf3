"""The plane of steepest descent and the optimizer's own step, at a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import ConfigDict

from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.landscape import planes
from descentscape.core.landscape.plane import Plane
from descentscape.core.landscape.walks import Own
from descentscape.document.bounds import MAX_RUNS, MAX_STEPS
from descentscape.document.planes.base import Descended, PlaneKind, Trajectories, at_once
from descentscape.document.schema import Tagged, knob
from descentscape.document.size_rules import moment_fits


class GradientPlane(Tagged):
    """Steepest descent and the optimizer’s own step, at a step."""

    model_config = ConfigDict(title="Gradient and step")

    kind: Literal["gradient"] = "gradient"
    run: int = knob(0, label="run", low=0, high=MAX_RUNS - 1)
    step: int = knob(0, label="step", low=0, high=MAX_STEPS)


def _lay(spec: GradientPlane, descended: Descended) -> Plane:
    """Of theta at the step and the move to the next; at the end, of the last step and its move."""
    trajectory = descended.trajectories[spec.run]
    at, after = _entries(trajectory, spec.step)
    two = trajectory.thetas(at, after + 1)
    return planes.gradient(descended.objective, two[0], two[-1] - two[0])


def _joins(spec: GradientPlane, plane: Plane, trajectories: Trajectories) -> Mapping[str, Own]:
    at, after = _entries(trajectories[spec.run], spec.step)
    turns = planes.STEP_LABEL in plane.labels
    return {planes.STEP_LABEL if turns else planes.GRADIENT_LABEL: ((spec.run, at), (spec.run, after))}


def _entries(trajectory: Trajectory, step: int) -> tuple[int, int]:
    last = trajectory.entries - 1
    at = max(min(step, last - 1), 0)
    return at, min(at + 1, last)


PLANE = PlaneKind(GradientPlane, at_once(_lay), moment_fits, _joins)
