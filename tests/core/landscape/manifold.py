"""The line between two basins: starts from which a descent walks into a saddle and stays there longest."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np

from descentscape.core.descent.descent import Position, Recipe, descend
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array, Objective


@dataclass(frozen=True, eq=False)
class Divide:
    """Two neighbouring starts on a line with different fates, and the fates.

    Between ``start`` ``(P,)`` and ``neighbour`` ``(P,)`` there is no other point of the line that floats can
    tell apart, or only few; somewhere between them lies the stable manifold of a saddle. ``ends`` ``(2, P)``
    is where the two descents come to.
    """

    start: Array
    neighbour: Array
    ends: Array


def divide(
    objective: Objective, recipe: Recipe, first: Array, second: Array, *, steps: int, seed: int = 0
) -> Divide:
    """Bisect the line from first to second ``(P,)`` for the start where the descent's fate changes.

    A start's fate is the one of the two given starts' ends that it comes nearer to after ``steps`` steps.
    Descent from the result stays near the saddle for about log(1/ε) / log(1 + ηλ) steps, ε = 2⁻⁵², −λ the
    saddle's negative curvature, η the learning rate: each step multiplies the distance to the stable manifold
    by 1 + ηλ, and floats cannot come closer to it than ε. Give it time for more than that.

    Raises InvalidValue where both starts come to the same end.
    """
    ends = np.array([_end(objective, recipe, theta, steps, seed) for theta in (first, second)])
    if not np.linalg.norm(ends[1] - ends[0]) > 1e-6 * (1 + np.abs(ends).max()):
        raise InvalidValue("second", "a start whose descent ends elsewhere", second.tolist())
    start, neighbour = first, second
    while True:
        middle = (start + neighbour) / 2
        if (middle == start).all() or (middle == neighbour).all():
            return Divide(start, neighbour, ends)
        gaps = np.linalg.norm(_end(objective, recipe, middle, steps, seed) - ends, axis=1)
        if gaps[0] <= gaps[1]:
            start = middle
        else:
            neighbour = middle


def _end(objective: Objective, recipe: Recipe, theta: Array, steps: int, seed: int) -> Array:
    descent = descend(objective, recipe, Position(0, theta), seed=seed, steps=steps)
    with np.errstate(all="ignore"):
        return next(islice(descent, steps, None)).theta
