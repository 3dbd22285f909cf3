"""The extreme eigenvalues of a symmetric matrix that is only known by its products with vectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from descentscape.core.objective import Array
from descentscape.core.time_slices import TimeSlices

CHECK = 8
"""Convergence is looked at every so many products."""


@dataclass(frozen=True, eq=False)
class Ritz:
    """Approximate eigenpairs: values ``(k,)`` ascending, vectors ``(k, P)`` as orthonormal rows.

    Each value has an eigenvalue of the matrix within its bound, one of ``bounds`` ``(k,)``. However many of
    the values lie below a threshold, at least as many eigenvalues do (Poincaré's separation theorem). How
    often an eigenvalue is repeated does not come out: from one start, only rounding finds it a second time.
    """

    values: Array
    vectors: Array
    bounds: Array

    def distinct(self, tolerance: float) -> tuple[Array, Array]:
        """Values and bounds, each group of neighbours within tolerance times max|value| given once."""
        return _distinct(self.values, self.bounds, tolerance)


def lanczos(
    apply: Callable[[Array], Array],
    dim: int,
    *,
    ends: int = 1,
    tolerance: float = 1e-8,
    limit: int = 300,
) -> TimeSlices[Ritz]:
    """Iterate, with full reorthogonalisation, until both ends of the spectrum stand, a product a time slice.

    ``apply`` multiplies a vector ``(P,)``, P = ``dim``, by the matrix. It stops when the ``ends`` lowest and
    highest distinct values have residual bounds of at most ``tolerance`` times the largest value's size,
    after ``limit`` products, or when the space is exhausted: then all values have such bounds. The start is
    the same Gaussian vector every time, which has a part in every eigenvector. All Ritz values are returned,
    converged or not, with their bounds. Source: Golub and Van Loan, Matrix Computations, 10.1 and 10.3.
    """
    limit = min(limit, dim)
    frame = np.empty((limit, dim))
    diagonal, beside = np.zeros(limit), np.zeros(limit)
    vector, size = np.random.default_rng(0).standard_normal(dim), 0.0
    for j in range(limit):
        frame[j] = vector / np.linalg.norm(vector)
        vector = apply(frame[j])
        size = max(size, float(np.linalg.norm(vector)))
        diagonal[j] = frame[j] @ vector
        for _ in range(2):
            vector = vector - frame[: j + 1].T @ (frame[: j + 1] @ vector)
        beside[j] = np.linalg.norm(vector)
        exhausted = beside[j] <= tolerance * size or j + 1 == limit
        if exhausted or (j + 1) % CHECK == 0:
            values, rotation = _tridiagonal(diagonal[: j + 1], beside[:j])
            bounds = np.abs(beside[j] * rotation[-1])
            outer = _distinct(values, bounds, tolerance)[1]
            if exhausted or max(*outer[:ends], *outer[-ends:]) <= tolerance * np.abs(values).max():
                break
        yield
    return Ritz(values, rotation.T @ frame[: j + 1], bounds)


def _distinct(values: Array, bounds: Array, tolerance: float) -> tuple[Array, Array]:
    """Of every group of neighbours the value with the least bound."""
    apart = np.diff(values) > tolerance * np.abs(values).max()
    groups = np.split(np.arange(len(values)), np.flatnonzero(apart) + 1)
    best = np.array([group[bounds[group].argmin()] for group in groups])
    return values[best], bounds[best]


def _tridiagonal(diagonal: Array, beside: Array) -> tuple[Array, Array]:
    values, rotation = np.linalg.eigh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))
    return values, rotation
