"""The plane that an experiment is seen in, from its document and the paths of its runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from descentscape.compute.build import BuiltProblem
from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.landscape import planes
from descentscape.core.landscape.extent import before_blow_up
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.landscape.walks import Own, spanned_null
from descentscape.core.landscape.walks_apart import start_apart, walks_beside
from descentscape.core.objective import Array
from descentscape.core.time_slices import Turns
from descentscape.document.view import (
    LAST,
    AxesPlane,
    CustomPlane,
    GradientPlane,
    HessianPlane,
    PcaPlane,
    PlaneSpec,
    PointSpec,
    PointsPlane,
    RandomPlane,
)

Trajectories = Sequence[Trajectory]
Entry = tuple[int, int]
"""An entry of a path: of which run, and at which step."""

OtherPlane = AxesPlane | RandomPlane | HessianPlane | GradientPlane | PointsPlane | CustomPlane

MOST_POINTS = 64 * 2**20 // 8
"""Numbers of the paths' points that principal components are taken of; longer paths are thinned evenly."""


class Paths(NamedTuple):
    """Points of each run's path: theta ``(S, P)``, and how many entries each stands for ``(S,)``."""

    points: list[Array]
    weights: list[Array]


def plane_of(
    spec: PlaneSpec | None, problem: BuiltProblem, trajectories: Trajectories, paths: Paths
) -> Turns[Plane]:
    """The plane of a document, with the shares of the variance of these paths along it.

    None is the axes for two parameters and PCA of all paths otherwise. A step that a run has not (it
    ended before, or is not there yet) stands for the last one that it has. In short turns, since a large
    network's curvature takes long to find.
    """
    if spec is None:
        spec = AxesPlane() if problem.exact else PcaPlane()
    if spec.kind == "pca":
        runs = range(len(paths.points)) if spec.runs == "all" else spec.runs
        points, weights = ([column[run] for run in runs] for column in paths)
        return planes.pca(problem.objective, points, spec.center, weights)
    plane = yield from _plane(spec, problem, trajectories)
    if plane.exact or not paths.points:
        return plane
    own = _own_directions(spec, plane, trajectories)
    return plane.beside(paths.points, _null(plane, own, paths), paths.weights)


def _null(plane: Plane, own: Sequence[Own | None], paths: Paths) -> Pair | None:
    """What random walks would show along the plane's directions, of which some are the walks' own."""
    walks = walks_beside(*paths)
    if not start_apart(paths.points):
        return spanned_null(walks.lengths, plane.dim, own)
    directions = [fixed if pair is None else pair for fixed, pair in zip(plane.basis, own, strict=True)]
    return walks.shares(directions)


def _own_directions(spec: OtherPlane, plane: Plane, trajectories: Trajectories) -> list[Own | None]:
    """For each direction of the plane the two entries of the paths that it joins; None for others."""
    own: dict[str, Own] = {}
    if spec.kind == "points":
        three = spec.points or _three_points(len(trajectories), trajectories[0].entries)
        first, *others = (_entry(each, trajectories) if each.theta is None else None for each in three)
        first = first or others[0]
        own = {
            label: (first, other)
            for label, other in zip(planes.POINTS_LABELS, others, strict=True)
            if first and other and other != first
        }
    elif spec.kind == "gradient":
        at, after = _step_at(trajectories[spec.run], spec.step)
        turns = planes.STEP_LABEL in plane.labels
        own = {planes.STEP_LABEL if turns else planes.GRADIENT_LABEL: ((spec.run, at), (spec.run, after))}
    return [own.get(label) for label in plane.labels]


def _plane(spec: OtherPlane, problem: BuiltProblem, trajectories: Trajectories) -> Turns[Plane]:
    objective = problem.objective
    match spec.kind:
        case "axes":
            return planes.axes(objective, _axes_origin(spec, problem, trajectories), spec.parameters)
        case "random":
            return planes.random(
                objective,
                point_of(spec.origin, trajectories),
                np.random.default_rng(spec.seed),
                normalization=spec.normalization,
                biases=spec.biases,
            )
        case "hessian":
            theta = point_of(PointSpec(run=spec.run, step=spec.step), trajectories)
            return (yield from planes.hessian_turns(objective, theta))
        case "gradient":
            return planes.gradient(objective, *_step(trajectories[spec.run], spec.step))
        case "points":
            three = spec.points or _three_points(len(trajectories), trajectories[0].entries)
            return planes.points(objective, [point_of(point, trajectories) for point in three])
    return planes.custom(objective, np.array(spec.origin), np.array(spec.basis))


def _axes_origin(spec: AxesPlane, problem: BuiltProblem, trajectories: Trajectories) -> Array:
    if spec.origin is None and problem.exact:
        return np.zeros(2)
    return point_of(spec.origin or LAST, trajectories)


def _three_points(runs: int, entries: int) -> tuple[PointSpec, PointSpec, PointSpec]:
    third = PointSpec(run=1) if runs > 1 else PointSpec(step=entries // 2)
    return PointSpec(step=0), LAST, third


def point_of(point: PointSpec, trajectories: Trajectories) -> Array:
    """The parameters ``(P,)`` that a point of the document stands for."""
    if point.theta is not None:
        return np.array(point.theta)
    run, step = _entry(point, trajectories)
    return trajectories[run].theta_at(step)


def _entry(point: PointSpec, trajectories: Trajectories) -> Entry:
    last = trajectories[point.run].entries - 1
    return point.run, last if point.step is None else min(point.step, last)


def _step(trajectory: Trajectory, step: int) -> tuple[Array, Array]:
    """Theta ``(P,)`` at a step and the move to the next; at the end, the last step and its move."""
    at, after = _step_at(trajectory, step)
    two = trajectory.thetas(at, after + 1)
    return two[0], two[-1] - two[0]


def _step_at(trajectory: Trajectory, step: int) -> tuple[int, int]:
    last = trajectory.entries - 1
    at = max(min(step, last - 1), 0)
    return at, min(at + 1, last)


def calm_entries(trajectories: Trajectories) -> list[int]:
    """How many entries each run has before it blows up, all of them where it did not diverge."""
    return before_blow_up(
        [each.cost for each in trajectories], [each.status == "diverged" for each in trajectories]
    )


def thinned_paths(trajectories: Trajectories, entries: Sequence[int]) -> Paths:
    """Every run's theta ``(S, P)`` at its first ``entries``.

    All of these or, where they are many or not all kept, evenly spaced ones and the last.
    """
    numbers = sum(count * each.objective.dim for each, count in zip(trajectories, entries, strict=True))
    stride = max(-(-numbers // MOST_POINTS), 1)
    chosen = [_thinned(each, count, stride) for each, count in zip(trajectories, entries, strict=True)]
    return Paths([points for points, _ in chosen], [weights for _, weights in chosen])


def _thinned(trajectory: Trajectory, entries: int, stride: int) -> tuple[Array, Array]:
    """Theta at every so many kept entries and at the last, and the number of entries nearest to each."""
    every = -(-stride // trajectory.stride)
    last = entries - 1
    if every == trajectory.stride == 1:
        return trajectory.kept[:entries], np.ones(entries)
    steps = np.append(np.arange(0, last, every * trajectory.stride), last)
    points = np.vstack([trajectory.kept[::every][: len(steps) - 1], trajectory.theta_at(last)])
    middles = (steps[1:] + steps[:-1]) / 2
    nearest = np.searchsorted(middles, np.arange(entries))
    return points, np.bincount(nearest, minlength=len(steps)).astype(float)
