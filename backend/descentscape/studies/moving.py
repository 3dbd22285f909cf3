"""The live slice: the surface at a moving point, of all examples, of the next batch, or of the test set."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal, cast

import numpy as np

from descentscape.compute.efforts import surface_effort
from descentscape.core.descent.trajectory import replayable
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.landscape.surface import Surface, refine
from descentscape.core.objective import Array, Objective, Sampled, is_sampled
from descentscape.core.time_slices import Progress, TimeSlices, reported
from descentscape.core.undivided import in_thread_if_long
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.schema import Tagged, knob
from descentscape.output.captions import axis_content
from descentscape.output.height_axis import height_axes
from descentscape.studies.base import Reports, Study, Subject, priced, window_of
from descentscape.studies.inspection import Place
from descentscape.studies.predictions import Report

SLICE_RESOLUTION = 51
FINEST_SLICE = 101
"""Points along a side of a slice: one is asked for at every frame."""

NEIGHBOURHOOD = 64
"""Entries before and after the place whose heights over the slice are told."""

PATH_WORK = 2**23
"""Parameters times examples that are evaluated at once: some ten milliseconds."""

SurfaceCost = Literal["train", "batch", "test"]


class MovingRequest(Tagged):
    """The plane’s directions through the place, over its window: the slice that travels with the point."""

    kind: Literal["moving"] = "moving"
    surface: SurfaceCost = knob(
        "train",
        label="cost on",
        help="Whose cost: of all training examples, of the next step’s batch, of the test set.",
        choices={"train": "train", "batch": "mini-batch", "test": "test"},
    )
    follow: bool = knob(True, label="follow", help="Whether the plane goes through the place, or stays.")
    resolution: int = knob(SLICE_RESOLUTION, label="resolution", low=3, high=FINEST_SLICE)


def _moving(subject: Subject, request: MovingRequest) -> Reports:
    window, objective = window_of(subject), _objective_of(subject, request.surface)
    plane = _through(window.plane, subject.place.theta) if request.follow else window.plane
    runs = yield from _runs(subject, plane, objective)
    said: Report = {
        "run": subject.place.run,
        "step": subject.place.step,
        "surface": request.surface,
        "examples": _example_count(objective),
        "all_examples": _example_count(subject.computation.problem.objective),
        "follow": request.follow,
        "plane_id": window.plane_id,
        "off_plane": float(window.plane.residual(subject.place.theta)),
        "runs": runs,
    }
    paths = _path_range(subject, request.surface, runs)
    work = refine(objective, plane, window.extent, request.resolution, path_range=paths)
    for share, surface in reported(work):
        report = None if surface is None else said | _heights_of(surface, paths)
        if share < 1:
            yield Progress(share, 1, report)
    assert report is not None  # the last one is of the whole surface
    return report


def _through(plane: Plane, theta: Array) -> Plane:
    """The parallel plane through theta: every point keeps its coordinates (a, b)."""
    return replace(plane, origin=theta - plane.project(theta) @ plane.basis)


def _objective_of(subject: Subject, surface: SurfaceCost) -> Objective:
    problem, place = subject.computation.problem, subject.place
    if surface == "train":
        return problem.objective
    if surface == "test":
        return _test_set(subject)
    if place.run is None or place.step is None:
        raise InvalidValue("study.surface", "of a place on a run, named by run and step", surface)
    examples = replayable(subject.computation.trajectories[place.run]).batch_at(place.step)
    if examples is None:
        return problem.objective
    return cast("Sampled", problem.objective).batch(examples)


def _test_set(subject: Subject) -> Objective:
    data = subject.computation.problem.data
    if data is None or data.test_objective is None:
        raise InvalidValue("study.surface", "train or batch where there is no test set", "test")
    return data.test_objective


def _example_count(objective: Objective) -> int | None:
    return objective.n_examples if is_sampled(objective) else None


def _path_range(subject: Subject, surface: SurfaceCost, told: list[Report]) -> Pair:
    """The lowest and the highest cost of the paths, on another surface as far as they are told there."""
    costs = np.concatenate([run["cost"] for run in told])
    costs = costs[np.isfinite(costs)]
    if surface == "train" or not costs.size:
        return subject.computation.path_range()
    return float(costs.min()), float(costs.max())


def _heights_of(surface: Surface, paths: Pair) -> Report:
    clipped = surface.clipped
    return {
        "a": surface.a,
        "b": surface.b,
        "cost": surface.cost,
        "clipped": {"low": clipped.low, "high": clipped.high, "count": clipped.count},
        "height": axis_content(height_axes(surface.cost, paths)),
    }


def _runs(subject: Subject, plane: Plane, objective: Objective) -> TimeSlices[list[Report]]:
    """For each run, the entries around the place's step: heights on this surface, and at the projections."""
    told: list[Report] = []
    whole = subject.computation.problem.objective
    for trajectory in subject.computation.trajectories:
        middle = min(_step(subject.place, trajectory.entries), trajectory.entries - 1)
        first, last = max(0, middle - NEIGHBOURHOOD), min(trajectory.entries, middle + NEIGHBOURHOOD + 1)
        thetas = trajectory.thetas(first, last)
        cost = (
            trajectory.cost[first:last] if objective is whole else (yield from _in_parts(objective, thetas))
        )
        projected = yield from _in_parts(objective, plane.lift(plane.project(thetas)))
        off_plane = plane.residual(thetas)
        told.append({"first": first, "cost": cost, "shadow_cost": projected, "off_plane": off_plane})
    return told


def _in_parts(objective: Objective, thetas: Array) -> TimeSlices[Array]:
    """The cost at each of thetas ``(M, P)``, as many at once as go into a time slice."""
    size = max(1, PATH_WORK // (objective.dim * (_example_count(objective) or 1)))
    cost = np.empty(len(thetas))

    def work(part: slice) -> None:
        with np.errstate(all="ignore"):
            cost[part] = objective.value(thetas[part])

    for k in range(0, len(thetas), size):
        yield from in_thread_if_long(objective, partial(work, slice(k, k + size)))
        if k + size < len(thetas):
            yield
    return cost


def _step(place: Place, entries: int) -> int:
    return entries - 1 if place.step is None else place.step


def _effort(request: MovingRequest, size: WorkSize) -> Effort:
    """The surface, and the entries of all runs around the place’s step, at two places each."""
    on = size.test / size.examples if request.surface == "test" else 1.0
    near = size.runs * min(2 * NEIGHBOURHOOD + 1, size.steps + 1)
    runs = Effort(costs=2 * near * on, numbers=10 * near * size.parameters, calls=1500 + 200 * size.runs)
    surface = surface_effort(request.resolution)
    return runs + replace(surface, heights=surface.heights * on)


STUDIES = (Study(MovingRequest, _moving, priced(_effort), "resolution"),)
