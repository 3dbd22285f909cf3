"""The null picture: a random walk's path in its own principal components, beside the run's in its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from descentscape.compute.plane_choice import entries_before_divergence, thinned_paths
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.null import MOST_NUMBERS, null_picture
from descentscape.core.landscape.planes import pca
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import run_in_thread
from descentscape.document.bounds import MAX_SEED
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.planes import PLANES, usual_plane
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import Study, Subject, priced
from descentscape.studies.predictions import Report

DRAWN = 1000
"""About the most points of a path that are sent: a picture shows no more."""


class NullRequest(Tagged):
    """A random walk as long as the run of the place, in as many dimensions."""

    kind: Literal["null"] = "null"
    seed: int = knob(0, label="seed", low=0, high=MAX_SEED, term="seed")


def _null(subject: Subject, request: NullRequest) -> TimeSlices[Report]:
    computation, run = subject.computation, subject.place.run
    if run is None:
        raise InvalidValue("study.kind", "of a place on a run, named by run and step", "null")
    trajectory, objective = computation.trajectories[run], computation.problem.objective
    entries = entries_before_divergence(computation.trajectories)[run]
    if entries < 3:
        raise InvalidValue("study.kind", "of a run of two steps at least before it blows up", "null")
    paths = thinned_paths([trajectory], [entries])
    (path,) = paths.points
    steps = entries - 1
    walk = yield from run_in_thread(lambda: null_picture(steps, objective.dim, seed=request.seed))
    plane = yield from run_in_thread(lambda: pca(objective, [path], weights=paths.weights))
    return {
        "run": run,
        "steps": steps,
        "dim": objective.dim,
        "walk": {"path": walk.path[:: _stride(len(walk.path))], "shares": list(walk.shares)},
        "own": {
            "path": plane.project(path)[:: _stride(len(path))],
            "shares": list(plane.components),
        },
    }


def _stride(count: int) -> int:
    return max(1, count // DRAWN)


def _effort(_: NullRequest, size: WorkSize) -> Effort:
    """Two sets of principal components, of the walk and of the run."""
    numbers = min((size.steps + 1) * size.parameters, 2 * MOST_NUMBERS)
    spec = usual_plane(exact=False)
    components = PLANES[spec.kind].effort(spec, replace(size, runs=1))
    return 2 * components + Effort(numbers=100 * numbers, calls=2000, kept=3 * numbers)


STUDIES = (Study(NullRequest, _null, priced(_effort)),)
