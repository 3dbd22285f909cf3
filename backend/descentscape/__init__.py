"""Descentscape: see how a neural network learns, from Python.

An experiment is a dict or an `Experiment`; see the catalogue for all that can be set. Results hold NumPy
arrays::

    import descentscape as ds

    results = ds.run({"problem": {"dataset": {"kind": "iris"}}, "steps": 200})
    results.runs[0].cost
    ds.figure({"problem": {"kind": "formula", "name": "himmelblau"}}).show()
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from descentscape.compute.computation import Computation
from descentscape.compute.results import Results, RunResult
from descentscape.core.landscape.curvature import Curvature
from descentscape.core.landscape.surface import Surface
from descentscape.core.objective import Array
from descentscape.document.experiment import Experiment
from descentscape.document.points import PlaceSpec
from descentscape.version import VERSION

if TYPE_CHECKING:
    from plotly.graph_objects import Figure  # type: ignore[import-untyped]

    from descentscape.core.data.dataset_kinds import Task
    from descentscape.core.data.tables.examples import Missing
    from descentscape.output.figures import FigureKind
    from descentscape.readers.data_sets import Source
    from descentscape.readers.models import Checkpoints
    from descentscape.studies.inspection import Want

__all__ = [
    "Curvature",
    "Experiment",
    "Results",
    "RunResult",
    "Surface",
    "__version__",
    "catalog",
    "checkpoints",
    "curvature",
    "figure",
    "inspect",
    "run",
    "surface",
    "table",
]

__version__ = VERSION

Document = Experiment | Mapping[str, Any]
"""An experiment, or the dict that describes it."""


def run(experiment: Document) -> Results:
    """Every descent of an experiment: costs, paths, gradient norms, theta, and the plane they are seen in.

    The plane, and what depends on it, is found when it is first asked for. Raises pydantic's ValidationError
    for a document that is not valid, InvalidValue for a start whose cost is not finite. Nothing bounds how
    long it takes but the document's own limits.
    """
    return _described(experiment).descend().results()


def surface(experiment: Document) -> Surface:
    """The cost ``(H, W)`` over the window of the experiment's plane, with what was clipped."""
    return _finished(experiment).finished_surface()


def curvature(
    experiment: Document,
    theta: Sequence[float] | Array | None = None,
    *,
    run: int = 0,
    step: int | None = None,
) -> Curvature:
    """The eigenvalues of the Hessian at theta ``(P,)`` or at a step of a run, and the kind of point."""
    from descentscape.studies import inspection

    computation = _described(experiment).descend()
    return inspection.curvature(computation, inspection.place_of(computation, _place(run, step, theta)))


def inspect(
    experiment: Document,
    *,
    run: int = 0,
    step: int | None = None,
    theta: Sequence[float] | Array | None = None,
    at: Sequence[float] | None = None,
    want: Collection[Want] | None = None,
    resolution: int | None = None,
) -> dict[str, Any]:
    """One network of an experiment: at a step of a run, at theta, or at a point of the plane.

    See `descentscape.studies.inspection.inspect` for what can be wanted.
    """
    from descentscape.studies import inspection

    computation = _finished(experiment)
    place = inspection.place_of(computation, _place(run, step, theta, at))
    wanted = inspection.DEFAULT_WANT if want is None else want
    return inspection.inspect(computation, place, wanted, resolution or inspection.OUTPUT_RESOLUTION)


def checkpoints(*paths: str | PathLike[str]) -> Checkpoints:
    """A trained model or training run from safetensors, NPZ, JSON or zip files, or a folder of such.

    What it returns holds the pieces of a document: ``experiment(dataset)``, ``recorded`` for its runs and
    ``start(entry)``. It stands in the store of this process, by whose hash the document names it. Raises
    InvalidValue for a file that is not a chain of dense layers, or over a bound.
    """
    from descentscape.readers.models import checkpoints_in

    return checkpoints_in(paths)


def table(
    source: Source,
    target: str | None = None,
    *,
    inputs: Sequence[str] | None = None,
    task: Task | None = None,
    missing: Missing = "drop",
    seed: int = 0,
    test_fraction: float = 0.0,
    standardize: bool = True,
) -> dict[str, Any]:
    """Your own table as an experiment’s data: ``{"problem": {"dataset": ds.table("pets.csv", "kind")}}``.

    ``source`` is the path of a CSV, TSV or XLSX file (Parquet where pyarrow is installed), a dict of columns,
    rows of which the first names the columns, or a pandas data frame. ``target`` is the column to predict,
    ``inputs`` are those to predict it from; left out, both are guessed. Words of an input become columns of 0
    and 1, dates days; a row that lacks an input is dropped, or gets its column's mean (``missing="mean"``).
    Raises InvalidValue naming the row and the column that cannot be taken.
    """
    from descentscape.readers.data_sets import data_set

    chosen: dict[str, Any] = {"task": task, "missing": missing, "seed": seed}
    chosen |= {"test_fraction": test_fraction, "standardize": standardize}
    return data_set(source, target, inputs, **chosen)


def catalog() -> dict[str, Any]:
    """All that can be chosen, with its bounds, defaults and explanations; not to be changed."""
    from descentscape.output.catalog import catalog as whole

    return whole()


def figure(experiment: Document, kind: FigureKind | None = None) -> Figure:
    """The surface with every path at its true height, as a Plotly figure; by default the document's stage."""
    from descentscape.output.figures import build_figure

    return build_figure(_finished(experiment), kind)


def _finished(experiment: Document) -> Computation:
    return _described(experiment).finish()


def _described(experiment: Document) -> Computation:
    return Computation(_experiment(experiment))


def _experiment(document: Document) -> Experiment:
    if isinstance(document, Experiment):
        return document
    return Experiment.model_validate(_plain(document))


def _place(run: int, step: int | None, theta: Any, at: Any = None) -> PlaceSpec:
    return PlaceSpec.model_validate(_plain({"run": run, "step": step, "theta": theta, "at": at}))


def _plain(value: Any) -> Any:
    """NumPy's arrays and numbers as lists and numbers, at any depth."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
