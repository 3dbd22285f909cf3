"""Bytes that many clients hold together: each a little of its own, and more while there is room for all."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from descentscape.api.ops.errors import ProblemError

OWN = 1 << 16
"""Bytes that each may hold however much the others do, so that small messages always pass."""


class BytePool:
    """Counts what all shares hold; belongs to the event loop's thread."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._shares: set[ByteShare] = set()
        self.nbytes = 0

    @property
    def full(self) -> bool:
        """Whether nobody should take more than its own."""
        return self.nbytes >= self._limit

    @contextmanager
    def take(self, what: str, nbytes: int) -> Iterator[None]:
        """Hold bytes for a while; raises ProblemError (503) where they do not fit beside the others'."""
        if self.nbytes + nbytes > self._limit:
            message = f"{what} takes {nbytes:,} bytes, and there is no room for them: come back later."
            raise ProblemError(503, message, headers={"Retry-After": "10"})
        share = self.share(lambda: None)
        share.hold(nbytes)
        try:
            yield
        finally:
            share.close()

    def share(self, on_room: Callable[[], object], each: float = math.inf) -> ByteShare:
        """A share that may hold ``each`` bytes; ``on_room`` is called when the pool is full no longer."""
        share = ByteShare(self, on_room, each)
        self._shares.add(share)
        return share

    def change(self, by: int) -> None:
        """Count bytes more or fewer, and tell all shares when there is room again."""
        was_full = self.full
        self.nbytes += by
        if was_full and not self.full:
            for share in tuple(self._shares):
                share.on_room()

    def forget(self, share: ByteShare) -> None:
        """Tell a share nothing more."""
        self._shares.discard(share)


class ByteShare:
    """What one client holds of a pool."""

    def __init__(self, pool: BytePool, on_room: Callable[[], object], each: float) -> None:
        self._pool, self._each = pool, each
        self.on_room = on_room
        self.nbytes = 0

    def hold(self, nbytes: int) -> None:
        """Hold so many bytes from now on."""
        by, self.nbytes = nbytes - self.nbytes, nbytes
        self._pool.change(by)

    @property
    def full(self) -> bool:
        """Whether it should take no more for now."""
        return self.nbytes >= self._each or (self.nbytes > OWN and self._pool.full)

    def close(self) -> None:
        """Hold nothing any more."""
        self._pool.forget(self)
        self.hold(0)
