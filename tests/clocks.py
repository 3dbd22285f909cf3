"""Clocks for tests: time passes when the test says so, however busy the machine is."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any


class Clock:
    """A clock that goes on by ``tick`` seconds at every look; without, it stands still until it is moved."""

    def __init__(self, tick: float = 0.0) -> None:
        self.now, self.tick = 100.0, tick

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


class JumpingSelector(selectors.DefaultSelector):
    """Waits for nothing: where no event is there, the clock goes to when the next is due."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        """What is ready, after a wait by the clock alone."""
        found = super().select(None if timeout is None else 0)
        self.now += 0 if found or timeout is None else max(timeout, 0)
        return found


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop on such a clock, which begins at 0."""

    def __init__(self) -> None:
        self.clock = JumpingSelector()
        super().__init__(self.clock)

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self.clock.now
