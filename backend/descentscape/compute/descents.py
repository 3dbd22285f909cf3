"""All runs of one experiment, computed bit by bit and shared by whoever asks for the same dynamics."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf
from threading import Lock
from time import perf_counter
from typing import Any

import numpy as np

from descentscape.compute.blas_threads import single_threaded_blas
from descentscape.compute.build import build_problem, build_runs, made_edit
from descentscape.compute.examples import ExampleStore, data_hash
from descentscape.compute.memory import RUNS, Weight, weigh
from descentscape.compute.plane_choice import plane_through
from descentscape.compute.window import Window, fit_window
from descentscape.core.data.checkpoint_content import recorded_weights
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.recorded import RecordedTrajectory
from descentscape.core.descent.run import Run
from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.foreign.models import known_model
from descentscape.core.foreign.paths import Rows
from descentscape.core.network.architecture import WORKSPACES
from descentscape.core.norm import largest, norm
from descentscape.core.objective import AnyArray, Array
from descentscape.core.parallel import spread
from descentscape.core.time_slices import Clock, Resumable, TimeSlices, run_until
from descentscape.core.undivided import SLICE_WORK, gradient_work, in_thread_if_long, run_in_thread
from descentscape.document.experiment import Experiment, base_of, bases_of, dynamics_hash, starts_of
from descentscape.document.runs import RecordedSpec, Start
from descentscape.document.view import View

RUN_SLICE = 0.005
"""Seconds that one run is computed before the next one's turn, so that all of them grow together."""

WINDOWS = 4
"""Windows on complete runs that are held for asking again."""

CACHED = 512 * 2**20
"""Bytes of descents that the process holds for asking again, unless it is told otherwise."""


@dataclass(eq=False)
class SharedRun:
    """One run's trajectory, which descents that differ in another run may share."""

    trajectory: ComputedTrajectory | RecordedTrajectory
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._steps = Resumable(self._some_steps)

    def advance(self) -> None:
        """Compute a slice of it, one thread at a time."""
        with self._lock:
            self._steps.advance()

    def _some_steps(self) -> TimeSlices[int]:
        """As many as go into a slice; one on a thread of its own where it takes longer than that."""
        if self.trajectory.step_work <= SLICE_WORK:
            return self.trajectory.advance(seconds=RUN_SLICE)
        return (yield from run_in_thread(lambda: self.trajectory.advance(steps=1)))


