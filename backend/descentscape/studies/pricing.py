"""Whether a study may be conducted: what it takes, and how large its request may be."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from descentscape.compute.allowance import Meter
from descentscape.compute.computation import Computation
from descentscape.compute.cost_model import Price, price
from descentscape.core.errors import TooExpensive
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.schema import Tagged
from descentscape.studies.base import Study, Subject
from descentscape.studies.inspection import MAX_HESSIAN, Want


def metered(study: Study, subject: Subject, request: Tagged) -> Meter:
    """A meter for the study, of the seconds that it should take.

    Raises TooExpensive, with the field to change and its limit here, for more than is allowed.
    """
    allowance, field = subject.computation.allowance, f"study.{study.grows}"
    whole = price_of(study, subject, request)
    if not allowance.covers(whole):
        most = _most(study, subject, request)
        fitting = "of less work" if most is None else f"at most {most}"
        raise TooExpensive(field, f"{fitting} here ({allowance.bill(whole)})", getattr(request, study.grows))
    objective = subject.computation.problem.objective
    return allowance.meter(field, whole.seconds, getattr(request, study.grows), objective)


def require_inspection(computation: Computation, want: Collection[Want], resolution: int) -> None:
    """Raise TooExpensive, naming the resolution, for an inspection that takes more than is allowed."""
    size, allowance = computation.estimate.size, computation.allowance
    found = price(_inspection_effort(want, resolution, size), size, allowance.machine.coefficients)
    if not allowance.covers(found):
        raise TooExpensive("resolution", f"smaller here ({allowance.bill(found)})", resolution)


def _inspection_effort(want: Collection[Want], resolution: int, size: WorkSize) -> Effort:
    """Cost and gradient here and the outputs on all examples; those on a grid, and a small Hessian."""
    effort = size.theta + Effort(costs=2 * (1 + size.test / size.examples), gradients=size.runs, calls=500)
    if "outputs" in want:
        points = resolution**2
        numbers = 8 * points * size.units
        effort += Effort(costs=size.shown(points), numbers=numbers, kept=3 * points)
    if "hessian" in want and size.parameters <= MAX_HESSIAN:
        effort += Effort(hessians=1, kept=size.parameters**2)
    return effort


def price_of(study: Study, subject: Subject, request: Tagged) -> Price:
    """What the request takes on the machine that the subject is computed on."""
    return study.price(subject, request, subject.computation.allowance.machine.coefficients)


def _most(study: Study, subject: Subject, request: Tagged) -> int | None:
    """The largest value of the field that the study grows by that is allowed, None where there is none."""
    got: Any = getattr(request, study.grows)
    if got is None:
        got = getattr(subject.computation.experiment, study.grows)
    if not isinstance(got, int):
        return None
    low, high = 0, got
    while high - low > 1:
        middle = (low + high) // 2
        asked = request.model_copy(update={study.grows: middle})
        fits = subject.computation.allowance.covers(price_of(study, subject, asked))
        low, high = (middle, high) if fits else (low, middle)
    return low or None
