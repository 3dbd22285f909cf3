"""Where a run stands still: on a saddle, in a minimum, on a flat, or on the tip of a kink."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from descentscape.core.descent.computed import searched
from descentscape.core.descent.stationarity import FLAT
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import Moment, across, direction_words
from descentscape.core.landscape.curvature import DENSE_ON_PATHS, Curvature, classify, spectrum
from descentscape.core.norm import largest
from descentscape.core.objective import Array
from descentscape.core.time_slices import TimeSlices

MOST_SEARCHED = DENSE_ON_PATHS
"""Parameters up to which a critical point beside a run is searched for."""

FAINT = 1e-4
"""A bend below this share of the strongest one is hardly any: its sign may be that of what is left to go."""

MOVING = 10.0
"""A run moves again where its gradient is so many times what counts as none."""

NAMES = {"saddle": "saddle", "minimum": "minimum", "degenerate": "flat", "maximum": "flat"}
"""The kind of moment for each kind of critical point."""

STANDING = {"saddle": " on a saddle", "minimum": " in a minimum", "maximum": " on a summit"}
"""As one stands on it; nothing where the bends do not tell."""


def standing_still(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """Since when a run stands still, and what kind of point it is."""
    if facts.trajectory.status == "no_slope":
        last = facts.entries - 1
        words = "rests on the tip of a kink: there the cost has no slope to go down."
        numbers = {"cost C": float(facts.trajectory.cost[last])}
        return [facts.moment("kink", last, words, numbers, facts.steps)]
    yield from searched(facts.trajectory)
    since = facts.trajectory.stationary_at
    if since is None or since >= facts.entries or not facts.small:
        return []
    norms = yield from facts.norms()
    theta = yield from facts.theta_at(since)
    beside = largest(norms[: since + 1])
    found = yield from plainly(facts, theta, beside)
    if found is None or found.classification not in NAMES:
        return []
    moving = np.flatnonzero(norms[since:] > MOVING * FLAT * beside)
    last = since + int(moving[0]) - 1 if moving.size else facts.entries - 1
    words = f"stands still{STANDING.get(found.classification, '')}: {surroundings(facts, theta, found)}."
    numbers = numbers_of(found) | {"cost C": found.cost, "gradient’s norm ‖∇C‖": found.grad_norm}
    return [facts.moment(NAMES[found.classification], since, words, numbers, last, theta)]


def plainly(facts: RunFacts, theta: Array, beside: float) -> TimeSlices[Curvature | None]:
    """The spectrum at a critical point, faint bends counted as none; None where it is not known whole."""
    try:
        found = yield from spectrum(facts.objective, theta, beside)
    except InvalidValue:
        return None
    if not found.complete or found.index is None:
        return None
    zero = max(found.zero_below, FAINT * float(np.abs(found.eigenvalues).max()))
    return replace(found, zero_below=zero, classification=classify(found.eigenvalues, zero))


def surroundings(facts: RunFacts, theta: Array, found: Curvature) -> str:
    """Which ways the surface goes up and down there: by name for two parameters, by kind for more."""
    if facts.objective.dim == 2 and found.classification in ("saddle", "degenerate"):
        values, vectors = np.linalg.eigh(facts.objective.hessian(theta))
        names = facts.objective.parameter_names()
        low, high = (direction_words(names, vector) for vector in vectors.T)
        ways = f"{_way(values[1], found)} {high}, {_way(values[0], found)} {across(high, low)}"
        return ways if found.eigenvalues.any() else "no slope and no curvature"
    signs = {_way(value, found) for value in found.eigenvalues.tolist()}
    if len(signs) == 1:
        way = signs.pop()
        return "no slope and hardly any curvature" if way == LEVEL else f"{way} in every direction"
    one, other, *_ = (way for way in (UPHILL, DOWNHILL, LEVEL) if way in signs)
    return f"{one} in some directions, {other} in others"


UPHILL, DOWNHILL, LEVEL = "uphill", "downhill", "nearly level"


def _way(value: float, found: Curvature) -> str:
    """Where the surface goes along a direction of this bend, both ways."""
    if abs(value) <= found.zero_below:
        return LEVEL
    return UPHILL if value > 0 else DOWNHILL


def numbers_of(found: Curvature) -> dict[str, float]:
    """The ends of the spectrum, and of many directions how many go up and down."""
    numbers = {
        "highest curvature λ": float(found.eigenvalues[-1]),
        "lowest curvature λ": float(found.eigenvalues[0]),
    }
    if len(found.eigenvalues) > 2:
        ways = [_way(value, found) for value in found.eigenvalues.tolist()]
        numbers |= {
            f"directions {way}": float(ways.count(way)) for way in (UPHILL, DOWNHILL, LEVEL) if way in ways
        }
    return numbers
