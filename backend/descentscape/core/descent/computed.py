"""A run computed ahead: what every step was, how it ended, and the way back to any of its steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile, islice
from math import inf
from threading import Lock
from time import perf_counter
from typing import Any

import numpy as np

from descentscape.core.descent.checkpoints import Checkpoints
from descentscape.core.descent.descent import Position, StepContext
from descentscape.core.descent.measure import Measure
from descentscape.core.descent.record import Record
from descentscape.core.descent.run import Run, RunEdit
from descentscape.core.descent.slopes import Slopes
from descentscape.core.descent.stationarity import APART, Stillness
from descentscape.core.descent.stepper import Stepper
from descentscape.core.descent.steps import Steps
from descentscape.core.descent.trajectory import Status, Trajectory
from descentscape.core.errors import InvalidValue
from descentscape.core.norm import norm
from descentscape.core.objective import AnyArray, Array, Indices, Objective
from descentscape.core.time_slices import Clock, TimeSlices
from descentscape.core.undivided import in_thread_if_long

DEFAULT_MEMORY = 64 * 2**20
"""Bytes that one run may keep: half for theta at every step, half for checkpoints."""

DIVERGED = 1e6
"""A run whose cost exceeds this times (1 + |C at the start|) has diverged."""


class _Column:
    """A column of the record, under its name in `Trajectory`."""

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, trajectory: ComputedTrajectory, _owner: type) -> Array:
        return trajectory._record.column(self._name)


class ComputedTrajectory:
    """A `Trajectory` computed by ``advance`` in slices as long as the caller likes, and `Replayable`.

    Its arrays are a function of the run alone, bit for bit, however the computation was sliced. One thread
    may advance while others read. A batch as large as the data gives the full batch's path only up to
    rounding: its examples are summed in another order.

    Args:
        run: What is computed.
        test_objective: The cost on other examples, recorded beside.
        memory: Bytes to keep; where theta at every step needs more than half of them only every ``stride``-th
            is kept, and the others are computed again, from checkpoints, when asked for.
        clock: Tells when a slice is over.

    """

    cost, batch_cost, learning_rate = _Column(), _Column(), _Column()

    def __init__(
        self,
        run: Run,
        *,
        test_objective: Objective | None = None,
        memory: int = DEFAULT_MEMORY,
        clock: Clock = perf_counter,
    ) -> None:
        self.run, self.test_objective, self.memory = run, test_objective, memory
        self._clock = clock
        self.objective, self.start, self.most_entries = run.objective, run.theta, run.steps + 1
        self.stride = stride_of(run.steps + 1, memory // (16 * run.objective.dim))
        self._batches = run.recipe.batches(run.objective, run.seed)
        self._measure = Measure(run.objective, test_objective, sampled=self._batches is not None)
        self._record = Record(self.most_entries, self._measure.widths())
        self._kept = Record(run.steps // self.stride + 1, {"theta": (run.objective.dim,)})
        self._slopes, self._measuring = Slopes(run.objective, self.most_entries), Lock()
        self._stillness, self._searching = Stillness(self), Lock()
        # Left for later they need theta at every step, and numbers that do not depend on what is beside them.
        self._slopes_now = not (self.dense and self._measure.apart)
        self._checkpoints = Checkpoints([Position(0, run.theta)], memory // 2)
        self._limit = DIVERGED * (1 + abs(run.cost_at_start))
        self._ended: Status | None = None
        self._stepper: Stepper | None = None

    @property
    def dense(self) -> bool:
        """Whether theta is kept at every step."""
        return self.stride == 1

    @property
    def step_work(self) -> float:
        """What a step goes through, in parameters times examples."""
        return self.run.step_work

    @property
    def entries(self) -> int:
        """Entries computed so far."""
        return self._record.entries

    @property
    def status(self) -> Status:
        """How the run stands; diverged means θ or C not finite, or C > 10⁶ (1 + |C at the start|).

        A run whose step finds no finite gradient while C is finite rests there: ``no_slope``.
        """
        if self._ended:
            return self._ended
        return "running" if self.entries <= self.run.steps else "finished"

    @property
    def grad_norm(self) -> Array:
        """‖∇C‖ of the whole training cost at every entry."""
        return self._slopes_so_far().column("grad_norm")[: self.entries]

    @property
    def layer_grad_norms(self) -> Array:
        """‖∇C‖ within each of the objective's L layers, ``(entries, L)``."""
        return self._slopes_so_far().column("layer_grad_norms")[: self.entries]

    @property
    def stationary_at(self) -> int | None:
        """The first of 10 consecutive entries whose gradient is nothing, as `stationarity` has it."""
        while not self.searched:
            self._search_block()
        return self._stillness.since

    @property
    def measured(self) -> int:
        """Entries whose gradient norms are there; those of others are made when they are asked for."""
        return min(self._slopes.entries, self.entries)

    @property
    def stationary_so_far(self) -> int | None:
        """`stationary_at` as far as it was searched for."""
        return self._stillness.since

    @property
    def searched(self) -> bool:
        """Whether all entries so far were searched for where the run begins to stand still."""
        ended = self.status != "running"
        return self._stillness.entries >= self.entries - (0 if ended else APART)

    def search(self) -> TimeSlices[None]:
        """Search some more entries for it, as many as go into a slice."""
        return (yield from in_thread_if_long(self.objective, self._search_block, self._searched_at_once))

    @property
    def _searched_at_once(self) -> int:
        return max(self._measure.rows, APART)

    def norms_at(self, numbers: Sequence[int]) -> Array:
        """‖∇C‖ of the whole training cost at some entries, where they are not measured yet of these alone."""
        if self._slopes_now or not numbers or numbers[-1] < self._slopes.entries:
            return self.grad_norm[list(numbers)]
        return norm(self._slopes.by_layer(self.objective.value_and_grad(self.kept[list(numbers)])[1]))

    def measure(self) -> TimeSlices[None]:
        """Make the gradient norms of some more entries, as many as go into a slice."""
        return (yield from in_thread_if_long(self.objective, self._measure_block, self._measure.rows))

    @property
    def test_cost(self) -> Array | None:
        """The test objective's cost at every entry, None without one."""
        return None if self.test_objective is None else self._record.column("test_cost")

    @property
    def gradient_evaluations(self) -> AnyArray:
        """Gradients that the steps so far have computed: one a step, and what a rule takes by itself."""
        return self._record.column("gradient_evaluations").astype(np.int64)

    @property
    def examples_seen(self) -> AnyArray:
        """Examples whose gradient the steps so far have computed, each as often as it was; 0 without."""
        spent = np.diff(self.gradient_evaluations, prepend=0)
        before = np.arange(len(spent)) - 1
        if self._batches is not None:
            return np.cumsum(spent * self._batches.sizes(before))
        return np.cumsum(spent * getattr(self.run.objective, "n_examples", 0))

    @property
    def theta(self) -> Array:
        """Theta at every entry ``(entries, P)``; computed again, as large as it is, unless ``dense``."""
        return self.thetas(0, self.entries)

    @property
    def kept(self) -> Array:
        """Theta at every ``stride``-th entry, which is kept, ``(⌈entries / stride⌉, P)``; a view."""
        return self._kept.column("theta")

    def thetas(self, first: int, last: int) -> Array:
        """Theta at the entries first ≤ k < last, ``(last − first, P)``: a view if ``dense``."""
        if self.dense:
            return self.kept[first:last]
        return np.reshape([step.theta for step in self._again(first, last)], (-1, self.run.objective.dim))

    def theta_at(self, number: int) -> Array:
        """Theta ``(P,)`` at an entry."""
        row, between = divmod(number, self.stride)
        if between or not 0 <= number < self.entries:
            return self.step_at(number).theta
        theta: Array = self.kept[row]
        return theta

    def state_at(self, number: int) -> Any:
        """The optimizer's state after so many steps: its NamedTuple."""
        return self.step_at(number).state

    def step_at(self, number: int) -> StepContext:
        """An entry with the optimizer's state, and the batch's gradient for the step that follows."""
        if not 0 <= number < self.entries:
            raise InvalidValue("step", f"from 0 to {self.entries - 1}", number)
        return self.replay(number, number + 1)[0]

    def replay(self, first: int, last: int) -> list[StepContext]:
        """The entries first ≤ k < last once more, bit for bit, from the checkpoint before them."""
        return list(self._again(first, last))

    def batch_at(self, number: int) -> Indices | None:
        """The examples that the step from this entry uses, None for all of them."""
        return None if self._batches is None else self._batches.at(number)

    def with_edit(self, edit: RunEdit) -> ComputedTrajectory:
        """The run with one more edit: entries before it are taken over, the rest is to be computed."""
        return self._fork(replace(self.run, edits=(*self.run.edits, edit)), keep=edit.step)

    def extended(self, steps: int) -> ComputedTrajectory:
        """The run with a larger number of steps, to be gone on with from where this one is.

        A schedule that stretches over the run makes the longer one another run: that starts afresh.
        Raises InvalidValue for fewer steps.
        """
        if steps < self.run.steps:
            raise InvalidValue("steps", f"at least {self.run.steps}", steps)
        factor = self.run.recipe.schedule.factor
        same = all(factor(k, steps) == factor(k, self.run.steps) for k in range(self.entries))
        return self._fork(replace(self.run, steps=steps), keep=self.entries if same else 0)

    def advance(self, *, seconds: float = inf, steps: float = inf) -> int:
        """Compute on for about so many seconds, or at most so many steps; the number of new entries.

        At least one is computed unless the run has ended.
        """
        before, deadline = self.entries, self._clock() + seconds
        end = int(min(self.run.steps + 1, before + max(steps, 1)))
        with np.errstate(all="ignore"):
            while self.entries < end and not self._ended:
                self._take(self._next_block(end, deadline))
                if self._clock() >= deadline:
                    break
        return self.entries - before

    def _again(self, first: int, last: int) -> Iterator[StepContext]:
        count = min(last, self.entries) - first
        with np.errstate(all="ignore"):
            yield from islice(self._from(first), max(count, 0))

    def _from(self, number: int) -> Iterator[StepContext]:
        steps = self.run.descend(self._checkpoints.before(number))
        return dropwhile(lambda step: step.number < number, steps)

    def _next_block(self, end: int, deadline: float) -> Steps:
        """Steps up to the next multiple of the measure's rows, the end, or the deadline."""
        rows = self._measure.rows
        end = min(end, (self.entries // rows + 1) * rows)
        if self._stepper is None:
            here = self._checkpoints.before(self.entries)
            if here.number < self.entries:
                here = next(self._from(self.entries)).position
            self._stepper = Stepper(self.run, here)
        return self._stepper.block(end - self.entries, lambda: self._clock() >= deadline)

    def _take(self, block: Steps) -> None:
        """Record the block up to its last finite entry, or the first beyond the limit or without a slope."""
        columns, grad = self._measure.columns(block, slopes=self._slopes_now)
        theta = block.theta
        cost = columns["cost"]
        lost = ~(np.isfinite(cost) & np.isfinite(theta).all(axis=1))
        beyond = cost > self._limit
        sloping = np.asarray(np.isfinite(block.grad).all(axis=1))
        count = min(_first(lost), _first(beyond | ~sloping) + 1, len(cost))
        kept = theta[-self.entries % self.stride : count : self.stride]
        self._kept.append({"theta": kept}, len(kept))
        with self._measuring:
            if grad is not None and self._slopes.entries == self.entries:
                self._slopes.take(grad[:count])
        self._record.append(columns, count)
        self._checkpoints.offer(at for at in block.positions if at.number < block.number + count)
        if count and not (sloping[count - 1] or beyond[count - 1]):
            self._ended = "no_slope"
        elif count < len(cost) or beyond[count - 1]:
            self._ended = "diverged"

    def _slopes_so_far(self) -> Slopes:
        """The slopes of all entries; where nobody has asked for them before they are computed here."""
        end = self.entries
        while self._slopes.entries < end:
            self._measure_block()
        return self._slopes

    def _search_block(self) -> None:
        with self._searching, np.errstate(all="ignore"):
            ended, entries = self.status != "running", self.entries
            end = min(self._stillness.entries + self._searched_at_once, entries)
            self._stillness.look_through(end, ended=ended and end == entries)

    def _measure_block(self) -> None:
        with self._measuring, np.errstate(all="ignore"):
            first, rows, end = self._slopes.entries, self._measure.rows, self.entries
            if first < end:
                theta = self.thetas(first, min(end, (first // rows + 1) * rows))
                self._slopes.take(self._measure.slopes(theta, first)[1])

    def _fork(self, run: Run, keep: int) -> ComputedTrajectory:
        """Another run's trajectory that takes over this one's entries before ``keep``."""
        other = ComputedTrajectory(
            run,
            test_objective=self.test_objective,
            memory=self.memory,
            clock=self._clock,
        )
        keep = min(keep, self.entries)
        if keep:
            rows, every = -(-keep // other.stride), other.stride // self.stride
            other._kept.append({"theta": self.kept[::every]}, rows)
            other._record.copy_from(self._record, keep)
            other._checkpoints = self._checkpoints.prefix(keep)
            other._slopes.copy_from(self._slopes, min(keep, self._slopes.entries))
            other._ended = self._ended if keep == self.entries else None
        return other


def measured(trajectory: Trajectory) -> TimeSlices[None]:
    """See to it, in slices, that the gradient norms of a run are there before they are asked for."""
    while isinstance(trajectory, ComputedTrajectory) and trajectory.measured < trajectory.entries:
        yield from trajectory.measure()
        yield


def searched(trajectory: Trajectory) -> TimeSlices[None]:
    """The same of the entry since when it stands still."""
    while isinstance(trajectory, ComputedTrajectory) and not trajectory.searched:
        yield from trajectory.search()
        yield


def stride_of(entries: int, rows: int) -> int:
    """The least power of two such that every so-manieth of the entries fits into the rows, one at least."""
    stride = 1
    while -(-entries // stride) > max(rows, 1):
        stride *= 2
    return stride


def _first(flags: AnyArray) -> int:
    """The first true place, the number of flags without."""
    return int(flags.argmax()) if flags.any() else len(flags)
