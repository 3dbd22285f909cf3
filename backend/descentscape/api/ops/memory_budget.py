"""The memory that all computations under way may take together."""

from __future__ import annotations

import math
import weakref
from collections import Counter
from threading import RLock

from descentscape.api.ops.errors import ProblemError
from descentscape.compute.computation import Computation


class MemoryBudget:
    """Counts the bytes of computations for as long as they live; what several share counts once.

    That is all of it where the dynamics are the same, and the examples where the data set is. Safe
    from several threads.
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
        weight = computation.estimate.weight
        parts = {computation.id: weight.view, computation.data_id: weight.data}
        with self._lock:
            new = {key: nbytes for key, nbytes in parts.items() if key not in self._bytes}
            self._require(sum(new.values()))
            self._bytes |= new
            self._holders.update(tuple(parts))
        weakref.finalize(computation, self._leave, tuple(parts))
        return computation

    def _require(self, nbytes: int) -> None:
        if nbytes and self.nbytes + nbytes > self._limit:
            message = (
                f"The service has no memory left for the {nbytes:,} bytes that this takes: come back later."
            )
            raise ProblemError(503, message, headers={"Retry-After": "30"})

    def _leave(self, keys: tuple[str, ...]) -> None:
        with self._lock:
            self._holders.subtract(keys)
            for key in keys:
                if not self._holders[key]:
                    del self._holders[key], self._bytes[key]
