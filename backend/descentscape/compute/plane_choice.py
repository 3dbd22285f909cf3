"""The plane that an experiment is seen in, from its document and the paths of its runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from descentscape.compute.build import BuiltProblem
from descentscape.core.descent.checkpoints import SPACING
from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.landscape import planes
from descentscape.core.landscape.extent import before_blow_up
from descentscape.core.landscape.plane import Plane
from descentscape.core.landscape.walks import spanned_null
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

MOST_REPLAYED = 64
"""Points that are taken of a run whose steps are not all kept."""

Trajectories = Sequence[Trajectory]
Entry = tuple[int, int]
"""An entry of a path: of which run, and at which step."""

OtherPlane = AxesPlane | RandomPlane | HessianPlane | GradientPlane | PointsPlane | CustomPlane

MOST_POINTS = 64 * 2**20 // 8
"""Numbers of the paths' points that principal components are taken of; longer paths are thinned evenly."""


def plane_of(
    spec: PlaneSpec | None, problem: BuiltProblem, trajectories: Trajectories, paths: Sequence[Array]
) -> Turns[Plane]:
    """The plane of a document, with the shares of the variance of these paths ``(S, P)`` along it.

    None is the axes for two parameters and PCA of all paths otherwise. A step that a run has not (it
    ended before, or is not there yet) stands for the last one that it has. In short turns, since a large
    network's curvature takes long to find.
    """
    if spec is None:
        spec = AxesPlane() if problem.exact else PcaPlane()
    if spec.kind == "pca":
        chosen = paths if spec.runs == "all" else [paths[run] for run in spec.runs]
        return planes.pca(problem.objective, chosen, spec.center)
    plane = yield from _plane(spec, problem, trajectories)
    if plane.exact or not paths:
        return plane
    own = _own_directions(spec, trajectories)
    null = spanned_null(calm_entries(trajectories), plane.dim, own) if own else None
    return plane.beside(list(paths), null)


def _own_directions(spec: OtherPlane, trajectories: Trajectories) -> list[tuple[Entry, Entry]]:
    """The pairs of entries of the paths themselves that the plane is laid through."""
    if spec.kind == "points":
        three = spec.points or _three_points(len(trajectories), trajectories[0].entries)
        entries = [_entry(point, trajectories) for point in three if point.theta is None]
        return [(entries[0], other) for other in entries[1:]]
    if spec.kind == "gradient":
        at, after = _step_at(trajectories[spec.run], spec.step)
        return [((spec.run, at), (spec.run, after))]
    return []


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


def thinned_paths(trajectories: Trajectories, entries: Sequence[int]) -> list[Array]:
    """Every run's theta ``(S, P)`` at its first ``entries``.

    All of these or, where they are many, evenly spaced ones and the last.
    """
    numbers = sum(count * each.run.objective.dim for each, count in zip(trajectories, entries, strict=True))
    stride = max(-(-numbers // MOST_POINTS), 1)
    return [_thinned(each, count, stride) for each, count in zip(trajectories, entries, strict=True)]


def _thinned(trajectory: Trajectory, entries: int, stride: int) -> Array:
    if not trajectory.dense:
        stride = _spaced_as_checkpoints(entries)
    elif stride == 1:
        return trajectory.theta[:entries]
    last = entries - 1
    chosen = [*range(0, last, stride), last]
    return np.array([trajectory.theta_at(number) for number in chosen])


def _spaced_as_checkpoints(entries: int) -> int:
    """A spacing that leaves a few dozen entries, most of them kept as checkpoints: the rest takes replay."""
    stride = SPACING
    while entries > MOST_REPLAYED * stride:
        stride *= 2
    return stride
