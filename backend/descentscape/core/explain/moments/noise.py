"""Noise of mini-batches, or added on purpose, that is larger than the gradient from some step on."""

from __future__ import annotations

from functools import partial
from math import sqrt

import numpy as np

from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import Moment
from descentscape.core.objective import Array
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import CALL_WORK, SLICE_WORK, gradient_work, in_thread_if_long

SAMPLES = 513
"""Entries at most that the scatter of the examples' gradients is worked out at,"""

MOST_SLICES = 12
"""in so many time slices."""

SCATTER = 3
"""Gradients that it takes as long as."""

ENDURING = 0.05
"""Noise must be the larger one for this share of the run."""


def louder(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """From which step on the noise is larger than the gradient."""
    recipe = facts.recipe
    if recipe is None or not facts.known or not facts.small:
        return []
    if recipe.gradient_noise:
        level = recipe.gradient_noise * sqrt(facts.objective.dim)
        source, noise = "noise that is added", np.full(facts.entries, level)
    elif recipe.batch_size is not None and facts.net is not None and facts.net.n_examples > recipe.batch_size:
        source = (
            "noise of single examples" if recipe.batch_size == 1 else f"noise of batch {recipe.batch_size}"
        )
        noise = yield from batch_noise(facts, recipe.batch_size)
    else:
        return []
    norms = yield from facts.norms()
    quiet = np.flatnonzero(~(noise > norms))
    first = int(quiet[-1]) + 1 if quiet.size else 0
    if facts.entries - first < max(2, ENDURING * facts.entries):
        return []
    when = "from here on" if first else "all the way"
    words = f"is driven by chance {when}: the {source} is larger than its gradient."
    numbers = {"noise": float(noise[first]), "gradient’s norm ‖∇C‖": float(norms[first])}
    return [facts.moment("noise", first, words, numbers)]


def batch_noise(facts: RunFacts, size: int) -> TimeSlices[Array]:
    """√(tr Σ / B · (1 − B/N)) at every entry, tr Σ interpolated between those where it is worked out."""
    net = facts.net
    assert net is not None
    each = SCATTER * gradient_work(net) + CALL_WORK
    steps = facts.spread(int(max(9, min(SAMPLES, MOST_SLICES * SLICE_WORK // each))))
    found, done = np.empty(len(steps)), 0
    for place, step in enumerate(steps.tolist()):
        theta = yield from facts.theta_at(step)
        found[place] = yield from in_thread_if_long(net, partial(net.scatter, theta), SCATTER)
        done += each
        if done > SLICE_WORK:
            done = 0
            yield
    trace = np.interp(np.arange(facts.entries), steps, found)
    return np.sqrt(trace / size * (1 - size / net.n_examples))
