"""The window of a plane that a picture shows: which plane, how much of it, and for how long it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from descentscape.compute.build import BuiltProblem
from descentscape.compute.plane_choice import entries_before_divergence, plane_through, thinned_paths
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.landscape.extent import WINDOW_MARGIN, Extent, fit_extent
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import run_in_thread
from descentscape.document.planes.base import Paths
from descentscape.document.view import View

BLOWN_UP = "A path that diverged counts up to where it blows up."
"""Said of a plane that leaves out what a run did then: it would be nearly all of the variance."""


@dataclass(frozen=True, eq=False)
class Window:
    """A plane and the part of it that is drawn.

    ``provisional`` means that it was fitted to runs that were not complete. ``generation`` counts the windows
    of one computation, from 0.
    """

    plane: Plane
    extent: Extent
    provisional: bool
    generation: int

    @cached_property
    def plane_id(self) -> str:
        """A name for the plane itself: the same plane has it again after a reconnection."""
        numbers = np.concatenate([self.plane.origin, *self.plane.basis])
        return hashlib.sha256(numbers.tobytes()).hexdigest()[:16]


def fit_window(
    view: View, problem: BuiltProblem, trajectories: Sequence[Trajectory], generation: int
) -> TimeSlices[Window]:
    """The plane of the view and an extent around the runs, or the view's own extent; in short time slices."""
    if view.plane is None and view.grid.extent == "fit" and problem.given is not None:
        return (yield from run_in_thread(lambda: _given(problem, trajectories, generation)))
    provisional = any(each.status == "running" for each in trajectories)
    entries = entries_before_divergence(trajectories)
    plane, paths = yield from plane_through(view.plane, problem, trajectories)
    if not plane.exact and any(
        count < each.entries for each, count in zip(trajectories, entries, strict=True)
    ):
        plane = replace(plane, note=f"{plane.note} {BLOWN_UP}")
    extent = view.grid.extent
    if extent == "fit":
        extent = _fitted(plane, problem, paths)
    return Window(plane, extent, provisional, generation)


def _given(problem: BuiltProblem, trajectories: Sequence[Trajectory], generation: int) -> Window:
    """The plane that a model came with, and as much more of it as the runs need that are computed here."""
    assert problem.given is not None
    plane, extent = problem.given()
    computed = [each for each in trajectories if isinstance(each, ComputedTrajectory)]
    if computed:
        paths = thinned_paths(computed, entries_before_divergence(computed))
        extent = _around(extent, fit_extent([plane.project(path) for path in paths.points]))
    provisional = any(each.status == "running" for each in computed)
    return Window(plane, extent, provisional, generation)


def _fitted(plane: Plane, problem: BuiltProblem, paths: Paths) -> Extent:
    minima = problem.minima if problem.kind == "linear" and problem.exact else None
    fitted = fit_extent([plane.project(path) for path in paths.points], minima)
    return fitted if problem.domain is None else _around(problem.domain, fitted)


def _around(domain: Extent, fitted: Extent) -> Extent:
    """The domain where it holds the paths, and as much more as they need where it does not."""
    (a0, a1), (b0, b1) = (_widened(own, other) for own, other in zip(domain, fitted, strict=True))
    return (a0, a1), (b0, b1)


def _widened(own: Pair, fitted: Pair) -> Pair:
    margin = (fitted[1] - fitted[0]) * WINDOW_MARGIN / (1 + 2 * WINDOW_MARGIN)
    low = own[0] if fitted[0] + margin >= own[0] else fitted[0]
    high = own[1] if fitted[1] - margin <= own[1] else fitted[1]
    return low, high
