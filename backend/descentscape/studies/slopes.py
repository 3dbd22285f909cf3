"""The gradient field over the window: which way is down, as far as the plane shows it."""

from __future__ import annotations

from typing import Literal

from descentscape.compute.window import Window
from descentscape.core.landscape.field import GradientField, gradient_field
from descentscape.core.time_slices import Progress, reported
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import Reports, Study, Subject, priced, window_of
from descentscape.studies.predictions import Report


class FieldRequest(Tagged):
    """−∇C on a grid of the window, as far as it lies in the plane."""

    kind: Literal["field"] = "field"
    resolution: int = knob(21, label="resolution", low=3, high=41, help="Arrows along each side.")


def _field(subject: Subject, request: FieldRequest) -> Reports:
    window, objective = window_of(subject), subject.computation.problem.objective
    work = gradient_field(objective, window.plane, window.extent, request.resolution)
    for share, found in reported(work):
        field = found
        yield Progress(share, 1)
    assert field is not None  # the last one is the whole
    return _report(field, window)


def _report(field: GradientField, window: Window) -> Report:
    arrays = {"a": field.a, "b": field.b, "arrows": field.arrows, "share": field.share}
    return {"plane_id": window.plane_id, **arrays}


def _effort(request: FieldRequest, size: WorkSize) -> Effort:
    points = request.resolution**2
    return Effort(gradients=points, numbers=8 * points * size.parameters, calls=800, kept=4 * points)


STUDIES = (Study(FieldRequest, _field, priced(_effort), "resolution"),)
