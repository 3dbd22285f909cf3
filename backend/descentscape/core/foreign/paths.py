"""A recorded path through parameter space that may be too large for memory: read by rows or by columns."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from descentscape.core.landscape.plane import Plane
from descentscape.core.objective import AnyArray, Array, Indices

BLOCK_BYTES = 64 * 2**20
"""Bytes of float64 numbers that are read at once: long pieces of each row, as a disk likes them."""


class RowFile:
    """An open file of numbers, read at any place and written at its end; closed with its last owner."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        # In a cycle of garbage the file itself might go first, and complain that it is open.
        weakref.finalize(self, file.close)

    def read(self, start: int, count: int) -> bytes:
        """So many bytes from a place on; reading does not move any other reader."""
        return os.pread(self._file.fileno(), count, start)

    def write(self, start: int, vector: AnyArray) -> None:
        """Write numbers from a place on, for whoever reads next."""
        self._file.seek(start)
        self._file.write(np.ascontiguousarray(vector).data)
        self._file.flush()


@dataclass(frozen=True, eq=False)
class StoredRows:
    """Rows ``(S, P)`` in a file, read piece by piece: a mapped file would count as memory in use."""

    file: RowFile
    dtype: np.dtype[Any]
    entries: int
    dim: int

    @property
    def shape(self) -> tuple[int, int]:
        """``(S, P)``."""
        return self.entries, self.dim

    def __getitem__(self, places: tuple[int | slice, slice]) -> AnyArray:
        rows, columns = places
        first, last, _ = columns.indices(self.dim)
        if isinstance(rows, int):
            return self._piece(rows, first, last)
        chosen = range(*rows.indices(self.entries))
        found = np.empty((len(chosen), last - first))
        for k, row in enumerate(chosen):
            found[k] = self._piece(row, first, last)
        return found

    def _piece(self, row: int, first: int, last: int) -> AnyArray:
        size = self.dtype.itemsize
        found = self.file.read((row * self.dim + first) * size, (last - first) * size)
        return np.frombuffer(found, self.dtype)


@dataclass(frozen=True, eq=False)
class RecordedPath:
    """Theta ``(S, P)`` at the steps ``(S,)``, as an array or in a file."""

    rows: AnyArray | StoredRows
    steps: Indices

    @property
    def entries(self) -> int:
        """S."""
        entries, _ = self.rows.shape
        return int(entries)

    @property
    def dim(self) -> int:
        """P."""
        _, dim = self.rows.shape
        return int(dim)

    def theta(self, entry: int) -> Array:
        """Theta ``(P,)`` at an entry; −1 is the last."""
        return self.rows[range(self.entries)[entry], :].astype(np.float64)

    def columns(self, places: slice) -> Array:
        """Some parameters at every entry ``(S, C)``, in float64: a copy."""
        found = self.rows[:, places]
        return found if isinstance(self.rows, StoredRows) else found.astype(np.float64)

    def blocks(self, entries: int | None = None) -> Iterator[slice]:
        """Slices of the parameters in which ``entries`` rows (its own, unless it is said) are a block."""
        width = max(BLOCK_BYTES // 8 // (entries or self.entries), 1)
        for start in range(0, self.dim, width):
            yield slice(start, min(start + width, self.dim))

    def whole(self) -> Array:
        """All of theta ``(S, P)`` in float64, for paths that are small."""
        return self.columns(slice(None))


@dataclass(frozen=True, eq=False)
class Rows:
    """Entries of a path as an array ``(S, P)`` of float64 has them, each read when it is asked for."""

    path: RecordedPath
    entries: range
    ndim: int = 2

    @property
    def shape(self) -> tuple[int, int]:
        """``(S, P)``."""
        return len(self.entries), self.path.dim

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return Rows(self.path, self.entries[place])
        return self.path.theta(self.entries[place])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> AnyArray:
        found = np.empty(self.shape, np.float64 if dtype is None else dtype)
        for row, entry in zip(found, self.entries, strict=True):
            row[:] = self.path.theta(entry)
        return found


@dataclass(frozen=True, eq=False)
class Shadow:
    """Where a path falls on a plane: coordinates ``(S, 2)``, and the distance from it ``(S,)``."""

    path: Array
    off_plane: Array


def shadow_of(path: RecordedPath, plane: Plane) -> Shadow:
    """The projection of a path that need not fit into memory, in two readings.

    With U the plane's directions as rows, the coordinates are (UUᵀ)⁻¹ U(θ − origin).
    """
    along, gram = np.zeros((path.entries, 2)), np.zeros((2, 2))
    for part in path.blocks():
        basis = plane.basis[:, part]
        along += (path.columns(part) - plane.origin[part]) @ basis.T
        gram += basis @ basis.T
    places: Array = along if plane.orthonormal else np.linalg.solve(gram, along.T).T.astype(np.float64)
    if plane.exact:
        return Shadow(places, np.zeros(path.entries))
    squares = np.zeros(path.entries)
    for part in path.blocks():
        off = path.columns(part) - plane.origin[part] - places @ plane.basis[:, part]
        squares += np.einsum("sp,sp->s", off, off)
    return Shadow(places, np.sqrt(squares))