class Descents:
    """The runs of an experiment, advanced by any thread that has time.

    ``trajectories`` are the runs as far as they are computed. A start that is lifted from a plane needs that
    plane, hence another experiment's descents first: until these are complete there are none. ``nbytes`` is
    what this holds when complete beside its data, which by the name of ``data`` are shared with others and
    take ``data_bytes``. ``id`` is the hash of the dynamics; ``weight`` is the experiment's, where it has been
    weighed.
    """

    def __init__(self, experiment: Experiment, cache: DescentCache, weight: Weight | None = None) -> None:
        single_threaded_blas()
        self.id = dynamics_hash(experiment)
        weight = weight or weigh(experiment)
        self.nbytes, self.data_bytes = weight.descents, weight.data
        self.data = data_hash(experiment.problem)
        self.problem = build_problem(experiment.problem, cache.store)
        self.experiment = experiment = cache.store.shared(experiment)
        self.runs = build_runs(experiment)
        self._cache, self._clock = cache, cache.clock
        self._shared_runs: tuple[SharedRun, ...] = ()
        self.trajectories: tuple[Trajectory, ...] = ()
        self._beginning = Lock()
        self._opening: TimeSlices[tuple[SharedRun, ...]] | None = None
        self._start_slope: float | None = None
        self._windows = deque[tuple[View, Window]](maxlen=WINDOWS)
        self._bases = {dynamics_hash(base): cache.get(base) for base in bases_of(experiment)}
        if not self._bases and gradient_work(self.problem.objective) <= SLICE_WORK:
            self._begin(inf)

    @property
    def begun(self) -> bool:
        """Whether some of the runs is there."""
        return any(each.entries for each in self.trajectories)

    @property
    def complete(self) -> bool:
        """Whether every run has ended."""
        return bool(self.trajectories) and all(each.status != "running" for each in self.trajectories)

    @property
    def done(self) -> int:
        """Entries computed so far, of all runs, those of the descents that come first included."""
        before = sum(base.done for base in self._bases.values())
        return before + sum(each.entries for each in self.trajectories)

    @property
    def total(self) -> int:
        """Entries to compute, what a run that ended early leaves out not among them."""
        before = sum(base.total for base in self._bases.values())
        ended = [each for each in self.trajectories if each.status in ("diverged", "no_slope")]
        left_out = sum(each.most_entries - each.entries for each in ended)
        most = sum(each.most_entries for each in self.trajectories)
        whole = most if self.trajectories else len(self.runs) * (self.experiment.steps + 1)
        return before + whole - left_out

    def advance(self, seconds: float, processors: int = 1) -> bool:
        """Compute on for about this long, a run on each of the processors; whether all have ended.

        Raises InvalidValue for a start whose cost is not finite, TooExpensive for too large a Hessian.
        """
        deadline = self._clock() + seconds
        for base in self._bases.values():
            if not base.advance(deadline - self._clock(), processors):
                return False
        self._begin(deadline)
        while self._shared_runs and not self.complete:
            running = [run for run in self._shared_runs if run.trajectory.status == "running"]
            running.sort(key=lambda run: run.trajectory.entries)
            spread(_advance, running[:processors], processors)
            if self._clock() >= deadline:
                break
        return self.complete

    def window(self, view: View, generation: int) -> TimeSlices[Window]:
        """The window of a view on the runs as they are; that on complete ones is not found twice."""
        for seen, window in tuple(self._windows):
            if (seen.plane, seen.grid.extent) == (view.plane, view.grid.extent):
                return replace(window, generation=generation)
        complete = self.complete
        found = yield from fit_window(view, self.problem, self.trajectories, generation)
        if complete:
            self._windows.append((view, found))
        return found

    def start_slope(self) -> TimeSlices[float]:
        """The largest gradient norm at the starts of all runs, found once; 0 while they are being found."""
        if self._start_slope is None and self._shared_runs:
            starts = np.array([each.start for each in self.trajectories])
            slopes = partial(self.problem.objective.value_and_grad, starts)
            _, grads = yield from in_thread_if_long(self.problem.objective, slopes, len(starts))
            self._start_slope = largest(norm(grads))
        return self._start_slope or 0.0

    def edited(self, experiment: Experiment) -> Descents:
        """The descents of the experiment with one more edit, its last; what precedes that is taken over."""
        edit = experiment.edits[-1]
        other = self._cache.get(experiment)
        if self._shared_runs and not other.begun:
            shared = list(self._shared_runs)
            before = shared[edit.run].trajectory
            if isinstance(before, ComputedTrajectory):  # of recorded runs the document allows no edits
                shared[edit.run] = SharedRun(before.with_edit(made_edit(edit)))
            other._share(shared)
        return other

    def extended(self, experiment: Experiment) -> Descents:
        """The descents of the experiment with more steps; what is there is taken over."""
        other = self._cache.get(experiment)
        if self._shared_runs and not other.begun:
            other._share([SharedRun(_extended(run, experiment.steps)) for run in self._shared_runs])
        return other

    def _begin(self, deadline: float) -> None:
        """Find where the runs start, as far as that goes until the deadline: a lifted one needs its plane."""
        with self._beginning:
            if not self._shared_runs:
                opening, self._opening = self._opening or self._opened(), None
                shared = run_until(opening, deadline, self._clock)
                if shared is None:
                    self._opening = opening
                else:
                    self._share(shared)

    def _share(self, runs: Sequence[SharedRun]) -> None:
        self._shared_runs, self.trajectories = tuple(runs), tuple(run.trajectory for run in runs)

    def _opened(self) -> TimeSlices[tuple[SharedRun, ...]]:
        shared = []
        for index in range(len(self.runs)):
            recorded = self.experiment.runs[index].recorded
            if recorded is not None:
                shared.append(SharedRun(self._recorded(recorded, f"runs[{index}].recorded")))
                continue
            run = yield from self._run(index)
            shared.append(SharedRun(self._trajectory(run)))
        return tuple(shared)

    def _recorded(self, spec: RecordedSpec, field: str) -> RecordedTrajectory:
        theta, numbers = self._checkpoints(spec, field)
        return RecordedTrajectory(
            self.problem.objective,
            theta,
            numbers,
            self.experiment.steps + 1,
            test_objective=self.problem.data.test_objective if self.problem.data else None,
            clock=self._clock,
        )

    def _checkpoints(self, spec: RecordedSpec, field: str) -> tuple[Any, AnyArray]:
        """Theta ``(S, P)`` and the steps of a run that is stored, or that a model was explored with."""
        problem = self.experiment.problem
        if problem.kind == "explored":
            path = known_model(problem.id).runs[spec.sha256]
            return Rows(path, range(path.entries)), path.steps
        weights = recorded_weights(spec.sha256, field)
        return weights.theta, np.array(weights.head.steps)

    def _trajectory(self, run: Run) -> ComputedTrajectory:
        test = self.problem.data.test_objective if self.problem.data else None
        memory = RUNS // len(self.runs)
        return ComputedTrajectory(run, test_objective=test, memory=memory, clock=self._clock)

    def _run(self, index: int) -> TimeSlices[Run]:
        own_seed = self.experiment.runs[index].init_seed
        seed = self.experiment.seed if own_seed is None else own_seed
        theta = yield from self._theta(starts_of(self.experiment)[index], seed)

        def run() -> Run:
            return Run(
                objective=self.problem.objective,
                recipe=self.runs[index].recipe,
                theta=theta,
                steps=self.experiment.steps,
                seed=self.experiment.seed,
                edits=self.runs[index].edits,
            )

        return (yield from in_thread_if_long(self.problem.objective, run))

    def _theta(self, start: Start, seed: int) -> TimeSlices[Array]:
        match start.kind:
            case "point":
                return np.array(start.at)
            case "theta":
                return np.array(start.values)
            case "lift":
                base = self._bases.get(dynamics_hash(base_of(self.experiment, start)))
                before = base.trajectories if base else ()
                plane, _ = yield from plane_through(start.plane, self.problem, before)
                return plane.lift(np.array(start.at))
            case "stored":
                theta = recorded_weights(start.sha256, "start").theta
                return np.array(theta[-1 if start.entry is None else start.entry])
        return self.problem.initial(seed)


