"""The plane that an experiment is seen in, from its document and the paths of its runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from descentscape.compute.build import BuiltProblem
from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.landscape.chance.walks import Own, spanned_null
from descentscape.core.landscape.chance.walks_apart import start_apart, walks_beside
from descentscape.core.landscape.extent import before_blow_up
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.objective import Array
from descentscape.core.time_slices import TimeSlices, run_to_completion
from descentscape.core.undivided import SLICE_WORK, gradient_work, run_in_thread
from descentscape.document.planes import PLANES, PlaneSpec, usual_plane
from descentscape.document.planes.base import MOST_NUMBERS, Descended, Paths, Trajectories

SLICE_NUMBERS = 1 << 20
"""Numbers of paths whose plane is laid within time slices."""


def plane_through(
    spec: PlaneSpec | None, problem: BuiltProblem, trajectories: Trajectories
) -> TimeSlices[tuple[Plane, Paths]]:
    """The plane of a document through runs, and their paths up to where they blow up.

    Those of many numbers, those not kept whole, and those of large networks are gone through on a thread.
    """
    entries = entries_before_divergence(trajectories)
    numbers = sum(entries) * problem.objective.dim

    def laid() -> tuple[Plane, Paths]:
        paths = thinned_paths(trajectories, entries)
        return run_to_completion(plane_of(spec, problem, trajectories, paths)), paths

    again = any(each.stride > 1 for each in trajectories)
    if again or numbers > SLICE_NUMBERS or gradient_work(problem.objective) > SLICE_WORK:
        return (yield from run_in_thread(laid))
    paths = thinned_paths(trajectories, entries)
    return (yield from plane_of(spec, problem, trajectories, paths)), paths


def plane_of(
    spec: PlaneSpec | None, problem: BuiltProblem, trajectories: Trajectories, paths: Paths
) -> TimeSlices[Plane]:
    """The plane of a document, with the shares of the variance of these paths along it.

    None is the axes for two parameters and PCA of all paths otherwise. A step that a run has not (it
    ended before, or is not there yet) stands for the last one that it has. In short slices, since a large
    network's curvature takes long to find.
    """
    if spec is None and problem.given is not None:
        return problem.given()[0]
    spec = spec or usual_plane(problem.exact)
    kind = PLANES[spec.kind]
    plane = yield from kind.lay(spec, Descended(problem.objective, trajectories, paths))
    if plane.variance_share is not None or plane.exact or not paths.points:
        return plane
    joined = kind.joins(spec, plane, trajectories)
    own = [joined.get(label) for label in plane.labels]
    return plane.beside(paths.points, _null(plane, own, paths), paths.weights)


def _null(plane: Plane, own: Sequence[Own | None], paths: Paths) -> Pair | None:
    """What random walks would show along the plane's directions, of which some are the walks' own."""
    if not start_apart(paths.points):
        return spanned_null([round(float(weight.sum())) for weight in paths.weights], plane.dim, own)
    directions = [fixed if pair is None else pair for fixed, pair in zip(plane.basis, own, strict=True)]
    return walks_beside(*paths).shares(directions)


def entries_before_divergence(trajectories: Trajectories) -> list[int]:
    """How many entries each run has before it blows up, all of them where it did not diverge."""
    return before_blow_up(
        [each.cost for each in trajectories], [each.status == "diverged" for each in trajectories]
    )


def thinned_paths(
    trajectories: Trajectories, entries: Sequence[int], most_numbers: int = MOST_NUMBERS
) -> Paths:
    """Every run's theta ``(S, P)`` at its first ``entries``.

    All of these or, where they are more than ``most_numbers`` or not all kept, evenly spaced ones and the
    last.
    """
    numbers = sum(count * each.objective.dim for each, count in zip(trajectories, entries, strict=True))
    stride = max(-(-numbers // most_numbers), 1)
    chosen = [_thinned(each, count, stride) for each, count in zip(trajectories, entries, strict=True)]
    return Paths([points for points, _ in chosen], [weights for _, weights in chosen])


def _thinned(trajectory: Trajectory, entries: int, stride: int) -> tuple[Array, Array]:
    """Theta at every so many kept entries and at the last, and the number of entries nearest to each."""
    every = -(-stride // trajectory.stride)
    last = entries - 1
    if every == trajectory.stride == 1:
        return np.asarray(trajectory.kept[:entries]), np.ones(entries)
    steps = np.append(np.arange(0, last, every * trajectory.stride), last)
    points = np.vstack([trajectory.kept[::every][: len(steps) - 1], trajectory.theta_at(last)])
    middles = (steps[1:] + steps[:-1]) / 2
    nearest = np.searchsorted(middles, np.arange(entries))
    return points, np.bincount(nearest, minlength=len(steps)).astype(float)
