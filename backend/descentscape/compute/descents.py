"""All runs of one experiment, computed bit by bit and shared by whoever asks for the same dynamics."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from math import inf
from threading import Lock
from time import perf_counter

import numpy as np

from descentscape.compute.blas_threads import single_threaded_blas
from descentscape.compute.build import build_problem, build_runs, made_edit
from descentscape.compute.plane_choice import calm_entries, plane_of, thinned_paths
from descentscape.core.descent.run import Run
from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.objective import Array
from descentscape.core.time_slices import Turns, within
from descentscape.document.experiment import Experiment, dynamics_hash
from descentscape.document.runs import InitStart, LiftStart, Start

MEMORY = 192 * 2**20
"""Bytes that all runs of an experiment may keep together."""

SLICE = 0.005
"""Seconds that one run is computed before the next one's turn, so that all of them grow together."""

CACHED = 512 * 2**20
"""Bytes of descents that the process holds for asking again, unless it is told otherwise."""


@dataclass(frozen=True, eq=False)
class Lane:
    """One run's trajectory, which descents that differ in another run may share."""

    trajectory: Trajectory
    lock: Lock = field(default_factory=Lock)

    def advance(self) -> None:
        """Compute a slice of it, one thread at a time."""
        with self.lock:
            self.trajectory.advance(seconds=SLICE)


