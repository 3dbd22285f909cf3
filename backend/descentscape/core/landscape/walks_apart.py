"""The null of descents that start apart: random walks from the same starts, spread as widely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from descentscape.core.landscape.walks import Own, thinned_times
from descentscape.core.objective import Array

POINTS = 96
"""How many points represent all walks together."""

DRAWS = 16384
"""Walks are drawn until their dimensions add up to this many."""

WalkEntry = tuple[int, int]
WalkDirection: TypeAlias = Array | Own
"""A fixed direction ``(P,)``, or one between two of the walks' own points."""


def start_apart(paths: Sequence[Array]) -> bool:
    """Whether the paths ``(S, P)`` have starts of their own."""
    return any(not np.array_equal(path[0], paths[0][0]) for path in paths)


def walks_beside(paths: Sequence[Array], weights: Sequence[Array]) -> WalksApart:
    """The walks in place of paths ``(S, P)`` whose points stand for so many entries each ``(S,)``."""
    spread = []
    for path, weight in zip(paths, weights, strict=True):
        off = path - np.average(path, axis=0, weights=weight)
        spread.append(np.average((off**2).sum(axis=1), weights=weight))
    lengths = tuple(round(float(weight.sum())) for weight in weights)
    return WalksApart(np.array([path[0] for path in paths]), lengths, np.array(spread))


@dataclass(frozen=True, eq=False)
class WalksApart:
    """Random walks of ``lengths`` points each from ``starts`` ``(R, P)``, the starts included.

    ``spread`` ``(R,)`` is the mean squared distance of each walk's points from their own mean. What lies
    between the starts is taken as it is, since no descent has moved there.
    """

    starts: Array
    lengths: tuple[int, ...]
    spread: Array

    def shares(self, directions: Sequence[WalkDirection] = (), center: str = "mean") -> tuple[float, float]:
        """Return the mean shares of the walks' variance along two directions or, without, the two largest.

        The variance is about the mean of all points, the mean of the starts, or the end of the first walk.
        The mean over walks is a seeded estimate, the same at every call.
        """
        fixed = [each for each in directions if isinstance(each, np.ndarray)]
        offsets, known = _coordinates(self.starts - self.starts.mean(axis=0), fixed)
        points, weight, place = self._drawn(offsets, directions)
        weighted = np.sqrt(weight)[:, None] * (points - self._center(points, weight, place, center))
        total = (weighted**2).sum(axis=(1, 2))
        total[total == 0] = 1.0
        turned = iter(known)
        chosen = [
            next(turned)
            if isinstance(each, np.ndarray)
            else points[:, place[each[1]]] - points[:, place[each[0]]]
            for each in directions
        ]
        held = _along(weighted, chosen) if directions else _largest(weighted)
        first, second = (held / total).mean(axis=1).tolist()
        return first, second

    def _center(self, points: Array, weight: Array, place: dict[WalkEntry, int], center: str) -> Array:
        if center == "start":
            return np.zeros((1, 1))
        if center == "end":
            return points[:, place[0, self.lengths[0] - 1], None]
        mean: Array = weight @ points / weight.sum()
        return mean[:, None]

    def _drawn(
        self, offsets: Array, directions: Sequence[WalkDirection]
    ) -> tuple[Array, Array, dict[WalkEntry, int]]:
        """Some of the walks' points ``(draws, M, P)``, how many each stands for, where the named ones are."""
        rng, dim = np.random.default_rng(0), self.starts.shape[1]
        draws, kept = max(DRAWS // dim, 1), max(POINTS // len(self.lengths), 8)
        named = {entry for each in directions if not isinstance(each, np.ndarray) for entry in each}
        named.add((0, self.lengths[0] - 1))
        place: dict[WalkEntry, int] = {}
        points: list[Array] = []
        weights: list[Array] = []
        for walk, length in enumerate(self.lengths):
            even, own = thinned_times(length, kept), [step for owner, step in named if owner == walk]
            times = np.union1d(even, own)
            count = sum(len(each) for each in weights)
            place |= {(walk, step): count + int(np.searchsorted(times, step)) for step in own}
            weights.append(np.where(np.isin(times, even), length / len(even), 0.0))
            per_step = np.sqrt(6 * length * self.spread[walk] / (max(length**2 - 1, 1) * dim))
            steps = rng.standard_normal((draws, len(times), dim))
            steps *= per_step * np.sqrt(np.diff(times, prepend=0.0))[:, None]
            walked: Array = steps.cumsum(axis=1)
            walked[..., : offsets.shape[1]] += offsets[walk]
            points.append(walked)
        return np.concatenate(points, axis=1), np.concatenate(weights), place


def _coordinates(offsets: Array, fixed: Sequence[Array]) -> tuple[Array, list[Array]]:
    """Offsets and fixed directions as coordinates of the few dimensions that they span; walks do not mind."""
    rows = np.vstack([offsets, *fixed])
    turned = rows @ np.linalg.qr(rows.T)[0]
    padded = np.zeros((len(fixed), offsets.shape[1]))
    padded[:, : turned.shape[1]] = turned[len(offsets) :]
    return turned[: len(offsets)], list(padded)


def _along(weighted: Array, directions: Sequence[Array]) -> Array:
    """The variance ``(2, draws)`` along two directions, the second made orthogonal to the first."""
    first, second = (np.broadcast_to(each, (len(weighted), weighted.shape[2])) for each in directions)
    first = _unit(first)
    second = _unit(second - (second * first).sum(axis=1, keepdims=True) * first)
    held: Array = np.stack([((weighted @ each[..., None]) ** 2).sum(axis=(1, 2)) for each in (first, second)])
    return held


def _unit(vectors: Array) -> Array:
    size = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(size > 0, size, 1.0)


def _largest(weighted: Array) -> Array:
    """The two largest principal variances ``(2, draws)``; 0 where there is no second."""
    rows, columns = weighted.shape[1:]
    gram = weighted @ weighted.mT if rows <= columns else weighted.mT @ weighted
    largest = np.linalg.eigvalsh(gram)[:, :-3:-1].T
    return np.vstack([largest, np.zeros_like(largest)])[:2]
