"""Whom work is done for, and how much of it each has had of late."""

from __future__ import annotations

from contextvars import ContextVar
from threading import Lock
from time import monotonic

from descentscape.core.time_slices import Clock

HALF_LIFE = 2.0
"""Seconds after which what a client has had counts half."""

FORGOTTEN = 1e-4
"""Seconds of late that are as good as none."""


class Client:
    """One who waits for answers; what it has had counts for whatever it is ``within``, too.

    ``recent`` tells the seconds of computing that it has had, those of long ago for less and less.
    """

    def __init__(self, within: Client | None = None, clock: Clock = monotonic) -> None:
        self.within = within
        self._clock, self._lock = clock, Lock()
        self._seconds, self._since = 0.0, clock()

    @property
    def recent(self) -> float:
        """The seconds of late: at one processor's full time about three."""
        return float(self._seconds * 0.5 ** ((self._clock() - self._since) / HALF_LIFE))

    def spend(self, seconds: float) -> None:
        """Count seconds of computing."""
        with self._lock:
            self._seconds, self._since = self.recent + seconds, self._clock()
        if self.within is not None:
            self.within.spend(seconds)


class Addresses:
    """Clients by the address that they come from; those that have had nothing of late are forgotten."""

    def __init__(self, clock: Clock = monotonic) -> None:
        self._clock, self._known = clock, dict[str, Client]()

    def at(self, address: str) -> Client:
        """A client of its own for one stream or call from an address."""
        if address not in self._known:
            self._known = {each: client for each, client in self._known.items() if client.recent > FORGOTTEN}
        return Client(self._known.setdefault(address, Client(clock=self._clock)), self._clock)


CLIENT: ContextVar[Client] = ContextVar("client")
"""Whom the work under way is done for, where that was said."""

_ONLY = Client()


def current_client() -> Client:
    """Whom the work under way is done for; whoever calls the library is the only one."""
    return CLIENT.get(_ONLY)
