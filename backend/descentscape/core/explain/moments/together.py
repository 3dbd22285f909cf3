"""What several runs do alike is told once, of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
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

    What lasts is told of the first of them alone until all have come to it, and from then on once, as long as
    it is true of all of them; what happens, where it happens to them at the same step.
    """
    groups: dict[tuple[str, str, int | None], list[Moment]] = {}
    for moment in found:
        since = None if moment.kind in LASTING else moment.first
        groups.setdefault((moment.kind, moment.said, since), []).append(moment)
    return [told for group in groups.values() for told in _gathered(group, runs, steps)]


def _gathered(group: Sequence[Moment], runs: int, steps: int) -> list[Moment]:
    first, last = max(each.first for each in group), min(each.last for each in group)
    members = sorted({number for each in group for number in each.runs})
    if len(members) < max(2, len(group)) or first > last:
        return list(group)
    earliest = min(group, key=lambda each: each.first)
    all_of_them = replace(
        earliest,
        runs=tuple(members),
        label=_named(sorted(group, key=lambda each: each.runs), runs),
        first=first,
        news=min(first + news_span(steps), last),
        last=last,
        said=_place_told(group),
        numbers=_facts(group),
    )
    if earliest.first == first:
        return [all_of_them]
    until = min(earliest.last, first - 1)
    return [replace(earliest, news=min(earliest.news, until), last=until), all_of_them]


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
