"""How a run ended, in few enough numbers that many runs can be held side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from descentscape.core.descent.trajectory import Status, Trajectory
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array, Indices


@dataclass(frozen=True, eq=False)
class Swept:
    """One run of a sweep: its status, its last and its lowest cost, and its cost curve thinned evenly.

    ``entries`` ``(T,)`` are the steps that ``costs`` ``(T,)`` belong to, the first and the last included; a
    diverged run's end at its last finite one.
    """

    status: Status
    stationary_at: int | None
    final_cost: float
    lowest_cost: float
    entries: Indices
    costs: Array


def summary_of(trajectory: Trajectory, points: int = 120) -> Swept:
    """A computed run in at most so many points; InvalidValue for fewer than two."""
    if points < 2:
        raise InvalidValue("points", "at least 2", points)
    cost, last = trajectory.cost, trajectory.entries - 1
    entries = np.unique(np.linspace(0, last, points).round().astype(np.intp))
    final, lowest = float(cost[last]), float(cost.min())
    return Swept(trajectory.status, trajectory.stationary_at, final, lowest, entries, cost[entries])
