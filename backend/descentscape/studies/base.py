"""What a study is: a question about a place of an experiment that is worth more than one number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from descentscape.compute.computation import Computation
from descentscape.compute.cost_model import Price, price
from descentscape.compute.efforts import replay_effort
from descentscape.compute.machine import Operations
from descentscape.compute.window import Window
from descentscape.core.errors import InvalidValue
from descentscape.core.time_slices import Work
from descentscape.document.effort import NONE, Effort, WorkSize
from descentscape.document.schema import Tagged, kind_of
from descentscape.studies.inspection import Place
from descentscape.studies.predictions import Report


@dataclass(frozen=True)
class Subject:
    """What a study looks at: an experiment that is computed, and a place in it."""

    computation: Computation
    place: Place


Reports: TypeAlias = Work[Report]
"""The work of a study: rough reports on the way, each in place of the one before, and at last the whole one.

Between two slices lies at most about a hundredth of a second, so that a study can be given up. A report holds
plain values and NumPy arrays.
"""


Pricing: TypeAlias = Callable[[Subject, Any, Operations], Price]
"""What a request takes of a subject, on a machine of these coefficients."""


def priced(effort: Callable[[Any, WorkSize], Effort]) -> Pricing:
    """The price of a study whose ``effort`` is known by its request and the size of the experiment."""
    return priced_by_subject(lambda _, request, size: effort(request, size))


def priced_by_subject(effort: Callable[[Subject, Any, WorkSize], Effort]) -> Pricing:
    """The price of a study whose ``effort`` also depends on the place, or on the rules of the runs."""

    def of(subject: Subject, request: Any, machine: Operations) -> Price:
        size = subject.computation.estimate.size
        return price(effort(subject, request, size), size, machine)

    return of


def steps_again(subject: Subject, size: WorkSize, first: int, last: int) -> Effort:
    """The steps of the place’s run, from ``first`` up to ``last`` after the place, made once more."""
    run, step = subject.place.run, subject.place.step
    if run is None or step is None:
        return NONE
    return replay_effort(subject.computation.experiment, run, max(step + first, 0), step + last, size)


@dataclass(frozen=True)
class Study:
    """A kind of study: what can be asked (``request`` names it by its ``kind``), how, and at what price.

    ``conduct`` raises InvalidValue where the subject has nothing of the sort. ``price`` is what it takes at
    most, and ``grows`` the field of the request by which it grows, if there is one.
    """

    request: type[Tagged]
    conduct: Callable[[Subject, Any], Reports]
    price: Pricing
    grows: str = "kind"

    @property
    def kind(self) -> str:
        """The name that the request carries."""
        return kind_of(self.request)


def window_of(subject: Subject) -> Window:
    """The window that the experiment is seen in; a study is conducted once there is one."""
    window = subject.computation.window
    if window is None:
        raise InvalidValue("study", "asked for once there is a plane", "none so far")
    return window
