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

BLOCK_WORK = 2**26
"""Parameters times examples that are evaluated at once: a few milliseconds, so that slices stay short."""


@dataclass(eq=False)
class Projection:
    """One run's projection on one plane, made block by block ahead of time or when it is asked for.

    ``advance`` makes the next of its ``entries``, with the heights if they are looked at. What is asked for
    beyond them is made then.
    """

    trajectory: Trajectory
    plane: Plane
    entries: int = 0
    _raised: int = 0
    _path: Array = field(init=False)
    _cost: Array = field(init=False)
    _distance: Array = field(init=False)

    def __post_init__(self) -> None:
        rows = self.trajectory.most_entries
        self._path, self._cost, self._distance = np.empty((rows, 2)), np.empty(rows), np.empty(rows)

    def path(self, first: int, last: int) -> Array:
        """The coordinates ``(last − first, 2)`` of the points of the plane that are nearest to theta."""
        self._project(last)
        return self._path[first:last]

    def distance(self, first: int, last: int) -> Array:
        """How far theta is from the plane ``(last − first,)``."""
        self._project(last)
        return self._distance[first:last]

    def cost(self, first: int, last: int) -> Array:
        """The height of the surface at the path's points ``(last − first,)``."""
        self._project(last)
        self._raise(last)
        return self._cost[first:last]

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
        other._raised = min(self._raised, other.entries)
        for name in ("_path", "_cost", "_distance"):
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

    def advance(self, heights: bool = True) -> None:
        """Make one more block, with the surface's heights or without."""
        last = self._end(self.entries)
        self._project(last)
        if heights:
            self._raise(last)

    def _end(self, first: int) -> int:
        return min(first + self._rows(), self.trajectory.entries)

    def _project(self, last: int) -> None:
        while self.entries < last:
            first, self.entries = self.entries, self._end(self.entries)
            theta = self.trajectory.thetas(first, self.entries)
            self._path[first : self.entries] = self.plane.project(theta)
            self._distance[first : self.entries] = 0.0 if self.plane.exact else self.plane.residual(theta)

    def _raise(self, last: int) -> None:
        while self._raised < last:
            first, self._raised = self._raised, min(self._end(self._raised), self.entries)
            rows = slice(first, self._raised)
            if self.plane.exact:
                self._cost[rows] = self.trajectory.cost[rows]
            else:
                objective = self.trajectory.objective
                self._cost[rows] = slice_heights(objective, self.plane, self._path[rows], np.float64)
