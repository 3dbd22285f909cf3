"""What may be begun: how long it may take, what memory there is for it, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from structlog.contextvars import bind_contextvars

from descentscape.api.ops.frame_cache import FrameCache
from descentscape.api.ops.memory_budget import MemoryBudget
from descentscape.compute.computation import PATIENCE, Computation
from descentscape.compute.cost_model import refuse_if_too_large
from descentscape.compute.descents import DescentCache
from descentscape.core.time_slices import Clock
from descentscape.document.experiment import Experiment


@dataclass(frozen=True)
class Admission:
    """The way to begin a computation, the same for a call and for a stream.

    ``seconds`` bounds a computation as the cost model estimates it, ``memory`` all of them together;
    ``cache`` holds their descents for asking again, ``frames`` what was packed of these, and ``patience`` is
    that of every `Computation`.
    """

    seconds: float = 60.0
    memory: MemoryBudget = field(default_factory=MemoryBudget)
    cache: DescentCache = field(default_factory=DescentCache)
    patience: float = PATIENCE
    frames: FrameCache = field(default_factory=FrameCache)

    @property
    def clock(self) -> Clock:
        """The clock that everything is computed by."""
        return self.cache.clock

    def begin(self, experiment: Experiment) -> Computation:
        """The computation of an experiment; TooExpensive or a ProblemError (503) where it is too large."""
        refuse_if_too_large(experiment, self.seconds)
        return self._held(Computation(experiment, self.cache, self.patience))

    def go_on(self, computation: Computation) -> Computation:
        """A computation that shares its beginning with another, held to the same bounds."""
        refuse_if_too_large(computation.experiment, self.seconds)
        return self._held(computation)

    def _held(self, computation: Computation) -> Computation:
        """The computation, its memory counted; what is logged from here on names the experiment."""
        bind_contextvars(experiment=computation.id[:12])
        return self.memory.hold(computation)
