"""Puts the service together: calls, stream, page, errors and guards."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from descentscape.api.http.files import files
from descentscape.api.http.jobs import CALL_SLICE
from descentscape.api.http.openapi import DESCRIPTION, document
from descentscape.api.http.operations import operations
from descentscape.api.http.parts import InParts
from descentscape.api.http.prefix import Prefix
from descentscape.api.http.routes import calls, catalog_asset
from descentscape.api.http.static import page, page_routes
from descentscape.api.ops.errors import ProblemError, invalid, problem_of
from descentscape.api.ops.heap import give_back_memory
from descentscape.api.ops.observer import GONE, Observer
from descentscape.api.ops.security import Guard, SecurityHeaders, refuse
from descentscape.api.ops.service import Service, create_service
from descentscape.api.ops.settings import Settings
from descentscape.api.ops.siblings import Siblings
from descentscape.api.ops.stores import create_store
from descentscape.api.ops.workers import at_leisure
from descentscape.api.stream.socket import streams
from descentscape.compute.computation import Computation
from descentscape.core.data.store import current_store, use_store
from descentscape.core.descent.ahead import compile_in_background
from descentscape.core.errors import InvalidValue
from descentscape.document.catalog import catalog
from descentscape.document.experiment import Experiment
from descentscape.document.field_errors import field_error
from descentscape.output.player import page_folder
from descentscape.version import VERSION


def create_app(settings: Settings, folder: Path | None = None) -> FastAPI:
    """The service as an ASGI application; its processes share their numbers, and data, in a folder."""
    use_store(create_store(settings, folder))
    service = create_service(settings, Siblings(folder) if folder is not None else None)
    # A shared folder is counted by each process that reports it.
    shared_by = 1 if folder is None and not settings.store else settings.processes or 1
    service.metrics.gauge(
        "stored_bytes",
        "Bytes of data that are kept for documents that name them.",
        lambda: int(getattr(current_store(), "held", 0) / shared_by),
    )
    app = FastAPI(
        title="Descentscape",
        version=VERSION,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(service),
    )
    app.state.service = service
    for router in (calls(service), files(service), operations(service)):
        _answer_heads(router)
        app.include_router(router)
    app.include_router(streams(service))
    app.router.routes.extend(page_routes(page_folder()))
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    app.router.default = _nowhere
    _answer_errors(app)
    app.add_middleware(InParts)
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(Observer, metrics=service.metrics)
    app.add_middleware(Prefix, root_path=settings.root_path)
    app.add_middleware(SecurityHeaders, frame_ancestors=settings.frame_ancestors)
    return app


READING_SECONDS = 3.0
"""How long the first visitor may be kept waiting for compiled code: what is there is read in a second."""

HELPER_SECONDS = 5.0
"""How long after its start the helper process is begun: first come those who look."""

UNASKED_SECONDS = 300.0
"""How long descents are held that nobody asks for again."""


def _lifespan(service: Service) -> Any:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        compiler = compile_in_background()
        await asyncio.to_thread(compiler.join, READING_SECONDS)
        warming = asyncio.create_task(_warm_up(service, compiler))
        telling = asyncio.create_task(service.metrics.tell_siblings())
        forget = partial(service.admission.cache.forget, UNASKED_SECONDS)
        giving_back = asyncio.create_task(give_back_memory(forget))
        yield
        for task in (warming, telling, giving_back):
            task.cancel()
        await asyncio.to_thread(service.helper.close)
        await asyncio.to_thread(service.threads.close)

    return lifespan


async def _warm_up(service: Service, compiler: Thread) -> None:
    """Make what the first visitor sees before anyone asks, once everything is compiled."""
    await asyncio.to_thread(page, page_folder())
    await asyncio.to_thread(catalog_asset, "opening")
    while compiler.is_alive():
        await asyncio.sleep(0.05)
    await service.threads.run_slice(at_leisure, service.admission.machine.measure)
    documents = [entry["experiment"] for entry in catalog()["experiments"]]
    experiment = Experiment.model_validate(documents[0] if documents else {})
    computation = await service.threads.run_slice(
        at_leisure, Computation, experiment, service.admission.cache
    )
    while not await service.threads.run_slice(at_leisure, computation.advance, CALL_SLICE):
        pass
    # What is there by now stays: looking through it for garbage would stop everything for half a second.
    gc.freeze()
    await asyncio.sleep(HELPER_SECONDS)
    await asyncio.to_thread(service.helper.ready)


def _answer_heads(router: APIRouter) -> None:
    """What answers GET answers HEAD too, as monitors ask it; the server leaves the body out."""
    for route in list(router.routes):
        if isinstance(route, APIRoute) and route.methods == {"GET"}:
            head = APIRoute(route.path, route.endpoint, methods=["HEAD"], include_in_schema=False)
            router.routes.append(head)


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> Response:
        return ProblemError(error.status_code, error.detail, headers=error.headers).response()

    @app.exception_handler(RequestValidationError)
    async def wrong_query(_request: Request, error: RequestValidationError) -> Response:
        return invalid([field_error(entry) for entry in error.errors()]).response()

    for expected in (ProblemError, InvalidValue, ValidationError):

        @app.exception_handler(expected)
        async def known(_request: Request, error: Exception) -> Response:
            return problem_of(error).response()

    @app.exception_handler(ClientDisconnect)
    async def left(_request: Request, _error: ClientDisconnect) -> Response:
        return Response(status_code=GONE)


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a path that leads nowhere, as a request or as a stream."""
    await refuse(ProblemError(404, "Not Found"), scope, receive, send)
