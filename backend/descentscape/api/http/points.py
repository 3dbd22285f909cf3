"""The bodies of POST curvature and POST inspect: an experiment, and where to look."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pydantic import Field

from descentscape.document.bounds import MAX_RESOLUTION, MAX_RUNS, MAX_STEPS
from descentscape.document.experiment import Experiment
from descentscape.document.schema import Model, listed
from descentscape.document.view import Pair, Values
from descentscape.studies import StudyRequest
from descentscape.studies.inspection import RESOLUTION, WANTS, Want

if TYPE_CHECKING:
    Wants: TypeAlias = tuple[Want, ...]
else:
    Wants = listed(Want, 0, len(WANTS))


class PointRequest(Model):
    """A step of a run (null: its last), the parameters themselves, or a point [a, b] of the plane."""

    experiment: Experiment = Experiment()
    run: int = Field(0, ge=0, lt=MAX_RUNS)
    step: int | None = Field(None, ge=0, le=MAX_STEPS)
    theta: Values | None = None
    at: Pair | None = None


class InspectRequest(PointRequest):
    """A place, what is wanted of it, how finely the outputs are sampled, and a study beside."""

    want: Wants = ("outputs",)
    resolution: int = Field(RESOLUTION, ge=3, le=MAX_RESOLUTION)
    study: StudyRequest | None = None
