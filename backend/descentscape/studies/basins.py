"""Where descents end that start anywhere in the window, and where two optimizers do not agree on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from descentscape.compute.efforts import step_effort, total
from descentscape.core.descent.descent import Recipe
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.basins import BASIN_BATCH, Basins, basins, disagreement
from descentscape.core.landscape.plane import Plane
from descentscape.core.landscape.starts import START_BATCH, FinalCosts, final_costs
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.time_slices import Progress, reported
from descentscape.document.effort import NONE, Effort, WorkSize
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import Reports, Study, Subject, priced_by_subject, window_of
from descentscape.studies.predictions import Report

MINIMA = Effort(gradients=40_000, calls=20_000)
"""A search for the minima of two parameters."""

LATE, SOON = 0.5, 20
"""The share of the steps after which starts rest at a minimum; the steps of rules that take few to one."""

EACH_MATRIX = 5
"""Calls for the singular values of a matrix among many."""


class BasinsRequest(Tagged):
    """Where the optimizer of a run ends from each of a grid of starts, and another run’s beside it.

    On two parameters: which minimum, and after how many steps. On a slice: the final cost.
    """

    kind: Literal["basins"] = "basins"
    optimizer: int = knob(0, label="run whose optimizer descends", low=0, high=11)
    against: int | None = knob(None, label="run to compare with", low=0, high=11)
    resolution: int = knob(41, label="resolution", low=5, high=121, help="Starts along each side.")
    steps: int = knob(300, label="steps", low=1, high=2000)


def _basins(subject: Subject, request: BasinsRequest) -> Reports:
    recipes = list(_recipes(subject, request))
    study = _of_two if subject.computation.problem.exact else _of_slice
    return (yield from study(subject, request, recipes))


def _recipes(subject: Subject, request: BasinsRequest) -> Iterator[Recipe]:
    runs = subject.computation.runs
    for name, run in (("optimizer", request.optimizer), ("against", request.against)):
        if run is None:
            continue
        if run >= len(runs):
            raise InvalidValue(f"study.{name}", f"from 0 to {len(runs) - 1}", run)
        if subject.computation.experiment.runs[run].recorded is not None:
            raise InvalidValue(f"study.{name}", "a computed run: a recorded one has no optimizer here", run)
        yield runs[run].recipe


def _of_two(subject: Subject, request: BasinsRequest, recipes: list[Recipe]) -> Reports:
    window, objective = window_of(subject), subject.computation.problem.objective
    if not np.array_equal(window.plane.lift(np.eye(2)), np.eye(2)):
        raise InvalidValue("view.plane", "both axes for basins", window.plane.kind)
    found: list[Basins] = []
    for number, recipe in enumerate(recipes):
        work = basins(objective, recipe, window.extent, request.resolution, request.steps)
        for share, result in reported(work):
            found += [] if result is None else [result]
            yield Progress(number + share, len(recipes))
    return _report(found, request, window.plane)


def _report(found: list[Basins], request: BasinsRequest, plane: Plane) -> Report:
    first = found[0]
    report: Report = {
        "of": "minima",
        "optimizer": request.optimizer,
        "against": request.against,
        "a": first.a,
        "b": first.b,
        "label": first.label,
        "arrival": first.arrival,
        "diverged": first.diverged,
        "minima": [{"cost": each.cost, "path": plane.project(each.theta)} for each in first.minima],
        "steps": first.steps,
        "reach": first.reach,
    }
    if len(found) > 1:
        differing = disagreement(*found)
        report |= {"other": found[1].label, "differ": differing.differ, "one_only": differing.one_only}
        report |= {"share": differing.share}
    return report


def _of_slice(subject: Subject, request: BasinsRequest, recipes: list[Recipe]) -> Reports:
    window, objective = window_of(subject), subject.computation.problem.objective
    descents = [
        reported(
            final_costs(objective, recipe, window.plane, window.extent, request.resolution, request.steps)
        )
        for recipe in recipes
    ]
    shares = [0.0] * len(descents)
    while True:
        level: list[FinalCosts] = []
        for number, each in enumerate(descents):
            for shares[number], result in each:
                if result is not None:
                    level.append(result)
                    break
                yield Progress(sum(shares), len(shares))
        if min(shares) == 1:
            return _costs_report(request, level)
        yield Progress(min(shares), 1, _costs_report(request, level))


def _costs_report(request: BasinsRequest, found: list[FinalCosts]) -> Report:
    first = found[0]
    report: Report = {"of": "costs", "optimizer": request.optimizer, "against": request.against}
    report |= {"a": first.a, "b": first.b, "cost": first.cost, "steps": first.steps}
    return report | ({"other_cost": found[1].cost} if len(found) > 1 else {})


def _effort(subject: Subject, request: BasinsRequest, size: WorkSize) -> Effort:
    """The steps of the rule from each start; of two parameters they are let go when they rest."""
    runs, starts = subject.computation.experiment.runs, request.resolution**2
    chosen = (run for run in (request.optimizer, request.against) if run is not None and run < len(runs))
    descents = total(_descents_effort(runs[run].optimizer, starts, request.steps, size) for run in chosen)
    return descents + (MINIMA if size.parameters == 2 else NONE) + Effort(kept=6 * starts)


def _descents_effort(optimizer: Any, starts: int, steps: float, size: WorkSize) -> Effort:
    """Steps from all starts: a fleet’s together, but for rules that search or factorise, row by row."""
    one, needs = step_effort(optimizer, None, size, again=True), OPTIMIZERS[optimizer.kind].needs
    alone, exact = needs.line_search or needs.hessian, size.parameters == 2
    if exact:
        steps = min(steps, SOON) if alone else LATE * steps
    if alone:
        return steps * starts * replace(one, calls=one.calls / 2 if size.formula else one.calls)
    fleets = starts / (BASIN_BATCH if exact else START_BATCH) + 1
    each = 1.0 + EACH_MATRIX * size.layers * needs.singular_values
    return steps * (starts * replace(one, calls=each) + fleets * Effort(calls=2 * one.calls))


STUDIES = (Study(BasinsRequest, _basins, priced_by_subject(_effort), "steps"),)
