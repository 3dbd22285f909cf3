"""Why a run diverged: a rate above its bound to the end, a step that left all behind, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from descentscape.core.descent.checkpoints import SPACING
from descentscape.core.explain.moments.edge import WATCHED, EdgeAt
from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import Moment, times
from descentscape.core.norm import norm
from descentscape.core.number_format import short_number
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import in_thread_if_long

FAR_ABOVE = 2.0
"""A rate so many times its bound needs no more steps to be the cause."""

LAST_STEPS = 256
"""Steps before the end that are looked through for one that was too long."""

FAR = 3.0
"""A step so many times as long as theta throws a run out of where it was."""

Cause = tuple[str, dict[str, float]]
"""The words that follow “has diverged”, and their numbers."""


def divergence(facts: RunFacts, samples: Sequence[EdgeAt]) -> TimeSlices[list[Moment]]:
    """How a run that diverged came to it, by its ``samples`` where there are any."""
    if facts.trajectory.status != "diverged":
        return []
    last = facts.entries - 1
    cause = _by_bound(samples, last) or (yield from _thrown(facts, last)) or _grown(facts, last)
    words, numbers = cause
    return [facts.moment("diverged", last, f"has diverged: {words}", numbers, facts.steps)]


def _by_bound(samples: Sequence[EdgeAt], last: int) -> Cause | None:
    """The rate that was above its bound up to the last entry, for a while or by far."""
    below = [place for place, edge in enumerate(samples) if edge.ratio <= 1]
    tail = samples[below[-1] + 1 if below else 0 :]
    if not tail or tail[-1].step != last:
        return None
    first = tail[0]
    rate = short_number(first.edge.learning_rate)
    if first.ratio >= FAR_ABOVE:
        where = f" at step {first.step}" if first.step else ""
        return f"its rate {rate} is {times(first.ratio)} {first.name}{where}.", first.numbers
    if last - first.step < WATCHED:
        return None
    since = f"from step {first.step} on" if first.step else "from the start"
    return f"its rate {rate} was above {first.name} {since}.", first.numbers


def _grown(facts: RunFacts, last: int) -> Cause:
    cost = facts.trajectory.cost
    numbers = {"cost at the start": float(cost[0]), "last cost": float(cost[last])}
    return "its cost grew beyond a million times what it began with.", numbers


def _thrown(facts: RunFacts, last: int) -> TimeSlices[Cause | None]:
    """The first of the last steps that was far longer than all the parameters, or the one that failed."""
    first = max(0, last - LAST_STEPS)
    thetas = yield from facts.thetas(first, last + 1)
    moves, sizes = norm(np.diff(thetas, axis=0)), norm(thetas)
    if facts.known:
        failed = yield from in_thread_if_long(facts.objective, lambda: _next_step(facts, last), SPACING + 8)
        moves = np.append(moves, failed)
    # beside a θ of zero every step is long: only one that failed tells
    factors = np.where(np.isfinite(moves), 0.0, moves)
    np.divide(moves, sizes[: len(moves)], out=factors, where=sizes[: len(moves)] > 0)
    far = np.flatnonzero(~(factors <= FAR))
    if not far.size:
        return None
    step, factor = int(far[0]), float(factors[far[0]])
    numbers = {"length of the step": float(moves[step]), "length of θ before": float(sizes[step])}
    if not isfinite(factor):
        return f"step {first + step + 1} was too long for numbers to hold.", numbers
    return f"step {first + step + 1} was {times(factor)} as long as all its parameters.", numbers


@np.errstate(all="ignore")
def _next_step(facts: RunFacts, step: int) -> float:
    context = facts.again.step_at(step)
    return float(norm(context.update(context.recipe.optimizer, context.state)[0]))
