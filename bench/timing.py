"""Timing cases against one another: each once a round, so that whatever else goes on meets all alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from math import ceil
from time import perf_counter
from typing import TypeVar

LEAST_SECONDS = 0.1
"""What takes less is called again and again for this long, once a round."""

LEAST_ROUNDS = 3
LONG = 3.0
"""Seconds of one call beside which compiling is little."""


@dataclass(frozen=True)
class Case:
    """Something to time, and how many units of work one call does."""

    call: Callable[[], object]
    units: float = 1


@dataclass(frozen=True)
class Effort:
    """How long to measure: at most so many rounds of a comparison, and about so many seconds."""

    rounds: int = 9
    seconds: float = 20.0
    quick: bool = False

    def of(self, whole: int, quick: int) -> int:
        """The size of some work, or a smaller one where only the bench itself is tried."""
        return quick if self.quick else whole


QUICK = Effort(rounds=3, seconds=0.5, quick=True)

Times = dict[str, tuple[float, ...]]
"""By the name of the case: seconds a unit, a number a round."""


def interleaved(cases: Mapping[str, Case], effort: Effort) -> Times:
    """Seconds a unit of every case in every round.

    Each is called once for its compiler and caches, and once to see how long it takes; neither counts. What
    takes long is seen at the first call.
    """
    calls: dict[str, int] = {}
    expected = 0.0
    for name, case in cases.items():
        once = _seconds(case, 1)
        if once < LONG:
            once = _seconds(case, 1)
        calls[name] = 1 if effort.quick else max(1, ceil(LEAST_SECONDS / once))
        expected += once * calls[name]
    rounds = max(LEAST_ROUNDS, min(effort.rounds, int(effort.seconds / expected)))
    times: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            times[name].append(_seconds(case, calls[name]) / calls[name] / case.units)
    return {name: tuple(values) for name, values in times.items()}


T = TypeVar("T")


def fastest(choices: Iterable[T], trial: Callable[[T], object]) -> T:
    """The choice whose second trial takes the least time: the first one is for its compiler and caches."""
    timed: list[tuple[float, int, T]] = []
    for number, choice in enumerate(choices):
        trial(choice)
        timed.append((_seconds(Case(partial(trial, choice)), 1), number, choice))
    return min(timed, key=lambda each: each[:2])[2]


def _seconds(case: Case, calls: int) -> float:
    began = perf_counter()
    for _ in range(calls):
        case.call()
    return perf_counter() - began
