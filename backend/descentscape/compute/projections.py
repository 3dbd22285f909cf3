"""Where every step of a run falls on a plane, and how high the surface is there."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.landscape.plane import Plane
from descentscape.core.landscape.surface import slice_heights
from descentscape.core.objective import Array

ENTRIES_AT_ONCE = 64
"""Entries that are projected at once at most."""

BLOCK_WORK = 2**24
"""Parameters times examples that are evaluated at once: a few milliseconds, so that slices stay short."""


@dataclass(eq=False)
class Projection:
    """One run's projection on one plane, made block by block as far as the run is computed.

    ``path`` ``(S, 2)`` holds the coordinates of the point of the plane that is nearest to theta, ``cost``
    ``(S,)`` the height of the surface there and ``distance`` ``(S,)`` how far theta is from it.
    """

    trajectory: Trajectory
    plane: Plane
    entries: int = 0
    path: Array = field(init=False)
    cost: Array = field(init=False)
    distance: Array = field(init=False)

    def __post_init__(self) -> None:
        rows = self.trajectory.most_entries
        self.path, self.cost, self.distance = np.empty((rows, 2)), np.empty(rows), np.empty(rows)

    def taken_over(self, trajectory: Trajectory, keep: int) -> Projection:
        """The projection of a run that has its first ``keep`` entries in common with this one, or fewer.

        A schedule that is stretched over more steps changes them all: costs that differ tell.
        """
        if trajectory is self.trajectory:
            return self
        other = Projection(trajectory, self.plane)
        both = min(keep, self.entries, trajectory.entries)
        differ = self.trajectory.cost[:both] != trajectory.cost[:both]
        other.entries = int(differ.argmax()) if differ.any() else both
        for name in ("path", "cost", "distance"):
            getattr(other, name)[: other.entries] = getattr(self, name)[: other.entries]
        return other

    @property
    def complete(self) -> bool:
        """Whether it has come as far as the run."""
        return self.entries == self.trajectory.entries

    def _rows(self) -> int:
        """Entries of a block; of a run that is not kept whole as many as go with one replay."""
        if self.trajectory.stride > 1:
            return ENTRIES_AT_ONCE
        objective = self.trajectory.objective
        work = objective.dim * getattr(objective, "n_examples", 1)
        return max(1, min(ENTRIES_AT_ONCE, BLOCK_WORK // work))

    def advance(self) -> None:
        """Project one more block."""
        first = self.entries
        last = min(first + self._rows(), self.trajectory.entries)
        theta = self.trajectory.thetas(first, last)
        path = self.plane.project(theta)
        self.path[first:last] = path
        if self.plane.exact:
            self.cost[first:last] = self.trajectory.cost[first:last]
            self.distance[first:last] = 0.0
        else:
            objective = self.trajectory.objective
            self.cost[first:last] = slice_heights(objective, self.plane, path, np.float64)
            self.distance[first:last] = self.plane.residual(theta)
        self.entries = last
