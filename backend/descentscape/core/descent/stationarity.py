"""Whether a run stands still: its gradient is nothing beside the largest so far, or beside its rounding.

Neither test changes when the cost gains a constant or a factor, or the parameters are in other units.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from descentscape.core.objective import Array, Objective

FLAT = 1e-6
"""A gradient is nothing below this share of the largest norm of the run so far."""

GRADIENT_ROUNDINGS = 8.0
"""It is nothing below so many times what rounding can falsify it by, which is an estimate to first order."""

STEPS = 10
"""Consecutive entries without a gradient that make a run stationary."""

RARELY, EVERY = 1024, 64
"""The rounding is worked out at every so many entries, and more often"""

FAR, NEAR = 1e6, 1e3
"""where the gradient is within so many times what it was, or at every entry where it is that near."""


def nothing_below(largest: float, rounding: float) -> float:
    """The norm up to which a gradient is nothing beside the ``largest`` one, or beside its ``rounding``."""
    return max(FLAT * largest, GRADIENT_ROUNDINGS * rounding)


def roundings(objective: Objective, theta: Array, norms: Array, before: Array) -> Array:
    """The rounding that each of theta ``(S, P)`` is held against, the newest of the entries of ``norms``.

    ``before`` holds those of the entries before. To work it out takes a few gradients, so that it is done
    only where it may matter, one theta at a time, however the run was sliced.
    """
    largest, first = _largest(norms), len(before)
    known = float(before[-1]) if first else 0.0
    found = np.empty(len(theta))
    for k, norm in enumerate(norms[first:].tolist()):
        often = EVERY if norm <= FAR * known else RARELY
        if (first + k) % often == 0 or FLAT * largest[first + k] < norm <= NEAR * known:
            known = objective.grad_rounding(theta[k])
        found[k] = known
    return found


def stationary_at(norms: Array, rounding: Array) -> int | None:
    """The first of 10 consecutive entries ``(S,)`` whose gradient is nothing, None without."""
    if len(norms) < STEPS:
        return None
    flat = norms <= np.maximum(FLAT * _largest(norms), GRADIENT_ROUNDINGS * rounding)
    stretches = sliding_window_view(flat, STEPS).all(axis=1)
    return int(stretches.argmax()) if stretches.any() else None


def _largest(norms: Array) -> Array:
    """The largest finite norm up to each entry."""
    largest: Array = np.maximum.accumulate(np.where(np.isfinite(norms), norms, 0.0))
    return largest
