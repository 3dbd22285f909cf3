"""What all connections share, and the clock that each of them is held to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from descentscape.api.ops.byte_pool import BytePool
from descentscape.api.ops.settings import Settings
from descentscape.api.wire.connections import Connections

LINGER_SECONDS = 2.0
"""How long what comes on a refused connection is ignored: to close it at once may lose the last words."""

END_SECONDS = 4.0
"""How long clients may go on reading when the service ends: less than uvicorn waits for them."""


@dataclass(frozen=True)
class Bounds:
    """The settings, the connections that are open, and what their streams have sent that is not read yet."""

    settings: Settings
    connections: Connections
    inboxes: BytePool


class Deadline:
    """A moment by which something must have happened, or else something is done."""

    def __init__(self, late: Callable[[], object]) -> None:
        self._late = late
        self._timer: asyncio.TimerHandle | None = None

    @property
    def set(self) -> bool:
        """Whether the time is running."""
        return self._timer is not None

    def start(self, seconds: float) -> None:
        """Let the time run from now on; what was set before is off."""
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._expire)

    def stop(self) -> None:
        """It has happened."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self._timer = None
        self._late()
