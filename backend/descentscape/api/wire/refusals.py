"""Refusals of what never comes to the application, as the bytes of an answer."""

from __future__ import annotations

from collections.abc import Iterable

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from descentscape.api.ops.errors import ProblemError
from descentscape.api.ops.security import security_headers


def written(problem: ProblemError, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The problem as an answer that ends the connection, with the server's own headers before it."""
    response = problem.response()
    response.headers.update(security_headers({"type": "http", "scheme": "http", "headers": []}))
    response.headers["Connection"] = "close"
    lines = (name + b": " + value + b"\r\n" for name, value in (*headers, *response.raw_headers))
    return b"".join([STATUS_LINE[problem.status], *lines, b"\r\n", bytes(response.body)])
