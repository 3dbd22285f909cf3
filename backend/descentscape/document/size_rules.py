"""The rules that hold what a document names against the size of its experiment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import InitErrorDetails

from descentscape.document.field_errors import broken_rule
from descentscape.document.points import PointSpec
from descentscape.document.problem_size import DataShape
from descentscape.document.schema import Path

Broken = Iterator[InitErrorDetails]


@dataclass(frozen=True)
class ExperimentSize:
    """What the fields of an experiment are held against: how many parameters, runs and steps it has.

    ``shape`` is None for a formula, which has no data.
    """

    parameters: int
    runs: int
    steps: int
    shape: DataShape | None


def point_fits(path: Path, point: PointSpec, size: ExperimentSize) -> Broken:
    """A step that the run has, and as many numbers as there are parameters."""
    yield from moment_fits(path, point, size)
    if point.theta is not None:
        yield from one_a_parameter((*path, "theta"), point.theta, size.parameters)


def moment_fits(path: Path, at: Any, size: ExperimentSize) -> Broken:
    """A run that there is, and a step within its steps."""
    yield from is_below((*path, "run"), at.run, size.runs, "runs")
    if at.step is not None and at.step > size.steps:
        yield broken_rule((*path, "step"), f"at most the {size.steps} steps", at.step, size.steps)


def is_below(path: Path, index: int, count: int, what: str) -> Broken:
    """An index that counts one of so many, from 0."""
    if not 0 <= index < count:
        yield broken_rule(path, f"one of the {count} {what}, from 0", index, count - 1)


def one_a_parameter(path: Path, values: tuple[float, ...], parameters: int) -> Broken:
    """A number for each parameter."""
    if len(values) != parameters:
        constraint = f"exactly {parameters} numbers, one a parameter"
        yield broken_rule(path, constraint, len(values), parameters)
