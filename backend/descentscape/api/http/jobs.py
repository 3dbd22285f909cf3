"""The work behind the REST calls, in bits as short as a slice: each yields None until it has the answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, Literal, TypeVar

from starlette.responses import Response

from descentscape.api.apart.helper import Helper
from descentscape.api.http.answers import CurvatureAnswer
from descentscape.api.http.payloads import JSON, RENDERED, render
from descentscape.api.http.points import InspectRequest, PointRequest
from descentscape.compute.computation import Computation
from descentscape.compute.results import PROJECTED, Channel
from descentscape.core.errors import TooExpensive
from descentscape.core.time_slices import TimeSlices, Work, reported
from descentscape.core.undivided import run_in_thread
from descentscape.document.experiment import Experiment
from descentscape.document.json_bounds import read_model
from descentscape.output import export
from descentscape.output.drawing import Drawing
from descentscape.output.exports import Export, ProgramSource, by_media_type
from descentscape.output.frames import FrameKind
from descentscape.studies import Subject, conduct
from descentscape.studies.inspection import curvature_in_slices, inspect_in_slices, place_in_slices
from descentscape.studies.pricing import require_inspection

T = TypeVar("T")

CALL_SLICE = 0.02
"""Seconds of computing between two yields."""

CHANNELS: tuple[Channel, ...] = (*PROJECTED, "grad_norm")
"""What is made in slices before the results are put together."""

MAX_NUMBERS = 4_000_000
"""The most numbers that theta of all runs may take up in one answer."""

Stage = Literal["3d", "contour"]
CallJob = Iterator[Response | None]
Begin = Callable[[Experiment], Computation]
"""Makes the computation of an experiment, unless that would take too much time or memory."""


def runs(
    body: bytes, media_type: str, begin: Begin, helper: Helper, include: Collection[export.Extra]
) -> CallJob:
    """All descents of an experiment, and the plane that they are seen in."""
    computation = begin((yield from read_model(Experiment, body)))
    if "theta" in include:
        _refuse_too_many_numbers(computation)
    yield from _finished(computation, CHANNELS)

    results = yield from run_in_thread(computation.results)
    if media_type in RENDERED:
        yield (
            yield from run_in_thread(
                lambda: render(FrameKind.RUNS, export.runs_answer(results, include), media_type)
            )
        )
    else:
        content = yield from _written(by_media_type("runs")[media_type], results, helper)
        yield Response(content, media_type=media_type)


def surfaces(body: bytes, media_type: str, begin: Begin) -> CallJob:
    """The cost over the window of the experiment's plane."""
    computation = yield from _finished(begin((yield from read_model(Experiment, body))))
    surface = yield from _silently(computation.surface())

    def answer() -> Response:
        if media_type in RENDERED:
            return render(FrameKind.SURFACE, export.surface_answer(surface), media_type)
        return Response(by_media_type("surfaces")[media_type].bytes_of(surface), media_type=media_type)

    yield (yield from run_in_thread(answer))


def programs(body: bytes, media_type: str, begin: Begin, address: str) -> CallJob:
    """Code that computes an experiment, which itself is not computed here."""
    experiment = yield from read_model(Experiment, body)
    file = by_media_type("programs")[media_type]
    kept = {"Content-Disposition": f'attachment; filename="descent.{file.endings[0]}"', "Vary": "Accept"}
    source = ProgramSource(experiment, address)
    yield (
        yield from run_in_thread(lambda: Response(file.bytes_of(source), media_type=media_type, headers=kept))
    )


def figures(body: bytes, media_type: str, begin: Begin, helper: Helper, stage: Stage | None) -> CallJob:
    """The Plotly figure of an experiment, or a page that shows it offline."""
    computation = yield from _finished(begin((yield from read_model(Experiment, body))), PROJECTED)
    surface = yield from _silently(computation.surface())
    shown = computation.experiment.view.stage
    file = by_media_type("figures")[media_type]
    # A file to keep: it may bring a script of its own, which is not to run under the service's origin.
    kept = {"Content-Disposition": f'attachment; filename="descent.{file.endings[0]}"'}
    headers = None if media_type == JSON else kept

    kind: Stage = stage or ("contour" if shown == "contour" else "3d")
    content = yield from _written(file, Drawing(computation, kind, surface), helper)
    yield Response(content, media_type=media_type, headers=headers)


def curvatures(body: bytes, media_type: str, begin: Begin) -> CallJob:
    """The spectrum of the Hessian at a place."""
    request = yield from read_model(PointRequest, body)
    computation = yield from _finished(begin(request.experiment))
    place = yield from place_in_slices(computation, request)
    found = yield from curvature_in_slices(computation, place)
    yield render(FrameKind.CURVATURE, export.attributes(found, CurvatureAnswer.model_fields), media_type)


def inspections(body: bytes, media_type: str, begin: Begin) -> CallJob:
    """A look into the network at a place."""
    request = yield from read_model(InspectRequest, body)
    computation = yield from _finished(begin(request.experiment))
    place = yield from place_in_slices(computation, request)
    require_inspection(computation, request.want, request.resolution)
    sampled = request.resolution, request.window
    report = yield from inspect_in_slices(computation, place, request.want, *sampled)
    if request.study is not None:
        report["study"] = yield from _silently(conduct(Subject(computation, place), request.study))
    yield (yield from run_in_thread(lambda: render(FrameKind.INSPECTION, report, media_type)))


def _written(file: Export, source: Any, helper: Helper) -> TimeSlices[bytes]:
    """The bytes of a file: the helper process makes them where that takes plain values, else a thread."""
    gather = file.gather
    if gather is None:
        return (yield from run_in_thread(lambda: file.bytes_of(source)))
    gathered = yield from run_in_thread(lambda: gather(source))
    (content,) = yield from helper.run("the file", file.write, gathered)
    return content


def _silently(work: Work[T]) -> TimeSlices[T]:
    """The work without its rough results: a call answers with the whole one."""
    for _, found in reported(work):
        if found is not None:
            newest = found
        yield
    return newest


def _finished(computation: Computation, ahead: Collection[Channel] = ()) -> TimeSlices[Computation]:
    """The runs and their window, with these channels, so that none is left to be made at once."""
    computation.unwatched(ahead)
    yield  # to begin it, with a large data set, was a slice by itself
    while not computation.advance(CALL_SLICE):
        yield
    return computation


def _refuse_too_many_numbers(computation: Computation) -> None:
    experiment = computation.experiment
    rows = (experiment.steps + 1) * len(experiment.runs)
    numbers = rows * computation.problem.objective.dim
    if numbers > MAX_NUMBERS:
        raise TooExpensive("include", f"without theta above {MAX_NUMBERS} numbers in all", numbers)