def _extended(run: SharedRun, steps: int) -> ComputedTrajectory | RecordedTrajectory:
    if isinstance(run.trajectory, RecordedTrajectory):
        return run.trajectory.extended(steps + 1)
    return run.trajectory.extended(steps)


def _advance(runs: Sequence[SharedRun]) -> None:
    for run in runs:
        run.advance()


class DescentCache:
    """Descents by the hash of their dynamics; beyond ``budget`` bytes those least recently asked for go.

    All of them are computed by the same ``clock``.
    """

    def __init__(self, budget: int = CACHED, clock: Clock = perf_counter) -> None:
        self.budget, self.clock = budget, clock
        self.store = ExampleStore()
        self._kept: OrderedDict[str, Descents] = OrderedDict()
        self._asked: dict[str, float] = {}
        self._held, self._sharing = 0, Counter[str]()
        self._lock = Lock()

    @property
    def nbytes(self) -> int:
        """About how many bytes are held, data that several have counted once."""
        return self._held

    def get(self, experiment: Experiment, weight: Weight | None = None) -> Descents:
        """The descents of an experiment, as far as they have come; its weight is told where it is known."""
        key = dynamics_hash(experiment)
        with self._lock:
            if key in self._kept:
                return self._asked_for(key)
        made = Descents(experiment, self, weight)
        with self._lock:
            if key not in self._kept:
                self._keep(key, made)
            return self._asked_for(key)

    def _asked_for(self, key: str) -> Descents:
        self._kept.move_to_end(key)
        self._asked[key] = self.clock()
        return self._kept[key]

    def forget(self, seconds: float) -> int:
        """Give up those that nobody has asked for within so many seconds; how many these are.

        The threads' workspaces, which are for networks that may be gone now, go with them.
        """
        with self._lock:
            before = len(self._kept)
            while self._kept and self.clock() - self._asked[next(iter(self._kept))] > seconds:
                self._give_up()
            gone = before - len(self._kept)
        if gone:
            WORKSPACES.clear()
        return gone

    def _keep(self, key: str, made: Descents) -> None:
        self._kept[key] = made
        self._held += made.nbytes + (0 if self._sharing[made.data] else made.data_bytes)
        self._sharing[made.data] += 1
        while len(self._kept) > 1 and self._held > self.budget:
            self._give_up()

    def _give_up(self) -> None:
        """Let go of what was asked for least recently."""
        key, gone = self._kept.popitem(last=False)
        del self._asked[key]
        self._sharing[gone.data] -= 1
        last = not self._sharing[gone.data]
        self._held -= gone.nbytes + (gone.data_bytes if last else 0)
        if last:
            del self._sharing[gone.data]
