"""The height axis of a picture: which costs are on it, linear or logarithmic."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np

from descentscape.core.landscape.surface import Surface
from descentscape.core.objective import AnyArray, Array

BELOW = 10.0
"""A log axis goes down to this many times less than the lowest hundredth of the surface, not to zero."""


@dataclass(frozen=True)
class Heights:
    """Costs from ``low`` to ``high``; those below or above are drawn at these bounds."""

    log: bool
    low: float
    high: float

    def clip(self, cost: AnyArray) -> AnyArray:
        """Costs as they are drawn."""
        return np.clip(cost, self.low, self.high)

    def place(self, cost: AnyArray) -> AnyArray:
        """Where on the axis costs lie: themselves, or their decimal logarithms."""
        drawn = self.clip(cost)
        return np.log10(drawn) if self.log else drawn

    def levels(self, count: int) -> dict[str, float]:
        """About ``count`` contour lines on round numbers of the axis, as Plotly takes them."""
        low, high = (float(each) for each in self.place(np.array([self.low, self.high])))
        size = _round_step((high - low) / count)
        return {"start": ceil(low / size) * size, "end": high, "size": size}


def heights_of(surface: Surface, costs: Array, wanted: str) -> Heights:
    """The axis that holds the clipped surface and the paths' costs; linear where a log is impossible."""
    drawn = surface.drawn()
    ground = drawn[np.isfinite(drawn)]
    ceiling = max(surface.clipped.high, ground.max(initial=-np.inf), costs[0])
    shown = np.concatenate([ground, costs[costs <= ceiling]]).astype(np.float64)
    low, high = float(shown.min()), float(shown.max())
    high = high if high > low else low + max(1.0, abs(low))
    positive = shown[shown > 0]
    if wanted == "log" and low >= 0 and positive.size:
        deepest = float(np.quantile(positive, 0.01)) / BELOW
        return Heights(True, max(low, deepest), high)
    return Heights(False, low, high)


def _round_step(step: float) -> float:
    """The nearest of 1, 2, 2.5 and 5 times a power of ten from below."""
    power = 10.0 ** floor(log10(step))
    return next(times * power for times in (5, 2.5, 2, 1) if times * power <= step)
