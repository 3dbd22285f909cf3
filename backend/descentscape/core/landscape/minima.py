"""Where descents can come to rest on a two-parameter problem, and which of these places a point is at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

import numpy as np
from numpy.typing import NDArray

from descentscape.core.landscape.critical import CriticalPoint, critical_points
from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.kinks import kink_minima
from descentscape.core.objective import Array, Indices, Objective

Labels = NDArray[np.int32]

REACH = 0.01
"""A point is at a minimum when it is nearer to it than this share of the window's diagonal."""

WIDENED = 0.5
"""The search goes beyond the window by this share of its width on each side: descents may end there."""

SEARCHED = 161
"""Points along each side of the widened window that the search looks at."""

RASTER = 1200
"""Places along each side of the map that tells which minimum is near."""

AROUND = 16
"""Directions in which the cost around a degenerate point is looked at."""


@dataclass(frozen=True, eq=False)
class Minimum:
    """A place of rest: a single theta ``(1, 2)``, or a curve of them ``(M, 2)``, at one cost."""

    theta: Array
    cost: float


def minima_around(objective: Objective, window: Extent) -> tuple[Minimum, ...]:
    """Return the minima in the window and somewhat beyond, lowest first.

    They are those that ``critical_points`` finds, and those at kinks. Curves of minima count as one each. A
    degenerate point is a minimum when nothing around it is lower. Raises InvalidValue for other than two
    parameters.
    """
    found = critical_points(objective, widened(window), SEARCHED)
    curves = [curve for curve in found.curves if curve.curvature > 0]
    known = np.concatenate(
        [np.empty((0, 2)), *(p.theta[None] for p in found.points), *(c.theta for c in curves)]
    )
    kinks = kink_minima(objective, widened(window), SEARCHED, known)
    step = np.array(found.spacing)
    smooth = [point for point in found.points if _is_minimum(objective, point, step)]
    minima = [
        *(Minimum(point.theta[None], point.cost) for point in smooth),
        *(Minimum(curve.theta, curve.cost) for curve in curves),
        *(Minimum(theta[None], float(objective.value(theta))) for theta in kinks),
    ]
    return tuple(sorted(minima, key=lambda minimum: minimum.cost))


def widened(window: Extent) -> Extent:
    """Return the window with half its size more on each side."""
    (a0, a1), (b0, b1) = window
    a, b = WIDENED * (a1 - a0), WIDENED * (b1 - b0)
    return (a0 - a, a1 + a), (b0 - b, b1 + b)


def reach_of(window: Extent) -> float:
    """Return the distance from a minimum within which a point counts as being there."""
    return REACH * hypot(*(high - low for low, high in window))


def _is_minimum(objective: Objective, point: CriticalPoint, step: Array) -> bool:
    if point.classification != "degenerate":
        return point.classification == "minimum"
    angles = np.arange(AROUND) * (2 * np.pi / AROUND)
    ring = point.theta + step * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return bool((objective.value(ring) >= point.cost).all())


class Whereabouts:
    """A map of the widened window that tells at which of the minima a point is, made once for many points.

    Its places know the nearest node of all minima, which lie along them less than half the ``reach`` apart;
    how far a point is from the minimum there is then worked out exactly.
    """

    def __init__(self, minima: tuple[Minimum, ...], window: Extent) -> None:
        low, high = np.array(widened(window)).T
        self._low, self._scale, self.reach = low, RASTER / (high - low), reach_of(window)
        curves = [np.array(list(_dense(minimum.theta, self.reach / 2))) for minimum in minima]
        self._nodes = np.concatenate([np.empty((0, 2)), *curves])
        self._labels = np.repeat(np.arange(len(curves)), [len(curve) for curve in curves]).astype(np.int32)
        self._nearest = np.full((RASTER + 1, RASTER + 1), -1, dtype=np.int32)
        within = self.reach + hypot(*(1 / self._scale))
        distances = np.full(self._nearest.shape, within)
        for node in range(len(self._nodes)):
            self._paint(node, within, distances)

    def _paint(self, node: int, within: float, distances: Array) -> None:
        """Give every place so near to the node, unless another is nearer."""
        theta = self._nodes[node]
        first, last = (self._place(theta + side * within) for side in (-1, 1))
        rows, columns = slice(first[1], last[1] + 1), slice(first[0], last[0] + 1)
        across = np.arange(first[0], last[0] + 1) / self._scale[0] + self._low[0] - theta[0]
        along = np.arange(first[1], last[1] + 1) / self._scale[1] + self._low[1] - theta[1]
        distance = np.hypot(across, along[:, None])
        won = distance < distances[rows, columns]
        distances[rows, columns][won] = distance[won]
        self._nearest[rows, columns][won] = node

    def _place(self, theta: Array) -> Indices:
        places: Indices = np.clip(np.rint((theta - self._low) * self._scale), 0, RASTER).astype(np.intp)
        return places

    def at(self, theta: Array) -> Labels:
        """Return the number of the minimum that each of theta ``(M, 2)`` is within reach of, -1 for none."""
        labels = np.full(len(theta), -1, dtype=np.int32)
        place = (theta - self._low) * self._scale
        inside = np.flatnonzero(((place >= 0) & (place <= RASTER)).all(axis=1))
        column, row = np.rint(place[inside]).astype(np.intp).T
        node = self._nearest[row, column]
        near, node = inside[node >= 0], node[node >= 0]
        there = self._distance(theta[near], node) < self.reach
        labels[near[there]] = self._labels[node[there]]
        return labels

    def _distance(self, theta: Array, node: Indices) -> Array:
        """How far each of theta ``(M, 2)`` is from its node and the lines to the nodes beside it."""
        here = self._nodes[node]
        beside = np.clip(node + np.array([[-1], [1]]), 0, len(self._nodes) - 1)
        same = self._labels[beside] == self._labels[node]
        along = np.where(same[..., None], self._nodes[beside] - here, 0.0)
        square = np.maximum(np.vecdot(along, along), np.finfo(float).tiny)
        share = np.clip(np.vecdot(along, theta - here) / square, 0.0, 1.0)
        nearest = here + share[..., None] * along
        distance: Array = np.hypot(*np.moveaxis(theta - nearest, -1, 0)).min(axis=0)
        return distance


def _dense(curve: Array, spacing: float) -> Iterator[Array]:
    """Go along a curve ``(M, 2)`` in steps no longer than spacing."""
    yield curve[0]
    for start, end in pairwise(curve):
        count = max(int(np.ceil(np.linalg.norm(end - start) / spacing)), 1)
        yield from start + (end - start) * (np.arange(1, count + 1) / count)[:, None]
