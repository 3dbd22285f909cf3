"""The rows of the table, in its order."""

from __future__ import annotations

from bench import (
    classroom,
    curvatures,
    descents,
    endurance,
    foreign,
    hostile,
    opening,
    prices,
    setting_up,
    streaming,
    surfaces,
)

ROWS = (
    *descents.ROWS,
    *surfaces.ROWS,
    *foreign.ROWS,
    *opening.ROWS,
    *curvatures.ROWS,
    *streaming.ROWS,
    *classroom.ROWS,
    *prices.ROWS,
    *hostile.ROWS,
    *endurance.ROWS,
    *setting_up.ROWS,
)
