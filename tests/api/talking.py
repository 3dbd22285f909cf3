"""A client for sessions without a socket: it says things, lets the session work, and sorts its answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from clocks import Clock
from descentscape.api.ops.admission import Admission
from descentscape.api.ops.memory_budget import MemoryBudget
from descentscape.api.stream.session import Observe, Session
from descentscape.compute.computation import PATIENCE
from descentscape.compute.descents import DescentCache
from descentscape.core.objective import AnyArray
from descentscape.output.frames import Frame, FrameKind, unpack

MOONS = {"steps": 60, "problem": {"hidden": [4]}}
SADDLE = {"steps": 40, "problem": {"kind": "formula", "name": "saddle"}}
RACE = {
    "steps": 50,
    "problem": {"hidden": [3]},
    "runs": [{"optimizer": {"kind": "adam"}}, {"optimizer": {"kind": "gd"}, "batch_size": 8}],
}


class Talk:
    """One session; ``heard`` holds everything that it sent, in order.

    Its clock stands still unless another is given, so that no time slice ends before the work in it does.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        compute_seconds: float = 60.0,
        memory: MemoryBudget | None = None,
        patience: float = PATIENCE,
        observe: Observe = lambda kind, seconds: None,
        pictured: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        cache = DescentCache(clock=clock or Clock())
        admission = Admission(compute_seconds, memory or MemoryBudget(), cache, patience)
        self.session = Session(admission, observe, pictured)
        self.heard: list[dict[str, Any] | Frame] = []

    def say(self, kind: str, **fields: Any) -> Talk:
        self.session.receive(json.dumps({"type": kind, **fields}))
        return self

    def listen(self) -> list[dict[str, Any] | Frame]:
        """Let the session work until nothing is left to do; what it sent meanwhile."""
        before = len(self.heard)
        while self.session.busy or self.session.pending:
            self.session.advance(0.02)
            self.take()
        return self.heard[before:]

    def take(self) -> None:
        self.heard += [
            json.loads(out) if isinstance(out, str) else unpack(out) for out in self.session.take()
        ]

    def opened(self, experiment: dict[str, Any], **fields: Any) -> Talk:
        """A talk with this experiment open and computed; of what was sent only the start is kept."""
        self.say("open", experiment=experiment, **fields).listen()
        self.heard = [*self.frames(FrameKind.STEPS)]
        return self

    def messages(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.heard if isinstance(one, dict) and one["type"] == kind]

    def message(self, kind: str) -> dict[str, Any]:
        (one,) = self.messages(kind)
        return one

    def frames(self, kind: FrameKind) -> list[Frame]:
        return [one for one in self.heard if isinstance(one, Frame) and one.kind is kind]

    def series(self, channel: str, run: int = 0) -> AnyArray:
        """All entries of one channel of a run, put together as a client does, without gaps."""
        parts: list[AnyArray] = []
        entries = 0
        for frame in self.frames(FrameKind.STEPS):
            if frame.meta["run"] != run:
                continue
            first, column = frame.meta["first"], frame.arrays[channel]
            assert first <= entries, f"entries {entries} to {first} are missing"
            assert len(column) == frame.meta["count"]
            parts = [np.concatenate(parts)[:first]] if parts else []
            parts.append(column)
            entries = first + len(column)
        return np.concatenate(parts)
