"""The curvature along a whole path: sharpness, index and condition as curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from descentscape.core.curvature import DENSE_ON_PATHS, sharpness_along, spectrum
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.examples import subsampled
from descentscape.core.objective import Array, Objective
from descentscape.core.trajectory import Trajectory


@dataclass(frozen=True)
class CurvatureAt:
    """The ends of the Hessian's spectrum at one step of a path.

    ``lowest`` and ``highest`` are λ_min and λ_max, the sharpness; ``negative_count`` is the number of
    negative eigenvalues (of a critical point: its index), a lower bound unless ``complete``. ``condition``
    is max|λ| / min|λ|, None when an eigenvalue counts as zero or the spectrum is not complete. ``examples``
    is None for all, otherwise the size of the sample that this is an estimate from.
    """

    step: int
    lowest: float
    highest: float
    negative_count: int
    condition: float | None
    complete: bool
    examples: int | None


def thinned_steps(entries: int, most: int = 100) -> list[int]:
    """Return at most so many steps, evenly spaced from 0 to entries − 1, both included."""
    return sorted(set(np.linspace(0, entries - 1, min(most, entries)).round().astype(int).tolist()))


def curvature_along(trajectory: Trajectory, steps: Sequence[int]) -> Iterator[CurvatureAt]:
    """Yield the curvature of the training cost at each of the steps, in order, to be dropped at any point.

    Up to P = 200 from all eigenvalues, above it from a short Lanczos iteration, good to about 1e-4 of the
    larger end's size; large networks are looked at on a sample of their examples. A step where the Hessian
    is not finite is left out.
    """
    objective, examples = subsampled(trajectory.run.objective)
    for step in steps:
        try:
            yield _at(objective, trajectory.theta_at(step), step, examples)
        except InvalidValue:
            continue


def _at(objective: Objective, theta: Array, step: int, examples: int | None) -> CurvatureAt:
    if objective.dim > DENSE_ON_PATHS:
        ends = next(sharpness_along(objective, [theta]))
        return CurvatureAt(step, ends.lowest, ends.highest, ends.negative_count, None, False, examples)
    found = spectrum(objective, theta)
    low, high = found.eigenvalues[[0, -1]].tolist()
    return CurvatureAt(step, low, high, found.negative_count, found.condition, True, examples)
