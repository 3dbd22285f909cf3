"""What a row of the table finds: figures with their spread, and the goals that they are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Literal

from bench.timing import Effort, Times

OURS = "Descentscape"


@dataclass(frozen=True)
class Goal:
    """A bound: ``times`` as fast as the peer, or the figure itself ``most`` or ``least`` this."""

    kind: Literal["times", "most", "least"]
    bound: float


@dataclass(frozen=True)
class Figure:
    """What one contestant needed for one piece of work: a value a round.

    ``ratio`` is how many times as long as ours it took, None where there is nothing of ours to compare.
    """

    work: str
    who: str
    values: tuple[float, ...]
    unit: str
    goal: Goal | None = None
    ratio: float | None = None

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return median(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        match self.goal:
            case None:
                return None
            case Goal("times", bound):
                return self.ratio is not None and self.ratio >= bound
            case Goal("most", bound):
                return self.median <= bound
            case Goal(_, bound):
                return self.median >= bound


Figures = Iterator[Figure]


@dataclass(frozen=True)
class Row:
    """A row of the table: its name on the command line, what it measures, and how.

    ``obstacle`` says what stands between ours and goals that are missed, with the figures that show it.
    """

    name: str
    title: str
    note: str
    measure: Callable[[Effort], Iterable[Figure]]
    obstacle: str = ""


SCALES = {"µs": 1e6, "ms": 1e3, "s": 1.0}


def compared(work: str, times: Times, unit: str, goals: dict[str, float]) -> Figures:
    """A figure of every contestant of a comparison; ``goals`` says how many times as fast ours shall be.

    ``unit`` begins with the unit of time. Contestants of ours have names that begin with `OURS`.
    """
    scale = SCALES[unit.split()[0]]
    ours = median(times[OURS])
    for who, values in times.items():
        goal = Goal("times", goals[who]) if who in goals else None
        yield Figure(work, who, tuple(value * scale for value in values), unit, goal, median(values) / ours)
