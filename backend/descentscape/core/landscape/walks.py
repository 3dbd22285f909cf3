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

SAME_DIRECTION = 1e-9
"""Two directions are one when less than this many steps' variance tells them apart."""


_LOG_TIMES = np.linspace(-25.0, 40.0, 651)
"""Where the integral over ln t is summed, t in units of 1 / E[B]: exact to ten digits."""

Own = tuple[tuple[int, int], tuple[int, int]]
"""A direction of the walks' own: the two points that it joins, each as (walk, step)."""


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


def spanned_null(lengths: Sequence[int], dim: int, directions: Sequence[Own | None]) -> tuple[float, float]:
    """Return the mean shares that random walks have along two directions of which some are their own.

    ``directions``, in the order of the plane's, names each of these by the two points that it joins, as
    (walk, step); None, or one left out, is a fixed one. A plane through a walk's start and end holds about
    half of its variance, wherever it goes: to such a plane a descent's share must be compared.

    With each direction made orthogonal to those before it, A and B the variance along one and in all, the
    share is E[A/B] = ∫₀^∞ E[A e^(−tB)] dt, where each coordinate's part of B has a Laplace transform in
    closed form.
    """
    points, weight = _represented(lengths)
    covariance = _centred(lengths, "mean")
    total = float(np.trace(covariance))
    if total == 0:
        return 0.0, 0.0
    own = np.sqrt(weight) * _shared(points, weight, directions)
    t = np.exp(_LOG_TIMES) / (dim * total)
    noise = covariance - own.T @ own
    log_rest, _ = _transform(noise, np.zeros(len(weight)), 0, t)
    log_second, second = _transform(noise, own[1], dim - 1, t)
    log_first, first = _transform(noise + np.outer(own[1], own[1]), own[0], dim, t)
    whole = t * np.exp(log_first + log_second + (dim - 2) * log_rest)
    return float(np.trapezoid(first * whole, _LOG_TIMES)), float(np.trapezoid(second * whole, _LOG_TIMES))


def _transform(covariance: Array, own: Array, degrees: int, t: Array) -> tuple[Array, Array]:
    """ln E e^(−t‖y‖²) and −d/dt of it at times t ``(K,)``, y ~ N(χ · own, covariance), χ of so many degrees.

    The former is −½ ln det(1 + 2tΣ) − ½ degrees · ln(1 + 2t ownᵀ(1 + 2tΣ)⁻¹own).
    """
    values, vectors = np.linalg.eigh(covariance)
    squares, scale = (own @ vectors) ** 2, 1 + 2 * np.outer(t, values.clip(min=0))
    stretched = 1 + 2 * t * (squares / scale).sum(axis=1)
    logarithm = -0.5 * np.log(scale).sum(axis=1) - 0.5 * degrees * np.log(stretched)
    slope = (values.clip(min=0) / scale).sum(axis=1) + degrees * (squares / scale**2).sum(axis=1) / stretched
    return logarithm, slope


def _shared(points: _Points, weight: Array, directions: Sequence[Own | None]) -> Array:
    """What points have in common with each direction and none before it ``(2, M)``; 0 with fixed ones."""
    shared = np.zeros((2, len(weight)))
    own = [k for k, pair in enumerate(directions) if pair is not None]
    if not own:
        return shared
    first, second = (_Points(*np.array(side).T) for side in zip(*filter(None, directions), strict=True))
    along = _covariance(points, second) - _covariance(points, first)
    along -= weight @ along / weight.sum()
    gram = _covariance(second, second) - _covariance(second, first)
    gram -= _covariance(first, second) - _covariance(first, first)
    for k, place in enumerate(own):
        if gram[k, k] > SAME_DIRECTION:
            shared[place] = along[:, k] / np.sqrt(gram[k, k])
            part = gram[k] / gram[k, k]
            along, gram = along - np.outer(along[:, k], part), gram - np.outer(gram[:, k], part)
    return shared


def _walk_modes(lengths: Sequence[int], center: str) -> Array:
    """Return the variances of the walks' modes, descending."""
    return np.linalg.eigvalsh(_centred(lengths, center))[::-1].clip(min=0)


def _centred(lengths: Sequence[int], center: str) -> Array:
    """Return the weighted points' covariance ``(M, M)``: the walks' own less what the centre takes away."""
    points, weight = _represented(lengths)
    covariance = _covariance(points, points)
    if center == "mean":
        with_center = covariance @ weight / weight.sum()
        covariance += with_center @ weight / weight.sum() - np.add.outer(with_center, with_center)
    elif center == "end":
        with_center = points.time * (points.walk == 0)
        covariance += lengths[0] - 1 - np.add.outer(with_center, with_center)
    weighted: Array = covariance * np.sqrt(np.outer(weight, weight))
    return weighted


def _represented(lengths: Sequence[int]) -> tuple[_Points, Array]:
    """Some of all walks' points, evenly, and how many points each of them stands for."""
    kept = max(WALK_POINTS // len(lengths), 8)
    times = [thinned_times(length, kept) for length in lengths]
    weights = [np.full(len(time), length / len(time)) for time, length in zip(times, lengths, strict=True)]
    walk = np.repeat(np.arange(len(times)), [len(time) for time in times])
    return _Points(walk, np.concatenate(times)), np.concatenate(weights)


def _covariance(one: _Points, other: _Points) -> Array:
    """Cov(xₛ, xₜ) of each coordinate: min(s, t) within a walk and 0 between walks."""
    shared: Array = np.minimum.outer(one.time, other.time) * np.equal.outer(one.walk, other.walk)
    return shared


def thinned_times(length: int, kept: int) -> Array:
    """The steps ``(K,)`` of at most ``kept`` evenly spaced points that stand for a walk's ``length`` ones."""
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
