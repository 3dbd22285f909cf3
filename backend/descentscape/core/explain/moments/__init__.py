"""What just happened in a run, and why: moments found by facts, each with its sentence and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from descentscape.core.explain.moments import (
    crossing,
    dead,
    layers,
    noise,
    race,
    resting,
    rules,
    saddles,
    testing,
)
from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import KINDS, Moment
from descentscape.core.explain.moments.together import together
from descentscape.core.time_slices import Progress, TimeSlices, Work

Detector = Callable[[RunFacts], TimeSlices[list[Moment]]]
"""Looks through one run for moments of its kinds."""

DETECTORS: tuple[Detector, ...] = (
    crossing.at_the_edge,
    resting.standing_still,
    saddles.slowing,
    rules.newton_jump,
    rules.swinging,
    rules.clipping,
    rules.scheduled,
    layers.alike,
    layers.fading,
    dead.dying,
    noise.louder,
    testing.overfitting,
)
"""Every detector that looks at one run by itself; `race.overtaking` looks at all of them."""


def find_moments(runs: Sequence[RunFacts]) -> Work[list[Moment]]:
    """The moments of all runs in the order of their steps; on the way those found so far."""
    found: list[Moment] = []
    total = len(runs) * len(DETECTORS) + 1
    for number, facts in enumerate(runs):
        for place, detector in enumerate(DETECTORS):
            found += yield from detector(facts)
            yield Progress(number * len(DETECTORS) + place + 1, total)
        yield Progress((number + 1) * len(DETECTORS), total, _told(found, runs))
    found += yield from race.overtaking(runs)
    return _told(found, runs)


def _told(found: Sequence[Moment], runs: Sequence[RunFacts]) -> list[Moment]:
    """What is told, in the order of its steps."""
    gathered = together(found, len(runs), max(facts.steps for facts in runs))
    return sorted(gathered, key=lambda moment: (moment.first, moment.rank, moment.runs))


__all__ = ["DETECTORS", "KINDS", "Moment", "RunFacts", "find_moments"]
