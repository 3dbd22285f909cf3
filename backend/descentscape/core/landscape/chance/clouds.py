"""Random clouds that are laid out around fixed points, and their shares of variance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from descentscape.core.landscape.chance.draws import (
    Spread,
    draws,
    less_known,
    pushed,
    triangles,
    two_largest,
)
from descentscape.core.objective import Array


@dataclass(frozen=True, eq=False)
class Cloud:
    """Rows X of ``dim`` components each, the first ``offsets`` ``(R, e)`` in the first e, the others normal.

    The variance is tr XᵀGX with ``gram`` G ``(R + m, R + m)``, and ``rest`` in every direction.
    """

    offsets: Array
    gram: Array
    rest: float
    dim: int

    def largest(self) -> tuple[float, float]:
        """The mean shares of the two largest principal variances, a seeded estimate."""
        expected, fixed, random = self._modes()
        if expected[0] <= 0 or self.dim == 1:
            return float(expected[0] > 0), 0.0
        drawn = Spread(expected, self.rest, self.dim).drawn
        rows = _triangle(random[:drawn]) @ self._noise(min(drawn, random.shape[1]))
        rows[..., : fixed.shape[1]] += fixed[:drawn]
        small, squares = expected[drawn:], (rows**2).sum(axis=2)
        total = squares.sum(axis=1) + small.sum() + self.dim * self.rest
        shares = pushed(two_largest(rows), small / self.dim, self.dim - drawn) + self.rest
        known = squares[:, :8] - expected[: min(drawn, 8)]
        return less_known(shares / total[:, None], known.T / expected.sum())

    def along(self, directions: Sequence[tuple[Array, Array]]) -> tuple[float, float]:
        """The mean shares along two directions, the second made orthogonal to the first; an estimate too.

        Each is hᵀX + f for coefficients h ``(R + m,)`` and fixed components f ``(e,)``.
        """
        count, edge = self.offsets.shape
        mean = float(np.vdot(self.gram[:count, :count], self.offsets @ self.offsets.T))
        mean += self.dim * (float(np.trace(self.gram[count:, count:])) + self.rest)
        if mean == 0:
            return 0.0, 0.0
        noise = self._noise(len(self.gram) - count)
        rows = np.concatenate([np.zeros((len(noise), count, noise.shape[2])), noise], axis=1)
        rows[:, :count, :edge] = self.offsets
        total = ((self.gram @ rows) * rows).sum(axis=(1, 2)) + self.dim * self.rest
        vectors = [coefficients @ rows for coefficients, _ in directions]
        for vector, (_, components) in zip(vectors, directions, strict=True):
            vector[:, :edge] += components
        parts = [(rows @ unit[..., None])[..., 0] for unit in _orthonormal(vectors)]
        held = np.array([((part @ self.gram) * part).sum(axis=1) for part in parts]).T
        return less_known((held + self.rest) / total[:, None], total[None] / mean - 1)

    def _modes(self) -> tuple[Array, Array, Array]:
        """The modes that the expected variance has, descending, and what makes each up.

        That is of the offsets ``(R + m, e)`` and of the normal rows ``(R + m, m)``.
        """
        values, vectors = np.linalg.eigh(self.gram)
        root = vectors * np.sqrt(values.clip(min=0))
        fixed, random = root[: len(self.offsets)].T @ self.offsets, root[len(self.offsets) :].T
        expected, modes = np.linalg.eigh(fixed @ fixed.T + self.dim * random @ random.T)
        modes = modes[:, ::-1].T
        return expected[::-1].clip(min=0), modes @ fixed, modes @ random

    def _noise(self, rows: int) -> Array:
        """Normal rows ``(draws, rows, ·)``: as they are where offsets lie, triangles elsewhere."""
        rng, edge = np.random.default_rng(0), self.offsets.shape[1]
        count = draws(self.dim, len(self.offsets))
        beside = rng.standard_normal((count, rows, edge))
        return np.concatenate([beside, triangles(rng, count, rows, self.dim - edge)], axis=2)


def _triangle(mixed: Array) -> Array:
    """Coefficients ``(a, min(a, m))`` that make of so few normal rows what mixed ``(a, m)`` makes of m."""
    triangle: Array = np.linalg.qr(mixed.T)[1].T
    return triangle


def _orthonormal(vectors: Sequence[Array]) -> list[Array]:
    """Unit vectors ``(draws, ·)``, each orthogonal to those before it; 0 where nothing is left."""
    units: list[Array] = []
    for vector in vectors:
        for unit in units:
            vector = vector - (vector * unit).sum(axis=1, keepdims=True) * unit
        size = np.linalg.norm(vector, axis=1, keepdims=True)
        units.append(vector / np.where(size > 0, size, 1.0))
    return units
