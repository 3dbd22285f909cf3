"""A step length along a line that satisfies the strong Wolfe conditions."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, sqrt
from typing import NamedTuple

from descentscape.core.objective import Array

DECREASE = 1e-4
"""c₁: the cost must fall by this share of what the slope at the start promises."""

CURVATURE = 0.9
"""c₂: the slope must shrink to this share of the slope at the start."""

MOST_TRIALS = 25
"""Trials of one search; after them the best length so far is taken."""


class Trial(NamedTuple):
    """The line at one length: cost, slope along the line, and the gradient ``(P,)`` there."""

    length: float
    cost: float
    slope: float
    grad: Array


def strong_wolfe(trial: Callable[[float], Trial], start: Trial, length: float) -> Trial:
    """A length t > 0 with φ(t) ≤ φ(0) + c₁ t φ'(0) and |φ'(t)| ≤ c₂ |φ'(0)|, tried from ``length`` on.

    ``start`` is the line at length 0 and must fall. When no such length is found within MOST_TRIALS the best
    that was seen is returned, which can be ``start`` itself: at a minimum to round-off, for example.
    Nocedal & Wright, Numerical Optimization (2nd ed. 2006), algorithms 3.5 and 3.6, with the cubic
    interpolation of (3.59). A cost that is not finite counts as too high.
    """
    before = start
    for tried in range(1, MOST_TRIALS + 1):
        here = trial(length)
        if not _falls_enough(start, here) or (tried > 1 and here.cost >= before.cost):
            return _zoom(trial, start, before, here, MOST_TRIALS - tried)
        if _is_flat_enough(start, here):
            return here
        if here.slope >= 0:
            return _zoom(trial, start, here, before, MOST_TRIALS - tried)
        before, length = here, _between(_cubic_minimum(before, here), 2 * length, 10 * length)
    return before


def _zoom(trial: Callable[[float], Trial], start: Trial, low: Trial, high: Trial, trials: int) -> Trial:
    """Narrow an interval whose lower end ``low`` is the best so far and falls towards ``high``."""
    for _ in range(trials):
        margin = 0.1 * (high.length - low.length)
        if low.length + margin == low.length:
            break
        here = trial(_between(_cubic_minimum(low, high), low.length + margin, high.length - margin))
        if not _falls_enough(start, here) or here.cost >= low.cost:
            high = here
            continue
        if _is_flat_enough(start, here):
            return here
        if here.slope * (high.length - low.length) >= 0:
            high = low
        low = here
    return low


def _falls_enough(start: Trial, here: Trial) -> bool:
    return here.cost <= start.cost + DECREASE * here.length * start.slope


def _is_flat_enough(start: Trial, here: Trial) -> bool:
    return abs(here.slope) <= -CURVATURE * start.slope


def _cubic_minimum(a: Trial, b: Trial) -> float:
    """Where the cubic through both costs and slopes is least; the middle where it has no minimum."""
    middle = (a.length + b.length) / 2
    if not (isfinite(b.cost) and isfinite(b.slope)):
        return middle
    d1 = a.slope + b.slope - 3 * (a.cost - b.cost) / (a.length - b.length)
    square = d1 * d1 - a.slope * b.slope
    if not square >= 0:
        return middle
    d2 = sqrt(square) if b.length > a.length else -sqrt(square)
    denominator = b.slope - a.slope + 2 * d2
    if denominator == 0:
        return middle
    return b.length - (b.length - a.length) * (b.slope + d2 - d1) / denominator


def _between(length: float, end: float, other: float) -> float:
    """The length, moved into the interval between the two ends."""
    return min(max(length, min(end, other)), max(end, other))
