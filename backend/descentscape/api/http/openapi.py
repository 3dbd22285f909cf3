"""/openapi.json: FastAPI's account of the calls, with the documents that they take."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from descentscape.api.http.answers import Problem
from descentscape.api.http.payloads import FRAME, JSON, NPZ
from descentscape.api.http.points import InspectRequest, PointRequest
from descentscape.api.ops.errors import PROBLEM_MEDIA_TYPE as PROBLEM_JSON
from descentscape.api.stream.messages import MESSAGES
from descentscape.document.experiment import Experiment

DESCRIPTION = """\
Descentscape shows how a neural network learns: its cost surface, and the path of the descent over it.

Every call takes the experiment, one JSON document in which every field has a default: {} is a whole one. \
The same document gives the same answer. Answers are JSON; with Accept: application/octet-stream they are \
the stream’s binary frame, with Accept: application/x-npz a file for NumPy’s load. A number that is not \
finite is null in JSON. Every error is a problem document (RFC 9457) that names the fields and the limits.

The stream, a WebSocket at api/v1/stream, plays an experiment as it is computed: it takes the messages Open, \
Play and so on below.
"""

_REFERENCE = "#/components/schemas/{model}"


def problem(words: str) -> dict[str, Any]:
    """An answer that is a problem document, for ``responses``."""
    schema = {"$ref": _REFERENCE.format(model="Problem")}
    return {"description": words, "content": {PROBLEM_JSON: {"schema": schema}}}


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    408: problem("The body took too long to arrive."),
    413: problem("The body is too large."),
    415: problem("The body is not application/json."),
    422: problem("The document is not valid, or would cost too much."),
    429: problem("Too much is being computed for this address: come back later."),
    503: problem("Too much is being computed: come back later."),
}
"""The problems that every call with a body may answer."""

BODILESS_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: PROBLEM_RESPONSES[status] for status in (422, 429, 503)
}
"""The problems of a call that takes work and no body."""


def takes(model: str, example: dict[str, Any]) -> dict[str, Any]:
    """The request body of a call, for ``openapi_extra``."""
    schema = {"$ref": _REFERENCE.format(model=model)}
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema, "example": example}}}}


def answers(model: Any, words: str, *more: str) -> dict[int | str, dict[str, Any]]:
    """The answers of a call, as JSON, frame, NPZ and ``more`` media types, for ``responses``."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    content = dict.fromkeys((FRAME, NPZ, *more), binary)
    return {200: {"model": model, "description": words, "content": content}, **PROBLEM_RESPONSES}


def document(app: FastAPI) -> dict[str, Any]:
    """The whole OpenAPI document, made once."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        taken = (Experiment, PointRequest, InspectRequest, Problem, *MESSAGES.values())
        models: list[Any] = [(model, "validation") for model in taken]
        _, definitions = models_json_schema(models, ref_template=_REFERENCE)
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(definitions["$defs"])
        app.openapi_schema = schema
    return app.openapi_schema
