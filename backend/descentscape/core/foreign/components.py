"""The principal plane of paths that need not fit into memory, by the products of their points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.paths import RecordedPath
from descentscape.core.landscape import planes
from descentscape.core.landscape.chance.walks import null_share
from descentscape.core.landscape.chance.walks_apart import WalksApart
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.landscape.planes import COMPONENTS, STRAIGHT, Candidate, Center
from descentscape.core.objective import EPSILON, Array, Objective

SMALL = 2**20
"""Numbers of paths up to which all of them are taken at once."""

PART = 4096
"""Parameters that are worked on at once: about what a cache holds."""

MOST_ENTRIES = 8192
"""Entries of all paths together, whose products with each other are formed."""


def principal_plane(objective: Objective, paths: Sequence[RecordedPath], center: Center) -> Plane:
    """The plane of the two principal components of the paths' points, as `planes.pca` has it.

    The deviations D ``(S, P)`` are gone through in blocks of columns: once for their products D Dᵀ
    ``(S, S)``, whose eigenvectors u and eigenvalues λ give the directions Dᵀu/√λ in a second reading. That
    takes S² P multiplications and, beside the plane, memory for one block. Raises InvalidValue for paths of
    too many entries.
    """
    entries = sum(path.entries for path in paths)
    if entries * paths[0].dim <= SMALL:
        return planes.pca(objective, [path.whole() for path in paths], center)
    if entries > MOST_ENTRIES:
        raise InvalidValue("trajectory", f"of at most {MOST_ENTRIES:,} entries: record every k-th", entries)
    origin, products = np.empty(paths[0].dim), np.zeros((entries, entries))
    for part, deviations, middle in _deviations(paths, center):
        origin[part] = middle
        products += deviations @ deviations.T
    values, vectors = np.linalg.eigh(products)
    values, vectors = values[::-1].clip(min=0), vectors[:, ::-1]
    named = _named(paths, center, origin, values, vectors)
    what = "the path" if len(paths) == 1 else f"the {len(paths)} paths"
    note = f"The two directions along which {what} varied most about the {center}."
    why = "the path is straight" if named else "the path is one point"
    plane = planes.spanned(objective, origin, paths[0].theta(0), named, "pca", note, why)
    total = float(values.sum()) or 1.0
    shares = tuple((values[: min(COMPONENTS, paths[0].dim)] / total).tolist())
    null = _null(paths, center, products)
    return replace(plane, variance_share=(*shares, 0.0)[:2], null_share=null, components=shares)


def _named(
    paths: Sequence[RecordedPath], center: Center, origin: Array, values: Array, vectors: Array
) -> list[Candidate]:
    """The directions that the paths moved along: those whose size is more than rounding."""
    size = np.sqrt(values[:2])
    rounding = float(np.sqrt(EPSILON)) * size[0] + 1e-14 * float(np.abs(origin).max()) * len(values) ** 0.5
    moved = int((size > max(rounding, STRAIGHT * size[0])).sum())
    directions = np.empty((moved, len(origin)))
    for part, deviations, _ in _deviations(paths, center):
        directions[:, part] = (vectors[:, :moved] / size[:moved]).T @ deviations
    return [(f"PC {k + 1}", direction) for k, direction in enumerate(directions)]


def _deviations(paths: Sequence[RecordedPath], center: Center) -> Iterator[tuple[slice, Array, Array]]:
    """In blocks of parameters, the deviations of all paths' points from the centre, and that."""
    entries = sum(path.entries for path in paths)
    firsts = np.cumsum([0, *(path.entries for path in paths[:-1])])
    for part in paths[0].blocks(entries):
        columns = [path.columns(part) for path in paths]
        stacked = np.concatenate(columns) if len(columns) > 1 else columns[0]
        for start in range(0, part.stop - part.start, PART):
            inner = stacked[:, start : start + PART]
            match center:
                case "mean":
                    middle = inner.mean(axis=0)
                case "start":
                    middle = np.mean(inner[firsts], axis=0)
                case "end":
                    middle = inner[paths[0].entries - 1].copy()
            inner -= middle
            yield slice(part.start + start, part.start + start + inner.shape[1]), inner, middle


def _null(paths: Sequence[RecordedPath], center: Center, products: Array) -> Pair:
    """What random walks of the same lengths show or, from several starts, those that spread as widely."""
    walks = walks_of(paths, products)
    if walks is None:
        return null_share(tuple(path.entries for path in paths), paths[0].dim, center)
    return walks.shares(center=center)


def walks_of(paths: Sequence[RecordedPath], products: Array | None = None) -> WalksApart | None:
    """The walks that stand in for paths of starts of their own; None where the paths start together.

    ``products`` ``(S, S)`` are those of all points' deviations from any centre, where they are known.
    """
    starts = np.array([path.theta(0) for path in paths])
    if (starts == starts[0]).all():
        return None
    products = _products_of(paths) if products is None else products
    ends = np.cumsum([path.entries for path in paths]).tolist()
    spread = []
    for first, last in zip((0, *ends[:-1]), ends, strict=True):
        block = products[first:last, first:last]
        # Σ‖x − mean‖² of the path's own points, from their products about another centre.
        spread.append(max(np.trace(block) - block.sum() / len(block), 0.0) / len(block))
    return WalksApart(starts, tuple(path.entries for path in paths), np.array(spread))


def _products_of(paths: Sequence[RecordedPath]) -> Array:
    entries = sum(path.entries for path in paths)
    found = np.zeros((entries, entries))
    for _, deviations, _ in _deviations(paths, "mean"):
        found += deviations @ deviations.T
    return found


def shares_along(paths: Sequence[RecordedPath], plane: Plane) -> Pair:
    """The shares of the variance of all paths' points along the plane's two directions, as `Plane.share`."""
    entries, total = sum(path.entries for path in paths), 0.0
    gram = plane.basis @ plane.basis.T
    along = np.zeros((entries, 2))
    for part, deviations, _ in _deviations(paths, "mean"):
        along += deviations @ plane.basis[:, part].T
        total += float(np.vdot(deviations, deviations))
    if total == 0:
        return 0.0, 0.0
    # With UUᵀ = LLᵀ the rows of L⁻¹U are the same directions made orthonormal, in order.
    frame = np.linalg.solve(np.linalg.cholesky(gram), along.T)
    first, second = (frame**2).sum(axis=1) / total
    return float(first), float(second)
