"""What a stream's client asks for beside the steps: a surface, a study of each kind, and some inspections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from descentscape.api.ops.errors import ProblemError
from descentscape.api.stream.active_experiment import ActiveExperiment
from descentscape.api.stream.inspections import answer, is_ready
from descentscape.api.stream.messages import AskStudy, AskSurface, Inspect, complaint
from descentscape.api.stream.studies import StudyJob
from descentscape.api.stream.surfaces import SurfaceJob
from descentscape.core.time_slices import TimeSlices

INSPECTIONS = 16
"""Inspections that may wait for their step."""


class StreamJob(Protocol):
    """Work on one request in short time slices; ``newest`` is a frame that was not sent yet."""

    finished: bool
    newest: bytes | None

    @property
    def request(self) -> AskSurface | AskStudy:
        """What was asked."""

    def is_ready(self, active: ActiveExperiment) -> bool:
        """Whether there is something to go on with."""

    def advance(self, active: ActiveExperiment) -> None:
        """Do a little more."""


class Requests:
    """The surface, the studies and the inspections that are asked for and not yet answered.

    Of jobs there is one of each kind: a surface is one kind, and every kind of study another.
    """

    def __init__(self) -> None:
        self._inspections: list[Inspect] = []
        self._looking: Looking | None = None
        self._jobs: dict[str, StreamJob] = {}

    def ask_surface(self, request: AskSurface) -> None:
        """Sample this surface in place of the one before."""
        self._jobs["surface"] = SurfaceJob(request)

    def ask_inspection(self, request: Inspect) -> None:
        """Look into the network as soon as the step is there."""
        if len(self._inspections) >= INSPECTIONS:
            raise ProblemError(429, f"inspections under way must be at most {INSPECTIONS}, got one more")
        self._inspections.append(request)

    def ask_study(self, request: AskStudy) -> None:
        """Conduct this study in place of the one before of its kind."""
        self._jobs.pop(request.study.kind, None)
        self._jobs[request.study.kind] = StudyJob(request)

    def give_up(self, only: int | None = None) -> list[str]:
        """Forget everything, or what was asked with this id alone.

        Returns the messages that tell so whoever waits for an inspection or a study.
        """

        def meant(request: AskSurface | Inspect | AskStudy) -> bool:
            return only is None or request.id == only

        waiting = [request for request in self._inspections if meant(request)]
        if self._looking is not None and meant(self._looking.request):
            waiting, self._looking = [self._looking.request, *waiting], None
        self._inspections = [request for request in self._inspections if not meant(request)]
        dropped = [job for job in self._jobs.values() if meant(job.request)]
        self._jobs = {kind: job for kind, job in self._jobs.items() if not meant(job.request)}
        unfinished = [job for job in dropped if isinstance(job, StudyJob) and not job.finished]
        inspection, study = (
            ProblemError(409, f"The {what} was given up.") for what in ("inspection", "study")
        )
        return [
            *(complaint(inspection, request.id) for request in waiting),
            *(complaint(study, job.request.id) for job in unfinished),
        ]

    def possible(self, active: ActiveExperiment) -> bool:
        """Whether something can be done about any of it now."""
        looking = self._looking is not None or self._next(active) is not None
        return looking or self._next_job(active) is not None

    def advance(self, active: ActiveExperiment) -> Iterator[str | bytes]:
        """Do a little of the next inspection if there is one, and of the job that has waited longest."""
        if self._looking is None and (request := self._next(active)) is not None:
            self._inspections.remove(request)
            self._looking = Looking(request, answer(request, active))
        if (looking := self._looking) is not None:
            found = looking.advance()
            if found is not None:
                self._looking = None
                yield found
        if (kind := self._next_job(active)) is not None:
            job = self._jobs[kind] = self._jobs.pop(kind)
            try:
                job.advance(active)
            except Exception as error:  # whatever it is, only this job fails
                yield complaint(error, job.request.id)
                del self._jobs[kind]

    def take(self) -> list[bytes]:
        """The newest frame of each job, if it was not sent; all before is out of date."""
        frames = [job.newest for job in self._jobs.values() if job.newest is not None]
        self._jobs = {kind: job for kind, job in self._jobs.items() if not job.finished}
        for job in self._jobs.values():
            job.newest = None
        return frames

    @property
    def waiting(self) -> bool:
        """Whether a frame waits to be sent."""
        return any(job.newest is not None for job in self._jobs.values())

    @property
    def nothing_seen(self) -> bool:
        """Whether a surface is asked for of which the client has nothing yet."""
        job = self._jobs.get("surface")
        return isinstance(job, SurfaceJob) and job.level == 0

    def report(self) -> dict[str, Any] | None:
        """The content of a message about the surface's progress."""
        job = self._jobs.get("surface")
        return job.report() if isinstance(job, SurfaceJob) and not job.sampled else None

    def _next_job(self, active: ActiveExperiment) -> str | None:
        return next((kind for kind, job in self._jobs.items() if job.is_ready(active)), None)

    def _next(self, active: ActiveExperiment) -> Inspect | None:
        return next((request for request in self._inspections if is_ready(request, active)), None)


@dataclass(frozen=True)
class Looking:
    """An inspection under way."""

    request: Inspect
    slices: TimeSlices[bytes]

    def advance(self) -> str | bytes | None:
        """Do a little more: its answer, once it is there."""
        try:
            next(self.slices)
        except StopIteration as end:
            found: bytes = end.value
            return found
        except Exception as error:  # whatever it is, only this request fails
            return complaint(error, self.request.id)
        return None
