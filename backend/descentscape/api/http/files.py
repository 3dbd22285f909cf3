"""Files that come in: a call for each kind, which reads it aside, stores it, and says what it holds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from contextvars import copy_context
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from descentscape.api.http.answers import TableAnswer
from descentscape.api.http.openapi import PROBLEM_RESPONSES
from descentscape.api.http.payloads import JSON
from descentscape.api.http.routes import Held, patience
from descentscape.api.ops.errors import ProblemError
from descentscape.api.ops.limits import media_type_of, read_file
from descentscape.api.ops.observer import GONE
from descentscape.api.ops.service import Service
from descentscape.core.clients import CLIENT
from descentscape.core.data.store import current_store
from descentscape.core.data.tables.preview import preview
from descentscape.core.data.tables.table import content_of
from descentscape.core.undivided import run_in_thread
from descentscape.document.names import FileName
from descentscape.document.problem_size import TABLE_ROOM
from descentscape.output.serialization import json_bytes
from descentscape.readers.files import read_bytes
from descentscape.readers.plain import read_json_columns

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE_MEDIA_TYPES = (
    *("text/csv", "text/tab-separated-values", "text/plain", XLSX),
    *("application/vnd.ms-excel", "application/octet-stream", JSON),
)
"""What a table may come as: what it really is its bytes tell, but for JSON."""

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

Read = Callable[[bytes], dict[str, Any]]


class _Named(BaseModel):
    name: FileName = Field("table")


def files(service: Service) -> APIRouter:
    """The router of the calls that take files."""
    router = APIRouter(prefix="/api/v1", tags=["files"])
    binary = {"schema": {"type": "string", "format": "binary"}}
    content = {kind: COLUMNS if kind == JSON else binary for kind in TABLE_MEDIA_TYPES}

    @router.post(
        "/tables",
        summary="What a table holds, and the hash that a document names it by",
        openapi_extra={"requestBody": {"required": True, "content": content}},
        responses={200: {"model": TableAnswer, "description": "Its columns"}, **PROBLEM_RESPONSES},
    )
    async def tables(request: Request, held: Held, name: Annotated[FileName, Query()] = "table") -> Response:
        media_type = media_type_of(request)
        if media_type not in TABLE_MEDIA_TYPES:
            words = f"content-type must be one of {', '.join(TABLE_MEDIA_TYPES)}, got {media_type[:80]!r}"
            raise ProblemError(415, words)
        return await take(service, request, held, partial(read_table, media_type=media_type, name=name))

    return router


def read_table(content: bytes, media_type: str, name: str) -> dict[str, Any]:
    """Store the table of a file, and answer with its preview."""
    if media_type == JSON:
        own, read = read_json_columns(content)
        name = _Named(name=own).name if name == "table" else name
    else:
        read = read_bytes(content)
    found = preview(read.table, name, read.notes, TABLE_ROOM)
    current_store().put("table", content_of(read.table))
    return found


async def take(service: Service, request: Request, held: ExitStack, read: Read) -> Response:
    """What is made of the file that a request's body is, on a thread aside, or nothing once nobody waits."""
    share = held.enter_context(closing(service.uploads.share(lambda: None)))
    content = await read_file(request, service.settings.upload_bytes, share)
    client = service.clients.at(request.client.host if request.client else "")
    CLIENT.set(client)
    slices = run_in_thread(lambda: json_bytes(read(content)))
    context = copy_context()
    while True:
        done, answer = await service.threads.run_slice(partial(patience, client), context.run, _next, slices)
        if done:
            return Response(answer, media_type=JSON)
        if await request.is_disconnected():
            return Response(status_code=GONE)


def _next(slices: Any) -> tuple[bool, bytes]:
    """Go on a slice: whether that was the last, and then what was found."""
    try:
        next(slices)
    except StopIteration as end:
        return True, end.value
    return False, b""
