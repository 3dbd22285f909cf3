"""What work may take: refused beforehand by its price, and stopped when it outgrows that."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from math import inf
from typing import TypeVar

from descentscape.compute.cost_model import Price, bill
from descentscape.compute.machine import Machine
from descentscape.core.errors import TooExpensive
from descentscape.core.foreign.objective import ForeignObjective
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Objective
from descentscape.core.time_slices import Clock
from descentscape.core.undivided import computing_seconds

T = TypeVar("T")
Y = TypeVar("Y")

OUTGROWN = 3.0
"""How many times its price work may take."""

LEAST_PRICE = 1.0
"""Seconds: what is cheaper is not told from what the machine does beside."""

UNCOMPILED = 30.0
"""How many times as long a network may take that was built before its code was compiled, or that has none."""


@dataclass(frozen=True)
class Allowance:
    """Seconds and bytes that a piece of work may take on a machine.

    ``clock`` tells the seconds that have been computed, whatever others do meanwhile.
    """

    seconds: float = inf
    nbytes: float = inf
    machine: Machine = field(default_factory=Machine)
    clock: Clock = computing_seconds

    def covers(self, price: Price) -> bool:
        """Whether work of this price may be begun."""
        return price.seconds <= self.seconds and price.nbytes <= self.nbytes

    def bill(self, price: Price) -> str:
        """What work would take of that of which there is too little for it."""
        if price.seconds > self.seconds:
            return bill(price.seconds, self.seconds)
        taken, allowed = price.nbytes / 1e6, self.nbytes / 1e6
        return f"it would take about {taken:,.0f} MB, and {allowed:,.0f} MB are allowed"

    def meter(self, name: str, seconds: float, got: object, objective: Objective) -> Meter:
        """A meter for work on an objective that should take so long, whose field ``name`` has this value."""
        if isinstance(objective, ForeignObjective):  # nobody can say how long a call may take
            seconds = inf
        slow = isinstance(objective, MLP) and not objective.compiled
        return Meter(name, UNCOMPILED * seconds if slow else seconds, got, self.clock)


UNBOUNDED = Allowance()
"""Of whoever computes for oneself."""


class Meter:
    """Counts the seconds that work takes, and stops it when they are `OUTGROWN` times those expected."""

    def __init__(self, name: str, expected: float, got: object, clock: Clock) -> None:
        self._name, self._expected, self._got, self._clock = name, expected, got, clock
        self._spent = 0.0
        self._began: float | None = None

    def __enter__(self) -> None:
        self._began = self._clock()

    def __exit__(self, *_: object) -> None:
        assert self._began is not None
        self._spent += self._clock() - self._began

    def require(self) -> None:
        """Raise TooExpensive when too much is spent."""
        if self._spent > OUTGROWN * max(self._expected, LEAST_PRICE):
            taken = f"stopped after {self._spent:.0f} s, as about {self._expected:.1f} s were expected"
            raise TooExpensive(self._name, f"of less work here ({taken})", self._got)

    def metered(self, work: Generator[Y, None, T]) -> Generator[Y, None, T]:
        """The same work, each of its time slices counted."""
        while True:
            self.require()
            try:
                with self:
                    latest = next(work)
            except StopIteration as end:
                found: T = end.value
                return found
            yield latest
