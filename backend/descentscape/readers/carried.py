"""Documents that carry the table which they name, and so can leave the service that stores it."""

from __future__ import annotations

from descentscape.core.data.store import stored
from descentscape.core.data.tables.table import table_of
from descentscape.document.entry_models import TableColumn
from descentscape.document.experiment import Experiment


def carried(experiment: Experiment) -> Experiment:
    """The experiment with the cells of a stored table in it; raises `Gone` where those are there no more."""
    dataset = getattr(experiment.problem, "dataset", None)
    if dataset is None or dataset.kind != "table" or dataset.sha256 is None:
        return experiment
    columns = table_of(stored("table", dataset.sha256, "problem.dataset.sha256")).columns
    own = tuple(TableColumn.model_construct(name=each.name, cells=tuple(each.cells)) for each in columns)
    whole = dataset.model_copy(update={"sha256": None, "columns": own})
    return experiment.model_copy(update={"problem": experiment.problem.model_copy(update={"dataset": whole})})
