"""The study of what happens in all runs: a list of moments, each with its sentence and its numbers."""

from __future__ import annotations

from typing import Any, Literal
from weakref import WeakKeyDictionary, ref

from descentscape.compute.computation import Computation
from descentscape.compute.efforts import replay_effort, total
from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.explain.moments import Moment, RunFacts, find_moments
from descentscape.core.explain.moments.edge import FEWER, FEWEST, SAMPLES
from descentscape.core.explain.moments.resting import MOST_SEARCHED
from descentscape.core.landscape.curvature import DENSE_ON_PATHS
from descentscape.core.landscape.examples import MOST_WORK
from descentscape.core.time_slices import Progress, reported
from descentscape.document.effort import EIGENVECTORS, NONE, Effort, WorkSize, krylov
from descentscape.document.schema import Tagged
from descentscape.studies.base import Reports, Study, Subject, priced_by_subject
from descentscape.studies.predictions import Report

SCATTERED = 65
"""Scatters of the examples’ gradients of a run, each some gradients long."""

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
        "run": moment.run,
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
    """Of every run its slopes, its curvature at some entries, its scatter, and its steps once more."""
    runs = subject.computation.experiment.runs
    entries = size.steps + 1
    slopes = size.runs * Effort(gradients=entries, numbers=10 * entries * size.parameters, calls=40 * entries)
    if size.parameters * size.examples > MOST_WORK:
        return slopes
    bends = (SAMPLES * (size.parameters == 2) or FEWER) if size.parameters <= DENSE_ON_PATHS else FEWEST
    curved = size.runs * (bends + LEADS + 4) * (size.theta + _bent(size))
    searched = size.runs * 60 * _bent(size) if size.parameters <= MOST_SEARCHED else NONE
    scattered = sum(run.batch_size is not None for run in runs) * SCATTERED
    scatter = Effort(gradients=3 * scattered, calls=60 * scattered, numbers=20 * scattered * size.parameters)
    clipped = total(
        replay_effort(subject.computation.experiment, index, 0, size.steps, size)
        for index, run in enumerate(runs)
        if run.clip is not None
    )
    return slopes + curved + searched + scatter + clipped


def _bent(size: WorkSize) -> Effort:
    """The two ends of the spectrum at one place."""
    if size.parameters <= DENSE_ON_PATHS:
        return Effort(hessians=1, factorisations=EIGENVECTORS, numbers=30 * size.parameters**2, calls=60)
    return krylov(size.parameters, 40)


STUDIES = (Study(MomentsRequest, _moments, priced_by_subject(_effort)),)
