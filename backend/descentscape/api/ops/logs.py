"""The log: uvicorn's lines and the service's own in one form, with the ids of what they are about."""

from __future__ import annotations

import logging
from typing import Any, Literal

import structlog
from structlog.typing import Processor

from descentscape.api.ops.log_handler import LogHandler

NOT_OURS = "without completing handshake"
"""Uvicorn says so of every stream that is refused with a problem document."""

NOT_UTF8 = "Invalid UTF-8 sequence"
"""Uvicorn says so of a client's message; a traceback of its own tells nothing more."""


def log_config(form: Literal["console", "json"]) -> dict[str, Any]:
    """The set-up of `logging` that routes uvicorn's loggers and the service's through structlog.

    A line carries time, level, and what is bound to its context: the id of the request or of the stream, and
    of the experiment.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderers: dict[str, list[Processor]] = {
        "console": [structlog.dev.ConsoleRenderer(colors=False)],
        "json": [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
    }
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"worthwhile": {"()": lambda: is_worth_logging}},
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [remove, *renderers[form]],
            }
        },
        "handlers": {"lines": {"()": LogHandler, "formatter": "lines", "filters": ["worthwhile"]}},
        "loggers": {
            name: {"handlers": ["lines"], "level": "WARNING"} for name in ("uvicorn", "descentscape")
        },
    }


def is_worth_logging(record: logging.LogRecord) -> bool:
    """Whether a record says something; that a message was no UTF-8 is said in one line."""
    message = record.getMessage()
    if NOT_UTF8 in message:
        record.exc_info = record.exc_text = None
    return NOT_OURS not in message
