"""The rules that hold what a document names against the size of its experiment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import InitErrorDetails

from descentscape.core.data.checkpoint_content import recorded_head
from descentscape.core.data.store import Gone
from descentscape.core.foreign.models import ForeignModel
from descentscape.document.field_errors import broken_rule, gone_rule
from descentscape.document.points import PointSpec
from descentscape.document.problem_size import DataShape
from descentscape.document.schema import Path

Broken = Iterator[InitErrorDetails]


@dataclass(frozen=True)
class ExperimentSize:
    """What the fields of an experiment are held against: how many parameters, runs and steps it has.

    ``shape`` is None for a formula, which has no data; ``widths`` are the units of a network's layers, and
    ``explored`` is a model from Python.
    """

    parameters: int
    runs: int
    steps: int
    shape: DataShape | None
    widths: tuple[int, ...] | None = None
    explored: ForeignModel | None = None


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


def stored_fits(path: Path, sha256: str, entry: int | None, size: ExperimentSize, name: str) -> Broken:
    """Stored checkpoints that are there, of a network with the same layers, and that have the entry.

    ``name`` is what people know them by.
    """
    if size.explored is not None:
        if sha256 not in size.explored.runs or entry is not None:
            yield broken_rule(path, "a run that the model was explored with", f"{sha256[:12]}…")
        return
    if size.widths is None:
        yield broken_rule(path, "given for a network only", f"{sha256[:12]}…")
        return
    try:
        head = recorded_head(sha256, "sha256")
    except Gone as gone:
        yield gone_rule((*path, "sha256"), gone, name)
        return
    if head.widths != size.widths:
        layers = " → ".join(map(str, size.widths))
        yield broken_rule(path, f"of the problem’s layers {layers}", " → ".join(map(str, head.widths)))
    elif entry is not None:
        yield from is_below((*path, "entry"), entry, len(head.steps), "checkpoints")
