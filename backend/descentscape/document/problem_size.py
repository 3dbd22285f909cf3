"""What a problem's document already tells of its size, before anything is built."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from descentscape.core.data import datasets
from descentscape.core.data.datasets import DATASETS, Data, Task
from descentscape.core.data.features import with_features
from descentscape.core.data.tables.chosen import chosen_examples
from descentscape.core.data.tables.examples import Choice, Room
from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.models import known_model
from descentscape.core.network.costs import COSTS
from descentscape.document.bounds import MAX_COLUMNS, MAX_ROWS, MAX_TABLE_INPUTS
from descentscape.document.once import once

if TYPE_CHECKING:
    from descentscape.document.problems import NetworkProblem, Problem

DATA, SPLIT = 10, 11
"""Streams of random numbers apart from those of the descents: ``default_rng([seed, stream])``."""

TABLE_ROOM = Room(MAX_ROWS, MAX_TABLE_INPUTS, MAX_ROWS * MAX_COLUMNS)
"""What the examples of a table may take up: as many numbers as inline data."""


@dataclass(frozen=True)
class DataShape:
    """D inputs and K columns of targets, for N examples of which some are kept for the test.

    ``classes`` is None for regression. ``low`` and ``high`` bound the targets.
    """

    inputs: int
    targets: int
    classes: int | None
    examples: int
    test_examples: int
    low: float
    high: float

    @property
    def training(self) -> int:
        """The number of examples that are learnt from."""
        return self.examples - self.test_examples


def data_of(problem: Any) -> Data:
    """All examples of a problem's data set, features appended, before any split or scaling.

    Raises InvalidValue for inline rows that are ragged, unequally many or not the task's.
    """
    task = inline_task(problem) if problem.dataset.kind == "inline" else None
    return with_features(_data_of(problem.dataset, task), features_of(problem))


def features_of(problem: Any) -> tuple[str, ...]:
    """The features that a network's inputs have appended; no other problem has any."""
    return getattr(problem, "features", ())


def _data_of(dataset: Any, task: Task | None) -> Data:
    if dataset.kind == "inline":
        return datasets.inline(dataset.x, dataset.y, task)
    if dataset.kind == "table":
        return _table_data(dataset)
    fields = dataset.model_dump(exclude={"kind", "seed", "test_fraction", "standardize"})
    return datasets.make(dataset.kind, data_rng(dataset), **fields)


def _table_data(dataset: Any) -> Data:
    if (dataset.sha256 is None) == (dataset.columns is None):
        raise InvalidValue("sha256", "given, or else the columns, not both")
    choice = Choice(
        dataset.target, dataset.inputs, dataset.task, dataset.missing, dataset.seed, dataset.standardize
    )
    return chosen_examples(dataset.columns, dataset.sha256, choice, TABLE_ROOM).data


def inline_task(problem: Any) -> Task | None:
    """The task of inline data: where they do not say, numbers are classes only if the problem asks for such.

    Words are classes always, and for a network 0 and 1 too (None).
    """
    if problem.dataset.task is not None:
        task: Task = problem.dataset.task
        return task
    if _has_words(problem.dataset):
        return "classes"
    if problem.kind != "network":
        return "regression"
    asked = problem.output in ("sigmoid", "softmax") or COSTS[problem.cost].bounded
    return "classes" if asked and _has_labels(problem.dataset) else None


@once
def _has_words(dataset: Any) -> bool:
    return any(isinstance(value, str) for row in dataset.y for value in row)


@once
def _has_labels(dataset: Any) -> bool:
    return datasets.are_labels(dataset.y)


def data_rng(dataset: Any) -> np.random.Generator:
    """The random numbers that draw the examples."""
    return np.random.default_rng([dataset.seed, DATA])


def split_rng(dataset: Any) -> np.random.Generator:
    """The random numbers that choose the test set."""
    return np.random.default_rng([dataset.seed, SPLIT])


def data_shape(problem: Any) -> DataShape:
    """The shape of a problem's examples; of data sets only inline and bundled ones are looked at for it."""
    shape = _shape_of_own(problem)
    return replace(shape, inputs=shape.inputs + len(features_of(problem)))


def _shape_of_own(problem: Any) -> DataShape:
    """The shape of what the data set itself holds."""
    dataset = problem.dataset
    entry = DATASETS.get(dataset.kind)
    if entry is None or not hasattr(dataset, "n"):
        task = inline_task(problem) if dataset.kind == "inline" else None
        return _split_shape(dataset, *_measured(dataset, task))
    bound = (0.0, 1.0) if entry.classes else (-np.inf, np.inf)
    return _split_shape(dataset, entry.inputs, 1, entry.classes, dataset.n, *bound)


@once
def _measured(dataset: Any, task: Task | None) -> tuple[int, int, int | None, int, float, float]:
    """Inputs, targets, classes and number of the examples, and the range of their targets."""
    data = _data_of(dataset, task)
    low, high = float(data.y.min()), float(data.y.max())
    return data.x.shape[1], data.y.shape[1], data.classes, len(data.x), low, high


def _split_shape(
    dataset: Any, inputs: int, targets: int, classes: int | None, n: int, low: float, high: float
) -> DataShape:
    test = min(round(dataset.test_fraction * n), n - 1)
    return DataShape(inputs, targets, classes, n, test, low, high)


def output_of(problem: NetworkProblem, shape: DataShape) -> str:
    """The output layer: what the document says or, where it leaves it open, what data and cost call for."""
    if problem.output is not None:
        return problem.output
    wanted = {"bce": "sigmoid", "cross_entropy": "softmax"}.get(problem.cost)
    if wanted is not None:
        return wanted
    if shape.classes is None:
        return "linear"
    return "sigmoid" if shape.classes == 2 else "softmax"


def output_units(output: str, shape: DataShape) -> int:
    """One unit for two classes (two under a softmax), one a class for more, one a column for regression."""
    if shape.classes is None:
        return shape.targets
    return 1 if shape.classes == 2 and output != "softmax" else shape.classes


def widths_of(problem: Problem, shape: DataShape) -> tuple[int, ...]:
    """The units of each layer, from the inputs to the outputs."""
    if problem.kind == "network":
        return shape.inputs, *problem.hidden, output_units(output_of(problem, shape), shape)
    return (shape.inputs, 1) if problem.kind == "linear" else (1, 1, 1)


def dim_of(problem: Problem) -> int:
    """P of any problem, a formula's two included; InvalidValue for an explored model that is not there."""
    if problem.kind == "formula":
        return 2
    if problem.kind == "explored":
        return known_model(problem.id).objective.dim
    return parameter_count(problem, widths_of(problem, data_shape(problem)))


def parameter_count(problem: Problem, widths: tuple[int, ...]) -> int:
    """P: the weights and, except in the chain, the biases."""
    bias = problem.kind != "chain"
    return sum((before + bias) * after for before, after in pairwise(widths))
