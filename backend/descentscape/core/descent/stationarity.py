"""Whether a run stands still: its gradient is nothing beside the largest so far, or beside its rounding.

Of 10 entries in a row one is a multiple of 8. Only these are looked at as long as their gradients are
something, and the largest so far is the largest of theirs: to see that a run goes on takes an eighth of its
gradients. Neither test changes when the cost gains a constant or a factor, or the parameters are in other
units.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Protocol

from descentscape.core.objective import Array, Objective

FLAT = 1e-6
"""A gradient is nothing below this share of the largest norm of the run so far."""

GRADIENT_ROUNDINGS = 8.0
"""It is nothing below so many times what rounding can falsify it by, which is an estimate to first order."""

STEPS = 10
"""Consecutive entries without a gradient that make a run stationary."""

APART = 8
"""Entries from one that is looked at in any case to the next."""

RARELY, EVERY = 1024, 64
"""The rounding is worked out at every so many entries, and more often"""

FAR, NEAR = 1e6, 1e3
"""where the gradient is within so many times what it was, or wherever it is looked at and that near."""


class Sloping(Protocol):
    """What has a gradient at every entry, to be computed where it is looked at."""

    @property
    def objective(self) -> Objective:
        """The training cost."""

    def theta_at(self, number: int) -> Array:
        """Theta ``(P,)`` at an entry."""

    def norms_at(self, numbers: Sequence[int]) -> Array:
        """‖∇C‖ of the whole training cost at some entries, in their order."""


def nothing_below(largest: float, rounding: float) -> float:
    """The norm up to which a gradient is nothing beside the ``largest`` one, or beside its ``rounding``."""
    return max(FLAT * largest, GRADIENT_ROUNDINGS * rounding)


class Stillness:
    """Looks through the entries of a run for the first 10 in a row whose gradient is nothing.

    ``since`` is the first of these, None as long as they are not found; ``entries`` are looked through. What
    is found does not depend on how many of them were there at once.
    """

    def __init__(self, run: Sloping) -> None:
        self.since: int | None = None
        self.entries = 0
        self._run, self._still = run, 0
        self._largest, self._rounding = 0.0, 0.0

    def look_through(self, end: int, *, ended: bool) -> None:
        """Go on up to ``end``, where the run ends if it has ``ended``."""
        marks = range(-(-self.entries // APART) * APART, end, APART)
        if self.since is None:
            for mark, norm in zip(marks, self._run.norms_at(marks).tolist(), strict=True):
                if self.since is None:
                    self._look_at(mark, norm)
        if ended or self.since is not None:
            self._pass_over(end)

    def _look_at(self, mark: int, norm: float) -> None:
        if isfinite(norm):
            self._largest = max(self._largest, norm)
        if self._matters(mark, norm):
            self._rounding = self._run.objective.grad_rounding(self._run.theta_at(mark))
        self._pass_over(mark, self._is_nothing(norm))
        self._see(norm)

    def _pass_over(self, end: int, nothing_there: bool = False) -> None:
        """What lies between matters only beside an entry whose gradient is nothing."""
        between = range(self.entries, end)
        if self.since is None and between and (self._still or nothing_there):
            for norm in self._run.norms_at(between).tolist():
                self._see(norm)
        self.entries = max(self.entries, end)

    def _see(self, norm: float) -> None:
        self._still = self._still + 1 if self._is_nothing(norm) else 0
        if self._still == STEPS and self.since is None:
            self.since = self.entries - STEPS + 1
        self.entries += 1

    def _is_nothing(self, norm: float) -> bool:
        return norm <= nothing_below(self._largest, self._rounding)

    def _matters(self, mark: int, norm: float) -> bool:
        """Whether the rounding may: to work it out takes a few gradients."""
        often = EVERY if norm <= FAR * self._rounding else RARELY
        return mark % often == 0 or FLAT * self._largest < norm <= NEAR * self._rounding
