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
        """The mean shares of the two largest principal variances, a seeded estimate.

        Of the modes that the expected variance has, the leading ones are drawn, as one triangle.
        """
        values, vectors = np.linalg.eigh(self.gram)
        root = vectors * np.sqrt(values.clip(min=0))
        fixed, random = root[: len(self.offsets)].T @ self.offsets, root[len(self.offsets) :].T
        expected, modes = np.linalg.eigh(fixed @ fixed.T + self.dim * random @ random.T)
        expected, modes = expected[::-1].clip(min=0), modes[:, ::-1]
        if expected[0] <= 0:
            return 0.0, 0.0
        drawn = Spread(expected, self.rest, self.dim).drawn
        fixed, random = modes[:, :drawn].T @ fixed, np.linalg.qr(random.T @ modes[:, :drawn])[1].T
        rows = random @ self._noise(random.shape[1])
        rows[..., : fixed.shape[1]] += fixed
        small = expected[drawn:] / self.dim
        squares = (rows**2).sum(axis=2)
        total = squares.sum(axis=1) + expected[drawn:].sum() + self.dim * self.rest
        shares = (pushed(two_largest(rows), small, self.dim - drawn) + self.rest) / total[:, None]
        return less_known(shares, (squares[:, :8] - expected[: min(drawn, 8)]).T / expected.sum())

    def along(self, directions: Sequence[tuple[Array, Array]]) -> tuple[float, float]:
        """The mean shares along two directions, the second made orthogonal to the first; an estimate too.

        Each is hᵀX + f for coefficients h ``(R + m,)`` and fixed components f ``(e,)``.
        """
        count, edge = self.offsets.shape
        noise = self._noise(len(self.gram) - count)
        rows = np.concatenate([np.zeros((len(noise), count, noise.shape[2])), noise], axis=1)
        rows[:, :count, :edge] = self.offsets
        total = ((self.gram @ rows) * rows).sum(axis=(1, 2)) + self.dim * self.rest
        frame: list[Array] = []
        for coefficients, components in directions:
            vector = coefficients @ rows
            vector[:, :edge] += components
            for other in frame:
                vector = vector - (vector * other).sum(axis=1, keepdims=True) * other
            size = np.linalg.norm(vector, axis=1, keepdims=True)
            frame.append(vector / np.where(size > 0, size, 1.0))
        along = [(rows @ each[..., None])[..., 0] for each in frame]
        held = np.array([((part @ self.gram) * part).sum(axis=1) for part in along]).T + self.rest
        expected = self.gram[:count, :count].ravel() @ (self.offsets @ self.offsets.T).ravel()
        expected += self.dim * (np.trace(self.gram[count:, count:]) + self.rest)
        if expected == 0:
            return 0.0, 0.0
        return less_known(held / total[:, None], total[None] / expected - 1)

    def _noise(self, rows: int) -> Array:
        """Normal rows ``(draws, rows, ·)``: as they are where offsets lie, triangles elsewhere."""
        rng, edge = np.random.default_rng(0), self.offsets.shape[1]
        count = draws(self.dim, len(self.offsets))
        beside = rng.standard_normal((count, rows, edge))
        return np.concatenate([beside, triangles(rng, count, rows, self.dim - edge)], axis=2)
