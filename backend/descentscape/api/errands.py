"""What a stream's client asks for beside the steps: one surface at a time, and some inspections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from descentscape.api.errors import ProblemError
from descentscape.api.inspections import answer, is_ready
from descentscape.api.messages import AskSurface, Inspect, complaint
from descentscape.api.scene import Scene
from descentscape.api.surfaces import SurfaceJob

INSPECTIONS = 16
"""Inspections that may wait for their step."""


class Errands:
    """The surface and the inspections that are asked for and not yet answered."""

    def __init__(self) -> None:
        self._asked: AskSurface | None = None
        self._job: SurfaceJob | None = None
        self._inspections: list[Inspect] = []

    def ask_surface(self, request: AskSurface) -> None:
        """Sample this surface in place of the one before."""
        self._asked, self._job = request, None

    def ask_inspection(self, request: Inspect) -> None:
        """Look into the network as soon as the step is there."""
        if len(self._inspections) >= INSPECTIONS:
            raise ProblemError(429, f"inspections under way must be at most {INSPECTIONS}, got one more")
        self._inspections.append(request)

    def give_up(self) -> list[str]:
        """Forget everything; the messages that tell so whoever waits for an inspection."""
        self._asked = self._job = None
        waiting, self._inspections = self._inspections, []
        given_up = ProblemError(409, "The inspection was given up.")
        return [complaint(given_up, request.id) for request in waiting]

    def sampling(self, scene: Scene) -> bool:
        """Whether there is a surface to go on with."""
        return self._asked is not None and scene.computation.window is not None

    def possible(self, scene: Scene) -> bool:
        """Whether something can be done about any of it now."""
        return self.sampling(scene) or self._next(scene) is not None

    def advance(self, scene: Scene) -> Iterator[str | bytes]:
        """Answer the next inspection if there is one, and do a little of the surface."""
        if (request := self._next(scene)) is not None:
            self._inspections.remove(request)
            yield _attempt(request, scene)
        if self._asked is not None and self.sampling(scene):
            try:
                self._sample(self._asked, scene)
            except Exception as error:  # whatever it is, only this errand fails
                yield complaint(error, self._asked.id)
                self._asked = self._job = None

    def take(self) -> list[bytes]:
        """The newest level of the surface, if it was not sent; the ones before it are out of date."""
        return self._job.take() if self._job else []

    @property
    def waiting(self) -> bool:
        """Whether a level of the surface waits to be sent."""
        return self._job is not None and self._job.newest is not None

    def report(self) -> dict[str, Any] | None:
        """The content of a message about the surface's progress."""
        return self._job.report() if self._job and self._asked else None

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
