"""The surface as arrays for NumPy."""

from __future__ import annotations

from descentscape.core.landscape.surface import Surface
from descentscape.output.export import surface_answer
from descentscape.output.exports.base import Export
from descentscape.output.serialization import npz_bytes


def to_npz(surface: Surface) -> bytes:
    """The arrays a, b, cost, plane.origin and plane.basis, and all the rest as the text ``meta``."""
    return npz_bytes(surface_answer(surface))


EXPORT = Export(
    kind="surface_npz",
    label="Surface for NumPy",
    point="Heights and plane, NPZ",
    call="surfaces",
    media_type="application/x-npz",
    endings=("npz",),
    write=to_npz,
)
