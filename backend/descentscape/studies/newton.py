"""Studies of Newton's method: its step, the model that it believes in, and the bill of a Hessian."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Literal

import numpy as np

from descentscape.core.explain.newton import REPEATS, SAMPLE, hessian_bill, newton_step, quadratic_model
from descentscape.core.optimizers import MAX_HESSIAN_DIM
from descentscape.document.effort import EIGENVECTORS, Effort, WorkSize
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import Subject, priced, window_of
from descentscape.studies.predictions import Report
from descentscape.studies.reports import explained, objective_of, plain


class NewtonRequest(Tagged):
    """Newton’s step beside the gradient’s and the saddle-free one."""

    kind: Literal["newton"] = "newton"
    damping: float = knob(0.0, label="damping", low=0, high=1e6, term="damping")


class QuadraticModelRequest(Tagged):
    """The quadratic model of the cost around the place, over the window."""

    kind: Literal["quadratic_model"] = "quadratic_model"
    resolution: int = knob(61, label="resolution", low=3, high=201)


class HessianBillRequest(Tagged):
    """Bytes, operations and seconds of a Hessian here, and of 10⁶ and 10⁹ weights."""

    kind: Literal["hessian_bill"] = "hessian_bill"


def _newton(subject: Subject, request: NewtonRequest) -> Report:
    plane = window_of(subject).plane
    found = newton_step(objective_of(subject), subject.place.theta, request.damping)
    steps = {"downhill": -found.gradient, "newton": found.newton, "saddle_free": found.saddle_free}
    return {
        **plain(found),
        "at": plane.project(subject.place.theta),
        "along": {name: plane.along(step) for name, step in steps.items()},
    }


def _quadratic_model(subject: Subject, request: QuadraticModelRequest) -> Report:
    window = window_of(subject)
    a, b = (np.linspace(*side, request.resolution) for side in window.extent)
    found = plain(quadratic_model(objective_of(subject), subject.place.theta, window.plane, a, b))
    at = window.plane.project(subject.place.theta)
    return {**found, "cost": found["cost"].astype("<f4"), "at": at}


def _hessian_bill(subject: Subject, request: HessianBillRequest) -> Any:
    return hessian_bill(objective_of(subject), subject.place.theta, perf_counter)


def _newton_effort(_: NewtonRequest, size: WorkSize) -> Effort:
    entries = size.parameters**2
    whole = Effort(hessians=1, factorisations=EIGENVECTORS, numbers=60 * entries, kept=4 * entries)
    return whole + Effort(costs=2, gradients=1, calls=500)


def _model_effort(request: QuadraticModelRequest, size: WorkSize) -> Effort:
    points = request.resolution**2
    return Effort(gradients=1, products=3, numbers=60 * points, calls=500, kept=8 * points)


def _bill_effort(_: HessianBillRequest, size: WorkSize) -> Effort:
    small = size.parameters <= MAX_HESSIAN_DIM
    formed = Effort(hessians=1, kept=size.parameters**2) if small else Effort(products=1)
    # Large matrices are multiplied in about half the time of small ones.
    return (REPEATS + 1) * formed + Effort(multiplications=(REPEATS + 1) * SAMPLE**3 / 2, calls=500)


STUDIES = (
    explained(NewtonRequest, _newton, priced(_newton_effort)),
    explained(QuadraticModelRequest, _quadratic_model, priced(_model_effort), "resolution"),
    explained(HessianBillRequest, _hessian_bill, priced(_bill_effort)),
)
