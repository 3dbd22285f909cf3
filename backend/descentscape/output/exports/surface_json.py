"""The surface as JSON."""

from __future__ import annotations

from descentscape.core.landscape.surface import Surface
from descentscape.output.export import surface_answer
from descentscape.output.exports.base import Export
from descentscape.output.serialization import json_bytes


def to_json(surface: Surface) -> bytes:
    """What the call for a surface answers: arrays as lists, null for a cost that is not finite."""
    return json_bytes(surface_answer(surface))


EXPORT = Export(
    kind="surface_json",
    label="Surface with its plane",
    point="JSON",
    call="surfaces",
    media_type="application/json",
    endings=("json",),
    write=to_json,
)
