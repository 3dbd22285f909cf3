"""A recorded run of a foreign model as it is seen: its true costs, and where it falls on a plane."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.objective import ForeignObjective
from descentscape.core.foreign.paths import RecordedPath, Shadow, shadow_of
from descentscape.core.landscape.plane import Plane
from descentscape.core.objective import Array, Indices


@dataclass(frozen=True, eq=False)
class Recorded:
    """A run's name and path, with its true cost ``(S,)``, a call for each entry, when that is asked for."""

    label: str
    track: RecordedPath
    objective: ForeignObjective

    @cached_property
    def cost(self) -> Array:
        """C(θ) at every entry."""
        heights = [float(self.objective.value(self.track.theta(k))) for k in range(self.track.entries)]
        return np.array(heights)

    def entry_of(self, step: int | None) -> int:
        """The entry of a step, the last one's for None; InvalidValue for a step that was not recorded."""
        steps = self.track.steps
        if step is None:
            return len(steps) - 1
        found = np.flatnonzero(steps == step)
        if not len(found):
            nearest = int(steps[np.abs(steps - step).argmin()])
            raise InvalidValue("step", f"one that was recorded, such as {nearest}", step)
        return int(found[0])


@dataclass(frozen=True, eq=False)
class ExploredRun:
    """A recorded run in a plane, under `RunResult`'s names: entry k is the state after ``steps[k]`` steps."""

    recorded: Recorded
    plane: Plane
    status: Literal["finished"] = "finished"

    @property
    def label(self) -> str:
        """Its name."""
        return self.recorded.label

    @property
    def steps(self) -> Indices:
        """The training step of every entry ``(S,)``."""
        return self.recorded.track.steps

    @property
    def cost(self) -> Array:
        """The true cost C(θ) ``(S,)``."""
        return self.recorded.cost

    @cached_property
    def _shadow(self) -> Shadow:
        return shadow_of(self.recorded.track, self.plane)

    @property
    def path(self) -> Array:
        """The coordinates ``(S, 2)`` of the nearest point of the plane."""
        return self._shadow.path

    @property
    def off_plane(self) -> Array:
        """The distance ``(S,)`` from the plane."""
        return self._shadow.off_plane

    @cached_property
    def shadow_cost(self) -> Array:
        """The projected cost ``(S,)``: the height of the surface there."""
        if self.plane.exact:
            return self.cost
        value = self.recorded.objective.value
        return np.array([float(value(self.plane.lift(place))) for place in self.path])

    @property
    def theta(self) -> Array:
        """The parameters at every entry ``(S, P)``, all of them in memory."""
        return self.recorded.track.whole()

    def __repr__(self) -> str:
        steps = f"steps {self.steps[0]:,} to {self.steps[-1]:,}"
        return f"<run {self.label!r}: {len(self.steps)} entries, {steps}, of {self.plane.dim:,} parameters>"
