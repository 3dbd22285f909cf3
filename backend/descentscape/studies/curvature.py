"""Studies of the Hessian: what kind of point a place is, and how sharp the surface is along a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter
from typing import Literal

import numpy as np

from descentscape.core.descent.stationarity import nothing_below
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.curvature import (
    DENSE_HESSIAN,
    DENSE_ON_PATHS,
    Curvature,
    Sharpness,
    as_critical,
    classify,
    sharpness,
    spectrum,
)
from descentscape.core.landscape.examples import FEWEST, MOST_WORK, subsampled
from descentscape.core.norm import norm
from descentscape.core.objective import Array, Objective, is_sampled
from descentscape.core.time_slices import Progress, TimeSlices
from descentscape.core.undivided import run_in_thread
from descentscape.document.effort import EIGENVALUES, Effort, WorkSize, krylov
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import Reports, Study, Subject, priced
from descentscape.studies.inspection import slope_beside
from descentscape.studies.predictions import Report
from descentscape.studies.reports import plain

CURVE_REPORT_SECONDS = 0.1
"""Time between two reports of a curve that grows."""


class SpectrumRequest(Tagged):
    """The eigenvalues of the Hessian, and the kind of point that they make it."""

    kind: Literal["spectrum"] = "spectrum"


class SharpnessRequest(Tagged):
    """The ends of the spectrum, and how many eigenvalues are negative, along the run of the place."""

    kind: Literal["sharpness"] = "sharpness"
    points: int = knob(65, label="points", low=2, high=257, help="Steps of the run that are looked at.")


def _spectrum(subject: Subject, request: SpectrumRequest) -> TimeSlices[Report]:
    whole = subject.computation.problem.objective
    objective = _quick(whole, DENSE_HESSIAN)
    beside = yield from slope_beside(subject.computation, subject.place)
    found = yield from spectrum(objective, subject.place.theta, beside)
    if objective is not whole:
        found = yield from run_in_thread(lambda: _as_critical_as(whole, subject.place.theta, beside, found))
    facts = {"dim": whole.dim, "condition": found.condition}
    return {**plain(found), **facts, **_examples(objective, whole)}


def _as_critical_as(whole: Objective, theta: Array, beside: float, found: Curvature) -> Curvature:
    """The sample's eigenvalues with the cost and the gradient of all examples: a sample has its own slope."""
    cost, grad = whole.value_and_grad(theta)
    size, below = float(norm(grad)), nothing_below(beside, whole.grad_rounding(theta))
    kind = classify(found.eigenvalues, found.zero_below)
    seen = replace(found, cost=float(cost), grad_norm=size, critical_below=below, classification=kind)
    return as_critical(seen)


def _sharpness(subject: Subject, request: SharpnessRequest) -> Reports:
    if subject.place.run is None:
        raise InvalidValue("study.kind", "of a place on a run, named by run and step", "sharpness")
    trajectory = subject.computation.trajectories[subject.place.run]
    steps = np.unique(np.linspace(0, trajectory.entries - 1, request.points).round().astype(int))
    order = [int(steps[index]) for index in _coarse_first(len(steps))]
    whole = subject.computation.problem.objective
    objective = _quick(whole, DENSE_ON_PATHS)
    said = _examples(objective, whole)
    found: dict[int, Sharpness] = {}
    reported = perf_counter()
    for step in order:
        found[step] = yield from sharpness(objective, trajectory.theta_at(step))
        due = perf_counter() - reported > CURVE_REPORT_SECONDS
        reported = perf_counter() if due else reported
        yield Progress(len(found), len(order), _curve(subject.place.run, found) | said if due else None)
    return _curve(subject.place.run, found) | said


def _quick(objective: Objective, dense: int) -> Objective:
    """The objective on fewer examples, where Lanczos iterations on all of them would keep others waiting."""
    return objective if objective.dim <= dense else subsampled(objective)[0]


def _examples(objective: Objective, whole: Objective) -> Report:
    """Of how many examples the Hessian is, and how many there are; None where there are none."""
    counts = [each.n_examples if is_sampled(each) else None for each in (objective, whole)]
    return dict(zip(("examples", "all_examples"), counts, strict=True))


def _coarse_first(count: int) -> Iterator[int]:
    """The numbers below ``count``: the two ends, then halfway between those that were, and so on."""
    seen: set[int] = set()
    stride = count - 1
    while len(seen) < count:
        for index in [*range(0, count, max(stride, 1)), count - 1]:
            if index not in seen:
                seen.add(index)
                yield index
        stride //= 2


def _curve(run: int, found: dict[int, Sharpness]) -> Report:
    steps = sorted(found)
    rows = [found[step] for step in steps]
    return {
        "run": run,
        "steps": np.array(steps, dtype=np.int32),
        "lowest": np.array([row.lowest for row in rows]),
        "highest": np.array([row.highest for row in rows]),
        "negative_count": np.array([row.negative_count for row in rows], dtype=np.int32),
        "complete": all(row.complete for row in rows),
    }


def _spectrum_effort(_: SpectrumRequest, size: WorkSize) -> Effort:
    slopes = Effort(gradients=size.runs, products=3, calls=500)
    if size.parameters <= DENSE_HESSIAN:
        return slopes + _whole(size)
    return slopes + _by_products(size, 80)


def _sharpness_effort(request: SharpnessRequest, size: WorkSize) -> Effort:
    points, each = min(request.points, size.steps + 1), size.theta
    if size.parameters <= DENSE_ON_PATHS:
        return points * (each + _whole(size))
    return points * (each + _by_products(size, 25))


def _whole(size: WorkSize) -> Effort:
    """The eigenvalues of the Hessian as a whole."""
    entries, calls = size.parameters**2, 60 if size.formula else 150
    return Effort(hessians=1, factorisations=EIGENVALUES, numbers=30 * entries, calls=calls, kept=2 * entries)


def _by_products(size: WorkSize, products: int) -> Effort:
    """So many products, on as many examples as a sample has."""
    share = min(1.0, max(MOST_WORK / size.parameters, FEWEST) / size.examples)
    found = krylov(size.parameters, products)
    return replace(found, products=share * found.products)


STUDIES = (
    Study(SpectrumRequest, _spectrum, priced(_spectrum_effort)),
    Study(SharpnessRequest, _sharpness, priced(_sharpness_effort), "points"),
)
