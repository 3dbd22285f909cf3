"""What came of an experiment: every run's arrays, under the names that the services and files use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from descentscape.compute.columns import columns
from descentscape.compute.projections import Projection
from descentscape.compute.window import Window
from descentscape.core.descent.trajectory import Status, Trajectory
from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.number_format import short_number
from descentscape.core.objective import AnyArray, Array
from descentscape.document.experiment import Experiment

if TYPE_CHECKING:
    from pandas import DataFrame  # type: ignore[import-untyped]

Measured = Literal[
    "layer_grad_norms", "batch_cost", "test_cost", "learning_rate", "gradient_evaluations", "examples_seen"
]
"""What is kept of every step beside its cost, its place and its slope."""

Channel = Literal["path", "cost", "shadow_cost", "off_plane", "grad_norm", Measured, "theta"]


COLUMNS = tuple(name for name in get_args(Channel) if name != "theta")

Ahead = Channel | Literal["stationary_at"]
"""What may be made before it is asked for."""

PROJECTED: tuple[Channel, ...] = ("path", "shadow_cost", "off_plane")
"""What depends on the plane, and is made for who looks at it."""

ON_DEMAND: tuple[Channel, ...] = (*PROJECTED, "grad_norm", "layer_grad_norms")
"""What a run's result has only when someone asks for it."""


@dataclass(frozen=True, eq=False)
class RunResult:
    """One descent in the window's plane: entry 0 is the start, entry k the state after k steps.

    ``cost`` is the true height. ``test_cost`` is None without a test set. All arrays end at the last finite
    entry; those of the plane, and the slopes, are computed when they are first asked for. ``project`` makes
    what the first are read from, ``parameter_names`` the names of theta's components.
    """

    label: str
    status: Status
    cost: Array
    batch_cost: Array
    test_cost: Array | None
    learning_rate: Array
    gradient_evaluations: AnyArray
    examples_seen: AnyArray
    trajectory: Trajectory
    project: Callable[[], Projection]
    parameter_names: Callable[[], list[str]] = list

    def __repr__(self) -> str:
        """The run's name, how it ended, and its cost at both ends."""
        first, last = (short_number(float(cost)) for cost in (self.cost[0], self.cost[-1]))
        steps = f"{len(self.cost) - 1:,} steps"
        return f"<RunResult {self.label!r}: {self.status} after {steps}, cost {first} → {last}>"

    def to_pandas(self) -> DataFrame:
        """A row for every entry, with the columns that files have; see `compute.columns.columns`.

        Raises ImportError where pandas is not installed.
        """
        frame = _pandas().DataFrame
        missing = np.full(len(self.cost), np.nan)
        return frame({name: missing if of is None else of for name, of in columns(self).items()})

    @property
    def parameters(self) -> int:
        """P, how many numbers theta has."""
        return len(self.trajectory.start)

    @property
    def steps(self) -> AnyArray:
        """After how many steps of its training every entry ``(S,)`` is: of a recorded run those it has."""
        numbers: AnyArray | None = getattr(self.trajectory, "numbers", None)
        return np.arange(len(self.cost)) if numbers is None else numbers[: len(self.cost)]

    @cached_property
    def projection(self) -> Projection:
        """Where the run falls on the window's plane."""
        return self.project()

    @cached_property
    def grad_norm(self) -> Array:
        """‖∇C‖ ``(S,)`` of the whole training cost at every entry."""
        return self.trajectory.grad_norm[: len(self.cost)]

    @cached_property
    def layer_grad_norms(self) -> Array:
        """‖∇C‖ within each of the L layers, ``(S, L)``."""
        return self.trajectory.layer_grad_norms[: len(self.cost)]

    @cached_property
    def stationary_at(self) -> int | None:
        """The first of 10 consecutive entries whose gradient is nothing, None without."""
        since = self.trajectory.stationary_at
        return None if since is None or since >= len(self.cost) else since

    @cached_property
    def path(self) -> Array:
        """The coordinates ``(S, 2)`` of the nearest point of the plane at every entry."""
        return self.projection.path(0, len(self.cost))

    @cached_property
    def shadow_cost(self) -> Array:
        """The projected cost ``(S,)``: the height of the surface there."""
        return self.projection.cost(0, len(self.cost))

    @cached_property
    def off_plane(self) -> Array:
        """The distance ``(S,)`` from the plane."""
        return self.projection.distance(0, len(self.cost))

    @property
    def theta(self) -> Array:
        """The parameters at every entry ``(S, P)``."""
        return self.trajectory.thetas(0, self.trajectory.entries)


@dataclass(frozen=True, eq=False)
class Results:
    """All descents of an experiment, with the plane and the extent that they are seen in.

    ``find_window`` finds these, when they are first asked for.
    """

    experiment: Experiment
    runs: tuple[RunResult, ...]
    find_window: Callable[[], Window]

    def __repr__(self) -> str:
        """The problem and every run, a line each."""
        head = f"<Results of {self.experiment.problem.kind}, {len(self.runs)} run"
        return "\n  ".join([head + ("s" if len(self.runs) > 1 else ""), *map(repr, self.runs)]) + ">"

    def to_pandas(self) -> DataFrame:
        """All runs below one another: ``run`` is each one's number, ``label`` its name, then its columns.

        Raises ImportError where pandas is not installed.
        """
        frames = [run.to_pandas().assign(run=number, label=run.label) for number, run in enumerate(self.runs)]
        table = _pandas().concat(frames, ignore_index=True)
        return table[["run", "label", *(name for name in table.columns if name not in {"run", "label"})]]

    @cached_property
    def plane(self) -> Plane:
        """The plane that the descents are seen in."""
        return self.find_window().plane

    @cached_property
    def extent(self) -> Extent:
        """The part of it that is drawn."""
        return self.find_window().extent


@dataclass(frozen=True)
class Mark:
    """A point of the plane to be marked: ``kind`` is ``start``, ``lowest`` or ``minimum``; ``at`` its place.

    ``cost`` is the true cost of what is marked; ``run`` says whose start or lowest point it is.
    """

    kind: Literal["start", "lowest", "minimum"]
    at: Pair
    cost: float
    run: int | None = None
    step: int | None = None


def _pandas() -> Any:
    try:
        import pandas
    except ImportError as error:
        raise ImportError("to_pandas needs pandas: pip install pandas") from error
    return pandas
