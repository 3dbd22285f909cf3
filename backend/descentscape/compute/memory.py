"""What an experiment weighs in memory, told by its document before anything of it is made.

The one currency of the cache, of the memory budget and of the cost model. All sizes are bytes of what is held
from the first step to the last; what a time slice needs beside is bounded by its own constants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel

from descentscape.core.descent.checkpoints import SPACING
from descentscape.core.descent.computed import stride_of
from descentscape.core.formulas.objective import FormulaObjective, parse
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.document.effort import PATHS, WorkSize, work_size
from descentscape.document.entry_models import made
from descentscape.document.experiment import Experiment, bases_of, checkpoints_of, optimizers_of

RUNS = 2 * PATHS
"""Bytes that all runs of an experiment may keep of theta and of the optimizers’ states together."""

NUMBER_BYTES = 8
"""A number of an array."""

ITEM = 32
"""A number of a document: a Python object, and the reference to it."""

RECORD_COLUMNS = 5
"""Columns of a run’s record that are there for every problem."""

PROJECTED = 4
"""Numbers of a step’s projection on the plane: two coordinates, the cost there, the distance."""

POSITION = 600
"""A checkpoint’s own objects, beside its numbers."""

RUN, EXPERIMENT = 24 * 2**10, 24 * 2**10
"""Objects of a run, and of an experiment without its numbers."""

PART = 4500
"""The graphs and programs of a formula’s derivatives, for each number, name and operation of it."""

UNDER_WAY = 6
"""Vectors as long as theta that a run needs where it stands: start, theta, step, gradients, their order."""

ANY_OBJECTIVE = FormulaObjective(parse("x + y"))
"""An objective for states that are only weighed."""

CELL = 44
"""A cell of a surface under refinement: its place, its height before and after clipping, the frame sent."""


@dataclass(frozen=True)
class Weight:
    """Bytes that an experiment in view holds.

    ``data`` is what all experiments with the same data set hold of it together: the document’s part, and the
    examples. ``descents`` are complete: document, rows, runs. ``view`` has these, those of the bases that
    starts are lifted from, the projections and a surface.
    """

    data: int
    descents: int
    view: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.data + self.view


def size_of_work(experiment: Experiment) -> WorkSize:
    """What the work on an experiment, and its weight, grow with."""
    return work_size(experiment.problem, len(experiment.runs), experiment.steps)


def weigh(experiment: Experiment, size: WorkSize | None = None) -> Weight:
    """What an experiment weighs, whose size may be known already."""
    size = size or size_of_work(experiment)
    dataset = getattr(experiment.problem, "dataset", None)
    own = _descents_bytes(experiment, size)
    bases = sum(_descents_bytes(base, size) for base in bases_of(experiment))
    projected = NUMBER_BYTES * PROJECTED * (experiment.steps + 1) * len(experiment.runs)
    return Weight(
        data=ITEM * _items(dataset) + NUMBER_BYTES * size.data,
        descents=own,
        view=own + bases + projected + surface_bytes(experiment.view.grid.resolution),
    )


def surface_bytes(resolution: int) -> int:
    """A surface of resolution x resolution points while it is refined."""
    return CELL * resolution**2


def state_bytes(optimizer: Any, parameters: int) -> int:
    """The state of an optimizer: its arrays are as long as theta, so two short thetas tell how it grows."""
    states = (optimizer.init(np.zeros(dim), ANY_OBJECTIVE) for dim in (1, 2))
    one, two = (sum(np.asarray(part).nbytes for part in state) for state in states)
    return one + (two - one) * (parameters - 1)


def largest_state_bytes(experiment: Experiment, index: int, parameters: int) -> int:
    """The largest state of a run’s optimizers, those of its edits included."""
    used = optimizers_of(experiment, index)
    return max((state_bytes(made(OPTIMIZERS, spec), parameters) for spec in used), default=0)


def _descents_bytes(experiment: Experiment, size: WorkSize) -> int:
    """What the descents of an experiment hold when complete, beside its data."""
    runs = sum(_run_bytes(experiment, index, size) for index in range(len(experiment.runs)))
    items = _fields(experiment, but="problem") + _fields(experiment.problem, but="dataset")
    return EXPERIMENT + ITEM * items + NUMBER_BYTES * size.rows + PART * size.formula + runs


def _run_bytes(experiment: Experiment, index: int, size: WorkSize) -> int:
    """A run’s record, its checkpoints, and the steps under way."""
    recorded = checkpoints_of(experiment.runs[index], experiment)
    if recorded is not None:
        # What a model was explored with lies where it was recorded, and is read from there.
        kept = 0 if experiment.problem.kind == "explored" else size.parameters
        numbers = RECORD_COLUMNS + (size.test > 0) + size.layers + kept
        return RUN + NUMBER_BYTES * recorded * numbers
    rows, budget = experiment.steps + 1, RUNS // len(experiment.runs) // 2
    theta = NUMBER_BYTES * size.parameters
    state = largest_state_bytes(experiment, index, size.parameters)
    position = theta + state
    # The norms of the gradient are a column for each layer; of a formula there is one.
    record = rows * NUMBER_BYTES * (RECORD_COLUMNS + (size.test > 0) + (size.layers or 1))
    kept = -(-rows // stride_of(rows, budget // theta)) * theta
    checkpoints = min(-(-rows // SPACING), max(1, budget // position))
    return RUN + record + kept + checkpoints * (position + POSITION) + UNDER_WAY * theta + state


def _fields(model: BaseModel, but: str) -> int:
    """How many items a model’s fields hold, one of them left out."""
    return sum(_items(value) for name, value in vars(model).items() if name != but)


def _items(value: Any) -> int:
    """How many items a document holds, those of a row of numbers counted at once."""
    if value is None or isinstance(value, float | int | str):  # most are, and models are told slowly
        return 0
    if isinstance(value, tuple):
        plain = not value or isinstance(value[0], float | int)
        return 1 + len(value) + (0 if plain else sum(map(_items, value)))
    if isinstance(value, BaseModel):
        return sum(map(_items, vars(value).values()))
    if isinstance(value, Mapping):
        return 2 * len(value) + sum(map(_items, value.values()))
    return 0
