"""The memory that all computations under way may take together."""

from __future__ import annotations

import math
import weakref
from collections import Counter
from threading import RLock

from descentscape.api.ops.errors import ProblemError
from descentscape.compute.computation import Computation
from descentscape.compute.memory import computation_bytes


class MemoryBudget:
    """Counts the bytes of computations for as long as they live; those of the same dynamics share theirs.

    Safe from several threads.
    """

    def __init__(self, limit: float = math.inf) -> None:
        self._limit = limit
        self._holders: Counter[str] = Counter()
        self._bytes: dict[str, int] = {}
        # Finalizers may run in the middle of anything, in the same thread too.
        self._lock = RLock()

    @property
    def nbytes(self) -> int:
        """The bytes taken now."""
        return sum(list(self._bytes.values()))

    def hold(self, computation: Computation) -> Computation:
        """Enter a computation, which leaves the budget when nobody refers to it any more.

        Raises ProblemError (503) where the memory does not suffice.
        """
        key = computation.id
        with self._lock:
            if key not in self._bytes:
                self._enter(key, computation_bytes(computation.experiment))
            self._holders[key] += 1
        weakref.finalize(computation, self._leave, key)
        return computation

    def _enter(self, key: str, nbytes: int) -> None:
        if self.nbytes + nbytes > self._limit:
            message = (
                f"The service has no memory left for the {nbytes:,} bytes that this takes: come back later."
            )
            raise ProblemError(503, message, headers={"Retry-After": "30"})
        self._bytes[key] = nbytes

    def _leave(self, key: str) -> None:
        with self._lock:
            self._holders[key] -= 1
            if not self._holders[key]:
                del self._holders[key], self._bytes[key]
