"""Counts are added and multiplied kind by kind."""

from __future__ import annotations

from dataclasses import dataclass

from descentscape.core.counts import Counts


@dataclass
class Fruit(Counts):
    apples: float = 0.0
    pears: float = 0.0
    plums: float = 0.0


def test_counts_are_added_and_multiplied_by_kind_and_left_as_they_are() -> None:
    one, two = Fruit(1, 2, 3), Fruit(pears=10.5)
    assert one + two == Fruit(1, 12.5, 3)
    assert 2 * one == one * 2 == Fruit(2, 4, 6)
    assert sum([one, two, one], Fruit()) == Fruit(2, 14.5, 6)
    assert one.weighted(Fruit(0.5, 2, 0)) == 4.5
    assert (one, two) == (Fruit(1, 2, 3), Fruit(0, 10.5, 0))
