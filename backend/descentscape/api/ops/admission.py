"""What may be begun: how long it may take, what memory there is for it, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from structlog.contextvars import bind_contextvars

from descentscape.api.ops.frame_cache import FrameCache
from descentscape.api.ops.memory_budget import MemoryBudget
from descentscape.compute.allowance import Allowance
from descentscape.compute.computation import PATIENCE, Computation
from descentscape.compute.cost_model import Estimate, estimate, in_another_view, refuse_if_too_large
from descentscape.compute.descents import DescentCache
from descentscape.compute.machine import Machine
from descentscape.core.time_slices import Clock
from descentscape.document.experiment import Experiment
from descentscape.document.view import View

STUDY_BYTES = 256 * 2**20
"""What one study may hold at once."""


@dataclass(frozen=True)
class Admission:
    """The way to begin a computation, the same for a call and for a stream.

    ``seconds`` bounds a computation as the cost model estimates it, ``memory`` all of them together;
    ``cache`` holds their descents for asking again, ``frames`` what was packed of these, and ``patience`` is
    that of every `Computation`. ``machine`` tells what this machine does in a second.
    """

    seconds: float = 60.0
    memory: MemoryBudget = field(default_factory=MemoryBudget)
    cache: DescentCache = field(default_factory=DescentCache)
    patience: float = PATIENCE
    frames: FrameCache = field(default_factory=FrameCache)

    machine: Machine = field(default_factory=Machine)

    @property
    def clock(self) -> Clock:
        """The clock that everything is computed by."""
        return self.cache.clock

    def begin(self, experiment: Experiment) -> Computation:
        """The computation of an experiment; TooExpensive or a ProblemError (503) where it is too large."""
        work = estimate(experiment, self.machine.coefficients)
        self._require(experiment, work)
        return self._held(Computation(experiment, self.cache, self.patience, self._allowance, work))

    def go_on(self, computation: Computation) -> Computation:
        """A computation that shares its beginning with another, held to the same bounds."""
        self._require(computation.experiment, computation.estimate)
        return self._held(computation)

    def require_view(self, computation: Computation, view: View) -> None:
        """Raise TooExpensive for a plane or surface other than those admitted that would take too long."""
        admitted = computation.experiment.view
        if (view.plane, view.grid.resolution) == (admitted.plane, admitted.grid.resolution):
            return
        experiment = computation.experiment.model_copy(update={"view": view})
        work = in_another_view(computation.estimate, experiment, self.machine.coefficients)
        self._require(experiment, work)

    def _require(self, experiment: Experiment, work: Estimate) -> None:
        refuse_if_too_large(experiment, work, self.seconds, self.machine.coefficients)

    @property
    def _allowance(self) -> Allowance:
        return Allowance(self.seconds, STUDY_BYTES, self.machine)

    def _held(self, computation: Computation) -> Computation:
        """The computation, its memory counted; what is logged from here on names the experiment."""
        bind_contextvars(experiment=computation.id[:12])
        return self.memory.hold(computation)
