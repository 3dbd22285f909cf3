"""The REST calls under /api/v1."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from contextvars import copy_context
from functools import cache, partial
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from descentscape.api.http import jobs
from descentscape.api.http.answers import CurvatureAnswer, RunsAnswer, SurfaceAnswer
from descentscape.api.http.openapi import PROBLEM_RESPONSES, answers, problem, takes
from descentscape.api.http.payloads import JSON, RENDERED, preferred
from descentscape.api.http.static import Asset, asset
from descentscape.api.ops.limits import read_json_body
from descentscape.api.ops.observer import GONE
from descentscape.api.ops.service import Service
from descentscape.api.ops.workers import at_leisure, put_off
from descentscape.core.clients import CLIENT, Client
from descentscape.output.catalog import CatalogPart, catalog_part
from descentscape.output.export import Extra
from descentscape.output.exports import by_media_type
from descentscape.output.serialization import json_bytes

POINT_EXAMPLE = {"experiment": {}, "run": 0, "step": 100}


async def held(request: Request) -> AsyncIterator[ExitStack]:
    """A call's place, taken before its body is read, and what is held with it until its answer was."""
    service: Service = request.app.state.service
    with ExitStack() as stack:
        stack.enter_context(service.calls.take(request.client.host if request.client else ""))
        yield stack


Held = Annotated[ExitStack, Depends(held)]


Address = Annotated[
    str | None,
    Query(
        max_length=2000,
        pattern=r"^https?://[!-~]+$",
        description="Where this service is seen, for programs that ask it; by default as this call found it",
    ),
]


def calls(service: Service) -> APIRouter:
    """The router of all calls."""
    router = APIRouter(prefix="/api/v1", tags=["experiments"])
    also_files = [media_type for media_type in by_media_type("runs") if media_type not in RENDERED]
    surface_files = [media_type for media_type in by_media_type("surfaces") if media_type not in RENDERED]
    program_files: dict[str, dict[str, Any]] = {media_type: {} for media_type in by_media_type("programs")}
    figure_files: dict[str, dict[str, Any]] = {
        media_type: {} for media_type in by_media_type("figures") if media_type != JSON
    }

    @router.get(
        "/catalog",
        summary="All that can be chosen",
        response_class=JSONResponse,
        response_description="Kinds, fields, bounds, defaults, explanations, and curated experiments",
        responses={422: problem("There is no such part.")},
    )
    async def read_catalog(request: Request, part: CatalogPart = "whole") -> Response:
        return (await asyncio.to_thread(catalog_asset, part)).response(request)

    @router.post(
        "/runs",
        summary="Every descent of an experiment",
        openapi_extra=takes("Experiment", {"steps": 100}),
        responses=answers(RunsAnswer, "The descents and the plane that they are seen in", *also_files),
    )
    async def runs(request: Request, held: Held, include: Annotated[list[Extra], Query()] = []) -> Response:  # noqa: B006
        return await answer(
            service,
            request,
            held,
            partial(jobs.runs, helper=service.helper, include=include),
            *RENDERED,
            *also_files,
        )

    @router.post(
        "/surfaces",
        summary="The cost over the window of an experiment’s plane",
        openapi_extra=takes("Experiment", {"view": {"grid": {"resolution": 51}}}),
        responses=answers(SurfaceAnswer, "The heights", *surface_files),
    )
    async def surfaces(request: Request, held: Held) -> Response:
        return await answer(service, request, held, jobs.surfaces, *RENDERED, *surface_files)

    @router.post(
        "/figures",
        summary="The Plotly figure of an experiment",
        openapi_extra=takes("Experiment", {"problem": {"kind": "formula", "name": "himmelblau"}}),
        response_class=JSONResponse,
        responses={200: {"description": "The figure", "content": figure_files}, **PROBLEM_RESPONSES},
    )
    async def figures(request: Request, held: Held, kind: jobs.Stage | None = None) -> Response:
        job = partial(jobs.figures, helper=service.helper, stage=kind)
        return await answer(service, request, held, job, JSON, *figure_files)

    @router.post(
        "/programs",
        summary="Code that computes an experiment, which is not computed here",
        openapi_extra=takes("Experiment", {"problem": {"dataset": {"kind": "iris"}}, "steps": 100}),
        response_class=Response,
        responses={200: {"description": "The program", "content": program_files}, **PROBLEM_RESPONSES},
    )
    async def programs(request: Request, held: Held, address: Address = None) -> Response:
        job = partial(jobs.programs, address=address or str(request.base_url))
        return await answer(service, request, held, job, *program_files)

    @router.post(
        "/curvature",
        summary="The Hessian’s spectrum at a step, at given parameters, or at a point of the plane",
        openapi_extra=takes("PointRequest", POINT_EXAMPLE),
        responses=answers(CurvatureAnswer, "The eigenvalues, and what kind of point it is"),
    )
    async def curvature(request: Request, held: Held) -> Response:
        return await answer(service, request, held, jobs.curvatures, *RENDERED)

    @router.post(
        "/inspect",
        summary="A look into the network at a step, at given parameters, or at a point of the plane",
        openapi_extra=takes("InspectRequest", POINT_EXAMPLE | {"want": ["outputs", "layers"]}),
        responses=answers(dict, "What was found"),
    )
    async def inspect(request: Request, held: Held) -> Response:
        return await answer(service, request, held, jobs.inspections, *RENDERED)

    return router


async def answer(
    service: Service,
    request: Request,
    held: ExitStack,
    job: Callable[[bytes, str, jobs.Begin], jobs.CallJob],
    *offered: str,
) -> Response:
    """What a job makes of the request's body, in the media type of those offered that it likes best.

    Time slices run until the job has the answer, or nobody waits for it any more. The answer's bytes are
    ``held`` beside the call's place.
    """
    body = await read_json_body(request, service.settings.body_bytes)
    slices = job(body, preferred(request, *offered), service.admission.begin)
    client = service.clients.at(request.client.host if request.client else "")
    CLIENT.set(client)
    context, waiting = copy_context(), partial(patience, client)
    while (response := await service.threads.run_slice(waiting, context.run, next, slices)) is None:
        if await request.is_disconnected():
            return Response(status_code=GONE)
    held.enter_context(service.outboxes.take("answer", len(response.body)))
    return response


def patience(client: Client) -> float:
    """That of a call, which has a client of its own: the longer it has taken of late, the more."""
    return at_leisure() + put_off(client.recent)


_describing = Lock()
"""The first visitor waits for the catalogue that is being made already, and does not make it once more."""


def catalog_asset(part: CatalogPart) -> Asset:
    """A part of the catalogue, ready to be sent."""
    with _describing:
        return _catalog_asset(part)


@cache
def _catalog_asset(part: CatalogPart) -> Asset:
    return asset(json_bytes(catalog_part(part)), JSON)
