"""A recorded run of a foreign model: its name and its path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.paths import RecordedPath


@dataclass(frozen=True, eq=False)
class Recorded:
    """A run's name and path."""

    label: str
    path: RecordedPath

    def entry_of(self, step: int | None) -> int:
        """The entry of a step, the last one's for None; InvalidValue for a step that was not recorded."""
        steps = self.path.steps
        if step is None:
            return len(steps) - 1
        found = np.flatnonzero(steps == step)
        if not len(found):
            nearest = int(steps[np.abs(steps - step).argmin()])
            raise InvalidValue("step", f"one that was recorded, such as {nearest}", step)
        return int(found[0])