class Descents:
    """The runs of an experiment, advanced by any thread that has time.

    A start that is lifted from a plane needs that plane, hence another experiment's descents first: until
    these are complete ``trajectories`` is empty.
    """

    def __init__(self, experiment: Experiment, cache: DescentCache) -> None:
        single_threaded_blas()
        self.experiment = experiment
        self.problem = build_problem(experiment.problem)
        self.runs = build_runs(experiment)
        self._cache = cache
        self._lanes: tuple[Lane, ...] = ()
        self._beginning = Lock()
        self._opening: Turns[tuple[Lane, ...]] | None = None
        bases = [_base(experiment, start) for start in self._lifted()]
        self._bases = {dynamics_hash(base): cache.get(base) for base in bases}
        if not self._bases:
            self._begin(inf)

    @property
    def trajectories(self) -> tuple[Trajectory, ...]:
        """The runs as far as they are computed."""
        return tuple(lane.trajectory for lane in self._lanes)

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
        left_out = sum(each.run.steps + 1 - each.entries for each in ended)
        return before + len(self.runs) * (self.experiment.steps + 1) - left_out

    @property
    def nbytes(self) -> int:
        """About how much memory this takes when complete."""
        rows = (self.experiment.steps + 1) * len(self.runs)
        return min(8 * rows * self.problem.objective.dim, MEMORY) + 100 * rows

    def advance(self, seconds: float) -> bool:
        """Compute on for about this long; whether all runs have ended.

        Raises InvalidValue for a start whose cost is not finite, TooExpensive for too large a Hessian.
        """
        deadline = perf_counter() + seconds
        for base in self._bases.values():
            if not base.advance(deadline - perf_counter()):
                return False
        self._begin(deadline)
        while self._lanes and not self.complete:
            running = [lane for lane in self._lanes if lane.trajectory.status == "running"]
            min(running, key=lambda lane: lane.trajectory.entries).advance()
            if perf_counter() >= deadline:
                break
        return self.complete

    def edited(self, experiment: Experiment) -> Descents:
        """The descents of the experiment with one more edit, its last; what precedes that is taken over."""
        edit = experiment.edits[-1]
        other = self._cache.get(experiment)
        if self._lanes and not other.begun:
            lanes = list(self._lanes)
            lanes[edit.run] = Lane(lanes[edit.run].trajectory.with_edit(made_edit(edit)))
            other._lanes = tuple(lanes)
        return other

    def extended(self, experiment: Experiment) -> Descents:
        """The descents of the experiment with more steps; what is there is taken over."""
        other = self._cache.get(experiment)
        if self._lanes and not other.begun:
            other._lanes = tuple(Lane(each.extended(experiment.steps)) for each in self.trajectories)
        return other

    def _begin(self, deadline: float) -> None:
        """Find where the runs start, as far as that goes until the deadline: a lifted one needs its plane."""
        with self._beginning:
            if not self._lanes:
                opening, self._opening = self._opening or self._opened(), None
                lanes = within(opening, deadline)
                if lanes is None:
                    self._opening = opening
                else:
                    self._lanes = lanes

    def _opened(self) -> Turns[tuple[Lane, ...]]:
        lanes = []
        for index in range(len(self.runs)):
            run = yield from self._run(index)
            lanes.append(Lane(self._trajectory(run)))
        return tuple(lanes)

    def _trajectory(self, run: Run) -> Trajectory:
        test = self.problem.data.test_objective if self.problem.data else None
        return Trajectory(run, test_objective=test, memory=MEMORY // len(self.runs))

    def _run(self, index: int) -> Turns[Run]:
        own_seed = self.experiment.runs[index].init_seed
        seed = self.experiment.seed if own_seed is None else own_seed
        theta = yield from self._theta(self._starts()[index], seed)
        return Run(
            objective=self.problem.objective,
            recipe=self.runs[index].recipe,
            theta=theta,
            steps=self.experiment.steps,
            seed=self.experiment.seed,
            edits=self.runs[index].edits,
        )

    def _starts(self) -> list[Start]:
        """Where each run starts: where it says, at weights of its own seed, or where all runs do."""
        return [
            run.start or (self.experiment.start if run.init_seed is None else InitStart())
            for run in self.experiment.runs
        ]

    def _lifted(self) -> list[LiftStart]:
        """The starts whose plane takes other descents to find."""
        lifted = [start for start in self._starts() if isinstance(start, LiftStart)]
        return [start for start in lifted if not (self.problem.exact and start.plane is None)]

    def _theta(self, start: Start, seed: int) -> Turns[Array]:
        match start.kind:
            case "point":
                return np.array(start.at)
            case "theta":
                return np.array(start.values)
            case "lift":
                base = self._bases.get(dynamics_hash(_base(self.experiment, start)))
                before = base.trajectories if base else ()
                paths = thinned_paths(before, calm_entries(before))
                plane = yield from plane_of(start.plane, self.problem, before, paths)
                return plane.lift(np.array(start.at))
        return self.problem.initial(seed)


def _base(experiment: Experiment, start: LiftStart) -> Experiment:
    """The experiment whose plane a start is lifted from: all runs from their initial weights, no edits."""
    runs = tuple(run.model_copy(update={"start": None}) for run in experiment.runs)
    steps = start.steps or experiment.steps
    plain = {"runs": runs, "start": InitStart(), "steps": steps, "edits": ()}
    return experiment.model_copy(update=plain)


class DescentCache:
    """Descents by the hash of their dynamics; beyond ``budget`` bytes those least recently asked for go."""

    def __init__(self, budget: int = CACHED) -> None:
        self.budget = budget
        self._kept: OrderedDict[str, Descents] = OrderedDict()
        self._lock = Lock()

    @property
    def nbytes(self) -> int:
        """About how many bytes are held."""
        with self._lock:
            return sum(each.nbytes for each in self._kept.values())

    def get(self, experiment: Experiment) -> Descents:
        """The descents of an experiment, as far as they have come."""
        key = dynamics_hash(experiment)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = Descents(experiment, self)
        with self._lock:
            kept = self._kept.setdefault(key, made)
            self._give_up()
        return kept

    def clear(self) -> None:
        """Give up all of them."""
        with self._lock:
            self._kept.clear()

    def _give_up(self) -> None:
        held = sum(each.nbytes for each in self._kept.values())
        while held > self.budget and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            held -= oldest.nbytes
