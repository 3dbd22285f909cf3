"""Data sets: made from a registered kind or brought along inline, divided, standardised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, cast

import numpy as np

from descentscape.core.data.dataset_kinds import DATASETS, DatasetKind, Field, Task
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import EPSILON, AnyArray, Array, Indices

__all__ = [
    "DATASETS",
    "Data",
    "DatasetKind",
    "Field",
    "Scaling",
    "Targets",
    "Task",
    "are_labels",
    "inline",
    "make",
    "split",
    "standardize",
]

Targets: TypeAlias = Sequence[Sequence[float | str]] | AnyArray
"""Rows of targets as they are given, class labels perhaps words."""

CONSTANT_ROUNDINGS = 8.0
"""A column whose values differ by no more than so many roundings is constant."""

LARGEST = 1e9
"""Bound on the size of inline numbers: far above any data, far below overflow in a sum of squares."""


@dataclass(frozen=True, eq=False)
class Data:
    """Examples: inputs x ``(N, D)`` and targets y ``(N, K)``, float64.

    For the task ``classes`` y is one column of positions 0 … ``classes`` − 1 among the classes, and
    ``target_names`` names them; for ``regression`` ``classes`` is None, and the names are of y's columns.
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

    def first(self, inputs: int) -> Scaling:
        """The map of the first of the inputs alone."""
        return Scaling(self.mean[:inputs], self.scale[:inputs])


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


def inline(x: Sequence[Sequence[float]] | Array, y: Targets, task: Task | None = None) -> Data:
    """Take the caller's own examples as they are: x ``(N, D)`` and y ``(N, K)`` as lists of rows.

    Class labels are one column of whole numbers or of words. The classes are those that occur, in ascending
    order and under their own names; 0 and 1 are two classes even where one of them does not. Without a task,
    words, or one column of 0 and 1, mean classes, anything else regression. Raises InvalidValue for ragged,
    empty, unequally long or non-finite rows, and for labels that make no two classes.
    """
    inputs = _matrix("x", x)
    if len(inputs) != len(y):
        raise InvalidValue("y", f"as many rows as x ({len(inputs)})", len(y))
    features = tuple(f"x{i + 1}" for i in range(inputs.shape[1]))
    words = any(isinstance(value, str) for row in y for value in row)
    targets = _words(y) if words else _matrix("y", cast("Array", y))
    if (task or ("classes" if words or _is_yes_or_no(targets) else "regression")) == "classes":
        positions, names = _classes(targets)
        return Data(inputs, positions, "classes", len(names), features, names)
    if words:
        raise InvalidValue("y", "numbers for regression", targets[0].item())
    names = ("y",) if targets.shape[1] == 1 else tuple(f"y{i + 1}" for i in range(targets.shape[1]))
    return Data(inputs, targets, "regression", None, features, names)


def are_labels(y: Targets) -> bool:
    """Whether rows of targets can be class labels: one column of words, or of whole numbers."""
    return all(len(row) == 1 and (isinstance(row[0], str) or float(row[0]).is_integer()) for row in y)


def _is_yes_or_no(targets: Array) -> bool:
    return targets.shape[1] == 1 and np.array_equal(np.unique(targets), [0, 1])


def _words(y: Targets) -> AnyArray:
    """A column of words ``(N, 1)``."""
    for i, row in enumerate(y):
        if len(row) != 1 or not isinstance(row[0], str):
            raise InvalidValue(f"y[{i}]", "one word, as the others are", list(row))
    return np.array(y)


def _classes(labels: AnyArray) -> tuple[Array, tuple[str, ...]]:
    """Each label's position ``(N, 1)`` among the classes that occur, and their names."""
    if labels.dtype.kind == "f" and (labels.shape[1] != 1 or np.any(labels % 1)):
        raise InvalidValue("y", "one column of class labels, words or whole numbers", labels[0].tolist())
    found, positions = np.unique(labels, return_inverse=True)
    if len(found) == 1 and found[0] in (0, 1):
        return labels, ("0", "1")
    if len(found) == 1:
        raise InvalidValue("y", "of two classes or more", found[0].item())
    names = tuple(str(label) if labels.dtype.kind == "U" else str(int(label)) for label in found)
    return positions.reshape(-1, 1).astype(np.float64), names


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
    constant there, or varies by rounding alone, is only centred. Targets stay as they are.
    """
    varies = np.ptp(train.x, axis=0) > CONSTANT_ROUNDINGS * EPSILON * np.abs(train.x).max(axis=0)
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
