"""What the bound of the learning rate tells of a run: passed, hovered at, zigzagged below, hardly used."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from descentscape.core.explain.moments.divergence import divergence
from descentscape.core.explain.moments.edge import WATCHED, EdgeAt, first_over, overshoot, samples_of
from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import Moment, news_span, times
from descentscape.core.number_format import short_number
from descentscape.core.time_slices import TimeSlices

NEAR = (0.75, 1.35)
"""Between these shares of its bound a rate is said to hover at it."""

BELOW = 0.9
"""A sharpness that rises to the edge began below this share of it."""

LONG = 0.2
"""It does so for this share of the run at least."""

FIRST_TURN = 2
"""The entry by which a run has overshot and come back."""

TINY = 0.01
"""A rate is tiny that is nowhere more than this share of its bound."""

UNMOVED = 0.2
"""A run hardly moves whose tiny rates are no more than this share of its bound, all steps taken together,"""

AS_STEEP = 0.8
"""and whose gradient is no less than this share of what it was."""


def at_the_edge(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """All that is told by the bound, worked out once; and how a run that diverged came to it."""
    samples = yield from samples_of(facts)
    found = [*(yield from divergence(facts, samples)), *(yield from _crossing(facts, samples))]
    return found or (yield from _creeping(facts, samples))


def _crossing(facts: RunFacts, samples: Sequence[EdgeAt]) -> TimeSlices[list[Moment]]:
    """Where the rate passes its bound for the first time, whether it hovers there, and zigzags below it."""
    over = [place for place, edge in enumerate(samples) if edge.ratio > 1]
    if not over:
        return (yield from _zigzag(facts, samples))
    first = samples[over[0]]
    if not over[0] and first.known.preconditioned:
        # An adaptive rule's first divisors are those of its first gradients alone.
        return []
    if over[0]:
        first = yield from first_over(facts, samples[over[0] - 1], first)
    passed = yield from _passed(facts, first)
    return [passed, *_hovering(facts, first, samples)]


def _passed(facts: RunFacts, edge: EdgeAt) -> TimeSlices[Moment]:
    how = "has passed" if edge.step else "starts above"
    where = f" at step {edge.step}" if edge.step else ""
    seen = yield from overshoot(facts, edge)
    if seen is not None and seen.factor > 1:
        words = f"{how} {edge.name}: each step {'now ' if edge.step else ''}overshoots more than the last."
        numbers = edge.numbers | {"growth a step": seen.factor}
        return facts.moment("edge", edge.step, words, numbers, seen.last)
    still = " even without noise" if facts.noisy else ""
    words = f"{how} {edge.name}{where}, the largest stable rate there{still}."
    return facts.moment("edge", edge.step, words, edge.numbers)


def _hovering(facts: RunFacts, first: EdgeAt, samples: Sequence[EdgeAt]) -> list[Moment]:
    """Sharpness that rose to where the rate is the bound, and stays there."""
    cost, low, high = facts.trajectory.cost, *NEAR
    after = [edge for edge in samples if edge.step >= first.step]
    stays = next((k for k, edge in enumerate(after) if not low <= edge.ratio <= high), len(after))
    level = first.edge.line
    # a rate that is warmed up comes to its bound by itself, under a sharpness that stays
    if facts.noisy or samples[0].edge.sharpness > BELOW * level or stays < WATCHED:
        return []
    begin, end = first.step + news_span(facts.steps) // 2, after[stays - 1].step
    if end - first.step < LONG * facts.entries or end <= begin:
        return []
    where = f"{'2/η =' if first.rule.kind == 'gd' else 'its bound'} {short_number(level)}"
    falls = ", cost falling" if cost[end] < cost[first.step] else ""
    words = f"hovers at the edge of stability: sharpness near {where}{falls}."
    numbers = {
        "sharpness at the start": samples[0].edge.sharpness,
        "sharpness at the bound": level,
        "sharpness λ": after[stays - 1].edge.sharpness,
    }
    return [facts.moment("hovering", begin, words, numbers, end)]


def _zigzag(facts: RunFacts, samples: Sequence[EdgeAt]) -> TimeSlices[list[Moment]]:
    """Steps of gradient descent that overshoot from the start, each less than the one before."""
    if not samples or samples[0].step or samples[0].ratio <= 0.5:
        return []
    seen = yield from overshoot(facts, samples[0])
    if seen is None or seen.factor >= 1:
        return []
    words = "zigzags: steps overshoot along the sharpest direction, less each time."
    numbers = samples[0].numbers | {"left of it a step": seen.factor}
    return [facts.moment("zigzag", FIRST_TURN, words, numbers, seen.last)]


def _creeping(facts: RunFacts, samples: Sequence[EdgeAt]) -> TimeSlices[list[Moment]]:
    """A rate so far below its bound that even along the sharpest direction little of the way is gone."""
    if not samples or not facts.whole or samples[0].known.preconditioned:
        return []
    most = max(each.ratio if isfinite(each.edge.bound) else 1.0 for each in samples)
    if most > min(TINY, UNMOVED / facts.entries):
        return []
    norms = yield from facts.norms()
    if not norms[0] or norms[-1] < AS_STEEP * norms[0]:
        return []
    first, begin, last = samples[0], min(news_span(facts.steps), facts.entries - 1), facts.entries - 1
    words = f"hardly moves: {first.name} is {times(1 / first.ratio)} its rate."
    costs = facts.trajectory.cost[[0, last]].tolist()
    numbers = first.numbers | dict(zip(("cost at the start", "cost at the end"), costs, strict=True))
    return [facts.moment("creeping", begin, words, numbers, last)]
