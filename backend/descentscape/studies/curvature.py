"""Studies of the Hessian: what kind of point a place is."""

from __future__ import annotations

from typing import Literal

from descentscape.inspection import curvature
from descentscape.response import Report
from descentscape.schema import Tagged
from descentscape.studies.base import Study, Subject, at_once


class SpectrumRequest(Tagged):
    """The eigenvalues of the Hessian, and the kind of point that they make it."""

    kind: Literal["spectrum"] = "spectrum"


def _spectrum(subject: Subject, request: SpectrumRequest) -> Report:
    found = curvature(subject.computation, subject.place)
    return {
        "cost": found.cost,
        "grad_norm": found.grad_norm,
        "eigenvalues": found.eigenvalues,
        "complete": found.complete,
        "negative_count": found.negative_count,
        "classification": found.classification,
        "index": found.index,
        "condition": found.condition,
    }


STUDIES = (Study(SpectrumRequest, at_once(_spectrum)),)
