"""What several runs do alike is told once, of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from math import isclose, nan

from descentscape.core.explain.moments.moment import Moment, news_span
from descentscape.core.norm import norm

SAME_PLACE = 0.02
"""Places are one that are no further apart than this share of their distance from the origin, or than this.

Where a run stands still, it may have that much to go along a direction that hardly bends.
"""

SAME = 0.01
"""A fact is told of all runs whose values differ by no more than this share."""

FEW = 3
"""Of so many runs those are told that differ, each with its run."""

LASTING = {
    "saddle",
    "minimum",
    "flat",
    "kink",
    "slow",
    "alike",
    "vanishing",
    "hovering",
    "clipped",
    "creeping",
    "dead",
}
"""Kinds that are told of a stretch of a run."""

LONGEST_NAMES = 40
"""Letters of two runs' names that are told; longer ones are counted."""

STANDING = {"saddle": ("saddle", "on"), "minimum": ("minimum", "in")}
"""Kinds of places that runs stand at, with their words."""


def together(found: Iterable[Moment], runs: int, steps: int) -> list[Moment]:
    """The moments of so many runs, those that say the same of several of them gathered.

    What lasts is told of the first of them alone, then once of as many as it is true of together, and from
    then on of those that it is true of; what happens, where it happens to them at the same step.
    """
    groups: dict[tuple[str, str, int | None], list[Moment]] = {}
    for moment in found:
        since = None if moment.kind in LASTING else moment.first
        groups.setdefault((moment.kind, moment.said, since), []).append(moment)
    return [told for group in groups.values() for told in _gathered(group, runs, steps)]


def _gathered(group: Sequence[Moment], runs: int, steps: int) -> list[Moment]:
    most = max(group, key=lambda each: (len(_active(group, each.first)), -each.first)).first
    if len(_active(group, most)) < 2:
        return list(group)
    earliest = min(group, key=lambda each: each.first)
    told = [_between(earliest, earliest.first, most - 1)] if earliest.first < most else []
    begins, ends = {each.first for each in group}, {each.last + 1 for each in group}
    for begin, end in pairwise(sorted(mark for mark in begins | ends if mark >= most)):
        if active := _active(group, begin):
            news = begin + news_span(steps) if begin == most else begin
            told.append(_of_all(active, begin, end - 1, news, runs))
    return told


def _active(group: Sequence[Moment], step: int) -> list[Moment]:
    """Those that are true at an entry."""
    return [each for each in group if each.first <= step <= each.last]


def _of_all(group: Sequence[Moment], first: int, last: int, news: int, runs: int) -> Moment:
    if len(group) == 1:
        return _between(group[0], first, last)
    return replace(
        group[0],
        runs=tuple(sorted(number for each in group for number in each.runs)),
        label=_named(sorted(group, key=lambda each: each.runs), runs),
        first=first,
        news=min(news, last),
        last=last,
        said=_place_told(group),
        numbers=_facts(group),
    )


def _between(moment: Moment, first: int, last: int) -> Moment:
    """A part of it, which is new as long as it was."""
    until = min(moment.last, last)
    return replace(moment, first=first, news=min(max(moment.news, first), until), last=until)


def _named(group: Sequence[Moment], runs: int) -> str:
    names = f"{group[0].label} and {group[1].label}"
    if len(group) == 2 and len(names) <= LONGEST_NAMES:
        return names
    return f"All {runs} runs" if len(group) == runs else f"{len(group)} of {runs} runs"


def _place_told(group: Sequence[Moment]) -> str:
    """The words, with how many places they are of, where each run stands at one."""
    said, known = group[0].said, STANDING.get(group[0].kind)
    places = [each.place for each in group if each.place is not None]
    if known is None or len(places) < len(group):
        return said
    distinct: list[Moment] = []
    for each in group:
        if not any(_is_near(each, other) for other in distinct):
            distinct.append(each)
    name, where = known
    if len(distinct) == 1:
        return said.replace(f"{where} a {name}", f"{where} one {name}")
    many = "minima" if name == "minimum" else f"{name}s"
    return f"stands still {where} {len(distinct)} different {many}."


def _is_near(one: Moment, other: Moment) -> bool:
    assert one.place is not None
    assert other.place is not None
    far = max(1.0, float(norm(one.place)), float(norm(other.place)))
    return float(norm(one.place - other.place)) <= SAME_PLACE * far


def _facts(group: Sequence[Moment]) -> dict[str, float]:
    """The facts that are the same of all of them, and of a few also those that are not, each with its run."""
    found = {"runs": float(len(group))}
    for name, value in group[0].numbers.items():
        values = [each.numbers.get(name, nan) for each in group]
        if all(isclose(value, other, rel_tol=SAME) for other in values):
            found[name] = value
        elif len(group) <= FEW:
            found |= {f"{name}, {each.label}": own for each, own in zip(group, values, strict=True)}
    return found
