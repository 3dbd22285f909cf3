"""Training and test cost that part."""

from __future__ import annotations

import numpy as np

from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import Moment
from descentscape.core.number_format import percent
from descentscape.core.time_slices import TimeSlices

RISEN = 1.05
"""The test cost has parted that stays above so many times its lowest."""


ENDURING = 0.1
"""It must do so for this share of the run."""


def overfitting(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """From where on the test cost stays above its lowest, while the training cost is lower than there."""
    yield from ()
    test, cost = facts.trajectory.test_cost, facts.trajectory.cost
    if test is None or facts.entries < 3 or facts.trajectory.status == "diverged":
        return []
    lowest = int(test.argmin())
    level = float(test[lowest])
    kept = (test > RISEN * level) & (cost < cost[lowest])
    broken = np.flatnonzero(~kept)
    first = int(broken[-1]) + 1
    if level <= 0 or facts.entries - first < ENDURING * facts.entries or first <= lowest:
        return []
    rise = percent(RISEN - 1)
    words = f"overfits: since step {lowest} test cost rose over {rise}, training cost fell."
    numbers = {
        "lowest test cost": level,
        "test cost": float(test[first]),
        "training cost then": float(cost[lowest]),
        "training cost": float(cost[first]),
    }
    return [facts.moment("overfitting", first, words, numbers, facts.entries - 1)]
