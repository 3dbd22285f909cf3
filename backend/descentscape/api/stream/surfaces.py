"""A surface that a stream's client has asked for, sampled bit by bit."""

from __future__ import annotations

from typing import Any

from descentscape.api.stream.messages import AskSurface
from descentscape.captions import axis_content
from descentscape.compute.build import BuiltProblem
from descentscape.compute.computation import Computation
from descentscape.compute.window import Window
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.landscape.surface import Progress, Surface, clipping
from descentscape.core.objective import Array
from descentscape.document.experiment import Experiment
from descentscape.output.frames import Kind, pack
from descentscape.output.height_axis import height_axes


class SurfaceJob:
    """One request's surface over the window that stands now, coarse to fine.

    Raises ValidationError for a plane that does not fit the experiment.
    """

    def __init__(self, request: AskSurface, computation: Computation) -> None:
        self.request = request
        self.window = computation.window
        self._computation = computation
        self._last: Progress | None = None
        self._paths: Pair | None = None
        if request.plane is not None:
            _require_fitting(computation.experiment, request)
        self._progress = computation.surface(request.resolution, request.extent, request.plane)
        self._done, self._total = 0, 1
        self.finished = False
        self.newest: bytes | None = None

    def advance(self) -> None:
        """Do a little more; a level that is complete makes the ``newest`` frame, in place of one not sent."""
        progress = next(self._progress, None)
        if progress is None:
            self.finished = True
            return
        self._done, self._total = progress.done, progress.total
        if progress.surface is not None:
            self._last = progress
            self.newest = self._frame(progress, progress.surface)

    def settle(self) -> None:
        """Send a surface that is finished once more where the paths have outgrown its height axis since."""
        if self._last and self._last.surface and self._computation.path_range() != self._paths:
            self.newest = self._frame(self._last, self._last.surface)

    def take(self) -> list[bytes]:
        """The newest frame, if there is one that was not sent."""
        newest, self.newest = self.newest, None
        return [] if newest is None else [newest]

    def report(self) -> dict[str, Any]:
        """The content of a message about the progress."""
        return {"of": "surface", "id": self.request.id, "done": self._done, "total": self._total}

    def _frame(self, progress: Progress, surface: Surface) -> bytes:
        self._paths = self._computation.path_range()
        meta = {
            "id": self.request.id,
            "level": progress.level - 1,
            "levels": progress.levels,
            "progress": progress.done / progress.total,
            "done": progress.level == progress.levels,
            "minima": minima_on(surface.plane, self._computation.problem),
            "plane_id": plane_id(surface.plane),
            **surface_meta(surface, self._paths),
        }
        return pack(Kind.SURFACE, meta, {"a": surface.a, "b": surface.b, "cost": surface.cost})


def _require_fitting(experiment: Experiment, request: AskSurface) -> None:
    view = experiment.view.model_copy(update={"plane": request.plane})
    Experiment.model_validate(dict(experiment) | {"view": view})


def surface_meta(surface: Surface, paths: Pair) -> dict[str, Any]:
    """What a surface says of itself beside its heights, and its height axes with the paths' costs on them."""
    clipped = clipping(surface.cost, paths)
    return {
        "extent": [[axis[0], axis[-1]] for axis in (surface.a.tolist(), surface.b.tolist())],
        "exact": surface.exact,
        "clipped": {"low": clipped.low, "high": clipped.high, "count": clipped.count},
        "height": axis_content(height_axes(surface.cost, paths)),
    }


def minima_on(plane: Plane, problem: BuiltProblem) -> list[list[float]]:
    """The known minima as [a, b, cost], where the plane is all there is."""
    known: Array = problem.minima if plane.exact else problem.minima[:0]
    heights = problem.objective.value(known).tolist() if len(known) else []
    return [[*place, height] for place, height in zip(plane.project(known).tolist(), heights, strict=True)]


def plane_id(plane: Plane) -> str:
    """The name of a plane, as its window would give it."""
    return Window(plane, ((0.0, 0.0), (0.0, 0.0)), provisional=False, generation=0).plane_id
