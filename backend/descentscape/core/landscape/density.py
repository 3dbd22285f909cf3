"""The spectrum of a Hessian as a histogram: exact for small networks, by quadrature for large ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from descentscape.core.curvature import DENSE, spectrum
from descentscape.core.errors import InvalidValue
from descentscape.core.lanczos import lanczos
from descentscape.core.landscape.examples import subsampled
from descentscape.core.objective import Array, Objective

BINS = 61
"""Bins of the histogram."""

LINEAR = 1e-3
"""Bins are evenly wide within this share of the largest eigenvalue's size, and grow beyond it."""

OUTLIERS, FOUND = 8, 1e-3
"""So many eigenvalues are sought at each end, and counted when known to this share of the largest."""

PROBES, DEPTH = 4, 40
"""Random vectors of the quadrature, and products with the Hessian for each."""


@dataclass(frozen=True, eq=False)
class SpectralDensity:
    """How many of the P eigenvalues lie between each two of ``edges`` ``(K + 1,)``: ``count`` ``(K,)``.

    The bins are even in arsinh(λ / s), s a thousandth of the largest size, so that the crowd around zero and
    the few that stand out are both seen. Unless ``exact`` only the outermost are counted, and the crowd is
    estimated from random vectors; all add up to P. ``examples`` is None for all, otherwise the size of the
    sample that was looked at.
    """

    edges: Array
    count: Array
    exact: bool
    examples: int | None


def spectral_density(objective: Objective, theta: Array, bins: int = BINS) -> SpectralDensity:
    """Return the histogram of the Hessian's eigenvalues at theta ``(P,)``.

    Up to P = 1,200 it counts all of them. Above, the outermost come from Lanczos' iteration and the others
    from stochastic Lanczos quadrature (Ubaru, Chen & Saad 2017, Fast estimation of tr(f(A)) via stochastic
    Lanczos quadrature) on what is orthogonal to them: each random vector's Ritz values stand for the
    eigenvalues near them, by the squares of its parts. Raises InvalidValue where the Hessian is not finite.
    """
    if objective.dim <= DENSE:
        values = spectrum(objective, theta).eigenvalues
        return _histogram(values, np.ones(len(values)), bins, exact=True, examples=None)
    sample, examples = subsampled(objective)
    values, weights = _estimated(_product(sample, theta), sample.dim)
    return _histogram(values, weights, bins, exact=False, examples=examples)


def _product(objective: Objective, theta: Array) -> Callable[[Array], Array]:
    def apply(vector: Array) -> Array:
        product = objective.hvp(theta, vector)
        if not np.isfinite(product).all():
            raise InvalidValue("theta", "a point where the Hessian is finite", "inf or nan")
        return product

    return apply


def _estimated(apply: Callable[[Array], Array], dim: int) -> tuple[Array, Array]:
    """Values and how many eigenvalues each stands for, which sum to ``dim``."""
    ritz = lanczos(apply, dim, ends=OUTLIERS, tolerance=FOUND, limit=2 * DEPTH)
    found = ritz.bounds <= FOUND * np.abs(ritz.values).max()
    found[OUTLIERS:-OUTLIERS] = False
    outliers, known = ritz.values[found], ritz.vectors[found]
    rng = np.random.default_rng(0)
    rules = [_quadrature(apply, rng.standard_normal(dim), known) for _ in range(PROBES)]
    values, weights = (np.concatenate(parts) for parts in zip(*rules, strict=True))
    rest = (dim - len(outliers)) / PROBES
    return np.concatenate([outliers, values]), np.concatenate([np.ones(len(outliers)), rest * weights])


def _quadrature(apply: Callable[[Array], Array], start: Array, known: Array) -> tuple[Array, Array]:
    """Nodes and weights ``(k,)``, which sum to 1, for the spectrum that the vector start ``(P,)`` sees.

    It does not see the eigenvectors that are known already, ``(m, P)``.
    """
    skipped, dim = known.shape
    depth = max(min(DEPTH, dim - skipped), 1)
    frame = np.concatenate([known, np.empty((depth, dim))])
    diagonal, beside = np.zeros(depth), np.zeros(depth)
    vector = _apart(start, known)
    for j in range(depth):
        frame[skipped + j] = vector / np.linalg.norm(vector)
        vector = apply(frame[skipped + j])
        size = np.linalg.norm(vector)
        diagonal[j] = frame[skipped + j] @ vector
        vector = _apart(vector, frame[: skipped + j + 1])
        beside[j] = np.linalg.norm(vector)
        if beside[j] <= 1e-14 * dim**0.5 * size:
            break
    inner = np.diag(beside[:j], 1)
    values, rotation = np.linalg.eigh(np.diag(diagonal[: j + 1]) + inner + inner.T)
    return values, rotation[0] ** 2


def _apart(vector: Array, frame: Array) -> Array:
    """What of the vector sticks out of the orthonormal frame, taken twice for rounding's sake."""
    for _ in range(2):
        vector = vector - frame.T @ (frame @ vector)
    return vector


def _histogram(
    values: Array, weights: Array, bins: int, *, exact: bool, examples: int | None
) -> SpectralDensity:
    scale = LINEAR * float(np.abs(values).max()) or 1.0
    places = np.arcsinh(values / scale)
    low, high = float(places.min()), float(places.max())
    margin = 0.5 * (high - low) / bins or 0.5
    count, edges = np.histogram(places, bins, (low - margin, high + margin), weights=weights)
    return SpectralDensity(scale * np.sinh(edges), count, exact, examples)
