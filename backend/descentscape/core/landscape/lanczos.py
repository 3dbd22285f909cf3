"""The extreme eigenvalues of a symmetric matrix that is only known by its products with vectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from descentscape.core.objective import Array
from descentscape.core.time_slices import TimeSlices

CHECK = 8
"""Convergence is looked at after so many products, and then whenever they are an eighth more."""


@dataclass(frozen=True, eq=False)
class Ritz:
    """Approximate eigenpairs: values ``(k,)``, ascending, and vectors.

    These are combinations of the rows of ``frame`` ``(k, P)``, by the columns of ``rotation`` ``(k, k)``.

    Each value has an eigenvalue of the matrix within its bound, one of ``bounds`` ``(k,)``. However many of
    the values lie below a threshold, at least as many eigenvalues do (Poincaré's separation theorem). How
    often an eigenvalue is repeated does not come out: from one start, only rounding finds it a second time.
    """

    values: Array
    bounds: Array
    frame: Array
    rotation: Array

    @cached_property
    def vectors(self) -> Array:
        """The vectors ``(k, P)``, as orthonormal rows."""
        return self.of(slice(None))

    def of(self, which: slice | list[int]) -> Array:
        """Some of the vectors."""
        vectors: Array = self.rotation.T[which] @ self.frame
        return vectors

    def distinct(self, tolerance: float) -> tuple[Array, Array]:
        """Values and bounds, each group of neighbours within tolerance times max|value| given once."""
        return _distinct(self.values, self.bounds, tolerance)


def lanczos(
    apply: Callable[[Array], TimeSlices[Array]],
    dim: int,
    *,
    ends: int = 1,
    tolerance: float = 1e-8,
    limit: int = 300,
) -> TimeSlices[Ritz]:
    """Iterate, with full reorthogonalisation, until both ends of the spectrum stand, a product a time slice.

    ``apply`` multiplies a vector ``(P,)``, P = ``dim``, by the matrix, in slices of its own. It stops when
    the ``ends`` lowest and highest distinct values have residual bounds of at most ``tolerance`` times the
    largest value's size, after ``limit`` products, or when the space is exhausted: then all values have such
    bounds. The start is the same Gaussian vector every time, which has a part in every eigenvector. All Ritz
    values are returned, converged or not, with their bounds. Source: Golub and Van Loan, Matrix Computations,
    10.1 and 10.3.
    """
    limit = min(limit, dim)
    frame = np.empty((limit, dim))
    diagonal, beside = np.zeros(limit), np.zeros(limit)
    vector, size, check = np.random.default_rng(0).standard_normal(dim), 0.0, CHECK
    for j in range(limit):
        frame[j] = vector / np.linalg.norm(vector)
        vector = yield from apply(frame[j])
        size = max(size, float(np.linalg.norm(vector)))
        diagonal[j] = frame[j] @ vector
        for _ in range(2):
            vector = vector - (frame[: j + 1] @ vector) @ frame[: j + 1]
        beside[j] = np.linalg.norm(vector)
        exhausted = beside[j] <= tolerance * size or j + 1 == limit
        if exhausted or j + 1 == check:
            check += max(CHECK, check // 8)
            values, rotation = _tridiagonal(diagonal[: j + 1], beside[:j])
            bounds = np.abs(beside[j] * rotation[-1])
            outer = _distinct(values, bounds, tolerance)[1]
            if exhausted or max(*outer[:ends], *outer[-ends:]) <= tolerance * np.abs(values).max():
                break
        yield
    return Ritz(values, bounds, frame[: j + 1], rotation)


def _distinct(values: Array, bounds: Array, tolerance: float) -> tuple[Array, Array]:
    """Of every group of neighbours the value with the least bound."""
    apart = np.diff(values) > tolerance * np.abs(values).max()
    groups = np.split(np.arange(len(values)), np.flatnonzero(apart) + 1)
    best = np.array([group[bounds[group].argmin()] for group in groups])
    return values[best], bounds[best]


def _tridiagonal(diagonal: Array, beside: Array) -> tuple[Array, Array]:
    values, rotation = np.linalg.eigh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))
    return values, rotation
