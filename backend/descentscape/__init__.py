"""Descentscape: see how a neural network learns, from Python.

An experiment is a dict or an `Experiment`; see the catalogue for all that can be set. Results hold NumPy
arrays::

    import descentscape as ds

    results = ds.run({"problem": {"dataset": {"kind": "iris"}}, "steps": 200})
    results.runs[0].cost
    ds.figure({"problem": {"kind": "formula", "name": "himmelblau"}}).show()
"""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Collection, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from descentscape.compute.computation import Computation
from descentscape.compute.results import Results, RunResult
from descentscape.core.foreign.recorder import Recorder
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
    from descentscape.explorations.exploration import Exploration
    from descentscape.output.figures import FigureKind
    from descentscape.readers.data_sets import Source
    from descentscape.readers.models import Checkpoints
    from descentscape.showing.shown import Shown
    from descentscape.studies.inspection import Want

__all__ = [
    "Curvature",
    "Experiment",
    "Recorder",
    "Results",
    "RunResult",
    "Surface",
    "__version__",
    "animation",
    "catalog",
    "checkpoints",
    "curvature",
    "explore",
    "figure",
    "inspect",
    "page",
    "run",
    "show",
    "surface",
    "table",
]

__version__ = VERSION

Document = Experiment | Mapping[str, Any]
"""An experiment, or the dict that describes it."""

Picturable: TypeAlias = "Document | Exploration"
"""What has runs, a plane and a surface: an experiment, or a model of one's own that is explored."""


def run(experiment: Document) -> Results:
    """Every descent of an experiment: costs, paths, gradient norms, theta, and the plane they are seen in.

    The plane, and what depends on it, is found when it is first asked for. Raises pydantic's ValidationError
    for a document that is not valid, InvalidValue for a start whose cost is not finite. Nothing bounds how
    long it takes but the document's own limits.
    """
    return _described(experiment).descend().results()


def surface(experiment: Picturable) -> Surface:
    """The cost ``(H, W)`` over the window of the experiment's plane, with what was clipped."""
    from descentscape.explorations.exploration import Exploration

    if isinstance(experiment, Exploration):
        return experiment.surface()
    return _finished(experiment).finished_surface()


def curvature(
    experiment: Picturable,
    theta: Sequence[float] | Array | None = None,
    *,
    run: int = 0,
    step: int | None = None,
) -> Curvature:
    """The eigenvalues of the Hessian at theta ``(P,)`` or at a step of a run, and the kind of point."""
    from descentscape.explorations.exploration import Exploration
    from descentscape.studies import inspection

    if isinstance(experiment, Exploration):
        return experiment.curvature(theta, run=run, step=step)
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


def figure(experiment: Picturable, kind: FigureKind | None = None) -> Figure:
    """The surface with every path at its true height, as a Plotly figure; by default the document's stage."""
    from descentscape.output.figures import build_figure

    return build_figure(_finished(experiment), kind)


def explore(
    cost: Callable[[Any], Any],
    trajectory: Any,
    gradient: Callable[[Any], Any] | None = None,
    hvp: Callable[[Any, Any], Any] | None = None,
    *,
    model: Any = None,
    batched: bool | int = False,
    label: str = "model",
) -> Exploration:
    """Explore any model by its cost: planes, surfaces, projections, curvature, figures.

    ``cost(theta)`` returns one number for a flat vector ``(P,)``: a NumPy array, or a tensor of PyTorch or
    an array of JAX where the trajectory is made of such. With a ``model`` (a PyTorch module, or a tree of
    arrays), it is called with a model like that instead: a copy, whose parameters are set.
    ``gradient(theta)`` is ∇C and ``hvp(theta, v)`` the Hessian's product with a vector; without them
    PyTorch and JAX are asked, and with NumPy differences are taken. A ``batched`` cost takes many vectors
    ``(B, P)`` at once and returns as many numbers, such as ``jax.vmap(cost)``; a number says how many.

    ``trajectory`` is a `Recorder`, rows ``(S, P)``, or a sequence of vectors, modules or trees; a mapping
    from labels to such is several runs. Raises InvalidValue, which names what is wrong.
    """
    from descentscape.explorations.exploring import explore as explored

    return explored(cost, trajectory, gradient, hvp, model=model, batched=batched, label=label)


def animation(experiment: Picturable, path: str | Path, *, size: int = 480, frames: int = 100) -> None:
    """Write the descent over the contours as a GIF, ``size`` pixels wide, to ``path``; no browser is needed.

    Raises InvalidValue for a size or number of frames that is out of bounds.
    """
    from descentscape.output.animation import build_animation

    Path(path).write_bytes(build_animation(_finished(experiment), size=size, frames=frames))


def page(experiment: Picturable, path: str | Path) -> None:
    """Write a page that plays the descent to ``path``: one HTML file that needs no network."""
    from descentscape.output.drawing import Drawing
    from descentscape.output.exports.html import to_html

    Path(path).write_bytes(to_html(Drawing(_finished(experiment))))


def show(
    what: Document | Results | Exploration, *, open_browser: Callable[[str], object] | None = webbrowser.open
) -> Shown:
    """Open an experiment, its results or an exploration in the browser, from a service of this process' own.

    An exploration is on the same page as an experiment: slices through its model are sampled live, in the
    planes and at the steps that are chosen there, and what needs a network and its data is left out. It is at
    an address that this machine alone reaches, until ``close`` is called on what is returned.
    ``open_browser`` is given the address; None opens nothing.
    """
    from descentscape.explorations.exploration import Exploration
    from descentscape.showing.show import show as shown

    return shown(what if isinstance(what, Results | Exploration) else _experiment(what), open_browser)


def _finished(experiment: Picturable) -> Computation:
    from descentscape.explorations.exploration import Exploration

    if isinstance(experiment, Exploration):
        return experiment.computation
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
