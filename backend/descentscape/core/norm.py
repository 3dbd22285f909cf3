"""The Euclidean length of vectors of any size, from 1e-308 to 1e308."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from descentscape.core.objective import AnyArray, Array

_LEAST = 1e-280
"""Of a sum of squares above this, squares that underflow are less than a last digit."""


def norm(vectors: Array) -> Array:
    """‖v‖₂ along the last axis, ``(*B,)`` of ``(*B, P)``, where squares overflow or underflow too.

    The plain root of the sum of squares, unless that sum leaves the safe range: then of v over a power of
    two near its largest component. Each row is treated by itself; ∞ and NaN are as they would be.
    Source: Blue (1978), A portable Fortran program to find the Euclidean norm of a vector, ACM TOMS 4, 15-23.
    """
    squares: Array = np.einsum("...i,...i->...", vectors, vectors)
    if squares.ndim == 0 and _LEAST < squares < np.inf:  # the inner loop's case, without calls on arrays
        return np.sqrt(squares)
    safe = (squares > _LEAST) & (squares < np.inf)
    return np.sqrt(squares) if safe.all() else np.where(safe, np.sqrt(squares), _scaled(vectors))


@np.errstate(all="ignore")
def block_norms(vectors: Array, starts: Sequence[int]) -> Array:
    """‖v‖₂ of consecutive blocks that begin at ``starts`` (L of them), ``(*B, L)`` of ``(*B, P)``."""
    squares = np.add.reduceat(vectors * vectors, starts, axis=-1)
    if ((squares > _LEAST) & (squares < np.inf)).all():
        return np.sqrt(squares)
    return np.stack([norm(block) for block in np.split(vectors, starts[1:], axis=-1)], axis=-1)


@np.errstate(all="ignore")
def _scaled(vectors: Array) -> Array:
    largest: Array = np.abs(vectors).max(axis=-1)
    exponent = np.frexp(largest)[1]
    part: AnyArray = np.ldexp(vectors, -exponent[..., None])
    length = np.ldexp(np.sqrt(np.einsum("...i,...i->...", part, part)), exponent)
    return np.where(np.isfinite(largest), length, largest)
