"""The surface as a table of its points."""

from __future__ import annotations

import csv
import io
from itertools import product

from descentscape.core.landscape.surface import Surface
from descentscape.output.exports.base import Export


def to_csv(surface: Surface) -> bytes:
    """A row for every point of the grid, from the lowest b: a, b, cost, which is empty if not finite."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["a", "b", "cost"])
    heights = zip(product(surface.b.tolist(), surface.a.tolist()), surface.cost.ravel().tolist(), strict=True)
    writer.writerows([a, b, "" if cost != cost else cost] for (b, a), cost in heights)
    return text.getvalue().encode()


EXPORT = Export(
    kind="surface_csv",
    label="Table of the surface",
    point="A row a point, CSV",
    call="surfaces",
    media_type="text/csv",
    endings=("csv",),
    write=to_csv,
)
