"""The cost along straight lines: through a point, and from one point to another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array, Objective, is_sampled
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import in_thread_if_long

LINE_BLOCK = 1 << 20
"""At most so many numbers of parameters are held at once."""

LINE_WORK = 1 << 23
"""About so many parameters times examples are gone through in a time slice: some ten milliseconds."""

LINE_MARGIN = 0.25
"""A line between two points goes on past both by this share of its length."""


@dataclass(frozen=True, eq=False)
class Line:
    """The cost at origin + t·direction for t ``(T,)``.

    ``distance`` ``(T,)`` is t‖direction‖, in the units of the parameters. ``cost`` ``(T,)`` and, where there
    is a test set, ``test_cost`` ``(T,)`` are nan where they are not finite.
    """

    t: Array
    distance: Array
    cost: Array
    test_cost: Array | None


@dataclass(frozen=True, eq=False)
class Segment:
    """The line from one point (t = 0) to another (t = 1), a little beyond both.

    ``barrier`` is how far the cost rises between them above the higher of the two, on the points of the
    line that were computed, 0 where it does not; ``test_barrier`` is the same of the test cost.
    """

    line: Line
    length: float
    barrier: float
    test_barrier: float | None


def cost_along(
    objective: Objective, origin: Array, direction: Array, t: Array, *, test: Objective | None = None
) -> TimeSlices[Line]:
    """Return the cost at origin ``(P,)`` + t·direction ``(P,)`` for each t ``(T,)``, in float64.

    Raises InvalidValue for a direction that is zero or not finite.
    """
    size = float(np.linalg.norm(direction))
    if not (np.isfinite(size) and size > 0):
        raise InvalidValue("direction", "finite and not zero", size)
    cost = yield from _costs(objective, origin, direction, t)
    test_cost = None if test is None else (yield from _costs(test, origin, direction, t))
    return Line(t, t * size, cost, test_cost)


def cost_between(
    objective: Objective, start: Array, end: Array, resolution: int = 201, *, test: Objective | None = None
) -> TimeSlices[Segment]:
    """Return the cost along the line from start ``(P,)`` to end ``(P,)``, both among its points.

    Raises InvalidValue where the two are the same point.
    """
    inside = np.linspace(0, 1, resolution)
    beyond = inside[(inside > 0) & (inside <= LINE_MARGIN)]
    t = np.concatenate([-beyond[::-1], inside, 1 + beyond])
    line = yield from cost_along(objective, start, end - start, t, test=test)
    between = slice(len(beyond), len(beyond) + resolution)
    test_barrier = None if line.test_cost is None else _barrier(line.test_cost[between])
    return Segment(line, float(np.linalg.norm(end - start)), _barrier(line.cost[between]), test_barrier)


def _costs(objective: Objective, origin: Array, direction: Array, t: Array) -> TimeSlices[Array]:
    size = _points_a_slice(objective)
    cost = np.empty(len(t))

    def work(part: slice) -> None:
        with np.errstate(all="ignore"):
            cost[part] = objective.value(origin + t[part, None] * direction)

    for k in range(0, len(t), size):
        yield from in_thread_if_long(objective, partial(work, slice(k, k + size)))
        yield
    return np.where(np.isfinite(cost), cost, np.nan)


def _points_a_slice(objective: Objective) -> int:
    examples = objective.n_examples if is_sampled(objective) else 1
    return max(min(LINE_WORK // (objective.dim * examples), LINE_BLOCK // objective.dim), 1)


def _barrier(cost: Array) -> float:
    """The rise above the higher end; inf where the cost is not finite in between."""
    if np.isnan(cost).any():
        return float("inf")
    return float(cost.max() - max(cost[0], cost[-1]))
