"""How many connections are open, from one address and altogether, and which goes when there is no room."""

from __future__ import annotations

from asyncio import Transport
from collections import Counter

from descentscape.api.ops.errors import ProblemError
from descentscape.document.field_errors import FieldError


class Connections:
    """All connections that are open. One that asks for nothing rests, and makes room for a new one.

    Before its first request is complete a connection rests, too: half a request never holds out others.
    Those that have rested longest go first, at an address's limit those of the address.
    """

    def __init__(self, total: int, per_address: int) -> None:
        self._total, self._per_address = total, per_address
        self._addresses: dict[Transport, str] = {}
        self._counts: Counter[str] = Counter()
        self._resting: dict[Transport, None] = {}

    def __len__(self) -> int:
        return len(self._addresses)

    def enter(self, transport: Transport, address: str) -> None:
        """Count a new connection; raises ProblemError (429, 503) where nothing rests that could go for it."""
        if self._counts[address] >= self._per_address:
            self._make_room(429, "connections from one address", self._per_address, address)
        elif len(self) >= self._total:
            self._make_room(503, "connections at once", self._total, None)
        self._addresses[transport] = address
        self._counts[address] += 1
        self._resting[transport] = None

    def work(self, transport: Transport) -> None:
        """A connection has a request under way."""
        self._resting.pop(transport, None)

    def rest(self, transport: Transport) -> None:
        """A connection has no request under way any more."""
        if transport in self._addresses:
            self._resting.setdefault(transport)

    def leave(self, transport: Transport) -> None:
        """A connection is over; to say so twice does no harm."""
        self._resting.pop(transport, None)
        address = self._addresses.pop(transport, None)
        if address is not None:
            self._counts[address] -= 1
            if not self._counts[address]:
                del self._counts[address]

    def _make_room(self, status: int, what: str, limit: int, address: str | None) -> None:
        fitting = (one for one in self._resting if address in (None, self._addresses[one]))
        oldest = next(fitting, None)
        if oldest is None:
            error = FieldError(what, f"must be at most {limit}, got one more", limit)
            raise ProblemError(status, str(error), errors=[error], headers={"Retry-After": "10"})
        self.leave(oldest)
        oldest.abort()
