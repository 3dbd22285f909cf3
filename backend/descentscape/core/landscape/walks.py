"""What random walks in place of the paths would show: the null that a plane's share is held against."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from descentscape.core.objective import Array, Indices

WALK_POINTS = 200
"""How many points represent the random walks; longer walks are thinned evenly."""

WALK_MODES = 48
"""How many of a walk's modes are drawn; the rest holds 1 % of its variance."""

WALK_DRAWS = 32768
"""Random walks are averaged until their dimensions add up to this many."""

SAME = 1e-9
"""Two directions are one when less than this many steps' variance tells them apart."""


class _Points(NamedTuple):
    """Points of walks that begin at one place: of which walk, and after how many steps ``(M,)``."""

    walk: Indices
    time: Array


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


def spanned_null(
    lengths: Sequence[int], dim: int, between: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> tuple[float, float]:
    """Return the shares that random walks have along two directions of which some are their own.

    ``between`` names these, one or two, each by the two points that it joins, as (walk, step). A plane
    through a walk's start and end holds about half of its variance, wherever it goes: to such a plane a
    descent's share must be compared. The directions that are not named are fixed ones. Of what the named
    ones leave over, each direction holds 1/P. The shares are those of the expected variances.
    """
    total = float(_walk_modes(lengths, "mean").sum())
    if total == 0:
        return 0.0, 0.0
    first, second = (_Points(*np.array(side).T) for side in zip(*between, strict=True))
    points, weight = _represented(lengths)
    along = _covariance(points, second) - _covariance(points, first)
    along -= weight @ along / weight.sum()
    gram = _covariance(second, second) - _covariance(second, first)
    gram -= _covariance(first, second) - _covariance(first, first)
    held = [0.0, 0.0]
    for k in range(len(between)):
        if gram[k, k] > SAME:
            held[k] = float(weight @ along[:, k] ** 2 / gram[k, k])
            part = gram[k] / gram[k, k]
            along, gram = along - np.outer(along[:, k], part), gram - np.outer(gram[:, k], part)
    left = (total - sum(held)) / dim
    return (held[0] + left) / total, (held[1] + left) / total


def _walk_modes(lengths: Sequence[int], center: str) -> Array:
    """Return the variances of the walks' modes, descending: the eigenvalues of the points' covariance.

    That is the walks' own covariance less what the centre takes away.
    """
    points, weight = _represented(lengths)
    covariance = _covariance(points, points)
    if center == "mean":
        with_center = covariance @ weight / weight.sum()
        covariance += with_center @ weight / weight.sum() - np.add.outer(with_center, with_center)
    elif center == "end":
        with_center = points.time * (points.walk == 0)
        covariance += lengths[0] - 1 - np.add.outer(with_center, with_center)
    return np.linalg.eigvalsh(covariance * np.sqrt(np.outer(weight, weight)))[::-1].clip(min=0)


def _represented(lengths: Sequence[int]) -> tuple[_Points, Array]:
    """Some of all walks' points, evenly, and how many points each of them stands for."""
    kept = max(WALK_POINTS // len(lengths), 8)
    times = [_thinned(length, kept) for length in lengths]
    weights = [np.full(len(time), length / len(time)) for time, length in zip(times, lengths, strict=True)]
    walk = np.repeat(np.arange(len(times)), [len(time) for time in times])
    return _Points(walk, np.concatenate(times)), np.concatenate(weights)


def _covariance(one: _Points, other: _Points) -> Array:
    """Cov(xₛ, xₜ) of each coordinate: min(s, t) within a walk and 0 between walks."""
    shared: Array = np.minimum.outer(one.time, other.time) * np.equal.outer(one.walk, other.walk)
    return shared


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
