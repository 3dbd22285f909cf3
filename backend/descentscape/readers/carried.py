"""Documents that carry the table and the start which they name, and so can leave the service."""

from __future__ import annotations

from descentscape.core.data.checkpoint_content import recorded_weights
from descentscape.core.data.store import stored
from descentscape.core.data.tables.table import table_of
from descentscape.document.entry_models import TableColumn
from descentscape.document.experiment import Experiment
from descentscape.document.runs import ThetaStart


def carried(experiment: Experiment) -> Experiment:
    """The experiment with a stored table's cells and a stored start's numbers in it.

    Recorded runs stay in their files. Raises `Gone` for what is stored no more.
    """
    return _with_start(_with_table(experiment))


def _with_start(experiment: Experiment) -> Experiment:
    start = experiment.start
    if start.kind != "stored":
        return experiment
    theta = recorded_weights(start.sha256, "start.sha256").theta
    values = tuple(theta[-1 if start.entry is None else start.entry].tolist())
    return experiment.model_copy(update={"start": ThetaStart.model_construct(values=values)})


def _with_table(experiment: Experiment) -> Experiment:
    dataset = getattr(experiment.problem, "dataset", None)
    if dataset is None or dataset.kind != "table" or dataset.sha256 is None:
        return experiment
    columns = table_of(stored("table", dataset.sha256, "problem.dataset.sha256")).columns
    own = tuple(TableColumn.model_construct(name=each.name, cells=tuple(each.cells)) for each in columns)
    whole = dataset.model_copy(update={"sha256": None, "columns": own})
    return experiment.model_copy(update={"problem": experiment.problem.model_copy(update={"dataset": whole})})
