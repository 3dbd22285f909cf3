"""A surface that a stream's client has asked for, sampled bit by bit."""

from __future__ import annotations

from typing import Any

from descentscape.api.stream.active_experiment import ActiveExperiment
from descentscape.api.stream.messages import AskSurface
from descentscape.compute.computation import Computation
from descentscape.compute.window import Window
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.landscape.surface import Surface, levels_of
from descentscape.core.time_slices import Progress, Work
from descentscape.document.experiment import Experiment
from descentscape.output.export import minima_on, surface_facts
from descentscape.output.frames import FrameKind, pack

SOON = 0.5
"""A window that is replaced within so many seconds of computing is not worth more than the coarsest level."""


class SurfaceJob:
    """One request's surface, coarse to fine; where the window is fitted afresh meanwhile, it begins again.

    ``level`` counts the levels so far. It is finished when the runs have ended too: if the paths have
    outgrown the height axis by then, it is sent once more, on the axis that a fresh request would get.
    """

    def __init__(self, request: AskSurface) -> None:
        self.request = request
        self.sampled = self.finished = False
        self.newest: bytes | None = None
        self._work: Work[Surface] | None = None
        self._window: Window | None = None
        self._progress: Progress[Surface] = Progress(0, 1)
        self.level = 0
        self._surface: Surface | None = None
        self._paths: Pair | None = None

    def is_ready(self, active: ActiveExperiment) -> bool:
        """Whether there is something to go on with."""
        if self.sampled:
            return not self.finished and active.complete
        return active.computation.visible and not (self.level and _passes_soon(active.computation))

    def advance(self, active: ActiveExperiment) -> None:
        """Do a little more; a level that is complete makes the ``newest`` frame, in place of one not sent.

        Raises ValidationError for a plane that does not fit the experiment.
        """
        if self.sampled:
            self._settle(active.computation)
            return
        if self._work is None or self._window is not active.computation.window:
            self._begin(active.computation)
        assert self._work is not None
        surface = None
        try:
            if (latest := next(self._work)) is not None:
                self._progress, surface = latest, latest.result
        except StopIteration as end:
            self._progress = Progress(self._progress.total, self._progress.total)
            self.sampled, surface = True, end.value
        if surface is not None:
            self.level += 1
            self._surface = surface
            self.newest = self._frame(active.computation, surface)

    def report(self) -> dict[str, Any]:
        """The content of a message about its progress."""
        done, total = self._progress.done, self._progress.total
        return {"of": "surface", "id": self.request.id, "done": done, "total": total}

    def _begin(self, computation: Computation) -> None:
        asked = self.request
        self._window, self.level = computation.window, 0
        if asked.plane is not None:
            _require_fitting(computation.experiment, asked)
        self._work = computation.surface(asked.resolution, asked.extent, asked.plane)

    def _settle(self, computation: Computation) -> None:
        self.finished = True
        if self._surface is not None and computation.path_range() != self._paths:
            self.newest = self._frame(computation, self._surface)

    def _frame(self, computation: Computation, surface: Surface) -> bytes:
        resolution = self.request.resolution or computation.experiment.view.grid.resolution
        levels = len(levels_of(resolution))
        self._paths = computation.path_range()
        meta = {
            "id": self.request.id,
            "level": self.level - 1,
            "levels": levels,
            "progress": self._progress.share,
            "done": self.level == levels,
            "minima": minima_on(surface.plane, computation.problem),
            "plane_id": plane_id(surface.plane),
            **surface_facts(surface, self._paths),
        }
        return pack(FrameKind.SURFACE, meta, {"a": surface.a, "b": surface.b, "cost": surface.cost})


def _passes_soon(computation: Computation) -> bool:
    window = computation.window
    return window is not None and window.provisional and computation.seconds_left < SOON


def _require_fitting(experiment: Experiment, request: AskSurface) -> None:
    view = experiment.view.model_copy(update={"plane": request.plane})
    Experiment.model_validate(dict(experiment) | {"view": view})


def plane_id(plane: Plane) -> str:
    """The name of a plane, as its window would give it."""
    return Window(plane, ((0.0, 0.0), (0.0, 0.0)), provisional=False, generation=0).plane_id
