"""Counts of unlike things that are added and multiplied kind by kind."""

from __future__ import annotations

from operator import add, mul
from typing import TypeVar

Kinds = TypeVar("Kinds", bound="Counts")


class Counts:
    """The arithmetic of a dataclass of nothing but numbers.

    Such a class is not frozen, which would make each sum several times as dear, but is used as if it were:
    all that is begun is priced before, and a price is a sum of some dozens.
    """

    def __add__(self: Kinds, other: Kinds) -> Kinds:
        return type(self)(*map(add, vars(self).values(), vars(other).values()))

    def __mul__(self: Kinds, times: float) -> Kinds:
        return type(self)(*[times * each for each in vars(self).values()])

    __rmul__ = __mul__

    def weighted(self: Kinds, weights: Kinds) -> float:
        """The sum of all, each as often as the weight of its kind says."""
        return float(sum(map(mul, vars(self).values(), vars(weights).values())))
