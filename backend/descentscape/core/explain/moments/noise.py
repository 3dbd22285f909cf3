"""Noise of mini-batches, or added on purpose, that is larger than the gradient from some step on."""

from __future__ import annotations

from functools import partial
from math import sqrt

import numpy as np

from descentscape.core.descent.descent import Recipe
from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import Moment
from descentscape.core.objective import Array
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import CALL_WORK, SLICE_WORK, gradient_work, in_thread_if_long

SAMPLES = 513
"""Entries at most that the scatter of the examples' gradients is worked out at,"""

MOST_SLICES = 12
"""in so many time slices."""

FEWEST = 9
"""and at so many in any case."""

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
        noise = np.full(facts.entries, level)
    elif recipe.batch_size is not None and facts.net is not None and facts.net.n_examples > recipe.batch_size:
        noise = yield from batch_noise(facts, recipe.batch_size)
    else:
        return []
    norms = yield from facts.norms()
    quiet = np.flatnonzero(~(noise > norms))
    first = int(quiet[-1]) + 1 if quiet.size else 0
    if facts.entries - first < max(2, ENDURING * facts.entries):
        return []
    since = f"from step {first} on" if first else "all the way"
    words = f"is led by chance {since}: {_source(recipe)} exceeds the gradient."
    numbers = {"noise": float(noise[first]), "gradient’s norm ‖∇C‖": float(norms[first])}
    return [facts.moment("noise", first, words, numbers)]


def _source(recipe: Recipe) -> str:
    return "added noise" if recipe.gradient_noise else f"noise of batch {recipe.batch_size}"


def scatter_count(gradient: float, entries: int) -> int:
    """How many entries the scatter is worked out at, by the work of a gradient of all examples."""
    most = MOST_SLICES * SLICE_WORK // _work_of(gradient)
    return int(min(entries, SAMPLES, max(FEWEST, most)))


def _work_of(gradient: float) -> float:
    return SCATTER * gradient + CALL_WORK


def batch_noise(facts: RunFacts, size: int) -> TimeSlices[Array]:
    """√(tr Σ / B · (1 − B/N)) at every entry, tr Σ interpolated between those where it is worked out."""
    net = facts.net
    assert net is not None
    each = _work_of(gradient_work(net))
    steps = facts.spread(scatter_count(gradient_work(net), facts.entries))
    found, done = np.empty(len(steps)), 0.0
    for place, step in enumerate(steps.tolist()):
        theta = yield from facts.theta_at(step)
        found[place] = yield from in_thread_if_long(net, partial(net.scatter, theta), SCATTER)
        done += each
        if done > SLICE_WORK:
            done = 0.0
            yield
    trace = np.interp(np.arange(facts.entries), steps, found)
    return np.sqrt(trace / size * (1 - size / net.n_examples))
