"""What is kept of every step of a run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from descentscape.core.objective import AnyArray


class Record:
    """Named columns of float64 with one row a step, filled from the front.

    ``widths`` gives each column's shape beyond the rows. Rows that were read never change; one thread may
    append while others read.
    """

    def __init__(self, rows: int, widths: Mapping[str, tuple[int, ...]]) -> None:
        self.rows, self.widths, self.entries = rows, dict(widths), 0
        self._columns = {name: np.empty((rows, *width)) for name, width in widths.items()}

    def append(self, block: Mapping[str, AnyArray], count: int) -> None:
        """Take the first ``count`` rows of a block of all columns."""
        end = self.entries + count
        for name, column in self._columns.items():
            column[self.entries : end] = block[name][:count]
        self.entries = end

    def column(self, name: str) -> AnyArray:
        """The rows so far ``(entries, ...)``, a view that cannot be written to."""
        view = self._columns[name][: self.entries]
        view.flags.writeable = False
        return view

    def copy_from(self, other: Record, entries: int) -> None:
        """Take the first rows of a record that has at least these columns."""
        self.append({name: other.column(name) for name in self.widths}, entries)
