"""The plane of the two directions in which the paths spread most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from descentscape.core.landscape import planes
from descentscape.core.landscape.plane import Plane
from descentscape.core.landscape.principal import BLOCK, BLOCKS, LARGEST_GRAM
from descentscape.core.time_slices import TimeSlices
from descentscape.document.bounds import MAX_RUNS
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.planes.base import MOST_NUMBERS, Descended, PlaneKind
from descentscape.document.schema import OTHER, WORD, WORD_OR_OTHER, Path, Tagged, knob, listed
from descentscape.document.size_rules import Broken, ExperimentSize, is_below

Run: TypeAlias = Annotated[int, Field(ge=0, lt=MAX_RUNS)]
SomeRuns: TypeAlias = Annotated[tuple[Run, ...], listed(1, MAX_RUNS)]
Chosen: TypeAlias = Annotated[Annotated[Literal["all"], WORD] | Annotated[SomeRuns, OTHER], WORD_OR_OTHER]


class PcaPlane(Tagged, title="PCA of the paths"):
    """The two directions in which the paths spread most."""

    kind: Literal["pca"] = "pca"
    runs: Chosen = Field("all", title="runs", description="Whose paths are analysed.")
    center: Literal["mean", "start", "end"] = knob(
        "mean",
        label="centre",
        help="The point that the spread is measured from.",
        choices={"mean": "mean of the paths", "start": "start", "end": "end of the first run"},
    )


def _runs(spec: PcaPlane) -> Sequence[int] | None:
    return None if spec.runs == "all" else spec.runs


def _rules(path: Path, spec: PcaPlane, size: ExperimentSize) -> Broken:
    for index, run in enumerate(_runs(spec) or ()):
        yield from is_below((*path, "runs", index), run, size.runs, "runs")


def _lay(spec: PcaPlane, descended: Descended) -> TimeSlices[Plane]:
    chosen = _runs(spec) or range(len(descended.paths.points))
    points, weights = ([column[run] for run in chosen] for column in descended.paths)
    return (yield from planes.pca_in_slices(descended.objective, points, spec.center, weights))


def _effort(spec: PcaPlane, size: WorkSize) -> Effort:
    """The paths’ points times each other or, of many points in many dimensions, times some columns."""
    points = min((size.steps + 1) * len(_runs(spec) or range(size.runs)), MOST_NUMBERS // size.parameters)
    fewer = min(points, size.parameters)
    columns = fewer if fewer <= LARGEST_GRAM else 3 * BLOCK * BLOCKS
    return Effort(multiplications=points * size.parameters * columns)


PLANE = PlaneKind(PcaPlane, _lay, _rules, runs=_runs, effort=_effort)
