"""Studies of the Hessian: what kind of point a place is, and how sharp the surface is along a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from time import perf_counter
from typing import Literal

import numpy as np

from descentscape.compute.efforts import replay_effort, rule_at, total
from descentscape.core.descent.stationarity import nothing_below
from descentscape.core.descent.trajectory import Trajectory, is_replayable, replayable
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.stability import BOUNDS, UNKNOWN, Edge, edge_at, rule_of
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
from descentscape.core.optimizers import Optimizer
from descentscape.core.time_slices import Progress, TimeSlices
from descentscape.core.undivided import run_in_thread
from descentscape.document.effort import EIGENVALUES, NONE, Effort, WorkSize, krylov
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import Reports, Study, Subject, priced, priced_by_subject
from descentscape.studies.inspection import slope_beside
from descentscape.studies.predictions import Report
from descentscape.studies.reports import plain

CURVE_REPORT_SECONDS = 0.1
"""Time between two reports of a curve that grows."""


class SpectrumRequest(Tagged):
    """The eigenvalues of the Hessian, and the kind of point that they make it."""

    kind: Literal["spectrum"] = "spectrum"


class SharpnessRequest(Tagged):
    """The ends of the spectrum along the run of the place, its negative eigenvalues, and the rule’s bound."""

    kind: Literal["sharpness"] = "sharpness"
    points: int = knob(65, label="points", low=2, high=257, help="Steps of the run that are looked at.")
    bounds: bool = knob(
        True,
        label="bounds",
        help="The largest learning rate that the rule bears; of an adaptive rule its steps are made again.",
    )


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
    steps = _steps_looked_at(trajectory.entries - 1, request.points)
    order = [steps[index] for index in _coarse_first(len(steps))]
    whole = subject.computation.problem.objective
    objective = _quick(whole, DENSE_ON_PATHS)
    said = _examples(objective, whole) | {"rules": _rules(trajectory)}
    found: dict[int, tuple[Sharpness, Edge]] = {}
    reported = perf_counter()
    for step in order:
        seen, edge = (yield from sharpness(objective, trajectory.theta_at(step))), UNKNOWN
        if request.bounds:
            edge = yield from edge_at(trajectory, objective, step, seen.highest)
        found[step] = seen, edge
        due = perf_counter() - reported > CURVE_REPORT_SECONDS
        reported = perf_counter() if due else reported
        yield Progress(len(found), len(order), _curve(subject.place.run, found) | said if due else None)
    return _curve(subject.place.run, found) | said


def _steps_looked_at(last: int, points: int) -> list[int]:
    """So many steps of a run, evenly spread from the first to the last."""
    return [int(step) for step in np.unique(np.linspace(0, last, points).round())]


def _rules(trajectory: Trajectory) -> list[Report]:
    """The rules of a run, each with the step that it begins at, and its bound if one is known."""
    if not is_replayable(trajectory):
        return []
    run = replayable(trajectory)
    begins = sorted({0, *(edit.step for edit in run.run.edits if edit.optimizer)})
    return [{"from": step, **_rule(rule_of(run, step))} for step in begins]


def _rule(rule: Optimizer) -> Report:
    known = BOUNDS.get(rule.kind)
    said = {"kind": rule.kind, "label": rule.label}
    if known is None:
        return {**said, "bound": None}
    bound = {name: getattr(known, name) for name in ("text", "line", "source", "preconditioned")}
    return {**said, "bound": bound}


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


def _curve(run: int, found: dict[int, tuple[Sharpness, Edge]]) -> Report:
    steps = sorted(found)
    rows, edges = zip(*(found[step] for step in steps), strict=True)
    return {
        "run": run,
        "steps": np.array(steps, dtype=np.int32),
        "lowest": np.array([row.lowest for row in rows]),
        "highest": np.array([row.highest for row in rows]),
        "negative_count": np.array([row.negative_count for row in rows], dtype=np.int32),
        "complete": all(row.complete for row in rows),
        "edge": {each.name: np.array([getattr(edge, each.name) for edge in edges]) for each in fields(Edge)},
    }


def _spectrum_effort(_: SpectrumRequest, size: WorkSize) -> Effort:
    slopes = Effort(gradients=size.runs, products=3, calls=500)
    if size.parameters <= DENSE_HESSIAN:
        return slopes + _whole(size)
    return slopes + _by_products(size, 80)


def _sharpness_effort(subject: Subject, request: SharpnessRequest, size: WorkSize) -> Effort:
    steps = _steps_looked_at(size.steps, request.points)
    small = size.parameters <= DENSE_ON_PATHS
    spectrum = _whole(size) if small else _by_products(size, 25)
    plain = len(steps) * (size.theta + spectrum)
    if subject.place.run is None or not request.bounds:
        return plain
    return plain + total(_edge_effort(subject, subject.place.run, step, size, spectrum) for step in steps)


def _edge_effort(subject: Subject, run: int, step: int, size: WorkSize, spectrum: Effort) -> Effort:
    """Of an adaptive rule the step made again, and taken apart, and the preconditioned Hessian’s spectrum."""
    experiment = subject.computation.experiment
    bound = BOUNDS.get(rule_at(experiment, run, step).kind)
    if experiment.runs[run].recorded is not None or bound is None or not bound.preconditioned:
        return NONE
    again = replay_effort(experiment, run, step, step + 1, size)
    return again + spectrum + Effort(numbers=100 * size.parameters, calls=150)


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
    Study(SharpnessRequest, _sharpness, priced_by_subject(_sharpness_effort), "points"),
)
