"""Who is ahead of whom, and why: how far each run steps along the sharpest direction and off it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import Moment, news_span, times
from descentscape.core.landscape.curvature import extremes
from descentscape.core.number_format import short_number
from descentscape.core.objective import Array, Indices, Mask
from descentscape.core.time_slices import TimeSlices

CLEAR = 0.02
"""By how much of all that was descended the first must be below the second to be ahead."""

EARLY, FEWEST_EARLY = 0.02, 3
"""Nobody is ahead before this share of the run, or so many steps."""

HELD, FEWEST_HELD = 0.03, 5
"""For how much of the run it must stay so, and for how many entries at least."""

MOST = 8
"""Changes of the lead that are told, the first ones."""

STEPS = 10
"""Steps before that are compared."""

FLAT = 0.5
"""A direction is flat that bends no more than this share of the sharpest one."""

MUCH, MOST_TOLD = 1.3, 1000.0
"""So many times as long is much longer, and as many times as are told."""


@dataclass(frozen=True, eq=False)
class Stride:
    """The mean length of a run's last steps along the sharpest direction, and along the ``rest``."""

    across: float
    along: float
    rest: str


@dataclass(frozen=True)
class Lead:
    """From which entry up to which a run is the lowest, clearly at first, and the next lowest then."""

    first: int
    last: int
    leader: int
    second: int


def overtaking(everyone: Sequence[RunFacts]) -> TimeSlices[list[Moment]]:
    """Who is ahead first, and every time that another one takes the lead; who diverges runs no race."""
    runs = [facts for facts in everyone if facts.trajectory.status != "diverged"]
    if len(runs) < 2 or not (yield from _set_out_together(runs)):
        return []
    found: list[Moment] = []
    for place, lead in enumerate(leads_of([facts.trajectory.cost for facts in runs])[:MOST]):
        ahead, behind = runs[lead.leader], runs[lead.second]
        costs = [float(each.trajectory.cost[min(lead.first, each.entries - 1)]) for each in (ahead, behind)]
        reason, numbers = yield from _reason(ahead, behind, lead.first)
        verb = "overtakes" if place else "is ahead of"
        words = f"{verb} {behind.label}{reason or _heights(lead.first, costs)}."
        numbers |= {"cost C": costs[0], "cost of the other": costs[1]}
        last = min(lead.first + news_span(ahead.steps), lead.last)
        found.append(ahead.moment("overtaken" if place else "ahead", lead.first, words, numbers, last))
    return found


def _heights(step: int, costs: Sequence[float]) -> str:
    lower, higher = (short_number(cost) for cost in costs)
    return f" at step {step}: cost {lower} against {higher}"


def _set_out_together(runs: Sequence[RunFacts]) -> TimeSlices[bool]:
    """Whether all runs start at one point: others are no race."""
    first = yield from runs[0].theta_at(0)
    for facts in runs[1:]:
        if not np.array_equal(first, (yield from facts.theta_at(0))):
            return False
    return True


def leads_of(costs: Sequence[Array]) -> list[Lead]:
    """The changes of the lead that are clear and last; who rests before the others keeps the last cost."""
    size = max(len(cost) for cost in costs)
    rows = np.stack([np.append(cost, np.full(size - len(cost), cost[-1])) for cost in costs])
    order: Indices = rows.argsort(axis=0, kind="stable")
    best, next_best = (np.take_along_axis(rows, order[k : k + 1], 0)[0] for k in (0, 1))
    descended = rows[0, 0] - np.minimum.accumulate(best)
    clear: Mask = (next_best - best > CLEAR * descended) & (descended > 0)
    clear[: max(FEWEST_EARLY, round(EARLY * size))] = False
    held = max(FEWEST_HELD, round(HELD * size))
    return _kept(order[0], order[1], clear, held)


def _kept(leaders: Indices, seconds: Indices, clear: Mask, held: int) -> list[Lead]:
    """The first clear entry of every stretch in which one run leads for so long."""
    edges = [0, *(np.flatnonzero(np.diff(leaders)) + 1).tolist(), len(leaders)]
    found: list[Lead] = []
    for begin, end in pairwise(edges):
        leader = int(leaders[begin])
        if end - begin < held or (found and found[-1].leader == leader):
            continue
        places = np.flatnonzero(clear[begin:end])
        if places.size and end - begin - places[0] >= min(held, FEWEST_HELD):
            first = begin + int(places[0])
            before = found[-1].leader if found else int(seconds[first])
            found.append(Lead(first, end - 1, leader, before))
    return found


def _reason(ahead: RunFacts, behind: RunFacts, step: int) -> TimeSlices[tuple[str, dict[str, float]]]:
    """Why the one is ahead, by the lengths of both runs' last steps; empty where these do not tell."""
    if not (ahead.small and behind.small) or ahead.moved_by_hand or behind.moved_by_hand:
        return "", {}
    one, other = (yield from stride_of(ahead, step)), (yield from stride_of(behind, step))
    if one is None or other is None or not (other.along and one.across and other.across):
        return "", {}
    numbers = {
        "steps off the sharpest direction": one.along,
        "the other’s": other.along,
        "steps along the sharpest direction": one.across,
        "the other’s along it": other.across,
    }
    if one.along > MUCH * other.along:
        return f": steps {_at_most(one.along / other.along)} as long {one.rest}", numbers
    if other.across > MUCH * one.across:
        longer = _at_most(other.across / one.across)
        return f", which stepped {longer} as far along the sharpest direction", numbers
    return "", numbers


def _at_most(factor: float) -> str:
    """How many times as long; beyond `MOST_TOLD` the one all but stands still."""
    return times(factor) if factor <= MOST_TOLD else f"over {MOST_TOLD:g} times"


def stride_of(facts: RunFacts, step: int) -> TimeSlices[Stride | None]:
    """The mean lengths of the steps before an entry, by the Hessian halfway through them."""
    last = min(step, facts.entries - 1)
    first = max(0, last - STEPS)
    if last - first < 2:
        return None
    thetas = yield from facts.thetas(first, last + 1)
    try:
        bends, (sharpest, _) = yield from extremes(facts.objective, thetas[len(thetas) // 2])
    except InvalidValue:
        return None
    moves = np.diff(thetas, axis=0)
    across = moves @ sharpest
    along = np.linalg.norm(moves - across[:, None] * sharpest, axis=1)
    return Stride(float(np.abs(across).mean()), float(along.mean()), _rest(facts.objective.dim, bends))


def _rest(dim: int, bends: Array) -> str:
    """What is off the sharpest direction, by the highest and the lowest curvature."""
    highest, lowest = bends.tolist()
    if lowest < -FLAT * highest:
        return "off the sharpest direction"
    if dim > 2:
        return "along the flatter directions"
    return f"along the flat{'' if lowest <= FLAT * highest else 'ter'} direction"
