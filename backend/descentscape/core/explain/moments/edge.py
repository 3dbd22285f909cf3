"""The largest learning rate that the curvature admits, at entries along a run."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import news_span
from descentscape.core.explain.stability import BOUNDS, Bound, Edge, edge_at
from descentscape.core.landscape.curvature import DENSE_ON_PATHS, extremes, sharpness
from descentscape.core.number_format import short_number
from descentscape.core.optimizers import Optimizer
from descentscape.core.time_slices import TimeSlices

SAMPLES, FEWER, FEWEST = 65, 33, 13
"""Entries that the bound is worked out at: of two parameters, of a few, of many or by effective rates."""

WATCHED = 5
"""Gradients in a row that must show that steps overshoot."""


@dataclass(frozen=True)
class Overshoot:
    """By what the slope along the sharpest direction is multiplied at a step, each one turning it round.

    ``factor`` is the mean of the first ones; up to the entry ``last`` all are above 1, or all below it.
    """

    factor: float
    last: int


@dataclass(frozen=True)
class EdgeAt:
    """The edge at an entry, for the rule that makes the next step."""

    step: int
    edge: Edge
    rule: Optimizer

    @property
    def ratio(self) -> float:
        """The learning rate as a share of its bound."""
        return self.edge.learning_rate / self.edge.bound

    @property
    def known(self) -> Bound:
        """The rule's bound."""
        return BOUNDS[self.rule.kind]

    @property
    def name(self) -> str:
        """The bound as a sentence has it: by its formula where that is short."""
        bound = short_number(self.edge.bound)
        return f"2/λ = {bound}" if self.rule.kind == "gd" else f"its bound {bound}"

    @property
    def numbers(self) -> dict[str, float]:
        """What the sentences are of."""
        edge = self.edge
        bound = f"bound {self.known.text}"
        highest = "sharpness λ, preconditioned" if self.known.preconditioned else "sharpness λ"
        return {"learning rate η": edge.learning_rate, bound: edge.bound, highest: edge.sharpness}


def samples_of(facts: RunFacts) -> TimeSlices[list[EdgeAt]]:
    """The edge at entries all along a run; none where a bound is not known all the way.

    Of steps by mini-batches, or with noise, it is that of the cost of all examples.
    """
    if not is_bounded(facts):
        return []
    found = []
    for step in facts.spread(sample_count(facts.objective.dim, facts.rule_at(0).kind)).tolist():
        edge = yield from edge_of(facts, step)
        found += [] if edge is None else [edge]
        yield
    return found


def is_bounded(facts: RunFacts) -> bool:
    """Whether every rule of a run has a bound, and its steps are those of the rule."""
    if not (facts.known and facts.small and facts.entries > 1) or facts.recipe is None or facts.recipe.clip:
        return False
    steps = (0, *(edit.step for edit in facts.edits))
    return all(facts.rule_at(step).kind in BOUNDS for step in steps)


def sample_count(dim: int, kind: str) -> int:
    """How many entries of a run by a rule are looked at; none where it has no bound."""
    if kind not in BOUNDS:
        return 0
    if dim > DENSE_ON_PATHS or BOUNDS[kind].preconditioned:
        return FEWEST
    return SAMPLES if dim == 2 else FEWER


def edge_of(facts: RunFacts, step: int) -> TimeSlices[EdgeAt | None]:
    """The edge at an entry; None where the curvature is not finite or there is no bound."""
    rule, highest = facts.rule_at(step), nan
    try:
        if not BOUNDS[rule.kind].preconditioned:
            theta = yield from facts.theta_at(step)
            highest = (yield from sharpness(facts.objective, theta)).highest
        edge = yield from edge_at(facts.trajectory, facts.objective, step, highest)
    except InvalidValue:
        return None
    return None if isnan(edge.bound) else EdgeAt(step, edge, rule)


def first_over(facts: RunFacts, below: EdgeAt, over: EdgeAt) -> TimeSlices[EdgeAt]:
    """The entry between two at which the rate is over its bound, and was not one entry before."""
    low, high = below.step, over
    while high.step - low > 1:
        middle = yield from edge_of(facts, (low + high.step) // 2)
        if middle is None:
            break
        low, high = (low, middle) if middle.ratio > 1 else (middle.step, high)
        yield
    return high


def overshoot(facts: RunFacts, edge: EdgeAt) -> TimeSlices[Overshoot | None]:
    """How gradient descent overshoots from an entry on, as far as that is news; None where it does not."""
    end = min(edge.step + max(WATCHED, news_span(facts.steps)), facts.entries)
    if edge.rule.kind != "gd" or not facts.whole or end - edge.step < WATCHED:
        return None
    thetas = yield from facts.thetas(edge.step, end)
    _, (sharpest, _) = yield from extremes(facts.objective, thetas[0])
    slopes = (yield from facts.gradients(thetas)) @ sharpest
    known = np.isfinite(slopes) & (slopes != 0)
    if not known[:WATCHED].all():
        return None
    factors = slopes[1:][known[1:]] / slopes[:-1][known[1:]]
    grows = factors < -1
    alike = grows if grows[0] else (factors < 0) & ~grows
    count = len(alike) if alike.all() else int(alike.argmin())
    if count < WATCHED - 1:
        return None
    return Overshoot(float(-factors[: WATCHED - 1].mean()), edge.step + count)
