"""Numbers and points that a document names: coordinates, pairs, and places on the path of a run."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from descentscape.document.bounds import MAX_COORDINATE, MAX_PARAMETERS, MAX_RUNS, MAX_STEPS
from descentscape.document.schema import Model, knob, listed

Coordinate: TypeAlias = Annotated[float, Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
Values: TypeAlias = Annotated[tuple[Coordinate, ...], listed(1, MAX_PARAMETERS, fail_fast=True)]
Sha256: TypeAlias = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Pair: TypeAlias = Annotated[tuple[Coordinate, Coordinate], Field(strict=False)]
Extent: TypeAlias = Annotated[tuple[Pair, Pair], Field(strict=False)]


class PointSpec(Model):
    """A point of parameter space: a step of a run (null: its last), or the parameters themselves."""

    run: int = knob(0, label="run", low=0, high=MAX_RUNS - 1)
    step: int | None = knob(None, label="step", low=0, high=MAX_STEPS, help="Empty: the last one.")
    theta: Values | None = None


class PlaceSpec(PointSpec):
    """A step of a run (null: its last), the parameters themselves, or a point [a, b] of the plane."""

    at: Pair | None = None


LAST = PointSpec()
