"""What a run's readers need: a path through parameter space with what was measured along it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol, cast

from descentscape.core.descent.descent import StepContext
from descentscape.core.descent.run import Run
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import AnyArray, Array, Indices, Objective

Status = Literal["running", "finished", "diverged", "no_slope"]
"""How a run stands: ``no_slope`` where C is finite and its gradient is not, as at the tip of a kink."""


class Trajectory(Protocol):
    """A run as it is read: entry 0 is the start and entry k is what k steps led to.

    Arrays have ``entries`` rows, may grow while they are read, and end at the last finite entry. Whether the
    path was computed here or recorded elsewhere makes no difference to who needs no more than this.
    """

    @property
    def objective(self) -> Objective:
        """The training cost that the path goes down."""

    @property
    def start(self) -> Array:
        """Theta ``(P,)`` before the first step, known before there is an entry."""

    @property
    def most_entries(self) -> int:
        """Entries that there will be if nothing ends the run early."""

    @property
    def entries(self) -> int:
        """Entries so far."""

    @property
    def status(self) -> Status:
        """How the run stands."""

    @property
    def stationary_at(self) -> int | None:
        """The first of 10 consecutive entries whose gradient is nothing, as `stationarity` has it."""

    @property
    def cost(self) -> Array:
        """The whole training cost C at every entry."""

    @property
    def grad_norm(self) -> Array:
        """‖∇C‖ of the whole training cost at every entry."""

    @property
    def layer_grad_norms(self) -> Array:
        """‖∇C‖ within each of the objective's L layers, ``(entries, L)``."""

    @property
    def batch_cost(self) -> Array:
        """At entry k the cost, there, of the batch that step k + 1 uses; ``cost`` for the full batch."""

    @property
    def test_cost(self) -> Array | None:
        """The cost on other examples at every entry, None without any."""

    @property
    def learning_rate(self) -> Array:
        """At entry k the learning rate of step k + 1, the schedule's factor included."""

    @property
    def gradient_evaluations(self) -> AnyArray:
        """Gradients that the steps so far have computed: one a step, and what a rule takes by itself."""

    @property
    def examples_seen(self) -> AnyArray:
        """Examples whose gradient the steps so far have computed, each as often as it was; 0 without."""

    @property
    def stride(self) -> int:
        """Theta is kept at every so-manieth entry; at 1 it is at all of them."""

    @property
    def kept(self) -> Array:
        """Theta at every ``stride``-th entry, ``(⌈entries / stride⌉, P)``."""

    def thetas(self, first: int, last: int) -> Array:
        """Theta at the entries first ≤ k < last, ``(last − first, P)``."""

    def theta_at(self, number: int) -> Array:
        """Theta ``(P,)`` at an entry."""


class Replayable(Trajectory, Protocol):
    """A trajectory with its recipe, whose steps can be made once more, bit for bit."""

    @property
    def run(self) -> Run:
        """All that determines the path."""

    def replay(self, first: int, last: int) -> Sequence[StepContext]:
        """The entries first ≤ k < last, each with the optimizer's state and the step that follows."""

    def step_at(self, number: int) -> StepContext:
        """An entry with the optimizer's state, and the batch's gradient for the step that follows."""

    def state_at(self, number: int) -> Any:
        """The optimizer's state after so many steps: its NamedTuple."""

    def batch_at(self, number: int) -> Indices | None:
        """The examples that the step from this entry uses, None for all of them."""


def replayable(trajectory: Trajectory) -> Replayable:
    """The same trajectory, for who needs its steps once more; InvalidValue where only arrays are left."""
    if not is_replayable(trajectory):
        raise InvalidValue(
            "run", "one that is computed here: of a recorded run the optimizer’s state was not recorded"
        )
    return cast("Replayable", trajectory)


def is_replayable(trajectory: Trajectory) -> bool:
    """Whether its steps can be made once more."""
    # To ask whether it has all of the protocol's members would compute those that are made on demand.
    return hasattr(trajectory, "replay")
