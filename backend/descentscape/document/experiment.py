"""The experiment: one document for the page, the link, the services, the command line and Python."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from descentscape.core.canonical import canonical
from descentscape.core.data.checkpoint_content import recorded_head
from descentscape.core.foreign.models import known_model
from descentscape.document.bounds import MAX_SEED, MAX_STEPS
from descentscape.document.entry_models import OptimizerSpec
from descentscape.document.field_errors import refuse
from descentscape.document.once import once
from descentscape.document.problem_size import dim_of
from descentscape.document.problems import NetworkProblem, Problem
from descentscape.document.rules import broken_rules
from descentscape.document.runs import Edits, InitStart, LiftStart, Runs, RunSpec, Start
from descentscape.document.schema import Model, knob
from descentscape.document.upgrade import NEWEST, upgraded
from descentscape.document.view import View


class Experiment(Model):
    """All that can be set; ``{}`` is a valid one. Everything but ``view`` decides what is computed."""

    version: Literal[2] = NEWEST
    problem: Problem = Field(NetworkProblem(), title="problem")
    runs: Runs = Field((RunSpec(),), title="runs")
    start: Start = Field(InitStart(), title="start")
    steps: int = knob(300, label="steps", low=1, high=MAX_STEPS, typical=(10, 2000), log=True, term="step")
    seed: int = knob(
        0, label="seed", low=0, high=MAX_SEED, term="seed", help="Draws the initial weights and the batches."
    )
    edits: Edits = Field((), title="edits")
    view: View = View()

    @model_validator(mode="before")
    @classmethod
    def _upgraded(cls, document: Any) -> Any:
        return upgraded(document)

    @model_validator(mode="after")
    def _consistent(self) -> Experiment:
        refuse(
            "Experiment", broken_rules(self.problem, self.runs, self.start, self.steps, self.edits, self.view)
        )
        return self


@once
def dynamics_hash(experiment: Experiment) -> str:
    """The SHA-256 of everything that decides what is computed, in hexadecimal; the version names it only."""
    dynamics = experiment.model_dump(mode="json", exclude={"version", "view"})
    _leave_unused_out(dynamics)
    digest = hashlib.sha256()
    for part in canonical(dynamics):
        digest.update(part.encode())
    return digest.hexdigest()


def _leave_unused_out(dynamics: dict[str, Any]) -> None:
    """Fields that came after the first hashes; a document without them keeps the hash that it had."""
    if not dynamics["problem"].get("features"):
        dynamics["problem"].pop("features", None)
    for run in dynamics["runs"]:
        if run["recorded"] is None:
            del run["recorded"]


def optimizers_of(experiment: Experiment, run: int) -> list[OptimizerSpec]:
    """The optimizers of a run, those of its edits included; a recorded one has none."""
    if experiment.runs[run].recorded is not None:
        return []
    changed = [edit.optimizer for edit in experiment.edits if edit.run == run and edit.optimizer is not None]
    return [experiment.runs[run].optimizer, *changed]


def checkpoints_of(run: RunSpec, experiment: Experiment) -> int | None:
    """How many checkpoints a recorded run shows, None for a computed one; `Gone` if they are not stored."""
    if run.recorded is None:
        return None
    name, problem = run.recorded.sha256, experiment.problem
    if problem.kind == "explored":
        entries = known_model(problem.id).runs[name].entries
    else:
        entries = len(recorded_head(name, "recorded").steps)
    return min(entries, experiment.steps + 1)


def starts_of(experiment: Experiment) -> list[Start]:
    """Where each run starts: where it says, at weights of its own seed, or where all runs do."""
    return [
        run.start or (experiment.start if run.init_seed is None else InitStart()) for run in experiment.runs
    ]


def bases_of(experiment: Experiment) -> tuple[Experiment, ...]:
    """The experiments whose planes the lifted starts of this one are lifted from."""
    lifted = [start for start in starts_of(experiment) if isinstance(start, LiftStart)]
    known = bool(lifted) and (experiment.problem.kind == "explored" or dim_of(experiment.problem) == 2)
    bases = [base_of(experiment, start) for start in lifted if not (known and start.plane is None)]
    return tuple({base.steps: base for base in bases}.values())


def base_of(experiment: Experiment, start: LiftStart) -> Experiment:
    """The experiment whose plane a start is lifted from: all runs from their initial weights, no edits."""
    runs = tuple(run.model_copy(update={"start": None}) for run in experiment.runs)
    steps = start.steps or experiment.steps
    plain = {"runs": runs, "start": InitStart(), "steps": steps, "edits": ()}
    return experiment.model_copy(update=plain)


def minimal(model: BaseModel) -> dict[str, Any]:
    """The shortest document that means the same: its version, and whatever is not at its default."""
    kept: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if name in {"kind", "version"} or field.is_required() or value != field.default:
            kept[name] = _plain(value)
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return minimal(value)
    if isinstance(value, tuple):
        # Items are all of a kind, and a row of numbers is soon told from a row of rows.
        rows = bool(value) and isinstance(value[0], tuple | BaseModel)
        return [_plain(item) for item in value] if rows else list(value)
    return value
