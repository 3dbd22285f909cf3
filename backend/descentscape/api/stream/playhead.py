"""Where the playhead stands: the last step that a stream's client is to be sent by now."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Playhead:
    """It moves at ``speed`` steps a second since ``since``, from ``origin``; None as fast as can be.

    Times are seconds of any steady clock. A playhead that is paused stands at ``origin``.
    """

    origin: float = 0.0
    since: float = 0.0
    speed: float | None = None
    playing: bool = False

    @property
    def paced(self) -> bool:
        """Whether it moves at a speed."""
        return self.playing and self.speed is not None

    def position(self, now: float, last: int) -> int:
        """The last step to send by ``now``, where the experiment ends at step ``last``."""
        return min(last, math.floor(self._unrounded(now, last)))

    def play(self, now: float, last: int, speed: float | None) -> Playhead:
        """Go on from where the playhead stands, at this speed."""
        return Playhead(self._unrounded(now, last), now, speed, playing=True)

    def pause(self, now: float, last: int) -> Playhead:
        """Stand still."""
        return replace(self, origin=self.position(now, last), playing=False)

    def seek(self, now: float, step: int) -> Playhead:
        """Go to this step, playing on if it played."""
        return replace(self, origin=float(step), since=now)

    def rebased(self, now: float, last: int) -> Playhead:
        """The same motion from where the playhead stands: for an end that is about to move."""
        return replace(self, origin=self._unrounded(now, last), since=now)

    def wait(self, now: float, last: int) -> float | None:
        """Seconds until the position changes; None when it does not change by itself."""
        if not self.playing or self.speed is None:
            return None
        place = self._unrounded(now, last)
        return None if place >= last else max(0.0, (math.floor(place) + 1 - place) / self.speed)

    def _unrounded(self, now: float, last: int) -> float:
        if not self.playing:
            return self.origin
        if self.speed is None:
            return float(last)
        return min(float(last), self.origin + self.speed * (now - self.since))
