"""A run that was trained elsewhere: its checkpoints, with what is computed of them here."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from threading import Lock
from time import perf_counter

import numpy as np

from descentscape.core.descent.measure import Measure
from descentscape.core.descent.record import Record
from descentscape.core.descent.slopes import Slopes
from descentscape.core.descent.stationarity import Stillness
from descentscape.core.descent.trajectory import Status
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import AnyArray, Array, Objective, is_sloped
from descentscape.core.time_slices import Clock
from descentscape.core.undivided import gradient_work


class RecordedTrajectory:
    """A `Trajectory` of recorded checkpoints, whose entry k is the k-th of them.

    Costs and slopes at the checkpoints are computed by ``advance``, as those of a `ComputedTrajectory` are.
    What only the training loop knew is not there: the batches, the learning rate (NaN) and the optimizer's
    state, so that it is not `Replayable`. Of a cost whose gradient is not known the slopes are NaN.

    Args:
        objective: The cost of the network on the data that it is looked at with.
        theta: The checkpoints ``(S, P)``: an array, or what is read as one piece by piece.
        numbers: After how many steps of its training each was saved ``(S,)``.
        most_entries: How many of them are taken at most.
        test_objective: The cost on other examples, recorded beside.
        clock: Tells when a slice is over.

    """

    def __init__(
        self,
        objective: Objective,
        theta: Array,
        numbers: AnyArray,
        most_entries: int,
        *,
        test_objective: Objective | None = None,
        clock: Clock = perf_counter,
    ) -> None:
        if theta.ndim != 2 or theta.shape[1] != objective.dim or len(numbers) != len(theta):
            raise InvalidValue("recorded", f"checkpoints of {objective.dim} numbers", theta.shape)
        self.objective, self.test_objective, self._clock = objective, test_objective, clock
        self._theta, self._numbers = theta, np.asarray(numbers, dtype=np.int64)
        self.most_entries, self.stride = min(len(theta), most_entries), 1
        self.start: Array = theta[0]
        self._sloped = is_sloped(objective)
        self._measure = Measure(objective, test_objective, sampled=True)
        self._record = Record(self.most_entries, dict.fromkeys(("cost", "test_cost"), ()))
        self._slopes = Slopes(objective, self.most_entries)
        self._stillness, self._searching = Stillness(self), Lock()
        self._diverged = False

    @property
    def step_work(self) -> float:
        """What an entry goes through, in parameters times examples."""
        return gradient_work(self.objective)

    @property
    def entries(self) -> int:
        """Checkpoints whose costs are computed so far."""
        return self._record.entries

    @property
    def status(self) -> Status:
        """How the run stands; diverged where a checkpoint's cost is not finite: the entries end before it."""
        if self._diverged:
            return "diverged"
        return "running" if self.entries < self.most_entries else "finished"

    @property
    def cost(self) -> Array:
        """The whole training cost C at every entry."""
        return self._record.column("cost")

    @property
    def grad_norm(self) -> Array:
        """‖∇C‖ of the whole training cost at every entry."""
        return self._slopes.column("grad_norm")[: self.entries]

    @property
    def layer_grad_norms(self) -> Array:
        """‖∇C‖ within each of the objective's L layers, ``(entries, L)``."""
        return self._slopes.column("layer_grad_norms")[: self.entries]

    @property
    def batch_cost(self) -> Array:
        """``cost``: which batches the training used was not recorded."""
        return self.cost

    @property
    def test_cost(self) -> Array | None:
        """The test objective's cost at every entry, None without one."""
        return None if self.test_objective is None else self._record.column("test_cost")

    @property
    def learning_rate(self) -> Array:
        """NaN: it was not recorded."""
        return np.full(self.entries, np.nan)

    @property
    def numbers(self) -> AnyArray:
        """After how many steps of its training each entry was saved."""
        return self._numbers[: self.entries]

    @property
    def gradient_evaluations(self) -> AnyArray:
        """The steps after which the checkpoints were saved: at least so many gradients were computed."""
        return self.steps

    @property
    def examples_seen(self) -> AnyArray:
        """0: how many the training used was not recorded."""
        return np.zeros(self.entries, dtype=np.int64)

    @property
    def stationary_at(self) -> int | None:
        """The first of 10 consecutive checkpoints whose gradient is nothing; told when all are computed."""
        if self.status == "running" or not self._sloped:
            return None
        with self._searching, np.errstate(all="ignore"):
            self._stillness.look_through(self.entries, ended=True)
        return self._stillness.since

    def norms_at(self, numbers: Sequence[int]) -> Array:
        """‖∇C‖ at some entries."""
        return self.grad_norm[list(numbers)]

    @property
    def kept(self) -> Array:
        """Theta at every entry ``(entries, P)``."""
        return self._theta[: self.entries]

    def thetas(self, first: int, last: int) -> Array:
        """Theta at the entries first ≤ k < last, ``(last − first, P)``: a view."""
        return np.asarray(self.kept[first:last])

    def theta_at(self, number: int) -> Array:
        """Theta ``(P,)`` at an entry."""
        if not 0 <= number < self.most_entries:
            raise InvalidValue("step", f"from 0 to {self.most_entries - 1}", number)
        theta: Array = self._theta[number]
        return theta

    def extended(self, most_entries: int) -> RecordedTrajectory:
        """The same run with more of its checkpoints."""
        return RecordedTrajectory(
            self.objective,
            self._theta,
            self._numbers,
            most_entries,
            test_objective=self.test_objective,
            clock=self._clock,
        )

    def advance(self, *, seconds: float = inf, steps: float = inf) -> int:
        """Compute costs and slopes on for about so many seconds, or at most so many checkpoints.

        Returns the number of new entries: at least one unless the run has ended.
        """
        before, deadline = self.entries, self._clock() + seconds
        end = int(min(self.most_entries, before + max(steps, 1)))
        with np.errstate(all="ignore"):
            while self.entries < end and not self._diverged:
                self._take(end)
                if self._clock() >= deadline:
                    break
        return self.entries - before

    def _take(self, end: int) -> None:
        """Record the checkpoints up to the next multiple of the measure's rows, or the end."""
        first, rows = self.entries, self._measure.rows
        theta = np.asarray(self._theta[first : min(end, (first // rows + 1) * rows)])
        if self._sloped:
            cost, grad = self._measure.slopes(theta, first)
        else:
            cost, grad = self._measure.costs(theta, first), np.full(theta.shape, np.nan)
        test = cost if self.test_objective is None else self._measure.test_costs(theta, first)
        finite = np.isfinite(cost)
        count = len(cost) if finite.all() else int(finite.argmin())
        self._diverged = count < len(cost)
        self._slopes.take(grad[:count])
        self._record.append({"cost": cost, "test_cost": test}, count)
