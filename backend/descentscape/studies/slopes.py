"""The gradient field over the window: which way is down, as far as the plane shows it."""

from __future__ import annotations

from typing import Literal

from descentscape.compute.window import Window
from descentscape.core.landscape.field import GradientField, gradient_field
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import ALMOST, Reports, Study, Subject, window_of
from descentscape.studies.predictions import Report


class FieldRequest(Tagged):
    """−∇C on a grid of the window, as far as it lies in the plane."""

    kind: Literal["field"] = "field"
    resolution: int = knob(21, label="resolution", low=3, high=41, help="Arrows along each side.")


def _field(subject: Subject, request: FieldRequest) -> Reports:
    window, objective = window_of(subject), subject.computation.problem.objective
    for progress in gradient_field(objective, window.plane, window.extent, request.resolution):
        report = None if progress.result is None else _report(progress.result, window)
        yield 1.0 if report else min(ALMOST, progress.done / progress.total), report


def _report(field: GradientField, window: Window) -> Report:
    arrays = {"a": field.a, "b": field.b, "arrows": field.arrows, "share": field.share}
    return {"plane_id": window.plane_id, **arrays}


STUDIES = (Study(FieldRequest, _field),)
