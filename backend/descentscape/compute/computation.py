"""An experiment under computation: its runs, the window they are seen in, and the surface under them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cached_property, partial
from math import inf
from operator import itemgetter
from typing import Any

import numpy as np

from descentscape.compute.allowance import UNBOUNDED, Allowance, Meter
from descentscape.compute.build import BuiltProblem, BuiltRun
from descentscape.compute.cost_model import Estimate, estimate
from descentscape.compute.descents import DescentCache, Descents
from descentscape.compute.projections import Projection
from descentscape.compute.results import (
    COLUMNS,
    ON_DEMAND,
    PROJECTED,
    Ahead,
    Channel,
    Mark,
    Results,
    RunResult,
)
from descentscape.compute.window import Window
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.trajectory import Status, Trajectory
from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.plane import Pair
from descentscape.core.landscape.surface import Surface, refine
from descentscape.core.objective import AnyArray, Array
from descentscape.core.parallel import processors
from descentscape.core.time_slices import Resumable, TimeSlices, Work, run_to_completion, run_until
from descentscape.document.experiment import Experiment
from descentscape.document.planes import PlaneSpec
from descentscape.document.runs import Edit, LiftStart
from descentscape.document.view import View

PATIENCE = 0.08
"""Seconds of waiting after which runs are shown, in a provisional plane, that will take as long again."""

CACHE = DescentCache()
"""What this process holds of descents for asking again."""


class Measures:
    """A run's gradient norms, and since when it stands still, found in slices as its steps go on."""

    def __init__(self, trajectory: ComputedTrajectory) -> None:
        self.trajectory = trajectory
        self.slices, self.search = Resumable(trajectory.measure), Resumable(trajectory.search)

    @property
    def complete(self) -> bool:
        """Whether the norms have come as far as the run."""
        return self.trajectory.measured == self.trajectory.entries


def measures_of(trajectories: Sequence[Trajectory]) -> list[Measures]:
    """Those of every run that is computed."""
    return [Measures(each) for each in trajectories if isinstance(each, ComputedTrajectory)]


