"""Clocks for tests: time passes when the test says so, however busy the machine is."""

from __future__ import annotations


class Clock:
    """A clock that goes on by ``tick`` seconds at every look; without, it stands still until it is moved."""

    def __init__(self, tick: float = 0.0) -> None:
        self.now, self.tick = 100.0, tick

    def __call__(self) -> float:
        self.now += self.tick
        return self.now
