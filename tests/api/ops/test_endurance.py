"""Two hundred different experiments, one after the other: what is held stays within its bounds.

`python -m bench.endurance` opens ten thousand on a service of its own.
"""

from __future__ import annotations

import gc
import threading
import tracemalloc
from pathlib import Path

from api.talking import Talk
from clocks import Clock
from descentscape.api.ops.admission import Admission
from descentscape.api.ops.frame_cache import FrameCache
from descentscape.api.ops.memory_budget import MemoryBudget
from descentscape.api.stream.session import Session
from descentscape.compute.descents import DescentCache

BUDGET = 1 << 19
"""Bytes of the cache: a small part of what all these experiments take."""

WARM, WHOLE = 40, 200


def experiment(number: int) -> dict[str, object]:
    dataset = {"kind": "moons", "n": 150 + number % 7, "seed": number}
    problem = {"hidden": [2 + number % 3], "dataset": dataset}
    return {"problem": problem, "steps": 20, "seed": number, "view": {"grid": {"resolution": 9}}}


class Visits:
    """Pages that open one experiment each, and go."""

    def __init__(self) -> None:
        self.memory = MemoryBudget()
        self.cache = DescentCache(BUDGET, Clock())
        self._admission = Admission(60.0, self.memory, self.cache, frames=FrameCache(BUDGET // 8))
        self.bytes_sent = 0

    def visit(self, number: int) -> None:
        talk = Talk()
        talk.session = Session(self._admission)
        talk.say("open", experiment=experiment(number)).say("play").say("surface", id=1)
        while talk.session.busy or talk.session.pending:
            talk.session.advance(0.02)
            self.bytes_sent += sum(map(len, talk.session.take()))
        assert self.memory.nbytes > 0
        talk.session.close()


def held() -> tuple[int, int, int]:
    """Bytes, threads and descriptors of this process."""
    gc.collect()
    own = Path("/proc/self/fd")
    descriptors = len(list(own.iterdir())) if own.exists() else 0
    return tracemalloc.get_traced_memory()[0], threading.active_count(), descriptors


def test_many_different_experiments_leave_no_more_than_the_cache_may_hold() -> None:
    visits = Visits()
    tracemalloc.start()
    try:
        for number in range(WARM):
            visits.visit(number)
        nbytes, threads, descriptors = held()
        for number in range(WARM, WHOLE):
            visits.visit(number)
            assert visits.cache.nbytes <= BUDGET
        after = held()
    finally:
        tracemalloc.stop()
    assert visits.memory.nbytes == 0
    assert after[0] - nbytes < BUDGET / 4
    assert (after[1], after[2]) == (threads, descriptors)
    assert visits.bytes_sent < WHOLE * 20_000