class Computation:
    """An experiment as it is computed and looked at, by one thread at a time.

    `advance` does all the work, in slices as short as the caller likes: the runs first, then the window that
    they are seen in, then their projections on its plane. ``window`` is None until there is something to
    show; when the runs take long it is provisional at first, and replaced (with the next ``generation``) once
    they are complete. ``entries(run)`` tells how far the channels of a run can be read.

    ``ahead`` names what `advance` makes of the channels of the plane and of the slopes, and whether it finds
    out at last since when runs stand still; all else is made when it is asked for. ``patience``: the seconds
    of computing after which runs are shown that are not complete, and will not be in as many more.
    Computations of the same dynamics share their runs, and their clock, through the cache. ``allowance``:
    what it, and a study of it, may take. ``work``: the estimate of it, where that is known.
    """

    def __init__(
        self,
        experiment: Experiment,
        cache: DescentCache = CACHE,
        patience: float = PATIENCE,
        allowance: Allowance = UNBOUNDED,
        work: Estimate | None = None,
    ) -> None:
        self.window: Window | None = None
        self.ahead: Collection[Ahead] = ON_DEMAND
        self.cache, self._clock, self._patience = cache, cache.clock, patience
        self.allowance = allowance
        self._work = work
        self._descents = cache.get(experiment, work.weight if work else None)
        self.experiment = cache.store.shared(experiment)
        self._projections: list[Projection] = []
        self._measures: list[Measures] = []
        self._fitting: TimeSlices[Window] | None = None
        self._rough = False
        self._refitting = False
        self._spent = 0.0
        self._since = inf

    @property
    def id(self) -> str:
        """The hash of the dynamics."""
        return self._descents.id

    @property
    def data_id(self) -> str:
        """The hash of the data set; empty for a formula."""
        return self._descents.data

    @property
    def problem(self) -> BuiltProblem:
        """The problem's objective, data and known minima."""
        return self._descents.problem

    @property
    def runs(self) -> tuple[BuiltRun, ...]:
        """Names and recipes of the runs."""
        return self._descents.runs

    @property
    def trajectories(self) -> tuple[Trajectory, ...]:
        """The runs as far as they are computed; none while a lifted start is being found."""
        return self._descents.trajectories

    def start_slope(self) -> TimeSlices[float]:
        """The largest gradient norm at the starts of all runs; 0 while they are being found."""
        return self._descents.start_slope()

    @property
    def visible(self) -> bool:
        """Whether there is a window, and of every run an entry to be seen in it: a kept one comes first."""
        return self.window is not None and self._begun

    @property
    def _begun(self) -> bool:
        return bool(self.trajectories) and all(each.entries for each in self.trajectories)

    @property
    def complete(self) -> bool:
        """Whether there is nothing left to advance."""
        return self._settled and not self._behind()

    @property
    def drawn(self) -> bool:
        """Whether all that is drawn of the runs is there, whatever is left to be told of them."""
        return self._settled and not self._undrawn()

    @property
    def progress(self) -> tuple[int, int]:
        """Steps computed and to compute, those before a lifted start included."""
        return self._descents.done, self._descents.total

    @property
    def seconds_left(self) -> float:
        """About how long the runs have still to be computed, at the pace that they have had."""
        done, total = self.progress
        return self._spent * (total - done) / done if done else inf

    @property
    def _waiting(self) -> float:
        """How long runs have been waited for, or will be if that is less: others may be computed beside."""
        waited = max(self._spent, self._clock() - self._since)
        return min(waited, self.seconds_left * waited / self._spent) if self._spent else 0.0

    @cached_property
    def estimate(self) -> Estimate:
        """What it should take, on the machine of the allowance; a small run is sooner computed than told."""
        return self._work or estimate(self.experiment, self.allowance.machine.coefficients)

    @cached_property
    def _meter(self) -> Meter:
        """What `advance` is held to by its price."""
        seconds = self.estimate.descent_seconds + self.estimate.plane_seconds
        return self.allowance.meter("steps", seconds, self.experiment.steps, self.problem.objective)

    @property
    def _settled(self) -> bool:
        found = self.window is not None and not self.window.provisional and not self._refitting
        return self._descents.complete and found

    def advance(self, seconds: float) -> bool:
        """Compute on for about this long; whether all is done.

        Raises InvalidValue for a start whose cost is not finite, TooExpensive for too large a Hessian, or
        where it takes several times as long as expected.
        """
        self._meter.require()
        with self._meter:
            return self._advance(seconds)

    def _advance(self, seconds: float) -> bool:
        began = self._clock()
        self._since = min(self._since, began)
        share = seconds / 2 if self.window or self._fitting else seconds
        if not self._descents.complete:
            self._descents.advance(share)
        self._look(began + seconds)
        while (behind := self._behind()) and self._clock() - began < seconds:
            min(behind, key=itemgetter(0))[1]()
        self._spent += self._clock() - began
        return self.complete

    def _behind(self) -> list[tuple[int, Callable[[], None]]]:
        """What has not come as far as the runs: how far, and what makes a little more."""
        return self._undrawn() or (self._unsearched() if self._settled else [])

    def _undrawn(self) -> list[tuple[int, Callable[[], None]]]:
        """The same of the channels."""
        heights = "shadow_cost" in self.ahead
        projections = self._projections if self._places else []
        return [
            *((each.entries, partial(each.advance, heights)) for each in projections if not each.complete),
            *(self._unmeasured() if self._sloping else ()),
        ]

    def _unmeasured(self) -> list[tuple[int, Callable[[], None]]]:
        measures = (each for each in self._measures if not each.complete)
        return [(each.trajectory.measured, each.slices.advance) for each in measures]

    def _unsearched(self) -> list[tuple[int, Callable[[], None]]]:
        wanted = self._measures if self._searching else ()
        return [(0, each.search.advance) for each in wanted if not each.trajectory.searched]

    @property
    def _places(self) -> bool:
        return any(name in self.ahead for name in PROJECTED)

    @property
    def _sloping(self) -> bool:
        return "grad_norm" in self.ahead

    @property
    def _searching(self) -> bool:
        return "stationary_at" in self.ahead

    def finish(self) -> Computation:
        """Compute the runs and the window that they are seen in, on all processors."""
        self.descend().unwatched()
        while not self.advance(1.0):
            pass
        return self

    def descend(self) -> Computation:
        """Compute the runs, and nothing that they are seen in, on all processors."""
        while not self._descents.advance(1.0, processors()):
            pass
        return self

    def unwatched(self, ahead: Collection[Ahead] = ()) -> Computation:
        """The same, with nobody who looks on: no provisional window, and only these channels made ahead."""
        self._patience, self.ahead = inf, ahead
        return self

    def keep(self, window: Window) -> None:
        """Be seen in a window that stood before, where it has as many parameters; before computing."""
        if window.plane.dim == self.problem.objective.dim:
            self.window = Window(window.plane, window.extent, provisional=False, generation=0)

    def _look(self, deadline: float) -> None:
        """Find the window once the runs allow it, again when they are complete, and when it is asked for."""
        if self.window is not None and self.trajectories and not self._projections:
            self._show(self.window)
        done = self._descents.complete
        if self.window is None:
            wanted = done or (self._begun and self._waiting > self._patience)
        else:
            wanted = self._refitting or (self.window.provisional and done)
        if wanted:
            self._fit(deadline)

    def _fit(self, deadline: float) -> None:
        """Go on finding the window; what was begun before the runs were complete gives way to them."""
        rough = not self._descents.complete
        fitting, self._fitting = self._fitting, None
        if fitting is None or (self._rough and not rough):
            fitting, self._rough = self._fitted(self.experiment.view), rough
        window = run_until(fitting, deadline, self._clock)
        if window is None:
            self._fitting = fitting
        else:
            self._refitting = False
            self._show(window)

    def _fitted(self, view: View) -> TimeSlices[Window]:
        """The window of a view; of complete runs it is kept for who looks at them in the same way."""
        generation = 0 if self.window is None else self.window.generation + 1
        return self._descents.window(view, generation)

    def _show(self, window: Window) -> None:
        self.window = window
        self._projections = [Projection(each, window.plane) for each in self.trajectories]
        self._measures = measures_of(self.trajectories)

    def entries(self, run: int) -> int:
        """How many entries of a run all channels have: what came before the window does not count."""
        if not self._projections:
            return 0
        placed = self._projections[run].entries if self._places else self.trajectories[run].entries
        trajectory = self.trajectories[run]
        if self._sloping and isinstance(trajectory, ComputedTrajectory):
            return min(placed, trajectory.measured)
        return placed

    def stationary_at(self, run: int) -> int | None:
        """Since when a run stands still, as far as that was searched for."""
        if not self.trajectories:  # a lifted start is being found
            return None
        trajectory = self.trajectories[run]
        if isinstance(trajectory, ComputedTrajectory) and self._searching:
            return trajectory.stationary_so_far
        return trajectory.stationary_at

    def status(self, run: int) -> Status:
        """How a run stands; running until its channels have come to its end."""
        seen = bool(self._projections) and self.entries(run) == self.trajectories[run].entries
        return self.trajectories[run].status if seen else "running"

    def channel(self, name: Channel, run: int, first: int = 0, last: int | None = None) -> AnyArray | None:
        """One channel of a run at the entries first ≤ k < last (all there are); None where there is none."""
        end = self.entries(run) if last is None else min(last, self.entries(run))
        trajectory = self.trajectories[run]
        if name == "theta":
            return trajectory.thetas(first, end)
        projection = self._projections[run]
        own = {"path": projection.path, "shadow_cost": projection.cost, "off_plane": projection.distance}
        if name in own:
            return own[name](first, end)
        column = getattr(trajectory, name)
        return None if column is None else column[first:end]

    def run_result(self, run: int) -> RunResult:
        """All channels of a run as far as they have come."""
        trajectory, seen = self.trajectories[run], bool(self._projections)
        end = self.entries(run) if seen else trajectory.entries
        measured = {name: getattr(trajectory, name) for name in COLUMNS if name not in ON_DEMAND}
        columns: dict[str, Any] = {
            name: None if column is None else column[:end] for name, column in measured.items()
        }
        return RunResult(
            label=self.runs[run].label,
            status=self.status(run) if seen else trajectory.status,
            trajectory=trajectory,
            project=partial(self._projection, run),
            parameter_names=self.problem.objective.parameter_names,
            **columns,
        )

    def _projection(self, run: int) -> Projection:
        self._found()
        return self._projections[run]

    def results(self) -> Results:
        """Everything, once there is a window, or the runs are complete: then it is found when asked for."""
        if self.window is None and not self._descents.complete:
            raise RuntimeError("results() before the runs are complete, or seen in a window")
        runs = tuple(self.run_result(run) for run in range(len(self.runs)))
        return Results(self.experiment, runs, self._found)

    def _found(self) -> Window:
        """The window, which runs that are complete have not if nobody has asked for it."""
        window = self.window or self.finish().window
        assert window is not None
        return window

    def surface(
        self, resolution: int | None = None, extent: Extent | None = None, plane: PlaneSpec | None = None
    ) -> Work[Surface]:
        """The cost over the window, coarse to fine, or over another plane or extent; drop it to cancel."""
        window = self.window if plane is None else None
        if window is None:
            view = self.experiment.view
            fitting = self._fitted(view if plane is None else view.model_copy(update={"plane": plane}))
            while (window := run_until(fitting, 0.0, self._clock)) is None:
                yield None
        return (
            yield from refine(
                self.problem.objective,
                window.plane,
                extent or window.extent,
                resolution or self.experiment.view.grid.resolution,
                path_range=self.path_range(),
            )
        )

    def finished_surface(self) -> Surface:
        """The cost over the window at the view's resolution."""
        return run_to_completion(self.surface())

    def path_range(self) -> Pair:
        """The lowest and the highest cost of the runs, of one that diverged only what comes before that."""
        bounded = [each.cost[:1] if each.status == "diverged" else each.cost for each in self.trajectories]
        costs = np.concatenate(bounded)
        return float(costs.min()), float(costs.max())

    def marks(self) -> tuple[Mark, ...]:
        """The known minima of a two-parameter problem, and every run's start and lowest entry so far."""
        known = self.problem.minima if self.problem.exact else ()
        heights = [float(self.problem.objective.value(theta)) for theta in known]
        minima = [Mark("minimum", _pair(theta), height) for theta, height in zip(known, heights, strict=True)]
        runs = [run for run in range(len(self._projections)) if self.entries(run)]
        return (*minima, *(mark for run in runs for mark in self._own_marks(run)))

    def _own_marks(self, run: int) -> tuple[Mark, Mark]:
        cost, path = self.trajectories[run].cost[: self.entries(run)], self._projections[run].path
        lowest = int(cost.argmin())
        return (
            Mark("start", _pair(path(0, 1)[0]), float(cost[0]), run, 0),
            Mark("lowest", _pair(path(lowest, lowest + 1)[0]), float(cost[lowest]), run, lowest),
        )

    def refit(self) -> None:
        """Fit plane and extent afresh to what there is or will be: at once or, if that takes long, in slices.

        A window kept from before is given up where the runs have not begun.
        """
        if self.window is not None and self._begun:
            self._fitting, self._refitting = None, True
            self._look(self._clock())
        else:
            self.window, self._projections, self._measures = None, [], []

    def with_edit(self, edit: Edit) -> Computation:
        """The computation of the experiment with one more edit, in the same window; what precedes it is kept.

        Raises ValidationError for an edit that does not fit.
        """
        changed = _changed(self.experiment, edits=(*self.experiment.edits, edit))
        return self._continued(changed, self._descents.edited, edit.step)

    def extend(self, steps: int) -> Computation:
        """The computation of the experiment with more steps, in the same window; what is there is kept.

        A lifted start stays where it was: its own number of steps is written into the document. Raises
        ValidationError for too many steps, InvalidValue for fewer than there are.
        """
        pinned = _pinned(self.experiment)
        changed = _changed(pinned, steps=steps)
        return self._continued(changed, self._descents.extended, self.experiment.steps + 1)

    def _continued(
        self, experiment: Experiment, taken_over: Callable[[Experiment], Descents], keep: int
    ) -> Computation:
        work = estimate(experiment, self.allowance.machine.coefficients)
        other = Computation(experiment, self.cache, self._patience, self.allowance, work)
        descents = other._descents = taken_over(experiment)
        other.window, other._spent, other.ahead = self.window, self._spent, self.ahead
        other._projections = [
            projection.taken_over(trajectory, keep)
            for projection, trajectory in zip(
                self._projections, descents.trajectories, strict=bool(self._projections)
            )
        ]
        other._measures = measures_of(descents.trajectories) if other._projections else []
        return other


def _changed(experiment: Experiment, **fields: Any) -> Experiment:
    """The experiment with other fields, checked as a whole again."""
    return Experiment.model_validate(dict(experiment) | fields)


def _pinned(experiment: Experiment) -> Experiment:
    """The experiment with its steps written into lifted starts, which then stay when it grows longer."""
    start = _pinned_start(experiment.start, experiment.steps)
    runs = tuple(
        run.model_copy(update={"start": _pinned_start(run.start, experiment.steps)})
        for run in experiment.runs
    )
    return experiment.model_copy(update={"start": start, "runs": runs})


def _pinned_start(start: Any, steps: int) -> Any:
    lifted = isinstance(start, LiftStart) and start.steps is None
    return start.model_copy(update={"steps": steps}) if lifted else start


def _pair(point: Array) -> Pair:
    return float(point[0]), float(point[1])
