"""A moment of a run: what happened, when, and the sentence that says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import floor

from descentscape.core.number_format import short_number
from descentscape.core.objective import Array


@dataclass(frozen=True)
class Look:
    """Where a moment is to be seen: the panel, the overlay, and the term that explains it."""

    tab: str
    term: str
    overlays: Mapping[str, str | bool] = field(default_factory=dict)


_CRITICAL = {"critical_points": True}
_MODEL = {"quadratic_model": True}
_ARROWS = {"arrows": "step"}

KINDS: dict[str, Look] = {
    "diverged": Look("cost", "divergence"),
    "dead": Look("network", "ReLU"),
    "edge": Look("curvature", "stability"),
    "saddle": Look("curvature", "saddle", _CRITICAL),
    "newton": Look("curvature", "Newton’s method", _MODEL),
    "left_saddle": Look("curvature", "saddle", _CRITICAL),
    "slow": Look("curvature", "saddle", _CRITICAL),
    "alike": Look("network", "initialisation"),
    "minimum": Look("curvature", "minimum", _CRITICAL),
    "flat": Look("curvature", "stationary"),
    "kink": Look("step", "subgradient"),
    "hovering": Look("curvature", "sharpness"),
    "overtaken": Look("cost", "curvature", _ARROWS),
    "ahead": Look("cost", "curvature", _ARROWS),
    "swing": Look("step", "momentum", _ARROWS),
    "clipped": Look("step", "gradient clipping", _ARROWS),
    "exploding": Look("network", "exploding gradient"),
    "vanishing": Look("network", "vanishing gradient"),
    "overfitting": Look("cost", "overfitting"),
    "schedule": Look("step", "schedule"),
    "noise": Look("step", "gradient noise", _ARROWS),
    "creeping": Look("curvature", "learning rate"),
    "zigzag": Look("curvature", "stability", _ARROWS),
}
"""Every kind of moment, the most important first, and where it is to be seen."""

_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}

NEWS_SHARE, FEWEST_NEWS = 0.12, 10
"""A moment is news for this share of the run's steps, or for so many."""


@dataclass(frozen=True)
class Moment:
    """What is to be said of some runs at the entries from ``first`` to ``last``; up to ``news`` it is new.

    ``said`` begins with a verb and goes on after the ``label``, the name of the run or the runs; ``numbers``
    are the facts behind it, by name. ``place`` is theta there, where the sentence is of a place.
    """

    runs: tuple[int, ...]
    label: str
    kind: str
    first: int
    news: int
    last: int
    said: str
    numbers: Mapping[str, float]
    place: Array | None = field(default=None, compare=False)

    @property
    def words(self) -> str:
        """The sentence, which begins with the name."""
        return f"{self.label} {self.said if len(self.runs) == 1 else _of_several(self.said)}"

    @property
    def rank(self) -> int:
        """Its place in the order of importance, 0 the first."""
        return _RANKS[self.kind]

    @property
    def look(self) -> Look:
        """Where it is to be seen."""
        return KINDS[self.kind]


_PLURALS = {"has": "have", "is": "are", "cannot": "cannot"}


def _of_several(said: str) -> str:
    """The words that a run's name is followed by, as those that several names are followed by."""
    verb, rest = said.split(" ", 1)
    plain = verb.removesuffix(":")
    many = _PLURALS.get(plain, plain.removesuffix("s")) + verb.removeprefix(plain)
    return re.sub(r"\bit\b", "them", re.sub(r"\bits\b", "their", f"{many} {rest}"))


def news_span(steps: int) -> int:
    """How many entries of a run of so many steps a moment is news for."""
    return max(FEWEST_NEWS, floor(NEWS_SHARE * steps))


def times(factor: float) -> str:
    """Such as ``"2.5 times"`` and ``"40 times"``: two digits."""
    return f"{short_number(factor, 2)} times"


DIAGONAL = 0.01
"""How far two components may differ, as a share, to be called equal, or be off an axis to be called zero."""


def direction_words(names: list[str], vector: Array) -> str:
    """A direction of two parameters in words: along one of them, along a diagonal, or by its components."""
    first, second = (float(part) for part in vector)
    if abs(second) <= DIAGONAL * abs(first):
        return f"along {names[0]}"
    if abs(first) <= DIAGONAL * abs(second):
        return f"along {names[1]}"
    if abs(abs(first) - abs(second)) <= DIAGONAL * abs(first):
        return f"along {names[0]} = {'' if first * second > 0 else '−'}{names[1]}"
    if first < 0:
        first, second = -first, -second
    return f"along ({short_number(first, 2)}, {short_number(second, 2)})"


def across(direction: str, words: str) -> str:
    """The words of a direction at right angles to one that is told, shorter where they are numbers."""
    return "at right angles" if "(" in direction else words
