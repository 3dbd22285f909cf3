"""Files that come in: a call for each kind; the helper process reads them, and then they are stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from contextvars import copy_context
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from descentscape.api.apart.helper import Helper
from descentscape.api.apart.uploads import UNNAMED_TABLE, model_upload, stored_table, table_upload
from descentscape.api.http.answers import CheckpointsAnswer, TableAnswer
from descentscape.api.http.openapi import BODILESS_RESPONSES, PROBLEM_RESPONSES
from descentscape.api.http.payloads import JSON
from descentscape.api.http.routes import Held, patience
from descentscape.api.ops.errors import ProblemError
from descentscape.api.ops.limits import media_type_of, read_file
from descentscape.api.ops.observer import GONE
from descentscape.api.ops.service import Service
from descentscape.api.ops.stores import keep
from descentscape.core.clients import CLIENT
from descentscape.core.data.store import StoredKind, stored
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import run_in_thread
from descentscape.document.names import FileName

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE_MEDIA_TYPES = (
    *("text/csv", "text/tab-separated-values", "text/plain", XLSX),
    *("application/vnd.ms-excel", "application/octet-stream", JSON),
)
"""What a table may come as: what it really is its bytes tell, but for JSON."""

MODEL_MEDIA_TYPES = ("application/octet-stream", "application/zip", "application/x-npz", JSON)
"""What a trained model may come as: what it really is its bytes tell."""

COLUMNS: dict[str, Any] = {
    "schema": {
        "type": "object",
        "required": ["columns"],
        "properties": {
            "name": {"type": "string"},
            "columns": {"type": "array", "items": {"$ref": "#/components/schemas/TableContent"}},
        },
    },
    "example": {
        "name": "pets.csv",
        "columns": [
            {"name": "weight", "cells": ["4.5", "30", "5"]},
            {"name": "pet", "cells": ["cat", "dog", "cat"]},
        ],
    },
}
"""A table as JSON: cells are text, numbers, true, false, or null where they are missing."""

WEIGHTS = {
    "schema": {"type": "object"},
    "example": {"0.weight": [[0.5, -1.0], [2.0, 0.25]], "0.bias": [0.0, 1.0], "2.weight": [[1.0, -1.0]]},
}
"""A model as JSON: its arrays by name."""


Hash = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="The SHA-256 of the columns")]


def files(service: Service) -> APIRouter:
    """The router of the calls that take files."""
    router = APIRouter(prefix="/api/v1", tags=["files"])
    binary = {"schema": {"type": "string", "format": "binary"}}
    content = {kind: COLUMNS if kind == JSON else binary for kind in TABLE_MEDIA_TYPES}
    models = {kind: WEIGHTS if kind == JSON else binary for kind in MODEL_MEDIA_TYPES}

    @router.post(
        "/tables",
        summary="What a table holds, and the hash that a document names it by",
        openapi_extra={"requestBody": {"required": True, "content": content}},
        responses={200: {"model": TableAnswer, "description": "Its columns"}, **PROBLEM_RESPONSES},
    )
    async def tables(
        request: Request, held: Held, name: Annotated[FileName, Query()] = UNNAMED_TABLE
    ) -> Response:
        media_type = media_type_of(request)
        if media_type not in TABLE_MEDIA_TYPES:
            words = f"content-type must be one of {', '.join(TABLE_MEDIA_TYPES)}, got {media_type[:80]!r}"
            raise ProblemError(415, words)
        read = partial(table_upload, name=name, is_json=media_type == JSON)
        return await take(service, request, held, "table", read)

    @router.get(
        "/tables/{sha256}",
        summary="What a stored table holds",
        responses={200: {"model": TableAnswer, "description": "Its columns"}, **BODILESS_RESPONSES},
    )
    async def stored_tables(
        request: Request, held: Held, sha256: Hash, name: Annotated[FileName, Query()] = UNNAMED_TABLE
    ) -> Response:
        return await _last(service, request, _told(service.helper, sha256, name))

    @router.post(
        "/checkpoints",
        summary="What a trained model or training run holds, and the hash that a document names it by",
        description="One safetensors, NPZ or JSON file, or a zip of several: each a checkpoint.",
        openapi_extra={"requestBody": {"required": True, "content": models}},
        responses={200: {"model": CheckpointsAnswer, "description": "Its layers"}, **PROBLEM_RESPONSES},
    )
    async def checkpoints(
        request: Request, held: Held, name: Annotated[FileName, Query()] = "model"
    ) -> Response:
        media_type = media_type_of(request)
        if media_type not in MODEL_MEDIA_TYPES:
            words = f"content-type must be one of {', '.join(MODEL_MEDIA_TYPES)}, got {media_type[:80]!r}"
            raise ProblemError(415, words)
        return await take(service, request, held, "checkpoints", partial(model_upload, name=name))

    return router


async def take(
    service: Service,
    request: Request,
    held: ExitStack,
    kind: StoredKind,
    read: Callable[[Sequence[bytes]], Any],
) -> Response:
    """What is made of the file that a request's body is, by the helper process; nothing once nobody waits."""
    share = held.enter_context(closing(service.uploads.share(lambda: None)))
    pieces = await read_file(request, service.settings.upload_bytes, share)
    return await _last(service, request, _stored(service.helper, kind, read, pieces))


async def _last(service: Service, request: Request, slices: TimeSlices[bytes]) -> Response:
    """The JSON that the slices end with, or nothing once nobody waits for it."""
    client = service.clients.at(request.client.host if request.client else "")
    CLIENT.set(client)
    context = copy_context()
    while True:
        done, answer = await service.threads.run_slice(partial(patience, client), context.run, _next, slices)
        if done:
            return Response(answer, media_type=JSON)
        if await request.is_disconnected():
            slices.close()
            return Response(status_code=GONE)


def _stored(
    helper: Helper, kind: StoredKind, read: Callable[[Sequence[bytes]], Any], pieces: Sequence[bytes]
) -> TimeSlices[bytes]:
    """Store what a file holds, and answer what that is."""
    answer, kept = yield from helper.run("the file", read, pieces)
    yield from run_in_thread(lambda: keep(kind, kept))
    return answer


def _told(helper: Helper, sha256: str, name: str) -> TimeSlices[bytes]:
    """What a stored table holds; raises Gone where it is stored no more."""
    content = yield from run_in_thread(lambda: stored("table", sha256, "sha256"))
    (answer,) = yield from helper.run("the table", stored_table, content, name)
    return answer


def _next(slices: TimeSlices[bytes]) -> tuple[bool, bytes]:
    """Go on a slice: whether that was the last, and then what was found."""
    try:
        next(slices)
    except StopIteration as end:
        return True, end.value
    return False, b""
