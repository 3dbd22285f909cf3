"""The experiment that a stream plays: what is computed of it, what the client has, what it was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from descentscape.api.ops.frame_cache import FrameCache
from descentscape.api.stream.delivery import Delivery
from descentscape.api.stream.messages import StreamChannel, say
from descentscape.compute.computation import Computation
from descentscape.compute.results import PROJECTED
from descentscape.compute.window import Window
from descentscape.core.blocks import layer_spans
from descentscape.core.formulas.markup import mathml
from descentscape.core.formulas.objective import FormulaObjective
from descentscape.core.objective import Objective, is_sloped
from descentscape.document.experiment import minimal
from descentscape.output.captions import RUN_CAPTION, plane_captions
from descentscape.output.export import attributes
from descentscape.output.run_colors import color_of

PLANE_FACTS = ("kind", "orthonormal", "variance_share", "null_share", "components", "exact", "note", "labels")
"""What is told of a plane: its numbers come by other ways."""

ESTIMATED = ("parameters", "examples", "descent_seconds", "plane_seconds", "surface_seconds", "nbytes")
"""What is told of the estimate."""

NAMED = 1000
"""Up to so many parameters are told by name."""


class ActiveExperiment:
    """A computation with the client's channels and the next entry it wants of each run.

    ``known_plane`` is the id of the plane that the client draws in already, as far as it said so.
    """

    def __init__(
        self,
        computation: Computation,
        channels: Sequence[StreamChannel],
        frames: FrameCache,
        wanted: Sequence[int] | None = None,
        known_plane: str | None = None,
    ) -> None:
        self.computation = computation
        drawn = [name for name in (*PROJECTED, "grad_norm") if name in channels]
        computation.ahead = [*drawn, "stationary_at"]
        self.delivery = Delivery(computation, channels, frames, wanted or [0] * len(computation.runs))
        self._drawn_in = known_plane
        self._announced: Window | None = None
        self._status: dict[str, Any] | None = None

    @property
    def plane_id(self) -> str | None:
        """The plane that the client draws in, as far as it was told."""
        return self._drawn_in

    @property
    def last(self) -> int:
        """The last step of the experiment."""
        return self.computation.experiment.steps

    @property
    def drawn(self) -> bool:
        """Whether all that the client draws of the runs is computed."""
        return self.computation.drawn

    def advance(self, seconds: float) -> None:
        """Compute on for about so long."""
        self.computation.advance(seconds)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to compute, and the client was told; what is complete stays so."""
        return self._status is not None and self._status["complete"]

    def opened(self, kept: Sequence[int] | None) -> str:
        """The answer to what brought it about."""
        computation = self.computation
        problem = computation.problem
        layers = layer_spans(problem.objective.blocks)
        return say(
            "opened",
            {
                "experiment": computation.experiment.model_dump(mode="json"),
                "minimal": minimal(computation.experiment),
                "id": computation.id,
                "dim": problem.objective.dim,
                "exact": problem.exact,
                "steps": self.last,
                "runs": [
                    {"label": run.label, "optimizer": run.recipe.optimizer.kind, "color": color_of(index)}
                    for index, run in enumerate(computation.runs)
                ],
                "layers": [{"name": name, "size": part.stop - part.start} for name, part in layers.items()],
                "formula": _shown(problem.objective),
                "sloped": is_sloped(problem.objective),
                "own_inputs": problem.data and problem.data.examples.own_inputs,
                "estimate": attributes(computation.estimate, ESTIMATED),
                "parameters": problem.objective.parameter_names() if problem.objective.dim <= NAMED else [],
                "kept": kept,
            },
        )

    def events(self) -> list[str]:
        """Messages about the plane and the runs' status, where they changed since the last time."""
        return [*self._plane_events(), *self._status_events()]

    def _plane_events(self) -> list[str]:
        window = self.computation.window
        if window is None or window is self._announced:
            return []
        self._announced = window
        if self._drawn_in is not None and self._drawn_in != window.plane_id:
            self.delivery.start_again()
        self._drawn_in = window.plane_id
        return [say("plane", self._described(window))]

    def _described(self, window: Window) -> dict[str, Any]:
        plane, computation = window.plane, self.computation
        labels = [run.label for run in computation.runs]
        spec = computation.experiment.view.plane
        captions = plane_captions(plane, spec, labels, provisional=window.provisional)
        return {
            "captions": [asdict(caption) for caption in captions],
            "run_caption": RUN_CAPTION,
            "plane_id": window.plane_id,
            "generation": window.generation,
            "provisional": window.provisional,
            "extent": window.extent,
            "plane": attributes(plane, PLANE_FACTS),
        }

    def _status_events(self) -> list[str]:
        if self._announced is None:
            return []
        status = self._status_now()
        if status == self._status:
            return []
        self._status = status
        return [say("status", self._with_steps(status))]

    def _status_now(self) -> dict[str, Any]:
        computation = self.computation
        runs = [
            {"status": computation.status(run), "stationary_at": computation.stationary_at(run)}
            for run in range(len(computation.runs))
        ]
        return {"runs": runs, "complete": computation.complete and computation.entries(0) > 0}

    def _with_steps(self, status: dict[str, Any]) -> dict[str, Any]:
        runs = [
            run | {"steps": max(0, self.computation.entries(index) - 1)}
            for index, run in enumerate(status["runs"])
        ]
        return status | {"runs": runs}

    def report(self) -> dict[str, Any]:
        """The content of a message about the descent's progress."""
        done, total = self.computation.progress
        return {"of": "descent", "done": done, "total": total}


def _shown(objective: Objective) -> str | None:
    """How a formula was read, as MathML."""
    return mathml(objective.expression) if isinstance(objective, FormulaObjective) else None


def kept_entries(before: ActiveExperiment, computation: Computation) -> list[int]:
    """How many entries of each run the client has that are the same in a computation that goes on."""
    return [
        _common(computation, before, run, min(sent, computation.entries(run)))
        for run, sent in enumerate(before.delivery.wanted)
    ]


def _common(computation: Computation, before: ActiveExperiment, run: int, count: int) -> int:
    """The first entries that do not differ, up to the first edit that only one of the two has."""
    if count == 0:  # while a lifted start is being found there is not even a run
        return 0
    old, new = (each.trajectories[run].cost[:count] for each in (before.computation, computation))
    differ = old != new
    same = int(differ.argmax()) if differ.any() else count
    edits = [edit.step for edit in computation.experiment.edits if edit.run == run]
    known = [edit.step for edit in before.computation.experiment.edits if edit.run == run]
    return min([same, *edits[len(known) :]])
