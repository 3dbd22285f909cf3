"""Every error as an RFC 9457 problem document that names the field and the limit."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json
from starlette.responses import Response
from structlog.contextvars import bind_contextvars

from descentscape.core.data.store import Gone
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.document.field_errors import MAX_FIELD_ERRORS, FieldError, field_errors, gone_in, unlisted

PROBLEM_MEDIA_TYPE = "application/problem+json"
TITLES = {
    "invalid": "The request is not valid",
    "too-expensive": "The request would cost too much",
    "gone": "Data that the document names are not stored here any more",
}
"""The kinds of problem that a program may want to tell apart, beyond their status."""

EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.ENOSPC, errno.EDQUOT}
"""What the machine says when it has run out of file descriptors, memory or room on its disk."""

LONGEST_DETAIL = 200
"""Characters of a refusal that the log shows."""

LATER = {"Retry-After": "30"}

_log = logging.getLogger("descentscape")


class ProblemError(Exception):
    """A request that cannot be answered: an HTTP status, a sentence, and the fields to blame."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        gone: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind
        self.errors = errors
        self.headers = headers
        self.gone = gone

    def as_json(self) -> dict[str, Any]:
        """The problem document: type, title, status, detail, errors by field, and data that are gone."""
        gone = {} if self.gone is None else {"gone": dict(self.gone)}
        return {
            "type": f"urn:descentscape:{self.kind}" if self.kind else "about:blank",
            "title": TITLES[self.kind] if self.kind else HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "errors": [_entry(error) for error in self.errors],
            **gone,
        }

    def response(self) -> Response:
        """The problem as the answer to a request, whose line in the log gives its detail."""
        bind_contextvars(detail=self.detail[:LONGEST_DETAIL])
        return Response(to_json(self.as_json()), self.status, self.headers, PROBLEM_MEDIA_TYPE)


def problem_of(error: Exception) -> ProblemError:
    """The problem that an exception amounts to; what nobody foresaw is logged, and its text kept back."""
    match error:
        case ProblemError():
            return error
        case ValidationError():
            gone = gone_in(error)
            fields = [_in_experiment(entry) for entry in field_errors(error)]
            return invalid(fields, "gone" if gone else "invalid", more=unlisted(error), gone=gone)
        case Gone():
            gone = {"kind": error.kind, "name": "", "sha256": error.sha256}
            return invalid([_own_words(error)], "gone", gone=gone)
        case TooExpensive():
            return invalid([_own_words(error)], "too-expensive")
        case InvalidValue():
            return invalid([_own_words(error)])
        case MemoryError():
            return _exhausted("memory")
        case OSError(errno=number) if number in EXHAUSTED:
            return _exhausted(os.strerror(number).lower())
    _log.error("unforeseen error", exc_info=error)
    return ProblemError(500, "Something failed on the server, which has logged it.")


def refused_message(error: Exception) -> ProblemError:
    """The problem of a stream’s message, with its line in the log; what was overtaken was not refused."""
    problem = problem_of(error)
    if problem.status != HTTPStatus.CONFLICT:
        detail = problem.detail[:LONGEST_DETAIL]
        _log.info("message refused", extra={"status": problem.status, "detail": detail})
    return problem


def _exhausted(what: str) -> ProblemError:
    """A 503: what the machine lacks now it may have again soon."""
    _log.error("the machine has run out", extra={"of": what})
    return ProblemError(
        503, f"The machine has run out of what this takes ({what}): come back later.", headers=LATER
    )


def invalid(
    errors: Sequence[FieldError],
    kind: str = "invalid",
    more: int = 0,
    gone: Mapping[str, str] | None = None,
) -> ProblemError:
    """A 422 that lists its first errors; its detail is the first, and the number of all others."""
    beside = len(errors) - 1 + more
    also = f" (and {beside:,} more)" if beside else ""
    return ProblemError(422, f"{errors[0]}{also}", kind=kind, errors=errors[:MAX_FIELD_ERRORS], gone=gone)


def _in_experiment(error: FieldError) -> FieldError:
    """The error under the name that the field has in the experiment, wherever that came in."""
    return replace(error, field=error.field.removeprefix("experiment."))


def _own_words(error: InvalidValue) -> FieldError:
    words = str(error).removeprefix(error.name).strip()
    return FieldError(error.name, words, getattr(error, "limit", None))


def _entry(error: FieldError) -> dict[str, Any]:
    limit = {} if error.limit is None else {"limit": error.limit}
    return {"field": error.field, "message": error.message, **limit}
