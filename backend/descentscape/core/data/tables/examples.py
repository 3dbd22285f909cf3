"""The examples that are made of a table: a target, inputs, and what is done about cells that are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from descentscape.core.data.dataset_kinds import Task
from descentscape.core.data.datasets import Data
from descentscape.core.data.tables.columns import (
    MAX_CATEGORIES,
    MAX_CATEGORY_NAME,
    ColumnContent,
    looks_like_labels,
    read_column,
    shown,
)
from descentscape.core.data.tables.table import Table
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import AnyArray, Array

Missing = Literal["drop", "mean"]

SAMPLE = 12
"""Stream of random numbers that draws the rows: ``default_rng([seed, SAMPLE])``."""


@dataclass(frozen=True)
class Choice:
    """What is asked of a table.

    ``inputs`` are names of columns, None for all usable ones but the target. ``missing`` says whether a row
    that lacks an input is dropped, or gets the column's mean (the most frequent word). ``scaled`` asks for a
    numeric target in standard deviations from its mean.
    """

    target: str
    inputs: tuple[str, ...] | None = None
    task: Task | None = None
    missing: Missing = "drop"
    seed: int = 0
    scaled: bool = False


@dataclass(frozen=True)
class Room:
    """How many examples an experiment may use, how many inputs, and how many numbers of inputs in all."""

    rows: int
    inputs: int
    numbers: int


@dataclass(frozen=True, eq=False)
class TableExamples:
    """The examples of a table, and in sentences what was done to get them."""

    data: Data
    notes: tuple[str, ...]


def examples_of(
    table: Table, choice: Choice, room: Room, known: Mapping[str, ColumnContent] = MappingProxyType({})
) -> TableExamples:
    """The examples that a choice makes of a table: x ``(N, D)`` with its names, y ``(N, 1)``.

    Words of an input become a column each of 0 and 1, two words one column. A row without a target is
    dropped, and of more rows than there is room for a sample is drawn by the seed, in the order of the table.
    ``known`` has what columns were read as, by their names, where that was found already. Raises
    InvalidValue, under the names of the choice's fields, for columns that are not there or do not
    serve, and where fewer than two rows are left.
    """
    target = _content(table, choice.target, "target", known)
    task = task_of(target) if choice.task is None else choice.task
    inputs = _inputs(table, choice, known)
    width = sum(map(_width, inputs))
    if width > room.inputs:
        raise InvalidValue("inputs", f"columns that make at most {room.inputs} inputs", width)
    rows, notes = _rows(target, inputs, choice)
    most = min(room.rows, room.numbers // width)
    if len(rows) > most:
        notes.append(f"{most:,} of {len(rows):,} rows are used, drawn at random with seed {choice.seed}.")
        drawn = np.random.default_rng([choice.seed, SAMPLE]).permutation(len(rows))[:most]
        rows = rows[np.sort(drawn)]
    encoded = [_encoded(table, content, rows) for content in inputs]
    x = np.column_stack([values for values, _ in encoded])
    names = tuple(name for _, each in encoded for name in each)
    make = _classes if task == "classes" else _values
    y, classes, targets = make(table, target, rows, choice)
    return TableExamples(Data(x, y, task, classes, names, targets), tuple(notes))


def task_of(target: ColumnContent) -> Task:
    """Classes for words and for a few whole numbers, else regression."""
    return "classes" if target.values is None or looks_like_labels(target) else "regression"


def _content(table: Table, name: str, field: str, known: Mapping[str, ColumnContent]) -> ColumnContent:
    return known.get(name) or read_column(table.column(name, field), table)


def _inputs(table: Table, choice: Choice, known: Mapping[str, ColumnContent]) -> list[ColumnContent]:
    """The inputs' columns: those that are named, else all others that are usable."""
    if choice.inputs is None:
        others = [name for name in table.names if name != choice.target]
        found = [each for name in others if (each := _content(table, name, "inputs", known)).usable]
        if not found:
            raise InvalidValue("target", "a column beside others that can be inputs", choice.target)
        return found
    if len(set(choice.inputs)) < len(choice.inputs):
        raise InvalidValue("inputs", "different columns", list(choice.inputs))
    named = enumerate(choice.inputs)
    return [_input(table, name, f"inputs[{index}]", choice.target, known) for index, name in named]


def _input(
    table: Table, name: str, field: str, target: str, known: Mapping[str, ColumnContent]
) -> ColumnContent:
    if name == target:
        raise InvalidValue(field, "another column than the target", name)
    content = _content(table, name, field, known)
    if content.values is None and not 2 <= content.distinct <= MAX_CATEGORIES:
        constraint = f"a column of numbers, dates or at most {MAX_CATEGORIES} different words"
        raise InvalidValue(field, f"{constraint} ({content.note})", name)
    return content


