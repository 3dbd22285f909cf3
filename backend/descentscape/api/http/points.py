"""The bodies of POST curvature and POST inspect: an experiment, and where to look."""

from __future__ import annotations

from pydantic import Field

from descentscape.document.bounds import MAX_RESOLUTION
from descentscape.document.experiment import Experiment
from descentscape.document.points import Extent, PlaceSpec
from descentscape.studies import StudyRequest
from descentscape.studies.inspection import OUTPUT_RESOLUTION, Wants


class PointRequest(PlaceSpec):
    """A place of an experiment."""

    experiment: Experiment = Experiment()


class InspectRequest(PointRequest):
    """A place, what is wanted of it, how finely and where the outputs are sampled, and a study beside."""

    want: Wants = ("outputs",)
    resolution: int = Field(OUTPUT_RESOLUTION, ge=3, le=MAX_RESOLUTION)
    window: Extent | None = None
    study: StudyRequest | None = None
