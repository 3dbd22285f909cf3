"""The largest learning rate that the curvature admits: passed, hovered at, overshot until a run diverges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isnan, nan
from typing import cast

import numpy as np

from descentscape.core.descent.checkpoints import SPACING
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import Moment, news_span, times
from descentscape.core.explain.stability import BOUNDS, Edge, edge_at
from descentscape.core.landscape.curvature import DENSE_ON_PATHS, extremes
from descentscape.core.norm import norm
from descentscape.core.number_format import short_number
from descentscape.core.objective import Array
from descentscape.core.optimizers import Optimizer
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import in_thread_if_long

SAMPLES, FEWER, FEWEST = 65, 33, 13
"""Entries that the bound is worked out at: of two parameters, of a few, of many or by effective rates."""

NEAR = (0.75, 1.35)
"""Between these shares of its bound a rate is said to hover at it."""

BELOW = 0.9
"""A sharpness that rises to the edge began below this share of it."""

LONG = 0.2
"""It does so for this share of the run at least."""

WATCHED = 5
"""Gradients in a row that must show that steps overshoot."""

LAST_STEPS = 256
"""Steps before the end that are looked through for one that was too long."""

FAR = 3.0
"""A step so many times as long as theta throws a run out of where it was."""


@dataclass(frozen=True, eq=False)
class EdgeAt:
    """The edge at an entry; along ``vector`` the surface is sharpest, if λ is of the Hessian itself."""

    step: int
    edge: Edge
    vector: Array | None

    @property
    def ratio(self) -> float:
        """The learning rate as a share of its bound."""
        return self.edge.learning_rate / self.edge.bound

    @property
    def numbers(self) -> dict[str, float]:
        """What the sentences are of."""
        name = "sharpness λ" if self.vector is not None else "sharpness λ, preconditioned"
        edge = self.edge
        return {"learning rate η": edge.learning_rate, "bound": edge.bound, name: edge.sharpness}


def crossing(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """Where the rate passes its bound for the first time, whether it hovers there, and zigzags below it."""
    if not _is_bounded(facts):
        return []
    samples = yield from _samples(facts)
    over = [place for place, edge in enumerate(samples) if edge.ratio > 1]
    if over and not over[0] and samples[0].vector is None:
        # An adaptive rule's first divisors are those of its first gradients alone.
        return []
    if not over:
        return (yield from _zigzag(facts, samples))
    first = samples[over[0]]
    if over[0]:
        first = yield from _first_over(facts, samples[over[0] - 1], first)
    passed = yield from _passed(facts, first)
    return [passed, *_hovering(facts, first, samples)]


def divergence(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """How a run that diverged came to it."""
    if facts.trajectory.status != "diverged":
        return []
    last = facts.entries - 1
    words, numbers = yield from _cause(facts, last)
    return [facts.moment("diverged", last, f"has diverged: {words}", numbers, facts.steps)]


def _is_bounded(facts: RunFacts) -> bool:
    if not (facts.known and facts.whole and facts.small and facts.entries > 1):
        return False
    bounds = [BOUNDS.get(facts.rule_at(step).kind) for step in (0, *(edit.step for edit in facts.edits))]
    few = facts.objective.dim <= DENSE_ON_PATHS
    return all(bound is not None and (few or not bound.preconditioned) for bound in bounds)


def _samples(facts: RunFacts) -> TimeSlices[list[EdgeAt]]:
    many = facts.objective.dim > DENSE_ON_PATHS or BOUNDS[facts.rule_at(0).kind].preconditioned
    count = FEWEST if many else SAMPLES if facts.objective.dim == 2 else FEWER
    found = []
    for step in facts.spread(count).tolist():
        edge = yield from edge_of(facts, step)
        found += [] if edge is None else [edge]
        yield
    return found


def edge_of(facts: RunFacts, step: int) -> TimeSlices[EdgeAt | None]:
    """The edge at an entry; None where the curvature is not finite or there is no bound."""
    highest, vector = nan, cast("Array | None", None)
    try:
        if not BOUNDS[facts.rule_at(step).kind].preconditioned:
            theta = yield from facts.theta_at(step)
            values, vectors = yield from extremes(facts.objective, theta)
            highest, vector = float(values[0]), vectors[0]
        edge = yield from edge_at(facts.trajectory, facts.objective, step, highest)
    except InvalidValue:
        return None
    return None if isnan(edge.bound) else EdgeAt(step, edge, vector)


def _first_over(facts: RunFacts, below: EdgeAt, over: EdgeAt) -> TimeSlices[EdgeAt]:
    """The entry between two at which the rate is over its bound, and was not one entry before."""
    low, high = below.step, over
    while high.step - low > 1:
        middle = yield from edge_of(facts, (low + high.step) // 2)
        if middle is None:
            break
        low, high = (low, middle) if middle.ratio > 1 else (middle.step, high)
    return high


def _passed(facts: RunFacts, edge: EdgeAt) -> TimeSlices[Moment]:
    rule = facts.rule_at(edge.step)
    how = "has passed" if edge.step else "starts above"
    growth = yield from overshoot(facts, edge)
    if rule.kind == "gd" and growth > 1:
        what = f"each step {'now ' if edge.step else ''}overshoots more than the last."
    else:
        what = "to second order its steps along the sharpest direction grow."
    words = f"{how} {_named(rule, edge)}: {what}"
    numbers = edge.numbers | ({"growth a step": growth} if growth > 1 else {})
    return facts.moment("edge", edge.step, words, numbers)


def _named(rule: Optimizer, edge: EdgeAt) -> str:
    """The bound as a sentence has it: by its formula where that is of the Hessian itself."""
    bound, known = short_number(edge.edge.bound), BOUNDS[rule.kind]
    return f"its bound {bound}" if known.preconditioned else f"{known.text.replace(' / ', '/')} = {bound}"


def overshoot(facts: RunFacts, edge: EdgeAt) -> TimeSlices[float]:
    """By what the slope along the sharpest direction is multiplied at a step, where each one turns it round.

    0 where it does not turn every time, or grows at some steps and shrinks at others.
    """
    last = min(edge.step + WATCHED, facts.entries)
    if edge.vector is None or last - edge.step < WATCHED:
        return 0.0
    thetas = yield from facts.thetas(edge.step, last)
    slopes = (yield from facts.gradients(thetas)) @ edge.vector
    if not np.isfinite(slopes).all() or not slopes.all():
        return 0.0
    factors = slopes[1:] / slopes[:-1]
    alike = (factors < -1).all() or ((factors < 0) & (factors > -1)).all()
    return float(-factors.mean()) if alike else 0.0


def _hovering(facts: RunFacts, first: EdgeAt, samples: Sequence[EdgeAt]) -> list[Moment]:
    """Sharpness that rose to where the rate is the bound, and stays there."""
    cost, low, high = facts.trajectory.cost, *NEAR
    after = [edge for edge in samples if edge.step >= first.step]
    stays = next((k for k, edge in enumerate(after) if not low <= edge.ratio <= high), len(after))
    level = first.edge.line
    # a rate that is warmed up comes to its bound by itself, under a sharpness that stays
    if samples[0].edge.sharpness > BELOW * level or stays < WATCHED:
        return []
    begin, end = first.step + news_span(facts.steps) // 2, after[stays - 1].step
    if end - first.step < LONG * facts.entries or end <= begin:
        return []
    name = "its bound" if first.vector is None or facts.rule_at(first.step).kind != "gd" else "2/η"
    falls = " while the cost falls" if cost[end] < cost[first.step] else ""
    rose = f"the sharpness rose to {name} = {short_number(level)}"
    words = f"hovers at the edge of stability: {rose} and stays near it{falls}."
    numbers = {
        "sharpness at the start": samples[0].edge.sharpness,
        "sharpness at the bound": level,
        "sharpness λ": after[stays - 1].edge.sharpness,
    }
    return [facts.moment("hovering", begin, words, numbers, end)]


def _zigzag(facts: RunFacts, samples: Sequence[EdgeAt]) -> TimeSlices[list[Moment]]:
    """Steps of gradient descent that overshoot from the start, each less than the one before."""
    if not samples or samples[0].step or facts.rule_at(0).kind != "gd" or samples[0].ratio <= 0.5:
        return []
    left = yield from overshoot(facts, samples[0])
    if not 0 < left < 1:
        return []
    words = (
        f"zigzags: along the sharpest direction each step overshoots, {short_number(left, 2)} times as far "
        "as the last."
    )
    return [facts.moment("zigzag", 0, words, samples[0].numbers | {"left of it a step": left})]


def _cause(facts: RunFacts, last: int) -> TimeSlices[tuple[str, dict[str, float]]]:
    """Why a run diverged: a rate above its bound to the end, a step that left all behind, or neither."""
    if _is_bounded(facts) and last >= WATCHED:
        samples = yield from _samples(facts)
        below = [place for place, edge in enumerate(samples) if edge.ratio <= 1]
        tail = samples[below[-1] + 1 if below else 0 :]
        if tail and tail[-1].step == last and last - tail[0].step >= WATCHED:
            first = tail[0]
            since = f"from step {first.step} on" if first.step else "from the start"
            bound, rate = _named(facts.rule_at(first.step), first), short_number(first.edge.learning_rate)
            return f"its rate {rate} was above {bound} {since}.", first.numbers
    thrown = yield from _thrown(facts, last)
    if thrown is not None:
        return thrown
    cost = facts.trajectory.cost
    numbers = {"cost at the start": float(cost[0]), "last cost": float(cost[last])}
    return "its cost grew beyond a million times what it began with.", numbers


def _thrown(facts: RunFacts, last: int) -> TimeSlices[tuple[str, dict[str, float]] | None]:
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
    return f"step {first + step + 1} was {times(factor)} as long as all its parameters together.", numbers


@np.errstate(all="ignore")
def _next_step(facts: RunFacts, step: int) -> float:
    context = facts.again.step_at(step)
    return float(norm(context.update(context.recipe.optimizer, context.state)[0]))