def _width(content: ColumnContent) -> int:
    return 1 if content.values is not None or len(content.words) == 2 else len(content.words)


def _rows(
    target: ColumnContent, inputs: Sequence[ColumnContent], choice: Choice
) -> tuple[AnyArray, list[str]]:
    """The rows that can be used, and what is said of the others."""
    total = len(target.missing)
    lacking = np.logical_or.reduce([content.missing for content in inputs])
    used = ~target.missing & ~lacking if choice.missing == "drop" else ~target.missing
    notes = []
    if gone := int(target.missing.sum()):
        notes.append(f"{_rows_are(gone, total)} left out, as the target is missing there.")
    if filled := int((lacking & ~target.missing).sum()):
        done = "left out, as an input is missing there." if choice.missing == "drop" else "completed: a "
        means = "missing number is its column’s mean, a missing word the most frequent one."
        notes.append(f"{_rows_are(filled, total)} {done}" + (means if choice.missing == "mean" else ""))
    if used.sum() < 2:
        field = "target" if (~target.missing).sum() < 2 else "missing"
        constraint = "such that at least 2 rows can be used"
        raise InvalidValue(field, constraint, choice.target if field == "target" else choice.missing)
    return np.flatnonzero(used), notes


def _rows_are(count: int, total: int) -> str:
    return f"{count:,} of {total:,} rows {'is' if count == 1 else 'are'}"


def _encoded(table: Table, content: ColumnContent, rows: AnyArray) -> tuple[Array, tuple[str, ...]]:
    """The inputs ``(N, W)`` that a column makes at these rows, and their names."""
    name = shown_column(content.name)
    if content.values is not None:
        mean = np.nanmean(content.values)
        values = content.values[rows]
        return np.where(np.isnan(values), mean, values)[:, None], (name,)
    places = _places(table, content)
    present = places[~content.missing]
    usual = np.bincount(present, minlength=len(content.words)).argmax()
    one_hot = np.eye(len(content.words))[np.where(content.missing, usual, places)[rows]]
    names = tuple(f"{name} = {shown(word)}" for word in content.words)
    return (one_hot[:, 1:], names[1:]) if len(names) == 2 else (one_hot, names)


def _places(table: Table, content: ColumnContent) -> AnyArray:
    """Where the cells of a column stand among its words; 0 for those that are missing."""
    place = {word: index for index, word in enumerate(content.words)}
    cells = table.column(content.name, "inputs").cells
    return np.array([place.get(cell.strip(), 0) for cell in cells])


Targets = tuple[Array, int | None, tuple[str, ...]]


def _classes(table: Table, target: ColumnContent, rows: AnyArray, choice: Choice) -> Targets:
    """Each label's position among those that occur at these rows, which keep their names."""
    if target.values is not None:
        found, positions = np.unique(target.values[rows], return_inverse=True)
        names = tuple(f"{value:.15g}" for value in found)
    else:
        occurring, positions = np.unique(_places(table, target)[rows], return_inverse=True)
        names = tuple(target.words[place] for place in occurring)
    if len(names) < 2:
        raise InvalidValue("target", "a column of two classes or more", choice.target)
    if (longest := max(map(len, names))) > MAX_CATEGORY_NAME:
        constraint = f"a column of labels of at most {MAX_CATEGORY_NAME} characters"
        raise InvalidValue("target", constraint, f"{longest} characters")
    return positions.reshape(-1, 1).astype(np.float64), len(names), tuple(map(shown, names))


def _values(_table: Table, target: ColumnContent, rows: AnyArray, choice: Choice) -> Targets:
    """The numbers, in standard deviations from their mean where asked for, unless all are in [0, 1]."""
    if target.values is None:
        field, got = ("task", "regression") if choice.task else ("target", choice.target)
        constraint = "classes, as the target holds words" if choice.task else "a column of numbers or words"
        raise InvalidValue(field, constraint, got)
    values, name = target.values[rows], shown_column(target.name)
    spread = float(values.std())
    if choice.scaled and spread > 0 and not (values.min() >= 0 and values.max() <= 1):
        values, name = (values - values.mean()) / spread, f"{name} (standardised)"
    return values[:, None], None, (name,)


def shown_column(name: str) -> str:
    """A column's name without what is not seen."""
    return "".join(character if character.isprintable() else " " for character in name)
