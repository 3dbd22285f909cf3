"""What a kind of plane is: its fields, the rules between them, how it is laid, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.landscape.chance.walks import Own
from descentscape.core.landscape.plane import Plane
from descentscape.core.objective import Array, Objective
from descentscape.core.time_slices import TimeSlices
from descentscape.document.effort import NONE, Effort, WorkSize
from descentscape.document.points import PointSpec
from descentscape.document.schema import Path, Tagged, kind_of
from descentscape.document.size_rules import Broken, ExperimentSize

Trajectories = Sequence[Trajectory]
Entry = tuple[int, int]
"""An entry of a path: of which run, and at which step."""


MOST_NUMBERS = 64 * 2**20 // 8
"""Numbers of the paths' points that principal components are taken of; longer paths are thinned evenly."""


class Paths(NamedTuple):
    """Points of each run's path: theta ``(S, P)``, and how many entries each stands for ``(S,)``."""

    points: list[Array]
    weights: list[Array]


@dataclass(frozen=True)
class Descended:
    """What a plane is laid through: the problem's cost, its runs as far as they are, and their paths."""

    objective: Objective
    trajectories: Trajectories
    paths: Paths


@dataclass(frozen=True)
class PlaneKind:
    """A kind of plane.

    ``lay`` makes the plane that a ``spec`` describes, in short slices. ``rules`` yields what is wrong with a
    spec in an experiment of a size. ``joins`` says which directions, by their labels, join two entries of the
    paths: there a random walk's share is not that of any direction. ``runs`` names the runs whose variance
    the plane's shares are of (None: all), ``walk`` the random walk that they are held against. ``effort``
    is about what it takes to lay it through the paths of an experiment.
    """

    spec: type[Tagged]
    lay: Callable[[Any, Descended], TimeSlices[Plane]]
    rules: Callable[[Path, Any, ExperimentSize], Broken] = lambda *_: iter(())
    joins: Callable[[Any, Plane, Trajectories], Mapping[str, Own]] = lambda *_: {}
    runs: Callable[[Any], Sequence[int] | None] = lambda _: None
    walk: str = "a random walk"
    effort: Callable[[Any, WorkSize], Effort] = lambda *_: NONE

    @property
    def kind(self) -> str:
        """The name that the spec carries."""
        return kind_of(self.spec)


def point_of(point: PointSpec, trajectories: Trajectories) -> Array:
    """The parameters ``(P,)`` that a point of the document stands for."""
    if point.theta is not None:
        return np.array(point.theta)
    run, step = entry_of(point.run, point.step, trajectories)
    return trajectories[run].theta_at(step)


def entry_of(run: int, step: int | None, trajectories: Trajectories) -> Entry:
    """The entry that a step of a run (None: its last) stands for: a shorter run has its last one there."""
    last = trajectories[run].entries - 1
    return run, last if step is None else min(step, last)
