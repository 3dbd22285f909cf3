"""Frames that were sent a moment ago, for others who play the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

HELD_BYTES = 4 << 20
"""What is held in all: some thousands of single steps, a class's few minutes of one experiment."""

SMALL_BYTES = 1 << 13
"""Larger frames are many steps at once, cut where one client happened to be: no other will ask for them."""


class FrameCache:
    """Small frames by what determines their bytes; beyond ``budget`` bytes those least recently sent go."""

    def __init__(self, budget: int = HELD_BYTES) -> None:
        self.budget, self.nbytes = budget, 0
        self._frames: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The frame under this key, made where nobody had it."""
        with self._lock:
            frame = self._frames.get(key)
            if frame is not None:
                self._frames.move_to_end(key)
                return frame
        frame = make()
        if len(frame) <= SMALL_BYTES:
            self._keep(key, frame)
        return frame

    def _keep(self, key: Hashable, frame: bytes) -> None:
        with self._lock:
            self.nbytes += len(frame) - len(self._frames.pop(key, b""))
            self._frames[key] = frame
            while self.nbytes > self.budget:
                self.nbytes -= len(self._frames.popitem(last=False)[1])
