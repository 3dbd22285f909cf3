"""Slow beside a saddle, and away from it again: where a gradient falls low and rises once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from descentscape.core.descent.stationarity import FLAT
from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import Moment, direction_words, times
from descentscape.core.explain.moments.resting import (
    MOST_SEARCHED,
    MOVING,
    numbers_of,
    plainly,
    surroundings,
)
from descentscape.core.landscape.curvature import Curvature
from descentscape.core.norm import largest, norm
from descentscape.core.objective import Array
from descentscape.core.time_slices import TimeSlices

LOW = 0.2
"""Beside a saddle the gradient is below this share of the largest before,"""

AGAIN, AWAY = 3.0, 0.05
"""and later so many times as large as there, and no less than this share of the largest."""

MOST_DIPS = 3
"""So many places of a run are looked at, the lowest first."""

ITERATIONS = 30
"""Steps of Newton's method from the run to the critical point beside it."""

NEARBY = 0.25
"""How far that may be, as a share of the farthest that the run gets from its start."""

PURE = 0.9
"""A run leaves along a direction that has this share of its way from the saddle."""


@dataclass(frozen=True)
class Dip:
    """The entry where a gradient is least, from which entry it is nearly that, and when it is large again.

    ``left`` is the number of entries where it never is.
    """

    least: int
    first: int
    left: int


def slowing(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """The saddles that a run is slowed down by and leaves, those that can be found beside it."""
    if facts.objective.dim > MOST_SEARCHED or not facts.small or facts.moved_by_hand:
        return []
    norms = yield from facts.norms()
    still = facts.trajectory.stationary_at is not None
    dips = [dip for dip in dips_of(norms) if not (still and dip.left == len(norms))]
    dips = sorted(dips, key=lambda dip: float(norms[dip.least]))[:MOST_DIPS]
    found: list[Moment] = []
    reach = (yield from _reach(facts)) if dips else 0.0
    for dip in dips:
        found += yield from _beside(facts, dip, norms, reach)
    return found


def dips_of(norms: Array) -> Iterator[Dip]:
    """Where ‖∇C‖ falls to a fifth of the largest before and then is several times its least again.

    What counts as none beside the largest is no less than that. Between two of them it must be large. The
    last one may be at the end, and not be left.
    """
    highest = np.maximum.accumulate(norms)
    sizes, low = np.maximum(norms, MOVING * FLAT * highest), (norms <= LOW * highest).tolist()
    away = (AWAY * highest).tolist()
    least, after = -1, 0
    for entry, size in enumerate(sizes.tolist()):
        if after and not low[entry]:
            after, least = 0, -1
        if not after and low[entry] and (least < 0 or size < sizes[least]):
            least = entry
        elif not after and least >= 0 and size >= max(AGAIN * sizes[least], away[entry]) > 0:
            yield _dip(sizes, least, away[entry], entry)
            after = entry
    if not after and least >= 0 and highest[-1]:
        yield _dip(sizes, least, away[-1], len(norms))


def _dip(sizes: Array, least: int, away: float, left: int) -> Dip:
    before = np.flatnonzero(sizes[:least] > max(2 * sizes[least], away))
    return Dip(least, int(before[-1]) + 1 if before.size else 0, left)


def _reach(facts: RunFacts) -> TimeSlices[float]:
    """How far the run gets from its start."""
    start, farthest = (yield from facts.theta_at(0)), 0.0
    for step in facts.spread(17).tolist():
        farthest = max(farthest, float(norm((yield from facts.theta_at(step)) - start)))
    return farthest


def _beside(facts: RunFacts, dip: Dip, norms: Array, reach: float) -> TimeSlices[list[Moment]]:
    theta = yield from facts.theta_at(dip.least)
    beside = largest(norms[: dip.least + 1])
    point = yield from _critical_near(facts, theta, beside, reach)
    if point is None or float(norm(point - theta)) > NEARBY * reach:
        return []
    found = yield from plainly(facts, point, beside)
    if found is None or found.classification != "saddle":
        return []
    numbers = numbers_of(found) | {
        "distance from the saddle": float(norm(point - theta)),
        "gradient’s norm ‖∇C‖": float(norms[dip.least]),
    }
    near = f"is slow beside a saddle: {surroundings(facts, point, found)}."
    slow = facts.moment("slow", dip.first, near, numbers, dip.left - 1, point)
    if dip.left == len(norms):
        return [slow]
    return [slow, (yield from _left(facts, dip, norms, point, found))]


def _left(facts: RunFacts, dip: Dip, norms: Array, point: Array, found: Curvature) -> TimeSlices[Moment]:
    before, after = float(norms[dip.least]), float(norms[dip.left])
    way = ""
    if facts.objective.dim == 2:
        down = np.linalg.eigh(facts.objective.hessian(point))[1][:, 0]
        gone = (yield from facts.theta_at(dip.left)) - point
        if float(abs(gone @ down)) > PURE * float(norm(gone)):
            way = f" {direction_words(facts.objective.parameter_names(), down)}"
    grown = f"is {times(after / before)} the least" if before else "is zero no more"
    words = f"left the saddle{way} at step {dip.left}: its gradient {grown}."
    numbers = {
        "least gradient": before,
        "gradient’s norm ‖∇C‖": after,
        "lowest curvature λ": float(found.eigenvalues[0]),
    }
    return facts.moment("left_saddle", dip.left, words, numbers)


def _critical_near(facts: RunFacts, theta: Array, beside: float, reach: float) -> TimeSlices[Array | None]:
    """Where Newton's method comes to from theta within ``reach``, if its gradient is nothing there."""
    point, objective = theta, facts.objective
    for _ in range(ITERATIONS):
        grad, hessian = objective.value_and_grad(point)[1], objective.hessian(point)
        if not (np.isfinite(grad).all() and np.isfinite(hessian).all()):
            return None
        if float(norm(grad)) <= FLAT * FLAT * beside:
            break
        point = point - np.linalg.pinv(hessian, hermitian=True) @ grad
        if float(norm(point - theta)) > reach:
            return None
        yield
    return point if float(norm(objective.value_and_grad(point)[1])) <= FLAT * beside else None
