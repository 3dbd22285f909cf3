"""The derivative as a linear map: what it predicts of a nudge, what happens, and how fine one can look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.explain.kinks import crossings
from descentscape.core.number_format import number
from descentscape.core.objective import Array, Indices, Objective

SIZES = np.logspace(0, -8, 33)
"""Sizes of a nudge unless given: four to a decade."""

DIFFERENCES = np.logspace(0, -12, 49)
"""Steps h of the finite differences: four to a decade."""

CLEAR = 30.0
"""An error counts as seen above this times the round-off floor."""

SEEN_KINK = 1.5
"""An order below this is that of a kink between two slopes."""

FITTED = 8
"""An order is fitted to the so many smallest sizes whose error is seen: two decades."""


@dataclass(frozen=True, eq=False)
class NudgeEffect:
    """C(θ + s v) − C(θ) for sizes s ``(M,)``, beside what the derivatives at θ predict.

    - ``slope`` = ⟨∇C, v⟩ and ``curvature`` = vᵀ H v
    - ``real``, ``predicted`` = s ⟨∇C, v⟩, ``second`` = ½ s² vᵀ H v, ``(M,)`` each
    - ``first_error`` = |real − predicted|, ``second_error`` = |real − predicted − second|, ``(M,)``
    - ``floor`` ``(M,)``: about how far round-off alone puts the real change off, ε (|C(θ)| + |C(θ + s v)|)
    - ``first_order``, ``second_order``: the powers of s with which the errors fall where they stand clear of
      the floor (2 and 3 for a smooth cost, 1 and 1 at a kink); None if they do not
    - ``crossings`` ``(M,)``: how many kinks lie between θ and θ + s v; ``note`` says what that means
    """

    slope: float
    curvature: float
    sizes: Array
    real: Array
    predicted: Array
    second: Array
    first_error: Array
    second_error: Array
    floor: Array
    first_order: float | None
    second_order: float | None
    crossings: Indices
    note: str


@dataclass(frozen=True, eq=False)
class DifferenceLimit:
    """Difference quotients along v for steps h ``(M,)``, beside the slope that they tend to.

    ``forward`` = (C(θ + h v) − C(θ)) / h and ``central`` = (C(θ + h v) − C(θ − h v)) / 2h, ``(M,)``, with
    their distances from ``slope``; ``floor`` ``(M,)`` is what round-off alone does to the forward quotient,
    2 ε |C| / h, and ``best`` the h at which that meets the truncation error ½ h |vᵀ H v| (None without any).
    """

    slope: float
    h: Array
    forward: Array
    central: Array
    forward_error: Array
    central_error: Array
    floor: Array
    best: float | None


@np.errstate(all="ignore")
def nudge_along(objective: Objective, theta: Array, v: Array, sizes: Array = SIZES) -> NudgeEffect:
    """Nudge theta ``(P,)`` along v ``(P,)``, as long as it is, by sizes ``(M,)``; InvalidValue for v = 0."""
    slope, curvature = _derivatives(objective, theta, v)
    points = theta + sizes[:, None] * v
    costs = objective.value(np.concatenate([theta[None], points]))
    real, predicted, second = costs[1:] - costs[0], sizes * slope, 0.5 * sizes**2 * curvature
    first_error, second_error = np.abs(real - predicted), np.abs(real - predicted - second)
    floor = np.finfo(float).eps * (np.abs(costs[0]) + np.abs(costs[1:]))
    crossed, first_order = crossings(objective, theta, points), _order(sizes, first_error, floor)
    return NudgeEffect(
        slope=slope,
        curvature=curvature,
        sizes=sizes,
        real=real,
        predicted=predicted,
        second=second,
        first_error=first_error,
        second_error=second_error,
        floor=floor,
        first_order=first_order,
        second_order=_order(sizes, second_error, floor),
        crossings=crossed,
        note=_note(crossed, sizes, first_order),
    )


@np.errstate(all="ignore")
def difference_limit(objective: Objective, theta: Array, v: Array, h: Array = DIFFERENCES) -> DifferenceLimit:
    """Difference quotients at theta ``(P,)`` along v ``(P,)`` for h ``(M,)``; InvalidValue for v = 0."""
    slope, curvature = _derivatives(objective, theta, v)
    steps = h[:, None] * v
    costs = objective.value(np.concatenate([theta[None], theta + steps, theta - steps]))
    here, ahead, behind = costs[0], costs[1 : len(h) + 1], costs[len(h) + 1 :]
    forward, central = (ahead - here) / h, (ahead - behind) / (2 * h)
    rounding = 2 * np.finfo(float).eps * float(np.abs(here))
    best = (2 * rounding / abs(curvature)) ** 0.5 if curvature and rounding else None
    errors = np.abs(forward - slope), np.abs(central - slope)
    return DifferenceLimit(slope, h, forward, central, *errors, rounding / h, best)


def _derivatives(objective: Objective, theta: Array, v: Array) -> tuple[float, float]:
    """⟨∇C, v⟩ and vᵀ H v."""
    if v.shape != theta.shape or not (np.isfinite(v).all() and v.any()):
        raise InvalidValue("v", f"{len(theta)} finite numbers, not all zero", v.tolist())
    return float(objective.value_and_grad(theta)[1] @ v), float(objective.hvp(theta, v) @ v)


def _order(sizes: Array, errors: Array, floor: Array) -> float | None:
    """The slope of log error over log size at the smallest sizes whose errors stand clear of the floor."""
    seen = np.flatnonzero((errors > CLEAR * floor) & np.isfinite(errors) & (sizes > 0))
    smallest = seen[np.argsort(sizes[seen])][:FITTED]
    if len(smallest) < FITTED:
        return None
    return float(np.polyfit(np.log(sizes[smallest]), np.log(errors[smallest]), 1)[0])


def _note(crossed: Indices, sizes: Array, first_order: float | None) -> str:
    if not crossed.any():
        return "No kink lies on the way: errors should fall as the size squared, with the second order cubed."
    smallest = sizes[crossed > 0].min()
    if crossed.all() and (first_order is None or first_order > SEEN_KINK):
        return "The nudge starts at a kink, but both sides have the same slope: the linear prediction holds."
    if crossed.all():
        return "The nudge starts at a kink: the linear prediction is off in proportion to the size itself."
    return f"From a size of {number(smallest, 2)} on the nudge crosses kinks; short of them it is smooth."
