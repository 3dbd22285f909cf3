"""The work behind the REST calls, in bits as short as a turn: each yields None until it has the answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, Literal

from starlette.responses import Response

from descentscape.api.http.payloads import CSV, HTML, JSON, render
from descentscape.api.http.points import InspectRequest, PointRequest
from descentscape.api.ops.memory_budget import Ledger
from descentscape.api.stream.surfaces import surface_meta
from descentscape.compute.computation import Computation
from descentscape.compute.cost_model import refuse_if_too_large
from descentscape.core.errors import TooExpensive
from descentscape.core.landscape.surface import Surface
from descentscape.document.experiment import Experiment
from descentscape.output import export
from descentscape.output.figures import build_figure
from descentscape.output.frames import Kind
from descentscape.studies import Subject, conduct
from descentscape.studies.inspection import Place, curvature_turns, inspect, place_of

TURN = 0.02
"""Seconds of computing between two yields."""

MAX_NUMBERS = 4_000_000
"""The most numbers that theta of all runs may take up in one answer."""

Extra = Literal[
    "theta",
    "layer_grad_norms",
    "batch_cost",
    "test_cost",
    "learning_rate",
    "gradient_evaluations",
    "examples_seen",
]
"""What POST runs includes only when asked."""

Stage = Literal["3d", "contour"]
Job = Iterator[Response | None]
Begin = Callable[[Experiment], Computation]
"""Makes the computation of an experiment, unless that would take too much time or memory."""


def beginning(seconds: float, ledger: Ledger) -> Begin:
    """The way to begin a computation of at most so many seconds, entered in the ledger."""

    def begin(experiment: Experiment) -> Computation:
        refuse_if_too_large(experiment, seconds)
        return ledger.hold(Computation(experiment))

    return begin


def runs(body: bytes, include: Collection[Extra], media_type: str, begin: Begin) -> Job:
    """All descents of an experiment, and the plane that they are seen in."""
    computation = begin(Experiment.model_validate_json(body))
    if "theta" in include:
        _refuse_too_many_numbers(computation)
    yield from _finishing(computation)
    results = computation.results()
    if media_type == CSV:
        yield Response(export.to_csv(results), media_type=CSV)
    else:
        described = [
            export.run_content(run, theta=False) | {name: getattr(run, name) for name in include}
            for run in results.runs
        ]
        answer = {
            "experiment": results.experiment.model_dump(mode="json"),
            "plane": export.plane_content(results.plane),
            "extent": results.extent,
            "runs": described,
        }
        yield render(Kind.RUNS, answer, media_type)


def surfaces(body: bytes, media_type: str, begin: Begin) -> Job:
    """The cost over the window of the experiment's plane."""
    computation = begin(Experiment.model_validate_json(body))
    yield from _finishing(computation)
    for progress in computation.surface():
        last = progress.surface
        yield None
    assert last is not None  # a refinement ends with a surface
    yield render(Kind.SURFACE, _surface_answer(last, computation), media_type)


def figures(body: bytes, stage: Stage | None, media_type: str, begin: Begin) -> Job:
    """The Plotly figure of an experiment, or a page that shows it offline."""
    computation = begin(Experiment.model_validate_json(body))
    yield from _finishing(computation)
    shown = computation.experiment.view.stage
    figure = build_figure(computation, stage or ("contour" if shown == "contour" else "3d"))
    if media_type == HTML:
        # A file to keep: it brings its own script, so it is not to run under the service's own origin.
        headers = {"Content-Disposition": 'attachment; filename="descent.html"'}
        yield Response(export.to_html(figure), media_type=HTML, headers=headers)
    else:
        yield Response(figure.to_json(), media_type=JSON)


def curvatures(body: bytes, media_type: str, begin: Begin) -> Job:
    """The spectrum of the Hessian at a place."""
    request = PointRequest.model_validate_json(body)
    computation = begin(request.experiment)
    yield from _finishing(computation)
    found = yield from curvature_turns(computation, _place(computation, request))
    names = ("cost", "grad_norm", "eigenvalues", "complete", "negative_count", "classification", "index")
    yield render(Kind.CURVATURE, {name: getattr(found, name) for name in names}, media_type)


def inspections(body: bytes, media_type: str, begin: Begin) -> Job:
    """A look into the network at a place."""
    request = InspectRequest.model_validate_json(body)
    computation = begin(request.experiment)
    yield from _finishing(computation)
    place = _place(computation, request)
    report = inspect(computation, place, request.want, request.resolution)
    if request.study is not None:
        for _, found in conduct(Subject(computation, place), request.study):
            report["study"] = found or report.get("study")
            yield None
    yield render(Kind.INSPECTION, report, media_type)


def _finishing(computation: Computation) -> Iterator[None]:
    while not computation.advance(TURN):
        yield


def _refuse_too_many_numbers(computation: Computation) -> None:
    experiment = computation.experiment
    rows = (experiment.steps + 1) * len(experiment.runs)
    numbers = rows * computation.problem.objective.dim
    if numbers > MAX_NUMBERS:
        raise TooExpensive("include", f"without theta above {MAX_NUMBERS} numbers in all", numbers)


def _place(computation: Computation, request: PointRequest) -> Place:
    return place_of(computation, request.run, request.step, request.theta, request.at)


def _surface_answer(surface: Surface, computation: Computation) -> dict[str, Any]:
    arrays = {"a": surface.a, "b": surface.b, "cost": surface.cost}
    meta = surface_meta(surface, computation.path_range())
    return {**arrays, "plane": export.plane_content(surface.plane), **meta}
