"""Random walks from one start in the few smooth motions that hold nearly all of their variance.

A walk's steps are independent, so that any orthonormal functions of time, summed up, describe it by as
many independent normal numbers: x(t) = Σₖ Φₖ(t) ξₖ. Cosines sum up to sines (Paley and Wiener's series).
Their sums over all points are in closed form, so that what follows costs the same for any length.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from descentscape.core.objective import Array

Entry = tuple[int, int]
"""A point of the walks: of which walk, and after how many steps."""

DEPENDENT = 1e-11
"""A function is in the span of the others when less than this of the largest square is left of it."""


@dataclass(frozen=True, eq=False)
class WalkModes:
    """Functions of time Φ ``(m,)`` that the walks are made of, by their sums over all ``count`` points.

    ``gram`` ``(m, m)`` is Σ ΦΦᵀ, ``sums`` ``(m, R)`` ΣΦ over each walk, ``at`` Φ ``(m,)`` at the entries that
    were named and at each walk's end. ``rest`` is the variance in each dimension, summed over all points,
    of what these functions leave out.
    """

    gram: Array
    sums: Array
    at: dict[Entry, Array]
    rest: float


def walk_modes(
    lengths: Sequence[int],
    waves: int,
    named: Collection[Entry] = (),
    scale: Sequence[float] | Array | None = None,
) -> WalkModes:
    """Return the functions for walks of so many points, the start included, of steps as long as ``scale``.

    They span each walk's slowest ``waves`` sines and its positions at the entries that are named and at its
    end, exactly; the variances of the leading modes converge like waves⁻³. All of a walk of no more steps
    than ``waves`` is kept.
    """
    ends = {(walk, length - 1) for walk, length in enumerate(lengths)}
    entries = sorted(ends.union(named))
    parts = []
    for walk, length in enumerate(lengths):
        steps = np.array([step for owner, step in entries if owner == walk], dtype=float)
        parts.append(_of_one(length - 1, waves, steps))
    sizes = [len(sums) for _, sums, _ in parts]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    gram, sums = np.zeros((starts[-1], starts[-1])), np.zeros((starts[-1], len(lengths)))
    at, rest, places = {}, 0.0, iter(entries)
    for walk, (own_gram, own_sums, values) in enumerate(parts):
        part, size = slice(starts[walk], starts[walk + 1]), 1.0 if scale is None else scale[walk]
        gram[part, part], sums[part, walk] = size**2 * own_gram, size * own_sums
        for value in values.T:
            whole = np.zeros(len(gram))
            whole[part] = size * value
            at[next(places)] = whole
        rest += size**2 * max(lengths[walk] * (lengths[walk] - 1) / 2 - float(np.trace(own_gram)), 0.0)
    return WalkModes(gram, sums, at, rest)


def _of_one(steps: int, waves: int, named: Array) -> tuple[Array, Array, Array]:
    """ΣΦΦᵀ ``(m, m)``, ΣΦ ``(m,)`` and Φ at the named steps ``(m, k)`` of a walk's orthonormal functions.

    A cosine cos πj(s − ½)/N, made a unit, sums up to a sine; steps up to a named one sum up to min(t, step).
    """
    order = np.arange(1, min(waves, steps))
    half = np.pi * order / (2 * max(steps, 1))
    twice = 2 * np.sin(half)
    size, last = np.sqrt(2 / max(steps, 1)) / twice, (1 - 2 * (order % 2)) * np.cos(half)
    sines = size * np.sin(2 * np.outer(named, half))
    with_named = (sines / twice - np.outer(named, size * last)) / twice
    least, most = np.minimum.outer(named, named), np.maximum.outer(named, named)
    of_named = least * (least + 1) * (2 * least + 1) / 6 + least * most * (steps - most)
    of_named += least * (most * (most + 1) - least * (least + 1)) / 2
    gram = np.block([[np.diag(1 / twice**2), with_named.T], [with_named, of_named]])
    sums = np.concatenate([size * (np.cos(half) - last) / twice, named * (2 * steps + 1 - named) / 2])
    left, turned = np.linalg.eigh(least - sines @ sines.T)
    apart = left > DEPENDENT * max(steps, 1)
    turned = turned[:, apart] / np.sqrt(left[apart])
    basis = np.block([[np.eye(len(order)), -sines.T @ turned], [np.zeros((len(named), len(order))), turned]])
    return basis.T @ gram @ basis, basis.T @ sums, basis.T @ np.vstack([sines.T, least])


def about(gram: Array, sums: Array, count: float, center: Array) -> Array:
    """Σ (Φ − c)(Φ − c)ᵀ over ``count`` points, of ΣΦΦᵀ and ΣΦ, for c the functions' values at a centre."""
    across = np.outer(sums, center)
    around: Array = gram - across - across.T + count * np.outer(center, center)
    return around
