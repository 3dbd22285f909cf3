"""The leading principal components of a cloud of points, and those of a random walk beside them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from descentscape.core.objective import Array

DENSE = 128
"""Up to this many points or dimensions the singular value decomposition is computed whole."""

BLOCK, BLOCKS = 12, 8
"""Above it, the size and number of the blocks of the Krylov space."""

WALK_POINTS = 200
"""How many points represent the random walks; longer walks are thinned evenly."""

WALK_MODES = 48
"""How many of a walk's modes are drawn; the rest holds 1 % of its variance."""

WALK_DRAWS = 32768
"""Random walks are averaged until their dimensions add up to this many."""


def principal_components(points: Array, count: int) -> tuple[Array, Array]:
    """Return the largest ``count`` squared singular values and right singular vectors of points ``(S, P)``.

    The points are deviations from the centre that the caller chose. Values come in descending order as
    ``(k,)``, directions as orthonormal rows ``(k, P)``, k = min(count, S, P). Large matrices go through a
    block Krylov space of the points' Gram matrix with full reorthogonalisation (after Musco and Musco
    2015), which touches the points only in products with a few columns.
    """
    if min(points.shape) <= DENSE:
        _, singular, directions = np.linalg.svd(points, full_matrices=False)
        return singular[:count] ** 2, directions[:count]
    frame = _krylov_frame(points)
    _, singular, rotation = np.linalg.svd(points @ frame, full_matrices=False)
    return singular[:count] ** 2, rotation[:count] @ frame.T


def _krylov_frame(points: Array) -> Array:
    """Return an orthonormal basis ``(P, BLOCK·BLOCKS)`` of span{(XᵀX)ʲ Xᵀ Ω}, Ω a fixed Gaussian block.

    The last factorisation also covers a space that is exhausted early, where blocks are rounding errors.
    """
    start = np.random.default_rng(0).standard_normal((len(points), BLOCK))
    frame = np.linalg.qr(points.T @ start)[0]
    for _ in range(BLOCKS - 1):
        block = points.T @ (points @ frame[:, -BLOCK:])
        block = np.linalg.qr(block - frame @ (frame.T @ block))[0]
        frame = np.concatenate([frame, block], axis=1)
    return np.linalg.qr(frame)[0]


@lru_cache(maxsize=256)
def null_share(lengths: tuple[int, ...], dim: int, center: str = "mean") -> tuple[float, float]:
    """Return the mean shares that the first two principal components of random walks hold.

    One Gaussian random walk for each of ``lengths`` (numbers of points, the start included), all from one
    start in ``dim`` dimensions, with the components taken about the mean of all points, the common start or
    the first walk's end. One long walk in many dimensions shows 6/π² = 61 % and 15 % (Antognini and
    Sohl-Dickstein 2018). The walks' modes come from their covariance, so that the cost hardly depends on
    length or dimension; the mean over walks is a seeded estimate, the same at every call.
    """
    modes = _walk_modes(lengths, center)
    if not modes.any():
        return 0.0, 0.0
    shares = _sampled_shares(modes, dim) if dim < WALK_DRAWS else modes / modes.sum()
    return float(shares[0]), float(shares[1]) if len(shares) > 1 else 0.0


def _walk_modes(lengths: Sequence[int], center: str) -> Array:
    """Return the variances of the walks' modes, descending: the eigenvalues of the points' covariance.

    Cov(xₛ, xₜ) = min(s, t) within a walk and 0 between walks, less what the centre c takes away.
    """
    kept = max(WALK_POINTS // len(lengths), 8)
    times = [_thinned(length, kept) for length in lengths]
    time, walk = np.concatenate(times), np.repeat(np.arange(len(times)), [len(t) for t in times])
    weight = np.concatenate(
        [np.full(len(t), length / len(t)) for t, length in zip(times, lengths, strict=True)]
    )
    covariance = np.minimum.outer(time, time) * np.equal.outer(walk, walk)
    if center == "mean":
        with_center = covariance @ weight / weight.sum()
        covariance += with_center @ weight / weight.sum() - np.add.outer(with_center, with_center)
    elif center == "end":
        with_center = time * (walk == 0)
        covariance += lengths[0] - 1 - np.add.outer(with_center, with_center)
    return np.linalg.eigvalsh(covariance * np.sqrt(np.outer(weight, weight)))[::-1].clip(min=0)


def _thinned(length: int, kept: int) -> Array:
    if length <= kept:
        return np.arange(length, dtype=np.float64)
    return (np.arange(kept) + 0.5) * length / kept - 0.5


def _sampled_shares(modes: Array, dim: int) -> Array:
    """Average the shares of Σ modesₖ zₖ zₖᵀ's largest eigenvalues over Gaussian z in ``dim`` dimensions.

    Only the leading modes are drawn; the many small ones act alike in every direction.
    """
    leading, rest = modes[:WALK_MODES], float(modes[WALK_MODES:].sum())
    draws = -(-WALK_DRAWS // dim)
    walks = np.random.default_rng(0).standard_normal((draws, len(leading), dim))
    walks *= np.sqrt(leading)[:, None]
    gram = walks @ walks.mT if len(leading) <= dim else walks.mT @ walks
    eigenvalues = np.linalg.eigvalsh(gram)[:, ::-1]
    total = eigenvalues.sum(axis=1, keepdims=True) + dim * rest
    shares: Array = ((eigenvalues + rest) / total).mean(axis=0)
    return shares
