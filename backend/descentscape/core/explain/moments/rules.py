"""What the rule itself does: Newton's jump, momentum that overshoots, clipping, a schedule."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np

from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import Moment
from descentscape.core.explain.moments.resting import MOST_SEARCHED
from descentscape.core.explain.newton import NewtonStep, newton_step
from descentscape.core.number_format import short_number
from descentscape.core.objective import Array, Mask
from descentscape.core.optimizers.base import remembered
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import SLICE_WORK, in_thread_if_long

NEWTON = "newton"

HIGH = {"saddle": "saddle", "maximum": "summit"}
"""Goals of its steps that lie not low, with their words."""

SOLVED = 1e-6
"""A jump has arrived where the gradient is this share of what it was."""

RISE = 0.02
"""How much of all that a run descends it must climb to have overshot."""

OFTEN = 3
"""Climbs that make swinging."""

MOST_CLIMBS = 6
"""Climbs that are looked at, the first ones: each takes the gradients of its steps."""

FRACTIONS = ((0.5, "half"), (0.1, "a tenth"), (0.01, "a hundredth"))
"""Shares of its highest rate that a schedule is told to have come below, and their words."""

ABOUT = 0.9
"""A rate no lower than this share of such a part is told to be the part itself."""

FACTORISED = 12
"""Gradients that taking a small Hessian apart takes as long as."""


def newton_jump(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """Where Newton's first step leads: to the minimum at once, or towards a saddle or a summit."""
    if not facts.known or facts.rule_at(0).kind != NEWTON or not facts.whole or not facts.small:
        return []
    if facts.objective.dim > MOST_SEARCHED or facts.entries < 2:
        return []
    norms = yield from facts.norms()
    theta = yield from facts.theta_at(0)
    damping: float = getattr(facts.rule_at(0), "damping", 0.0)
    work = partial(newton_step, facts.objective, theta, damping)
    step = yield from in_thread_if_long(facts.objective, work, FACTORISED)
    numbers = {"gradient before": float(norms[0]), "gradient after": float(norms[1])}
    if step.target == "minimum" and norms[1] <= SOLVED * norms[0] and _is_exact(step):
        words = "is at the minimum after one jump: its quadratic model is exact here."
        return [facts.moment("newton", 1, words, numbers)]
    if step.target not in HIGH or not step.negative_count:
        return []
    words = f"heads for a {HIGH[step.target]}: any level point is a goal to Newton’s method."
    numbers = {"lowest curvature λ": float(step.eigenvalues[0])} | {
        "highest curvature λ": float(step.eigenvalues[-1]),
        "slope along its step": step.slope,
    }
    return [facts.moment("newton", 0, words, numbers)]


def _is_exact(step: NewtonStep) -> bool:
    """Whether the model foretold the change of the cost."""
    return abs(step.predicted - step.real) <= SOLVED * abs(step.predicted)


def swinging(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """Where a memory of past gradients carries a run uphill, for the first time and again and again."""
    if not (facts.known and facts.whole) or facts.moved_by_hand or facts.entries < 3:
        return []
    if not any(about.drawn for about in remembered(facts.rule_at(0).memory).values()):
        return []
    cost = facts.trajectory.cost
    climbs = climbs_of(cost, RISE * float(cost[0] - cost.min()))
    found: list[Moment] = []
    turn = 0
    for low, high in climbs[:MOST_CLIMBS]:
        if turn == OFTEN or not (yield from _is_carried(facts, low, high)):
            continue
        turn += 1
        if turn not in (1, OFTEN):
            continue
        carried = f"at step {low + 1} momentum carries it uphill"
        words = f"overshoots: {carried}."
        if turn == OFTEN:
            words = f"swings to and fro: {carried} a third time."
        numbers = {
            "lowest before": float(cost[low]),
            "highest after": float(cost[high]),
            "climb": float(turn),
        }
        found.append(facts.moment("swing", low + 1, words, numbers))
    return found


def climbs_of(cost: Array, least: float) -> list[tuple[int, int]]:
    """From where to where the cost rises step by step, by more than ``least``."""
    rises = np.diff(cost) > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], rises, [0]])))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(low, high) for low, high in pairs if low and cost[high] - cost[low] > least > 0]


def _is_carried(facts: RunFacts, low: int, high: int) -> TimeSlices[bool]:
    """Whether the steps of a climb set out uphill, where minus the gradient points down."""
    thetas = yield from facts.thetas(low, high + 1)
    gradients = yield from facts.gradients(thetas[:-1])
    ahead: Mask = (np.diff(thetas, axis=0) * gradients).sum(axis=1) > 0
    return bool(ahead[1:].all() and (len(ahead) > 1 or ahead.all()))


def clipping(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """Where clipping begins to shorten gradients, as long as it does so without a pause."""
    if not facts.known or facts.recipe is None or facts.recipe.clip is None or not facts.entries:
        return []
    acts = yield from _clipped(facts)
    if not acts.any():
        return []
    first = int(acts.argmax())
    rest = np.flatnonzero(~acts[first:])
    last = first + int(rest[0]) - 1 if rest.size else facts.entries - 1
    context = yield from in_thread_if_long(facts.objective, lambda: facts.again.step_at(first), 32)
    before, after = float(np.linalg.norm(context.grad)), float(np.linalg.norm(context.received))
    cut = f"of length {short_number(before)} is cut to {short_number(after)}"
    words = f"is clipped: at step {first} its gradient {cut}."
    return [facts.moment("clipped", first, words, {"length before": before, "length after": after}, last)]


def _clipped(facts: RunFacts) -> TimeSlices[Mask]:
    """At which entries the next step's gradient is cut; as many as can be made again in a moment."""
    size = max(1, int(SLICE_WORK // max(facts.again.run.step_work, SLICE_WORK // 64)))
    marks: list[bool] = []
    most = min(facts.entries, 64 * size)
    for first in range(0, most, size):
        part = yield from in_thread_if_long(
            facts.objective, partial(facts.again.replay, first, min(first + size, most)), size
        )
        marks += [step.clipped for step in part]
        yield
    return np.array(marks, dtype=bool)


def scheduled(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """Where a schedule has brought the rate below a half, a tenth, a hundredth of its highest."""
    yield from ()
    if not facts.known or facts.recipe is None or facts.recipe.schedule.kind == "constant" or facts.changed:
        return []
    rates = facts.trajectory.learning_rate[: facts.entries]
    highest = np.maximum.accumulate(rates)
    # a rate that is warmed up begins as its own highest
    places = [np.flatnonzero((rates <= part * highest) & (rates < highest)) for part, _ in FRACTIONS]
    firsts = [int(place[0]) if place.size else None for place in places]
    found = []
    for (first, following), (part, words) in zip(pairwise([*firsts, None]), FRACTIONS, strict=True):
        # where one drop passes two of them, the smaller one is told
        if first is None or first == following or rates[first] <= 0:
            continue
        over = "" if rates[first] > ABOUT * part * highest[first] else "less than "
        cut = f"{over}{words}, {short_number(rates[first])}"
        said = f"takes smaller steps: its rate is cut to {cut}."
        numbers = {"learning rate η": float(rates[first]), "highest rate": float(highest[first])}
        found.append(facts.moment("schedule", first, said, numbers))
    return found
