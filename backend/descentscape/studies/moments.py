"""The study of what happens in all runs: a list of moments, each with its sentence and its numbers."""

from __future__ import annotations

from typing import Any, Literal
from weakref import WeakKeyDictionary, ref

import numpy as np

from descentscape.compute.computation import Computation
from descentscape.compute.efforts import replay_effort, rule_at, total
from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.explain.moments import Moment, RunFacts, find_moments
from descentscape.core.explain.moments.edge import sample_count
from descentscape.core.explain.moments.noise import SCATTER, scatter_count
from descentscape.core.explain.moments.resting import MOST_SEARCHED
from descentscape.core.explain.stability import BOUNDS
from descentscape.core.landscape.curvature import DENSE_ON_PATHS
from descentscape.core.landscape.examples import MOST_WORK
from descentscape.core.time_slices import Progress, reported
from descentscape.core.undivided import EXAMPLE_WORK
from descentscape.document.effort import EIGENVALUES, NONE, Effort, WorkSize, krylov
from descentscape.document.schema import Tagged
from descentscape.studies.base import Reports, Study, Subject, priced_by_subject
from descentscape.studies.predictions import Report

SEARCHES = 12
"""Hessians on the way to the saddles beside a run, and where it stands still."""

SEARCHED = 6
"""Gradients that it takes to see since when a run stands still, or a layer of it is dead."""

MOST_CLIPPED = 4096
"""Steps at most that are looked through for clipping, where each takes little."""

LEADS = 2
"""Changes of the lead that are looked into, of each run."""


class MomentsRequest(Tagged):
    """What happens in all runs, and when: every moment in a sentence, with the facts behind it."""

    kind: Literal["moments"] = "moments"


_FOUND: WeakKeyDictionary[Trajectory, tuple[Any, Report]] = WeakKeyDictionary()
"""What was found of the runs of which this is the first: who opens the same experiment is told it at once."""


def _moments(subject: Subject, request: MomentsRequest) -> Reports:
    runs = facts_of(subject.computation)
    key = [(ref(facts.trajectory), facts.entries, facts.label) for facts in runs]
    known, report = _FOUND.get(runs[0].trajectory, (None, None))
    if report is not None and known == key:
        return report
    found: list[Moment] | None = None
    for share, found in reported(find_moments(runs)):
        if share < 1:
            yield Progress(share, 1, None if found is None else _report(found))
    assert found is not None  # the last are all of them
    report = _report(found)
    _FOUND[runs[0].trajectory] = key, report
    return report


def facts_of(computation: Computation) -> list[RunFacts]:
    """Every run with its recipe, but for those that were recorded elsewhere."""
    specs = computation.experiment.runs
    return [
        RunFacts(
            number=number,
            label=built.label,
            trajectory=trajectory,
            recipe=built.recipe if spec.recorded is None else None,
            edits=built.edits,
        )
        for number, (trajectory, built, spec) in enumerate(
            zip(computation.trajectories, computation.runs, specs, strict=True)
        )
    ]


def _report(found: list[Moment]) -> Report:
    return {"moments": [_told(moment) for moment in found]}


def _told(moment: Moment) -> Report:
    look = moment.look
    return {
        "runs": list(moment.runs),
        "label": moment.label,
        "from": moment.first,
        "news": moment.news,
        "to": moment.last,
        "kind": moment.kind,
        "rank": moment.rank,
        "words": moment.words,
        "numbers": dict(moment.numbers),
        "look": {"tab": look.tab, "overlays": dict(look.overlays), "term": look.term},
    }


def _effort(subject: Subject, request: MomentsRequest, size: WorkSize) -> Effort:
    """Of every run its slopes, its curvature at some entries, its scatter, and steps once more."""
    entries, runs = size.steps + 1, subject.computation.experiment.runs
    # Steps on all examples have found their slopes themselves.
    found = sum(run.batch_size is None and run.recorded is None for run in runs)
    read = Effort(numbers=10 * entries * size.parameters, calls=40 * entries)
    slopes = size.runs * read + (size.runs - found) * Effort(gradients=entries)
    if size.parameters * size.examples > MOST_WORK:
        return slopes
    each = (_run_effort(subject, index, size) for index in range(size.runs))
    raced = (LEADS * size.runs if size.runs > 1 else 0) * (size.theta + _bent(size))
    return slopes + raced + total(each)


def _run_effort(subject: Subject, index: int, size: WorkSize) -> Effort:
    """What is looked at of a run whose recipe is known: its edge, the saddles beside it, noise, clipping."""
    experiment = subject.computation.experiment
    run = experiment.runs[index]
    if run.recorded is not None:
        return NONE
    found = Effort(gradients=SEARCHED)
    if size.parameters <= MOST_SEARCHED:
        found += SEARCHES * (size.theta + _bent(size))
    if run.clip is None:
        found += _edge_effort(subject, index, size)
    else:
        found += replay_effort(experiment, index, 0, min(size.steps, MOST_CLIPPED), size)
    if run.batch_size is not None:
        scatters = scatter_count((size.parameters + EXAMPLE_WORK) * size.examples, size.steps + 1)
        taken = Effort(gradients=SCATTER, calls=60, numbers=20 * size.parameters)
        found += scatters * (size.theta + taken)
    return found


def _edge_effort(subject: Subject, index: int, size: WorkSize) -> Effort:
    experiment = subject.computation.experiment
    kind = rule_at(experiment, index, 0).kind
    count = sample_count(size.parameters, kind)
    if not count:
        return NONE
    bent = size.theta + _bent(size)
    if BOUNDS[kind].preconditioned:
        steps = np.linspace(0, size.steps, count).astype(int).tolist()
        again = (replay_effort(experiment, index, step, step + 1, size) for step in steps)
        return total(again) + count * (bent + Effort(numbers=100 * size.parameters, calls=150))
    return count * bent


def _bent(size: WorkSize) -> Effort:
    """The ends of the spectrum at one place."""
    if size.parameters <= DENSE_ON_PATHS:
        return Effort(hessians=1, factorisations=EIGENVALUES, numbers=30 * size.parameters**2, calls=60)
    return krylov(size.parameters, 25)


STUDIES = (Study(MomentsRequest, _moments, priced_by_subject(_effort)),)
