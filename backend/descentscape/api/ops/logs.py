"""The log: uvicorn's lines and the service's own in one form, with the ids of what they are about."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

import structlog
from structlog.typing import Processor

from descentscape.api.ops.log_handler import LogHandler

NOT_OURS = ("without completing handshake", "without completing response")
"""Uvicorn says so of streams that are refused with a problem document, and of what failed and is logged."""

LEVELS = {"descentscape": "INFO", "uvicorn": "WARNING", "asyncio": "WARNING"}
"""Whose lines are written, from which level on."""

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
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderers: dict[str, list[Processor]] = {
        # A traceback as Python writes it: its frames' values would be those of people's experiments. What a
        # client sent is quoted, so that a terminal is not made to obey it.
        "console": [
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback, repr_native_str=True
            )
        ],
        "json": [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
    }
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"worthwhile": {"()": lambda: is_worth_logging}, "rate": {"()": RateLimit}},
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [remove, *renderers[form]],
            }
        },
        "handlers": {"lines": {"()": LogHandler, "formatter": "lines", "filters": ["worthwhile", "rate"]}},
        "loggers": {name: {"handlers": ["lines"], "level": level} for name, level in LEVELS.items()},
    }


def is_worth_logging(record: logging.LogRecord) -> bool:
    """Whether a record says something; that a message was no UTF-8 is said in one line."""
    message = record.getMessage()
    if NOT_UTF8 in message:
        record.exc_info = record.exc_text = None
    return not any(words in message for words in NOT_OURS)


LINES, EVERY_SECONDS = 100, 10.0
"""Lines of one logger and level that are written in so many seconds."""


class RateLimit:
    """A filter that lets no stranger fill the disk: of the lines beyond `LINES` it tells the number alone.

    The number stands in the first line of the logger and level after that, as ``left_out``.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since = clock()
        self._written: Counter[tuple[str, int]] = Counter()
        self._left_out: Counter[tuple[str, int]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is to be written."""
        if (now := self._clock()) - self._since >= EVERY_SECONDS:
            self._since = now
            self._written.clear()
        key = record.name, record.levelno
        self._written[key] += 1
        if self._written[key] > LINES:
            self._left_out[key] += 1
            return False
        if left_out := self._left_out.pop(key, 0):
            record.left_out = left_out
        return True
