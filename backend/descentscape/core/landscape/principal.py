"""The leading principal components of a cloud of points."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from descentscape.core.objective import Array
from descentscape.core.time_slices import TimeSlices

LARGEST_GRAM = 1024
"""Up to this many points or dimensions their products with each other are formed."""

LARGEST_WHOLE = 192
"""Up to this many these products are decomposed whole."""

GRAM_WORK = 2**28
"""Multiplications in a time slice of these products."""

MANY_NUMBERS = 2**20
"""Points of more numbers than these take a time slice to be multiplied with a few columns."""

MANY_PRODUCTS = 2**18
"""A matrix of so many products takes one to be multiplied with them a few times."""

SURE = 1e-5
"""Products square the singular values: those below this share of the largest are found in what is left."""

NOTHING = 1e-15
"""What is below this share of the largest is rounding."""

BLOCK, BLOCKS = 12, 8
"""The size and number of the blocks of a Krylov space."""


def principal_components(points: Array, count: int) -> TimeSlices[tuple[Array, Array]]:
    """Find the largest ``count`` squared singular values and right singular vectors of points ``(S, P)``.

    The points are deviations from the centre that the caller chose. Values come in descending order as
    ``(k,)``, directions as orthonormal rows ``(k, P)``, k = min(count, S, P).

    It takes S P min(S, P) / 2 multiplications, for the products of the points with each other, in the fewer
    of points and dimensions, whose leading eigenvectors then are refined by one product with the points. Of
    a large matrix of products they are taken from a block Krylov space with full reorthogonalisation (after
    Musco and Musco 2015), which only takes it times a few columns; where both points and dimensions are
    many, it is not even formed.
    """
    if min(points.shape) <= LARGEST_GRAM:
        return (yield from _by_products(points, count))
    start = points.T @ _gaussian(len(points))
    frame = yield from _krylov_frame(lambda block: points.T @ (points @ block), start, points.size)
    _, singular, rotation = np.linalg.svd(points @ frame, full_matrices=False)
    return singular[:count] ** 2, rotation[:count] @ frame.T


def _by_products(points: Array, count: int) -> TimeSlices[tuple[Array, Array]]:
    wide = points.shape[0] < points.shape[1]
    rest = points.T if wide else points
    count, largest = min(count, rest.shape[1]), 0.0
    singular, directions = np.empty(0), np.empty((0, points.shape[1]))
    while len(singular) < count:
        if rest.size > MANY_NUMBERS:
            yield
        gram = yield from _products(rest)
        frame = (yield from _eigenvectors(gram))[:, : count - len(singular)]
        left, sizes, turned = np.linalg.svd(rest @ frame, full_matrices=False)
        frame, largest = frame @ turned.T, max(largest, sizes[0])
        sure = (sizes > SURE * sizes[0]) | (sizes[0] <= NOTHING * largest)
        singular = np.append(singular, sizes[sure])
        directions = np.vstack([directions, left.T[sure] if wide else frame.T[sure]])
        if rest.size > MANY_NUMBERS:
            yield
        if not sure.all():
            rest = rest - (rest @ frame[:, sure]) @ frame[:, sure].T
    return singular**2, _orthonormal(directions)


def _products(columns: Array) -> TimeSlices[Array]:
    """The products of columns ``(S, n)`` with each other ``(n, n)``."""
    count = columns.shape[1]
    rows, products = max(1, GRAM_WORK // count**2), np.zeros((count, count))
    for start in range(0, len(columns), rows):
        if start:
            yield
        part = columns[start : start + rows]
        products += part.T @ part
    return products


def _eigenvectors(gram: Array) -> TimeSlices[Array]:
    """Eigenvectors of a symmetric matrix ``(n, n)`` as columns, the largest eigenvalues' first."""
    if len(gram) <= LARGEST_WHOLE:
        return np.linalg.eigh(gram)[1][:, ::-1]
    start = gram @ _gaussian(len(gram))
    frame = yield from _krylov_frame(lambda block: gram @ block, start, gram.size)
    turned: Array = frame @ np.linalg.eigh(frame.T @ (gram @ frame))[1][:, ::-1]
    return turned


def _orthonormal(directions: Array) -> Array:
    """Unit vectors ``(k, P)`` that are orthogonal up to rounding, made so to the last digit."""
    frame, triangle = np.linalg.qr(directions.T)
    signed: Array = (frame * np.where(np.diag(triangle) < 0, -1.0, 1.0)).T
    return signed


def _gaussian(rows: int) -> Array:
    """The fixed block Ω that a Krylov space begins with."""
    return np.random.default_rng(0).standard_normal((rows, BLOCK))


def _krylov_frame(multiplied: Callable[[Array], Array], start: Array, work: int) -> TimeSlices[Array]:
    """Return an orthonormal basis ``(n, BLOCK·BLOCKS)`` of span{Aʲ S}, A symmetric, S ``start``.

    ``multiplied`` is A times some columns, a time slice each if that takes much ``work``. The last
    factorisation also covers a space that is exhausted early, where blocks are rounding errors.
    """
    frame = np.linalg.qr(start)[0]
    for _ in range(BLOCKS - 1):
        if work > MANY_PRODUCTS:
            yield
        block = multiplied(frame[:, -BLOCK:])
        block = np.linalg.qr(block - frame @ (frame.T @ block))[0]
        frame = np.concatenate([frame, block], axis=1)
    if work > MANY_PRODUCTS:
        yield
    return np.linalg.qr(frame)[0]
