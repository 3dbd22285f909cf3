"""Data sets: made from a registered kind or brought along inline, divided, standardised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from descentscape.core.data.dataset_kinds import DATASETS, DatasetKind, Field, Task
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import AnyArray, Array, Indices

__all__ = [
    "DATASETS",
    "Data",
    "DatasetKind",
    "Field",
    "Scaling",
    "Task",
    "inline",
    "make",
    "split",
    "standardize",
]

LARGEST = 1e9
"""Bound on the size of inline numbers: far above any data, far below overflow in a sum of squares."""


@dataclass(frozen=True, eq=False)
class Data:
    """Examples: inputs x ``(N, D)`` and targets y ``(N, K)``, float64.

    For the task ``classes`` y is one column of whole numbers 0 … ``classes`` − 1 and ``target_names`` names
    the classes; for ``regression`` ``classes`` is None and ``target_names`` names the columns of y.
    """

    x: Array
    y: Array
    task: Task
    classes: int | None
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]

    def take(self, examples: Indices) -> Data:
        """Pick the chosen examples, in that order."""
        return replace(self, x=self.x[examples], y=self.y[examples])


@dataclass(frozen=True, eq=False)
class Scaling:
    """The map x ↦ (x − mean) / scale, one entry of each ``(D,)`` a feature."""

    mean: Array
    scale: Array

    def apply(self, x: Array) -> Array:
        """Standardised copies of the inputs x ``(*B, D)``."""
        return (x - self.mean) / self.scale

    def undo(self, x: Array) -> Array:
        """Standardised inputs x ``(*B, D)`` back in the units of the data."""
        return x * self.scale + self.mean


def make(kind: str, rng: np.random.Generator, **fields: float) -> Data:
    """Make the data set of a registered kind; fields left out take their defaults.

    Raises InvalidValue for an unknown kind or field, or a value out of its bounds. The bundled sets draw
    nothing from ``rng`` and keep the order of their files.
    """
    if kind not in DATASETS:
        raise InvalidValue("dataset.kind", f"one of {', '.join(DATASETS)}", kind)
    entry = DATASETS[kind]
    known = {field.name: field for field in entry.fields}
    for name, value in fields.items():
        if name not in known:
            raise InvalidValue(f"dataset.{name}", f"left out for {kind}", value)
        known[name].check(value)
    x, y = entry.draw(rng, **{name: field.default for name, field in known.items()} | fields)
    return Data(x, y, entry.task, entry.classes, entry.feature_names, entry.target_names)


def inline(
    x: Sequence[Sequence[float]] | Array, y: Sequence[Sequence[float]] | Array, task: Task | None = None
) -> Data:
    """Take the caller's own examples as they are: x ``(N, D)`` and y ``(N, K)`` as lists of rows.

    Without a task, one column of whole numbers 0 … K − 1, each present and K at least 2, means classes,
    anything else regression. Raises InvalidValue for ragged, empty, unequally long or non-finite rows, and
    for class labels that are not whole numbers from 0 in one column.
    """
    inputs, targets = _matrix("x", x), _matrix("y", y)
    if len(inputs) != len(targets):
        raise InvalidValue("y", f"as many rows as x ({len(inputs)})", len(targets))
    labels = np.unique(targets)
    if task is None:
        consecutive = np.array_equal(labels, np.arange(max(len(labels), 2)))
        task = "classes" if targets.shape[1] == 1 and consecutive else "regression"
    elif task == "classes" and (targets.shape[1] != 1 or labels[0] < 0 or np.any(labels % 1)):
        raise InvalidValue("y", "one column of class labels 0, 1, …", targets[0].tolist())
    features = tuple(f"x{i + 1}" for i in range(inputs.shape[1]))
    if task == "classes":
        classes = max(int(labels[-1]) + 1, 2)
        return Data(inputs, targets, task, classes, features, tuple(map(str, range(classes))))
    names = ("y",) if targets.shape[1] == 1 else tuple(f"y{i + 1}" for i in range(targets.shape[1]))
    return Data(inputs, targets, task, None, features, names)


def split(data: Data, fraction: float, rng: np.random.Generator) -> tuple[Data, Data | None]:
    """Divide into train and test set: ``fraction`` of the examples, chosen at random, for the test.

    Both keep the order of the data. There is no test set (None) when the fraction amounts to no example;
    at least one example stays for training. Raises InvalidValue for a fraction outside [0, 1).
    """
    if not 0 <= fraction < 1:
        raise InvalidValue("test_fraction", "at least 0 and below 1", fraction)
    n = len(data.x)
    chosen = rng.permutation(n)
    size = min(round(fraction * n), n - 1)
    if size == 0:
        return data, None
    return data.take(np.sort(chosen[size:])), data.take(np.sort(chosen[:size]))


def standardize(train: Data, test: Data | None) -> tuple[Data, Data | None, Scaling]:
    """Bring the training inputs to mean 0 and standard deviation 1, the test inputs by the same map.

    Returns both sets and the map. Its statistics come from the training set alone; a feature that is
    constant there is only centred. Targets stay as they are.
    """
    varies = np.ptp(train.x, axis=0) > 0
    mean = np.where(varies, train.x.mean(axis=0), train.x[0])
    scaling = Scaling(mean, np.where(varies, train.x.std(axis=0), 1.0))

    def scaled(data: Data) -> Data:
        return replace(data, x=scaling.apply(data.x))

    return scaled(train), test and scaled(test), scaling


def _matrix(name: str, rows: Sequence[Sequence[float]] | AnyArray) -> Array:
    try:
        matrix = np.array(rows, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidValue(name, "rows of equally many numbers", _odd_row(rows)) from error
    if matrix.ndim != 2 or matrix.size == 0:
        raise InvalidValue(name, "a list of rows, each with at least one number", rows)
    wrong = np.argwhere(~(np.abs(matrix) <= LARGEST))
    if len(wrong):
        i, j = wrong[0]
        raise InvalidValue(
            f"{name}[{i}][{j}]", f"finite and at most {LARGEST:g} in size", float(matrix[i, j])
        )
    return matrix


def _odd_row(rows: Sequence[Sequence[float]] | AnyArray) -> object:
    lengths = [len(row) if isinstance(row, Sequence) else None for row in rows]
    return next((row for row, length in zip(rows, lengths, strict=True) if length != lengths[0]), rows[0])
