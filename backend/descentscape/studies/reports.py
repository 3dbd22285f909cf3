"""From the engine's explanations to reports, and what studies ask of their subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from descentscape.compute.cost_model import gradient_seconds
from descentscape.core.descent.trajectory import Replayable, Trajectory, replayable
from descentscape.core.errors import InvalidValue
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Objective
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import run_in_thread
from descentscape.studies.base import Pricing, Reports, Study, Subject
from descentscape.studies.predictions import Report


def plain(found: Any) -> Any:
    """What was found as plain values and arrays: dataclasses as dictionaries, tuples as lists."""
    if is_dataclass(found):
        return {each.name: plain(getattr(found, each.name)) for each in fields(found)}
    if isinstance(found, Mapping):
        return {key: plain(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [plain(each) for each in found]
    return found


GLIMPSE = 1e-4
"""Seconds of one gradient up to which explaining a network takes no longer than a time slice."""

SMALL_HESSIAN = 200
"""Parameters up to which that holds for what takes a Hessian apart."""


def explained(
    request: type[Any],
    find: Callable[[Subject, Any], Any],
    price: Pricing,
    grows: str = "kind",
    *,
    long: bool = False,
) -> Study:
    """The study whose only report is what ``find`` gives; fields that do not fit are named.

    It is made in a time slice where gradients are quick, and otherwise, or where it is ``long``, on a thread.
    """

    def slices(subject: Subject, asked: Any) -> TimeSlices[Any]:
        if _is_small(subject) and not long:
            return find(subject, asked)
        return (yield from run_in_thread(lambda: find(subject, asked)))

    return explained_in_slices(request, slices, price, grows)


def explained_in_slices(
    request: type[Any],
    find: Callable[[Subject, Any], TimeSlices[Any]],
    price: Pricing,
    grows: str = "kind",
) -> Study:
    """The same of what is found in time slices."""

    def conduct(subject: Subject, asked: Any) -> Reports:
        try:
            found = yield from find(subject, asked)
        except InvalidValue as error:
            if error.name not in request.model_fields:
                raise
            raise type(error)(f"study.{error.name}", error.constraint, getattr(asked, error.name)) from error
        report: Report = plain(found)
        return report

    return Study(request, conduct, price, grows)


def _is_small(subject: Subject) -> bool:
    work = subject.computation
    return work.problem.objective.dim <= SMALL_HESSIAN and gradient_seconds(work.estimate.size) <= GLIMPSE


def objective_of(subject: Subject) -> Objective:
    """The experiment's cost."""
    return subject.computation.problem.objective


def network_of(subject: Subject) -> MLP:
    """The network of the experiment; InvalidValue for a problem that has none."""
    objective = objective_of(subject)
    if not isinstance(objective, MLP):
        raise InvalidValue(
            "study.kind", "of a network, which this problem is not", subject.computation.problem.kind
        )
    return objective


def step_of(subject: Subject) -> tuple[Trajectory, int]:
    """The run of the place and its step; InvalidValue for a place that is on no run."""
    run, step = subject.place.run, subject.place.step
    if run is None or step is None:
        raise InvalidValue("study.kind", "of a place on a run, named by run and step", "another place")
    return subject.computation.trajectories[run], step


def replayed_step_of(subject: Subject) -> tuple[Replayable, int]:
    """`step_of` for what is asked of the step itself; InvalidValue for a run that was only recorded."""
    trajectory, step = step_of(subject)
    return replayable(trajectory), step
