"""The experiment: one document for the page, the link, the services, the command line and Python."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from descentscape.document.bounds import MAX_EDITS, MAX_LABEL, MAX_ROWS, MAX_RUNS, MAX_SEED, MAX_STEPS
from descentscape.document.entry_models import (
    OPTIMIZER_MODELS,
    SCHEDULE_MODELS,
    ClipSpec,
    OptimizerSpec,
    ScheduleSpec,
)
from descentscape.document.field_errors import refuse
from descentscape.document.problem_size import dim_of
from descentscape.document.problems import NetworkProblem, Problem
from descentscape.document.rules import broken_rules
from descentscape.document.schema import Model, Tagged, knob, listed, tagged
from descentscape.document.view import Coordinate, Pair, PlaneSpec, Values, View


class InitStart(Tagged):
    """The initial weights, drawn from the seed; a formula’s own starting point."""

    model_config = ConfigDict(title="Initial weights")

    kind: Literal["init"] = "init"


class PointStart(Tagged):
    """A point of a problem that has two parameters."""

    model_config = ConfigDict(title="A point")

    kind: Literal["point"] = "point"
    at: Pair = Field(title="point")


class ThetaStart(Tagged):
    """All parameters, layer by layer: weights row by row, then biases."""

    model_config = ConfigDict(title="Given parameters")

    kind: Literal["theta"] = "theta"
    values: Values = Field(title="θ")


class LiftStart(Tagged):
    """A point of the plane of the same experiment when started from its initial weights, without edits.

    ``plane`` is that plane (null: the axes for two parameters, PCA of the paths otherwise) and ``steps`` how
    long that descent was (null: as long as this one), so that a link to a point stays short.
    """

    model_config = ConfigDict(title="A point of the plane")

    kind: Literal["lift"] = "lift"
    at: Pair = Field(title="point of the plane")
    plane: PlaneSpec | None = None
    steps: int | None = knob(None, label="steps of that descent", low=1, high=MAX_STEPS)


STARTS: tuple[type[Tagged], ...] = (InitStart, PointStart, ThetaStart, LiftStart)


if TYPE_CHECKING:
    Start: TypeAlias = InitStart | PointStart | ThetaStart | LiftStart
    Changes: TypeAlias = dict[str, float]
else:
    Start = tagged(STARTS, "init")
    Changes = Annotated[
        dict[Annotated[str, Field(pattern="^(0|[1-9][0-9]{0,5})$")], Coordinate],
        Field(min_length=1, max_length=1000),
    ]

ADAM = OPTIMIZER_MODELS["adam"]()
CONSTANT = SCHEDULE_MODELS["constant"]()


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
    label: str | None = Field(None, title="label", max_length=MAX_LABEL)
    start: Start | None = Field(None, title="start", description="Empty: where all runs start.")
    init_seed: int | None = knob(
        None,
        label="own initial seed",
        low=0,
        high=MAX_SEED,
        term="seed",
        help="Draws initial weights of its own for this run; empty: as all runs.",
    )


class Edit(Model):
    """A change in mid-run, after ``step`` steps: another optimizer, or other values of some parameters."""

    step: int = Field(ge=0, le=MAX_STEPS)
    run: int = Field(0, ge=0, lt=MAX_RUNS)
    optimizer: OptimizerSpec | None = None
    set: Changes | None = Field(None, description="Position in θ to value.")


if TYPE_CHECKING:
    Runs: TypeAlias = tuple[RunSpec, ...]
    Edits: TypeAlias = tuple[Edit, ...]
else:
    Runs = listed(RunSpec, 1, MAX_RUNS)
    Edits = listed(Edit, 0, MAX_EDITS)


class Experiment(Model):
    """All that can be set; ``{}`` is a valid one. Everything but ``view`` decides what is computed."""

    version: Literal[1] = 1
    problem: Problem = Field(NetworkProblem(), title="problem")
    runs: Runs = Field((RunSpec(),), title="runs")
    start: Start = Field(InitStart(), title="start")
    steps: int = knob(300, label="steps", low=1, high=MAX_STEPS, typical=(10, 2000), log=True, term="step")
    seed: int = knob(
        0, label="seed", low=0, high=MAX_SEED, term="seed", help="Draws the initial weights and the batches."
    )
    edits: Edits = Field((), title="edits")
    view: View = View()

    @model_validator(mode="after")
    def _consistent(self) -> Experiment:
        refuse("Experiment", broken_rules(self))
        return self


def dynamics_hash(experiment: Experiment) -> str:
    """The SHA-256 of everything that decides what is computed, in hexadecimal."""
    dynamics = experiment.model_dump(mode="json", exclude={"view"})
    canonical = json.dumps(dynamics, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def starts_of(experiment: Experiment) -> list[Start]:
    """Where each run starts: where it says, at weights of its own seed, or where all runs do."""
    return [
        run.start or (experiment.start if run.init_seed is None else InitStart()) for run in experiment.runs
    ]


def bases_of(experiment: Experiment) -> tuple[Experiment, ...]:
    """The experiments whose planes the lifted starts of this one are lifted from."""
    lifted = [start for start in starts_of(experiment) if isinstance(start, LiftStart)]
    exact = bool(lifted) and dim_of(experiment.problem) == 2
    bases = [base_of(experiment, start) for start in lifted if not (exact and start.plane is None)]
    return tuple({dynamics_hash(base): base for base in bases}.values())


def base_of(experiment: Experiment, start: LiftStart) -> Experiment:
    """The experiment whose plane a start is lifted from: all runs from their initial weights, no edits."""
    runs = tuple(run.model_copy(update={"start": None}) for run in experiment.runs)
    steps = start.steps or experiment.steps
    plain = {"runs": runs, "start": InitStart(), "steps": steps, "edits": ()}
    return experiment.model_copy(update=plain)


def minimal(experiment: Experiment) -> dict[str, Any]:
    """The shortest document that means the same: its version, and whatever is not at its default."""
    return _minimal(experiment)


def _minimal(model: BaseModel) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if name in {"kind", "version"} or field.is_required() or value != field.default:
            kept[name] = _plain(value)
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _minimal(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
