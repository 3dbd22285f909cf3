"""The Euclidean length of vectors of any size, from 1e-308 to 1e308."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from descentscape.core.objective import AnyArray, Array

_LEAST = 1e-280
"""Of a sum of squares above this, squares that underflow are less than a last digit."""


@np.errstate(all="ignore")
def norm(vectors: Array, keepdims: bool = False) -> Array:
    """‖v‖₂ along the last axis, ``(*B,)`` of ``(*B, P)``, where squares overflow or underflow too.

    The plain root of the sum of squares, unless that sum leaves the safe range: then of v over a power of
    two near its largest component. Each row is treated by itself; ∞ and NaN are as they would be.
    ``keepdims`` leaves an axis of length 1.
    Source: Blue (1978), A portable Fortran program to find the Euclidean norm of a vector, ACM TOMS 4, 15-23.
    """
    squares: Array = (vectors * vectors).sum(axis=-1, keepdims=keepdims)
    safe = (squares > _LEAST) & (squares < np.inf)
    if safe.all():
        return np.sqrt(squares)
    return np.where(safe, np.sqrt(squares), _scaled(vectors, keepdims))


@np.errstate(all="ignore")
def block_norms(vectors: Array, starts: Sequence[int]) -> Array:
    """‖v‖₂ of consecutive blocks that begin at ``starts`` (L of them), ``(*B, L)`` of ``(*B, P)``."""
    squares = np.add.reduceat(vectors * vectors, starts, axis=-1)
    if ((squares > _LEAST) & (squares < np.inf)).all():
        return np.sqrt(squares)
    return np.stack([norm(block) for block in np.split(vectors, starts[1:], axis=-1)], axis=-1)


def largest(norms: Array) -> float:
    """The largest of them that is finite, 0 where none is."""
    return float(norms[np.isfinite(norms)].max(initial=0.0))


def _scaled(vectors: Array, keepdims: bool) -> Array:
    largest: Array = np.abs(vectors).max(axis=-1, keepdims=True)
    exponent = np.frexp(largest)[1]
    part: AnyArray = np.ldexp(vectors, -exponent)
    length = np.ldexp(np.sqrt((part * part).sum(axis=-1, keepdims=True)), exponent)
    length = np.where(np.isfinite(largest), length, largest)
    return length if keepdims else length[..., 0]
