"""The picture that chance draws: a random walk, seen in the plane of its own principal components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from descentscape.core.landscape.principal import principal_components
from descentscape.core.objective import Array, Indices
from descentscape.core.time_slices import run_to_completion

NULL_COMPONENTS = 10
"""How many components' shares are told."""

MOST_NUMBERS = 1 << 22
"""A walk of more points times dimensions than these is seen at fewer, evenly spaced steps."""


@dataclass(frozen=True, eq=False)
class NullPicture:
    """A random walk in its own first two principal components, to be held beside a path in its own.

    ``path`` ``(K, 2)`` is the walk at the steps ``step`` ``(K,)``, all of them unless it is very large.
    ``shares`` are those of its variance along its leading components, ten at most, descending. Its steps are
    as long as √P on average, so that its shape can be compared with a path's, not its size.
    """

    step: Indices
    path: Array
    shares: tuple[float, ...]


def null_picture(
    steps: int, dim: int, *, seed: int = 0, center: Literal["mean", "start", "end"] = "mean"
) -> NullPicture:
    """Draw the walk of ``steps`` independent Gaussian steps in ``dim`` dimensions, and project it.

    Its components are taken about the mean of its points, its start or its end. Whatever its dimension, the
    path is a smooth arc or loop, near to a Lissajous figure (Antognini & Sohl-Dickstein 2018, PCA of high
    dimensional random walks, arXiv:1806.08805), which is why a smooth arc says nothing of a descent.
    """
    kept = min(steps + 1, max(MOST_NUMBERS // dim, 2))
    step = np.linspace(0, steps, kept).round().astype(np.intp)
    length = np.sqrt(np.diff(step, prepend=0))[:, None]
    walk = (length * np.random.default_rng(seed).standard_normal((kept, dim))).cumsum(axis=0)
    walk -= {"mean": walk.mean(axis=0), "start": walk[0], "end": walk[-1]}[center]
    variances, directions = run_to_completion(principal_components(walk, NULL_COMPONENTS))
    path = np.zeros((kept, 2))
    for k, direction in enumerate(directions[:2]):
        path[:, k] = walk @ direction * np.sign(direction[np.abs(direction).argmax()])
    return NullPicture(step, path, _shares(variances, walk))


def _shares(variances: Array, deviations: Array) -> tuple[float, ...]:
    total = float(np.vdot(deviations, deviations)) or 1.0
    return tuple((variances / total).tolist())
