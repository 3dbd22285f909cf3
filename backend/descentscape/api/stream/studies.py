"""A study that a stream's client has asked for, conducted bit by bit."""

from __future__ import annotations

from collections.abc import Iterator

from descentscape.api.stream.active_experiment import ActiveExperiment
from descentscape.api.stream.inspections import is_ready
from descentscape.api.stream.messages import AskStudy
from descentscape.compute.computation import Computation
from descentscape.compute.window import Window
from descentscape.core.time_slices import reported
from descentscape.output.frames import FrameKind
from descentscape.output.serialization import frame_bytes
from descentscape.studies import Reports, Subject, conduct
from descentscape.studies.inspection import place_in_slices
from descentscape.studies.predictions import Report


class StudyJob:
    """One request's study; where the window is fitted afresh meanwhile, it begins again in the new one."""

    def __init__(self, request: AskStudy) -> None:
        self.request = request
        self.finished = False
        self.newest: bytes | None = None
        self._reports: Iterator[tuple[float, Report | None]] | None = None
        self._window: Window | None = None

    def is_ready(self, active: ActiveExperiment) -> bool:
        """Whether there is something to go on with."""
        return not self.finished and active.computation.visible and is_ready(self.request, active)

    def advance(self, active: ActiveExperiment) -> None:
        """Do a little more; a report makes the ``newest`` frame, in place of one that was not sent.

        Raises InvalidValue for a place that is not there, or has nothing of the sort.
        """
        if self._reports is None or self._window is not active.computation.window:
            self._begin(active)
        assert self._reports is not None
        progress, report = next(self._reports, (1.0, None))
        self.finished = progress >= 1
        if report is not None:
            meta = {"id": self.request.id, "kind": self.request.study.kind, "progress": progress}
            self.newest = frame_bytes(FrameKind.STUDY, meta | dict(report))

    def _begin(self, active: ActiveExperiment) -> None:
        self._window = active.computation.window
        self._reports = reported(self._conducted(active.computation))

    def _conducted(self, computation: Computation) -> Reports:
        place = yield from place_in_slices(computation, self.request)
        return (yield from conduct(Subject(computation, place), self.request.study))
