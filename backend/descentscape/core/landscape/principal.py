"""The leading principal components of a cloud of points."""

from __future__ import annotations

import numpy as np

from descentscape.core.objective import Array

DENSE_SVD = 128
"""Up to this many points or dimensions the singular value decomposition is computed whole."""

BLOCK, BLOCKS = 12, 8
"""Above it, the size and number of the blocks of the Krylov space."""


def principal_components(points: Array, count: int) -> tuple[Array, Array]:
    """Return the largest ``count`` squared singular values and right singular vectors of points ``(S, P)``.

    The points are deviations from the centre that the caller chose. Values come in descending order as
    ``(k,)``, directions as orthonormal rows ``(k, P)``, k = min(count, S, P). Large matrices go through a
    block Krylov space of the points' Gram matrix with full reorthogonalisation (after Musco and Musco
    2015), which touches the points only in products with a few columns.
    """
    if min(points.shape) <= DENSE_SVD:
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
