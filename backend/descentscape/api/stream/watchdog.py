"""When a stream has been silent, or its client deaf, for too long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf


class Watchdog:
    """Ends something once it has gone unfed for so many seconds.

    To feed it is to write down a time: its timer looks at that when it fires, and is set anew if need be.
    """

    def __init__(self, seconds: float, end: Callable[[], object]) -> None:
        self._seconds, self._end, self._at = seconds, end, inf
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    def feed(self) -> None:
        """Allow as much time again from now on."""
        self._at = self._loop.time() + self._seconds
        if self._timer is None:
            self._timer = self._loop.call_at(self._at, self._look)

    def rest(self) -> None:
        """Allow any time, until it is fed again."""
        self._at = inf

    def cancel(self) -> None:
        """Never fire again."""
        self.rest()
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        self._timer = None
        if self._at <= self._loop.time():
            self._end()
        elif self._at < inf:
            self._timer = self._loop.call_at(self._at, self._look)
