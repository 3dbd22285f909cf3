"""What a stream's client asks for beside the steps: a surface, a study of each kind, and some inspections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from descentscape.api.ops.errors import ProblemError
from descentscape.api.stream.active_experiment import Scene
from descentscape.api.stream.inspections import answer, is_ready
from descentscape.api.stream.messages import AskStudy, AskSurface, Inspect, complaint
from descentscape.api.stream.studies import StudyJob
from descentscape.api.stream.surfaces import SurfaceJob

INSPECTIONS = 16
"""Inspections that may wait for their step."""


class Errands:
    """The surface, the studies and the inspections that are asked for and not yet answered."""

    def __init__(self) -> None:
        self._asked: AskSurface | None = None
        self._job: SurfaceJob | None = None
        self._inspections: list[Inspect] = []
        self._studies: dict[str, StudyJob] = {}

    def ask_surface(self, request: AskSurface) -> None:
        """Sample this surface in place of the one before."""
        self._asked, self._job = request, None

    def ask_inspection(self, request: Inspect) -> None:
        """Look into the network as soon as the step is there."""
        if len(self._inspections) >= INSPECTIONS:
            raise ProblemError(429, f"inspections under way must be at most {INSPECTIONS}, got one more")
        self._inspections.append(request)

    def ask_study(self, request: AskStudy) -> None:
        """Conduct this study in place of the one before of its kind."""
        self._studies.pop(request.study.kind, None)
        self._studies[request.study.kind] = StudyJob(request)

    def give_up(self, only: int | None = None) -> list[str]:
        """Forget everything, or what was asked with this id alone.

        Returns the messages that tell so whoever waits for an inspection or a study.
        """

        def meant(request: AskSurface | Inspect | AskStudy) -> bool:
            return only is None or request.id == only

        if self._asked is None or meant(self._asked):
            self._asked = self._job = None
        waiting = [request for request in self._inspections if meant(request)]
        self._inspections = [request for request in self._inspections if not meant(request)]
        dropped = {kind: job for kind, job in self._studies.items() if meant(job.request)}
        unfinished = [job.request for job in dropped.values() if not job.finished]
        self._studies = {kind: job for kind, job in self._studies.items() if kind not in dropped}
        inspection, study = (
            ProblemError(409, f"The {what} was given up.") for what in ("inspection", "study")
        )
        return [
            *(complaint(inspection, request.id) for request in waiting),
            *(complaint(study, request.id) for request in unfinished),
        ]

    def sampling(self, scene: Scene) -> bool:
        """Whether there is a surface to go on with."""
        return self._asked is not None and scene.computation.visible

    def possible(self, scene: Scene) -> bool:
        """Whether something can be done about any of it now."""
        return self.sampling(scene) or self.studying(scene) is not None or self._next(scene) is not None

    def studying(self, scene: Scene) -> StudyJob | None:
        """The study to go on with: the one that has waited longest."""
        return next((job for job in self._studies.values() if job.is_ready(scene)), None)

    def advance(self, scene: Scene) -> Iterator[str | bytes]:
        """Answer the next inspection if there is one, and do a little of a study and of the surface."""
        if (request := self._next(scene)) is not None:
            self._inspections.remove(request)
            yield _attempt(request, scene)
        if (job := self.studying(scene)) is not None:
            yield from self._study(job, scene)
        if self._asked is not None and self.sampling(scene):
            try:
                self._sample(self._asked, scene)
            except Exception as error:  # whatever it is, only this errand fails
                yield complaint(error, self._asked.id)
                self._asked = self._job = None
        elif self._asked is None and self._job is not None and scene.complete:
            self._job.settle()

    def take(self) -> list[bytes]:
        """The newest of the surface and of each study, if it was not sent; all before is out of date."""
        studies = [frame for job in self._studies.values() for frame in job.take()]
        self._studies = {kind: job for kind, job in self._studies.items() if not job.finished}
        return [*(self._job.take() if self._job else []), *studies]

    @property
    def waiting(self) -> bool:
        """Whether a level of the surface, or a study's report, waits to be sent."""
        studies = any(job.newest is not None for job in self._studies.values())
        return studies or (self._job is not None and self._job.newest is not None)

    def report(self) -> dict[str, Any] | None:
        """The content of a message about the surface's progress."""
        return self._job.report() if self._job and self._asked else None

    def _study(self, job: StudyJob, scene: Scene) -> Iterator[str]:
        """Do a little of a study, and let the others of them go first the next time."""
        kind = job.request.study.kind
        self._studies[kind] = self._studies.pop(kind)
        try:
            job.advance(scene)
        except Exception as error:  # whatever it is, only this study fails
            yield complaint(error, job.request.id)
            del self._studies[kind]

    def _next(self, scene: Scene) -> Inspect | None:
        return next((request for request in self._inspections if is_ready(request, scene)), None)

    def _sample(self, request: AskSurface, scene: Scene) -> None:
        if self._job is None or self._job.window is not scene.computation.window:
            self._job = SurfaceJob(request, scene.computation)
        self._job.advance()
        if self._job.finished:
            self._asked = None


def _attempt(request: Inspect, scene: Scene) -> str | bytes:
    try:
        return answer(request, scene)
    except Exception as error:  # whatever it is, only this errand fails
        return complaint(error, request.id)
