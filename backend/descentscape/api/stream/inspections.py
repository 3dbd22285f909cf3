"""A stream client's look into the network: when it can be answered, and the frame that answers it."""

from __future__ import annotations

from descentscape.api.stream.active_experiment import ActiveExperiment
from descentscape.api.stream.messages import AskStudy, Inspect
from descentscape.core.time_slices import TimeSlices
from descentscape.output.frames import FrameKind
from descentscape.output.serialization import frame_bytes
from descentscape.studies.inspection import OUTPUT_RESOLUTION, inspect_in_slices, place_in_slices
from descentscape.studies.pricing import require_inspection


def is_ready(request: Inspect | AskStudy, active: ActiveExperiment) -> bool:
    """Whether the step, or the plane of the point, is there by now, or will never be."""
    computation = active.computation
    if active.complete:
        return True
    if request.at is not None:
        return computation.window is not None
    if request.theta is not None or request.run >= len(computation.runs):
        return True
    return request.step is not None and computation.entries(request.run) > request.step


def answer(request: Inspect, active: ActiveExperiment) -> TimeSlices[bytes]:
    """The inspection frame; raises InvalidValue for a place that is not there."""
    computation = active.computation
    place = yield from place_in_slices(computation, request)
    resolution = request.resolution or OUTPUT_RESOLUTION
    require_inspection(computation, request.want, resolution)
    report = yield from inspect_in_slices(computation, place, request.want, resolution, request.window)
    return frame_bytes(FrameKind.INSPECTION, {"id": request.id, **report})
