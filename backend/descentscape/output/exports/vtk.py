"""The surface for ParaView and other programs that read VTK."""

from __future__ import annotations

import numpy as np

from descentscape.core.landscape.surface import Surface
from descentscape.core.objective import AnyArray
from descentscape.output.exports.base import Export

HEADER = """# vtk DataFile Version 3.0
Descentscape: cost over a plane, x = a, y = b, z = height as drawn
BINARY
DATASET STRUCTURED_GRID
DIMENSIONS {columns} {rows} 1
POINTS {points} double
"""
SCALARS = """
POINT_DATA {points}
SCALARS cost double 1
LOOKUP_TABLE default
"""


def to_vtk(surface: Surface) -> bytes:
    """A structured grid of VTK's legacy format, a running fastest: points (a, b, height), scalars ``cost``.

    The scalars are the true costs, nan where they are not finite. A point must be somewhere, so its height is
    the cost kept within the range that pictures keep to, and the top of it where there is no cost.
    """
    rows, columns = surface.cost.shape
    size = {"rows": rows, "columns": columns, "points": rows * columns}
    a, b = np.meshgrid(surface.a, surface.b)
    height = np.nan_to_num(surface.drawn(), nan=surface.clipped.high)
    points = np.stack([a, b, height], axis=-1)
    return b"".join(
        [
            HEADER.format(**size).encode(),
            _big_endian(points),
            SCALARS.format(**size).encode(),
            _big_endian(surface.cost),
            b"\n",
        ]
    )


def _big_endian(numbers: AnyArray) -> bytes:
    """Doubles as the legacy format has them on every machine."""
    return numbers.astype(">f8").tobytes()


EXPORT = Export(
    kind="vtk",
    label="Surface for ParaView",
    point="Structured grid, VTK",
    call="surfaces",
    media_type="application/x-vtk",
    endings=("vtk",),
    write=to_vtk,
)
