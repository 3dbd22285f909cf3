"""Where every step of a run falls on a plane, and how high the surface is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import numpy as np

from descentscape.core.descent.trajectory import Replayable, Trajectory
from descentscape.core.landscape.plane import Plane
from descentscape.core.landscape.surface import slice_heights
from descentscape.core.objective import Array
from descentscape.core.time_slices import Resumable, TimeSlices
from descentscape.core.undivided import gradient_work, run_in_thread

ENTRIES_AT_ONCE = 64
"""Entries that are projected at once at most."""

BLOCK_WORK = 2**24
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
    _placed: int = 0
    _raised: int = 0
    _path: Array = field(init=False)
    _cost: Array = field(init=False)
    _distance: Array = field(init=False)

    def __post_init__(self) -> None:
        rows = self.trajectory.most_entries
        self._blocks, self._heights = Resumable(self._block), True
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
        other._placed, other._raised = other.entries, min(self._raised, other.entries)
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
        return max(1, min(ENTRIES_AT_ONCE, BLOCK_WORK // gradient_work(self.trajectory.objective)))

    def advance(self, heights: bool = True) -> None:
        """Go on making one more block, with the surface's heights or without."""
        self._heights = heights
        self._blocks.advance()

    def _block(self) -> TimeSlices[None]:
        """On a thread where it takes long: steps that are not kept are made once more for it."""
        rows, again = self._rows(), self.trajectory.stride > 1
        work = rows * (cast("Replayable", self.trajectory).run.step_work if again else self._height_work())
        if work <= 2 * BLOCK_WORK:
            return self._make_block()
        return (yield from run_in_thread(self._make_block))

    def _make_block(self) -> None:
        last = self._end(self.entries)
        self._project(last)
        if self._heights:
            self._raise(last)
        self.entries = max(self.entries, last)

    def _height_work(self) -> int:
        return 0 if self.plane.exact else gradient_work(self.trajectory.objective)

    def _end(self, first: int) -> int:
        return min(first + self._rows(), self.trajectory.entries)

    def _project(self, last: int) -> None:
        while self._placed < last:
            first, end = self._placed, self._end(self._placed)
            theta = self.trajectory.thetas(first, end)
            self._path[first:end] = self.plane.project(theta)
            self._distance[first:end] = 0.0 if self.plane.exact else self.plane.residual(theta)
            self._placed = max(self._placed, end)

    def _raise(self, last: int) -> None:
        while self._raised < last:
            rows = slice(self._raised, min(self._end(self._raised), self._placed))
            if self.plane.exact:
                self._cost[rows] = self.trajectory.cost[rows]
            else:
                objective = self.trajectory.objective
                self._cost[rows] = slice_heights(objective, self.plane, self._path[rows], np.float64)
            self._raised = max(self._raised, rows.stop)
