"""What random walks in place of the paths would show: the null that a plane's share is held against."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from descentscape.core.landscape.chance.draws import LOG_TIMES, Spread, mean_largest
from descentscape.core.landscape.chance.modes import Entry, WalkModes, about, walk_modes
from descentscape.core.objective import Array

WAVES = 24
"""Each walk's sines; the two leading variances then have an error of 10⁻⁴ at most."""

SAME_DIRECTION = 1e-9
"""Two directions are one when less than this many steps' variance tells them apart."""

Own = tuple[Entry, Entry]
"""A direction of the walks' own: the two points that it joins, each as (walk, step)."""


@lru_cache(maxsize=256)
def null_share(lengths: tuple[int, ...], dim: int, center: str = "mean") -> tuple[float, float]:
    """Return the mean shares that the first two principal components of random walks hold.

    One Gaussian random walk for each of ``lengths`` (numbers of points, the start included), all from one
    start in ``dim`` dimensions, with the components taken about the mean of all points, the common start or
    the first walk's end. One long walk in many dimensions shows 6/π² = 61 % and 15 % (Antognini and
    Sohl-Dickstein 2018). Neither length nor dimension makes it cost more; the mean over walks is a seeded
    estimate, the same at every call.
    """
    modes = walk_modes(lengths, WAVES)
    variances = np.linalg.eigvalsh(_centred(modes, lengths, center))
    if not variances.size or variances[-1] <= 0:
        return 0.0, 0.0
    return mean_largest(Spread(variances[::-1].clip(min=0), modes.rest, dim), len(lengths))


def spanned_null(lengths: Sequence[int], dim: int, directions: Sequence[Own | None]) -> tuple[float, float]:
    """Return the mean shares that random walks have along two directions of which some are their own.

    ``directions``, in the order of the plane's, names each of these by the two points that it joins, as
    (walk, step); None, or one left out, is a fixed one. A plane through a walk's start and end holds about
    half of its variance, wherever it goes: to such a plane a descent's share must be compared.

    With each direction made orthogonal to those before it, A and B the variance along one and in all, the
    share is E[A/B] = ∫₀^∞ E[A e^(−tB)] dt, where each coordinate's part of B has a Laplace transform in
    closed form. With the walks' noise ξ and points Φξ, a direction of their own is hᵀξ for a unit vector
    h: the part of the noise along h lies all in that direction, as long as χ of ``dim`` degrees.
    """
    modes = walk_modes(lengths, WAVES, {entry for pair in directions if pair for entry in pair})
    variances, turned = np.linalg.eigh(_centred(modes, lengths, "mean"))
    variances = variances.clip(min=0)
    total = float(variances.sum()) + modes.rest
    if total == 0:
        return 0.0, 0.0
    t = np.exp(LOG_TIMES) / (dim * total)
    scale = 1 + 2 * np.outer(t, variances)
    whole, slope = -0.5 * np.log(scale).sum(axis=1) - t * modes.rest, (variances / scale).sum(axis=1)
    slope += modes.rest
    (first, first_slope), (both, both_slope) = _without(_units(directions, modes) @ turned, variances, scale)
    along_first, along_second = 0.5 * (dim - 1) * first, 0.5 * (dim - 1) * (both - first) - 0.5 * both
    density = t * np.exp(dim * whole + along_first + along_second - 0.5 * (dim - 2) * both)
    shares = (
        slope + 0.5 * (dim - 1) * first_slope,
        slope + 0.5 * (dim - 1) * (both_slope - first_slope) - 0.5 * both_slope,
    )
    one, two = (float(np.trapezoid(density * share, LOG_TIMES)) for share in shares)
    return one, two


def _units(directions: Sequence[Own | None], modes: WalkModes) -> Array:
    """The directions' unit vectors h ``(2, m)``, each orthogonal to those before; 0 for fixed ones."""
    units = np.zeros((2, len(modes.gram)))
    for k, pair in enumerate(directions):
        if pair is not None:
            own = modes.at[pair[1]] - modes.at[pair[0]]
            own -= (own @ units.T) @ units
            size = own @ own
            units[k] = own / np.sqrt(size) if size > SAME_DIRECTION else 0.0
    return units


def _without(units: Array, variances: Array, scale: Array) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """What the noise loses without its part along the first direction, and along both.

    Each as ln det hᵀ(1 + 2tΣ)⁻¹h at the times t ``(K,)``, what ln det(1 + 2tΣ) then gains, and −d/dt of it.
    """
    products = units[[0, 0, 1]] * units[[0, 1, 1]]
    (first, mixed, second), slopes = products @ (1 / scale).T, 2 * products @ (variances / scale**2).T
    for k, square in enumerate((first, second)):
        if not units[k].any():
            square += 1.0
    both = first * second - mixed**2
    both_slope = slopes[0] * second + first * slopes[2] - 2 * mixed * slopes[1]
    return (np.log(first), slopes[0] / first), (np.log(both), both_slope / both)


def _centred(modes: WalkModes, lengths: Sequence[int], center: str) -> Array:
    """Σ ΦΦᵀ ``(m, m)`` over all points, each from the centre that the shares are taken about."""
    sums, count = modes.sums.sum(axis=1), sum(lengths)
    centers = {"mean": sums / count, "start": np.zeros_like(sums), "end": modes.at[0, lengths[0] - 1]}
    return about(modes.gram, sums, count, centers[center])
