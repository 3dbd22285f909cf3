"""Fewer examples for what would take too long on all of them."""

from __future__ import annotations

import numpy as np

from descentscape.core.objective import Objective, is_sampled

MOST_WORK = 1 << 22
"""Parameters times examples of one Hessian-vector product: about ten milliseconds."""

FEWEST = 64
"""So many examples are taken in any case: the spectrum of fewer says little of all."""


def subsampled(objective: Objective, seed: int = 0) -> tuple[Objective, int | None]:
    """Return the objective on a seeded sample of its examples if it is large, and how many these are.

    None means all of them: nothing was left out. What is computed on a sample is an estimate, and should be
    called one.
    """
    if not is_sampled(objective) or objective.dim * objective.n_examples <= MOST_WORK:
        return objective, None
    count = max(MOST_WORK // objective.dim, FEWEST)
    if count >= objective.n_examples:
        return objective, None
    chosen = np.random.default_rng(seed).permutation(objective.n_examples)[:count]
    return objective.batch(np.sort(chosen)), count
