"""Writes the log without waiting for who reads it: a full pipe must not stop the service."""

from __future__ import annotations

import logging
import os
import select

PIECE = 1024
"""Characters written at a time; a pipe that can be written to takes a page, which they do not exceed."""


class LogHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to standard error as long as that takes anything; what it does not take is dropped."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, as much of it as is taken."""
        try:
            line = self.format(record) + self.terminator
            for start in range(0, len(line), PIECE):
                if not self._takes():
                    return
                self.stream.write(line[start : start + PIECE])
                self.flush()
        except Exception:
            self.handleError(record)

    def _takes(self) -> bool:
        """Whether writing would not wait."""
        try:
            return os.name != "posix" or bool(select.select([], [self.stream.fileno()], [], 0)[1])
        except (OSError, ValueError):  # no file at all: a stream in memory
            return True
