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
from descentscape.document.effort import PATHS, work_size
from descentscape.document.entry_models import made
from descentscape.document.experiment import Experiment, bases_of, optimizers_of
from descentscape.document.problem_size import data_shape, parameter_count, widths_of
from descentscape.document.problems import Problem

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
class ModelSize:
    """P parameters in so many groups, and the numbers that the examples take.

    ``data`` are those that experiments with the same data set share, ``rows`` each network’s own.
    """

    parameters: int
    groups: int
    tested: bool
    data: int
    rows: int


def size_of(problem: Problem) -> ModelSize:
    """The size of a problem; of its data only inline and bundled ones are looked at."""
    if problem.kind == "formula":
        return ModelSize(parameters=2, groups=1, tested=False, data=0, rows=0)
    shape = data_shape(problem)
    widths = widths_of(problem, shape)
    # Inputs, targets and, of more than two classes, their places one-hot; once more in single precision.
    units = widths[-1] if shape.classes and widths[-1] > 1 else 0
    numbers = shape.examples * (shape.inputs + shape.targets + units)
    return ModelSize(
        parameters=parameter_count(problem, widths),
        groups=len(widths) - 1,
        tested=shape.test_examples > 0,
        data=numbers,
        rows=shape.training * (shape.inputs + widths[-1]) // 2,
    )


def data_bytes(experiment: Experiment) -> int:
    """What all experiments with the same data set hold of it together: the document’s part, the examples."""
    if experiment.problem.kind == "formula":
        return 0
    return ITEM * _items(experiment.problem.dataset) + NUMBER_BYTES * size_of(experiment.problem).data


def descents_bytes(experiment: Experiment) -> int:
    """What the descents of an experiment hold when complete, beside its data: document, rows, runs."""
    size = size_of(experiment.problem)
    runs = sum(_run(experiment, index, size) for index in range(len(experiment.runs)))
    own = _items(experiment) - _items(getattr(experiment.problem, "dataset", ()))
    formula = PART * work_size(experiment.problem, 0, 0).formula
    return EXPERIMENT + ITEM * own + NUMBER_BYTES * size.rows + formula + runs


def view_bytes(experiment: Experiment) -> int:
    """What an experiment in view holds beside its data: descents and bases, projections, a surface."""
    descents = sum(map(descents_bytes, (experiment, *bases_of(experiment))))
    projected = NUMBER_BYTES * PROJECTED * (experiment.steps + 1) * len(experiment.runs)
    return descents + projected + surface_bytes(experiment.view.grid.resolution)


def computation_bytes(experiment: Experiment) -> int:
    """What an experiment in view holds, its data included."""
    return data_bytes(experiment) + view_bytes(experiment)


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
    return max(state_bytes(made(OPTIMIZERS, spec), parameters) for spec in used)


def _run(experiment: Experiment, index: int, size: ModelSize) -> int:
    """A run’s record, its checkpoints, and the steps under way."""
    rows, budget = experiment.steps + 1, RUNS // len(experiment.runs) // 2
    theta = NUMBER_BYTES * size.parameters
    state = largest_state_bytes(experiment, index, size.parameters)
    position = theta + state
    record = rows * NUMBER_BYTES * (RECORD_COLUMNS + size.tested + size.groups)
    kept = -(-rows // stride_of(rows, budget // theta)) * theta
    checkpoints = min(-(-rows // SPACING), max(1, budget // position))
    return RUN + record + kept + checkpoints * (position + POSITION) + UNDER_WAY * theta + state


def _items(value: Any) -> int:
    """How many items a document holds, those of a row of numbers counted at once."""
    if isinstance(value, BaseModel):
        return sum(map(_items, value.__dict__.values()))
    if isinstance(value, Mapping):
        return 2 * len(value) + sum(map(_items, value.values()))
    if isinstance(value, tuple):
        plain = not value or isinstance(value[0], float | int)
        return 1 + len(value) + (0 if plain else sum(map(_items, value)))
    return 0
