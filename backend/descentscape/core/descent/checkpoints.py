"""Where a run can be taken up again, within a bound of memory."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from descentscape.core.descent.descent import Position

SPACING = 64
"""Steps between two checkpoints while there is room for all of them."""


class Checkpoints:
    """Evenly spaced positions of one run; when they outgrow ``budget`` bytes every other one is dropped.

    The start is always kept. One thread offers, any number ask.
    """

    def __init__(self, kept: Iterable[Position], budget: int, spacing: int = SPACING) -> None:
        self.budget, self.spacing = budget, spacing
        self._kept = {position.number: position for position in kept}

    def offer(self, positions: Iterable[Position]) -> None:
        """Keep those of a run's next positions that are due."""
        for position in positions:
            if position.number % self.spacing == 0:
                self._kept[position.number] = position
                each = position_bytes(position)
                while len(self._kept) > 1 and len(self._kept) * each > self.budget:
                    self._thin()

    def before(self, number: int) -> Position:
        """The last position kept up to and including this step."""
        kept = self._kept
        return kept[max(at for at in list(kept) if at <= number)]

    def prefix(self, end: int) -> Checkpoints:
        """A copy with the start and what is kept of the steps before step ``end``."""
        kept = [position for at, position in list(self._kept.items()) if at < end or at == 0]
        return Checkpoints(kept, self.budget, self.spacing)

    def _thin(self) -> None:
        self.spacing *= 2
        self._kept = {at: position for at, position in self._kept.items() if at % self.spacing == 0}


def position_bytes(position: Position) -> int:
    """Bytes of a position's arrays; every position of a run has about the same."""
    return sum(np.asarray(part).nbytes for part in (position.theta, *position.state))
