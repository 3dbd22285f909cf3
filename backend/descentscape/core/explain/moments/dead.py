"""A layer of rectified units that gives zero for every example, so that no gradient comes through it."""

from __future__ import annotations

from functools import partial

from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import Moment
from descentscape.core.network.mlp import MLP
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import in_thread_if_long

RECTIFIED = "relu"

SAMPLES = 17
"""Entries that are looked at."""


def dying(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """From which entry on a whole layer is dead, if one is from there to the end."""
    net = facts.net
    if net is None or RECTIFIED not in net.activations[:-1] or not facts.small or facts.entries < 2:
        return []
    low, high, layer = -1, facts.entries, -1
    for step in reversed(facts.spread(SAMPLES).tolist()):
        dead = yield from _dead_at(facts, net, step)
        yield
        if dead is None:
            low = step
            break
        high, layer = step, dead
    while high - low > 1 and layer >= 0:
        middle = (low + high) // 2
        dead = yield from _dead_at(facts, net, middle)
        low, high = (middle, high) if dead is None else (low, middle)
        yield
    if layer < 0:
        return []
    words = f"has a dead layer: all units of layer {layer + 1} give 0 for every example."
    numbers = {"layer": layer + 1.0, "units in it": float(net.widths[layer + 1])}
    return [facts.moment("dead", high, words, numbers, facts.entries - 1)]


def _dead_at(facts: RunFacts, net: MLP, step: int) -> TimeSlices[int | None]:
    """The first hidden layer, counted from 0, that is dead at an entry."""
    theta = yield from facts.theta_at(step)
    passes = yield from in_thread_if_long(net, partial(net.forward, theta, net.x))
    return next(
        (
            number
            for number, (kind, (_, a)) in enumerate(zip(net.activations[:-1], passes, strict=False))
            if kind == RECTIFIED and not a.any()
        ),
        None,
    )
