"""The null of descents that start apart: random walks from the same starts, spread as widely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from descentscape.core.landscape.chance.clouds import Cloud
from descentscape.core.landscape.chance.modes import WalkModes, about, walk_modes
from descentscape.core.landscape.chance.walks import Own
from descentscape.core.objective import Array

WAVES = 8, 4
"""Each walk's sines: for the leading variances, to an error of 10⁻³, and for those along directions."""

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
        named = {entry for each in directions if not isinstance(each, np.ndarray) for entry in each}
        offsets, known = _coordinates(self.starts - self.starts.mean(axis=0), fixed)
        modes = walk_modes(self.lengths, WAVES[bool(directions)], named, self._steps())
        cloud = Cloud(offsets, self._gram(modes, center), modes.rest, self.starts.shape[1])
        if not directions:
            return cloud.largest()
        starts, still, turned = np.eye(len(offsets)), np.zeros(offsets.shape[1]), iter(known)
        at = {entry: np.concatenate([starts[entry[0]], value]) for entry, value in modes.at.items()}
        none = np.zeros(len(cloud.gram))
        return cloud.along(
            [
                (none, next(turned)) if isinstance(each, np.ndarray) else (at[each[1]] - at[each[0]], still)
                for each in directions
            ]
        )

    def _steps(self) -> Array:
        """How long a step is in each dimension: a walk's E spread is P σ² (n² − 1) / 6n."""
        lengths = np.array(self.lengths, dtype=float)
        sizes: Array = 6 * lengths * self.spread / (np.maximum(lengths**2 - 1, 1) * self.starts.shape[1])
        return np.sqrt(sizes)

    def _gram(self, modes: WalkModes, center: str) -> Array:
        """Σ ΦΦᵀ over all points about the centre, Φ being which start a point has, and then the modes'."""
        lengths = np.array(self.lengths, dtype=float)
        gram = np.block([[np.diag(lengths), modes.sums.T], [modes.sums, modes.gram]])
        sums = np.concatenate([lengths, modes.sums.sum(axis=1)])
        ends = np.concatenate([np.eye(len(lengths))[0], modes.at[0, self.lengths[0] - 1]])
        centers = {"mean": sums / lengths.sum(), "start": np.zeros_like(sums), "end": ends}
        return about(gram, sums, lengths.sum(), centers[center])


def _coordinates(offsets: Array, fixed: Sequence[Array]) -> tuple[Array, list[Array]]:
    """Offsets and fixed directions as coordinates of the few dimensions that they span; walks do not mind."""
    rows = np.vstack([offsets, *fixed])
    turned = rows @ np.linalg.qr(rows.T)[0]
    return turned[: len(offsets)], list(turned[len(offsets) :])
