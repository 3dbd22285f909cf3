"""The two largest shares of variance of random clouds, drawn in as few numbers as decide them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from descentscape.core.objective import Array

FEW_DIMENSIONS = 8
"""Up to this many, a cloud is drawn with nearly all of its modes: no direction is empty of the rest."""

DRAWN = 1 / 40, 1 / 400
"""Modes are drawn down to this share of the largest one's variance, and in few dimensions."""

LOG_TIMES = np.arange(-25.0, 40.25, 0.5)
"""Where integrals over ln t are summed, t in units of 1 / E[B]: exact to eight digits."""


class Spread(NamedTuple):
    """A cloud Σₖ √λₖ aₖ zₖᵀ of orthonormal aₖ and normal zₖ in ``dim`` dimensions.

    ``modes`` are the λₖ ``(m,)``, descending; ``rest`` is the sum of further small ones.
    """

    modes: Array
    rest: float
    dim: int

    @property
    def drawn(self) -> int:
        """How many of the modes are drawn."""
        least = self.modes[0] * DRAWN[self.dim <= FEW_DIMENSIONS]
        return max(int((self.modes > least).sum()), min(2, len(self.modes)))

    def mean_parts(self) -> Array:
        """E[λₖ z² / B] ``(m,)`` for one component z of zₖ, B = Σ λₖ |zₖ|²: ∫ E[λₖ z² e^(−tB)] dt."""
        t = np.exp(LOG_TIMES) / (self.dim * (self.modes.sum() + self.rest))
        scale = 1 + 2 * np.outer(t, self.modes)
        density = t * np.exp(-self.dim * (0.5 * np.log(scale).sum(axis=1) + t * self.rest))
        parts: Array = np.trapezoid(density[:, None] * (self.modes / scale), LOG_TIMES, axis=0)
        return parts


def mean_largest(spread: Spread, alike: int) -> tuple[float, float]:
    """Return the mean shares of the two largest eigenvalues of Σ λₖ zₖ zₖᵀ, a seeded estimate.

    The zₖ are drawn as the rows of a triangle (Bartlett's decomposition), whatever the dimension. What the
    leading eigenvalues are to first and second order is a sum of its squares; their parts of B have a known
    mean, and only what remains, of the order 1 / dim, is left to chance. ``alike``: how many modes may share
    a variance, and so leave more to chance.
    """
    if spread.dim == 1:
        return 1.0, 0.0
    count, drawn = draws(spread.dim, alike), spread.drawn
    rows = triangles(np.random.default_rng(0), count, drawn, spread.dim) * np.sqrt(spread.modes[:drawn, None])
    largest = two_largest(rows)
    small = spread.modes[drawn:]
    total = (rows**2).sum(axis=(1, 2)) + spread.dim * (small.sum() + spread.rest)
    shares = (pushed(largest, small, spread.dim - drawn) + spread.rest) / total[:, None]
    squares, means = rows**2 / total[:, None, None], spread.mean_parts()
    known = [squares[:, k].sum(axis=1) - spread.dim * means[k] for k in range(min(drawn, 8))]
    known += [squares[:, k, j] - means[k] for k in range(1, min(drawn, 6)) for j in range(min(k, 2))]
    return less_known(shares, np.array(known))


def draws(dim: int, alike: int = 1) -> int:
    """How many clouds are drawn: more in few dimensions, where each tells less."""
    return max(256, 24576 // dim**2) if alike == 1 else max(512, 16384 // dim)


def triangles(rng: np.random.Generator, count: int, rows: int, dim: int) -> Array:
    """Normal vectors ``(count, rows, min(rows, dim))``, turned so that the k-th has only k components."""
    columns = np.arange(min(rows, dim))
    drawn: Array = np.tril(rng.standard_normal((count, rows, len(columns))))
    drawn[:, columns, columns] = np.sqrt(rng.chisquare(dim - columns, (count, len(columns))))
    return drawn


def two_largest(rows: Array) -> Array:
    """The two largest squared singular values ``(draws, 2)`` of matrices; 0 for want of a second."""
    gram = rows @ rows.mT if rows.shape[1] <= rows.shape[2] else rows.mT @ rows
    largest = np.linalg.eigvalsh(gram)[:, :-3:-1]
    return np.hstack([largest, np.zeros((len(rows), 2 - largest.shape[1]))])


def pushed(largest: Array, small: Array, empty: int) -> Array:
    """The eigenvalues ``(draws, 2)`` with small modes beside them, on the average over these.

    Each adds its λ to every direction and pushes an eigenvalue ν away from the ``empty`` directions that have
    nothing else: by λν / (ν − empty · λ) (Baik and Silverstein 2006).
    """
    low = np.maximum(largest[..., None] - max(empty, 0) * small, largest[..., None] / 2)
    added: Array = (small * largest[..., None] / np.where(low > 0, low, 1.0)).sum(axis=-1)
    return largest + np.where(largest > 0, added, small.sum())


def less_known(values: Array, known: Array) -> tuple[float, float]:
    """The means of values ``(draws, 2)``, less what ``known`` ``(f, draws)`` of mean 0 explains of them."""
    terms = np.vstack([np.ones(len(values)), known]).T
    first, second = np.linalg.lstsq(terms, values, rcond=None)[0][0].tolist()
    return first, second
