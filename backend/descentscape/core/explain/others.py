"""What every other rule would have done from here, had it seen the same gradients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from descentscape.core.descent.run import Run
from descentscape.core.descent.trajectory import Replayable
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.objective import Array
from descentscape.core.optimizers import OPTIMIZERS, Optimizer

MOST_REPLAYED = 1_000
"""Gradients that the other rules are shown before the step, at most."""

_REPLAY_BLOCK = 64
"""Steps that are replayed at a time, so that few gradients are held."""


@dataclass(frozen=True, eq=False)
class Others:
    """Steps ``(P,)`` by kind that rules would make from here, had they seen the run's gradients.

    ``replayed`` of these were shown to each, the last ones, or all if ``complete``; ``left_out`` says by kind
    why a rule has no step.
    """

    steps: dict[str, Array]
    left_out: dict[str, str]
    replayed: int
    complete: bool


@np.errstate(all="ignore")
def others_from_here(
    trajectory: Replayable,
    entry: int,
    optimizers: Mapping[str, Optimizer] | None = None,
    most: int = MOST_REPLAYED,
) -> Others:
    """The steps that rules (all, with their defaults, unless given) would make from an entry of a run.

    Each starts afresh up to ``most`` gradients before and is shown the run's own ones, with their batches and
    where they were taken, then the one here. No rule is shown more of them than it remembers. The run's
    schedule counts.
    """
    rules = {kind: rule() for kind, rule in OPTIMIZERS.items()} if optimizers is None else optimizers
    if not 0 <= entry < trajectory.entries:
        raise InvalidValue("step", f"from 0 to {trajectory.entries - 1}", entry)
    first = max(entry - most, 0)
    states, left_out = _fresh(rules, trajectory.run)
    steps: dict[str, Array] = {}
    for start in range(first, entry + 1, _REPLAY_BLOCK):
        for context in trajectory.replay(start, min(start + _REPLAY_BLOCK, entry + 1)):
            for kind in states:
                if entry - context.number <= rules[kind].remembers:
                    steps[kind], states[kind] = context.update(rules[kind], states[kind])
    return Others(steps, left_out, entry - first, first == 0)


def _fresh(rules: Mapping[str, Optimizer], run: Run) -> tuple[dict[str, Any], dict[str, str]]:
    """Each rule's first state, and why some have none."""
    states, left_out = dict[str, Any](), dict[str, str]()
    for kind, rule in rules.items():
        try:
            states[kind] = rule.init(run.theta, run.objective)
        except TooExpensive as error:
            left_out[kind] = f"{error.name} must be {error.constraint}"
    return states, left_out
