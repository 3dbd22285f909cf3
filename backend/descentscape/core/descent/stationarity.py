"""Whether a run stands still: its gradient is nothing beside the largest so far, or beside its rounding.

Neither test changes when the cost gains a constant or a factor, or the parameters are in other units.
"""

from __future__ import annotations

from math import isfinite

import numpy as np

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


class Stillness:
    """Watches the entries of a run, one after the other, for 10 whose gradient is nothing.

    ``since`` is the first of these, None as long as there are none.
    """

    def __init__(self) -> None:
        self.since: int | None = None
        self._entries, self._still = 0, 0
        self._largest, self._rounding = 0.0, 0.0

    def watch(self, objective: Objective, theta: Array, norms: Array) -> Array:
        """Take the next entries' theta ``(S, P)`` and gradient norms; the rounding that each is held against.

        To work it out takes a few gradients, so that it is done only where it may matter, one theta at
        a time, however the run was sliced.
        """
        roundings = np.full(len(norms), self._rounding)
        if self._steep(norms):
            self._largest, self._still = max(self._largest, float(norms.max(initial=0.0))), 0
            self._entries += len(norms)
            return roundings
        for k, norm in enumerate(norms.tolist()):
            matters = self.since is None and self._matters(norm)
            roundings[k] = objective.grad_rounding(theta[k]) if matters else self._rounding
            self.see(norm, float(roundings[k]))
        return roundings

    def see(self, norm: float, rounding: float) -> None:
        """Take the next entry's gradient norm with the rounding that it is held against."""
        self._rounding = rounding
        if isfinite(norm):
            self._largest = max(self._largest, norm)
        self._still = self._still + 1 if norm <= nothing_below(self._largest, rounding) else 0
        if self._still == STEPS and self.since is None:
            self.since = self._entries - STEPS + 1
        self._entries += 1

    def _steep(self, norms: Array) -> bool:
        """Whether there is nothing to be looked at in any of these entries: so it is of nearly all."""
        largest, before = max(self._largest, float(norms.max(initial=0.0))), -(self._entries) % RARELY
        below = max(FAR * self._rounding, nothing_below(largest, self._rounding))
        return before >= len(norms) and isfinite(largest) and bool((norms > below).all())

    def _matters(self, norm: float) -> bool:
        often = EVERY if norm <= FAR * self._rounding else RARELY
        return self._entries % often == 0 or FLAT * max(self._largest, norm) < norm <= NEAR * self._rounding
