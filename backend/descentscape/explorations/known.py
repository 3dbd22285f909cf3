"""An explored model as documents name it, for as long as this process has it."""

from __future__ import annotations

from collections.abc import Sequence

from descentscape.core.foreign.models import ForeignModel
from descentscape.document.experiment import Experiment
from descentscape.document.names import plain_name
from descentscape.explorations.runs import Recorded


def document_of(model: ForeignModel, runs: Sequence[Recorded]) -> Experiment:
    """The document of a model with its recorded runs; valid in this process alone."""
    recorded = [
        {"label": plain_name(run.label), "recorded": {"sha256": name}}
        for run, name in zip(runs, model.runs, strict=True)
    ]
    problem = {"kind": "explored", "id": model.id, "name": plain_name(model.label)}
    steps = max(1, *(run.path.entries - 1 for run in runs))
    return Experiment.model_validate({"problem": problem, "runs": recorded, "steps": steps})
