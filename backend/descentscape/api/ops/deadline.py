"""A moment by which something must have happened, or else something is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf


class Deadline:
    """Calls ``late`` once the time that was given is over.

    To give more time, or any, is to write down a moment: the timer looks at that when it fires, and is set
    anew if need be. So it may be done for every frame.
    """

    def __init__(self, late: Callable[[], object]) -> None:
        self._late, self._at, self._fires = late, inf, inf
        self._timer: asyncio.TimerHandle | None = None

    @property
    def set(self) -> bool:
        """Whether the time is running."""
        return self._at < inf

    def start(self, seconds: float) -> None:
        """Allow so many seconds from now on, whatever was allowed before."""
        self._at = asyncio.get_running_loop().time() + seconds
        if self._at < self._fires:
            self._wait()

    def stop(self) -> None:
        """It has happened: allow any time, until it is started again."""
        self._at = inf

    def cancel(self) -> None:
        """Nobody waits for it any more: let go of what is to be called."""
        self._at = self._fires = inf
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._fires = self._at
        self._timer = asyncio.get_running_loop().call_at(self._at, self._look)

    def _look(self) -> None:
        self._timer, self._fires = None, inf
        if self._at <= asyncio.get_running_loop().time():
            self._at = inf
            self._late()
        elif self.set:
            self._wait()
