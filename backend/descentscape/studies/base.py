"""What a study is: a question about a place of an experiment that is worth more than one number."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from descentscape.compute.computation import Computation
from descentscape.compute.window import Window
from descentscape.core.errors import InvalidValue
from descentscape.core.time_slices import Turns
from descentscape.document.schema import Tagged
from descentscape.studies.inspection import Place
from descentscape.studies.predictions import Report

T = TypeVar("T")


@dataclass(frozen=True)
class Subject:
    """What a study looks at: an experiment that is computed, and a place in it."""

    computation: Computation
    place: Place


Reports = Iterator[tuple[float, Report | None]]
"""The share of the work that is done, from 0 to 1, with a report that replaces the one before, or None.

Between two of them lies at most about a hundredth of a second of work, so that a study can be given up. The
last share is 1 and comes with the whole report. A report holds plain values and NumPy arrays.
"""


ALMOST = 0.999
"""The share of work that is all done but for the report, which alone brings 1."""


@dataclass(frozen=True)
class Study:
    """A kind of study: what can be asked (``request`` names it by its ``kind``), and how it is answered.

    ``conduct`` raises InvalidValue where the subject has nothing of the sort.
    """

    request: type[Tagged]
    conduct: Callable[[Subject, Any], Reports]

    @property
    def kind(self) -> str:
        """The name that the request carries."""
        return str(self.request.model_fields["kind"].default)


def window_of(subject: Subject) -> Window:
    """The window that the experiment is seen in; a study is conducted once there is one."""
    window = subject.computation.window
    if window is None:
        raise InvalidValue("study", "asked for once there is a plane", "none so far")
    return window


def at_once(report: Callable[[Subject, Any], Report]) -> Callable[[Subject, Any], Reports]:
    """A study that takes no longer than a glance, from the function that makes its only report."""

    def conduct(subject: Subject, request: Any) -> Reports:
        yield 1.0, report(subject, request)

    return conduct


def in_turns(
    report: Callable[[Subject, Any], Turns[Report]],
) -> Callable[[Subject, Any], Reports]:
    """A study whose only report takes many turns, from the generator that returns it."""

    def conduct(subject: Subject, request: Any) -> Reports:
        yield 1.0, (yield from between(report(subject, request), 0.0))

    return conduct


def between(turns: Turns[T], done: float) -> Generator[tuple[float, None], None, T]:
    """The turns of a study that has come so far, each without a report; what they found."""
    while True:
        try:
            next(turns)
        except StopIteration as end:
            found: T = end.value
            return found
        yield done, None
