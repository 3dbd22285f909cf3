"""The runs of the document: where each starts, how it descends, and what is changed in mid-run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from descentscape.core.data.checkpoint_content import MAX_CHECKPOINTS
from descentscape.document.bounds import MAX_EDITS, MAX_ROWS, MAX_RUNS, MAX_SEED, MAX_STEPS
from descentscape.document.entry_models import (
    OPTIMIZER_MODELS,
    SCHEDULE_MODELS,
    ClipSpec,
    OptimizerSpec,
    ScheduleSpec,
)
from descentscape.document.names import Name
from descentscape.document.planes import PlaneSpec
from descentscape.document.points import Coordinate, Pair, Sha256, Values
from descentscape.document.schema import Model, Tagged, knob, listed, tagged


class InitStart(Tagged, title="Initial weights"):
    """The initial weights, drawn from the seed; a formula’s own starting point."""

    kind: Literal["init"] = "init"


class PointStart(Tagged, title="A point"):
    """A point of a problem that has two parameters."""

    kind: Literal["point"] = "point"
    at: Pair = Field(title="point")


class ThetaStart(Tagged, title="Given parameters"):
    """All parameters, layer by layer: weights row by row, then biases."""

    kind: Literal["theta"] = "theta"
    values: Values = Field(title="θ")


class LiftStart(Tagged, title="A point of the plane"):
    """A point of the plane of the same experiment when started from its initial weights, without edits.

    ``plane`` is that plane (null: the axes for two parameters, PCA of the paths otherwise) and ``steps`` how
    long that descent was (null: as long as this one), so that a link to a point stays short.
    """

    kind: Literal["lift"] = "lift"
    at: Pair = Field(title="point of the plane")
    plane: PlaneSpec | None = None
    steps: int | None = knob(None, label="steps of that descent", low=1, high=MAX_STEPS)


class StoredStart(Tagged, title="A trained model"):
    """The parameters of a stored checkpoint, named by the SHA-256 of the run that it is of.

    ``entry`` counts that run’s checkpoints from 0; null is the last.
    """

    kind: Literal["stored"] = "stored"
    sha256: Sha256 = Field(title="SHA-256 of the stored checkpoints")
    entry: int | None = Field(None, ge=0, lt=MAX_CHECKPOINTS, title="checkpoint, from 0")


STARTS: tuple[type[Tagged], ...] = (InitStart, PointStart, ThetaStart, LiftStart, StoredStart)


if TYPE_CHECKING:
    Start: TypeAlias = InitStart | PointStart | ThetaStart | LiftStart | StoredStart
else:
    Start = tagged(STARTS, "init")

Position: TypeAlias = Annotated[str, Field(pattern="^(0|[1-9][0-9]{0,5})$")]
Changes: TypeAlias = Annotated[
    dict[Position, Coordinate], Field(min_length=1, max_length=1000, fail_fast=True)
]

ADAM = OPTIMIZER_MODELS["adam"]()
CONSTANT = SCHEDULE_MODELS["constant"]()


class RecordedSpec(Model):
    """The checkpoints of a training run made elsewhere, stored under their SHA-256."""

    sha256: Sha256 = Field(title="SHA-256 of the stored checkpoints")
    name: Name | None = Field(None, title="name of the file")


class RunSpec(Model):
    """One descent: its optimizer and how that is fed."""

    optimizer: OptimizerSpec = Field(ADAM, title="optimizer")
    batch_size: int | None = knob(
        None,
        label="batch size",
        low=1,
        high=MAX_ROWS,
        log=True,
        term="mini-batch",
        help="Examples a step; empty: all of them.",
    )
    schedule: ScheduleSpec = Field(CONSTANT, title="schedule")
    clip: ClipSpec | None = Field(None, title="gradient clipping")
    gradient_noise: float = knob(
        0.0,
        label="gradient noise",
        low=0,
        high=1000,
        typical=(1e-3, 100.0),
        log=True,
        term="gradient noise",
        help="Standard deviation of Gaussian noise on every partial derivative of a formula.",
    )
    label: Name | None = Field(None, title="label")
    start: Start | None = Field(None, title="start", description="Empty: where all runs start.")
    init_seed: int | None = knob(
        None,
        label="own initial seed",
        low=0,
        high=MAX_SEED,
        term="seed",
        help="Draws initial weights of its own for this run; empty: as all runs.",
    )
    recorded: RecordedSpec | None = Field(
        None,
        title="recorded run",
        description="Checkpoints that stand for the run, which then is not computed: entry k is the k-th.",
    )


class Edit(Model):
    """A change in mid-run, after ``step`` steps: another optimizer, or other values of some parameters."""

    step: int = Field(ge=0, le=MAX_STEPS)
    run: int = Field(0, ge=0, lt=MAX_RUNS)
    optimizer: OptimizerSpec | None = None
    set: Changes | None = Field(None, description="Position in θ to value.")


Runs: TypeAlias = Annotated[tuple[RunSpec, ...], listed(1, MAX_RUNS)]
Edits: TypeAlias = Annotated[tuple[Edit, ...], listed(0, MAX_EDITS)]
