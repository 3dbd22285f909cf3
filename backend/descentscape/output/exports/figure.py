"""The figure as Plotly reads it."""

from __future__ import annotations

from descentscape.output.exports.base import Export

EXPORT = Export(
    kind="figure",
    label="Figure for Plotly",
    point="JSON",
    call="figures",
    media_type="application/json",
    endings=("json",),
    write=lambda drawing: drawing.figure().to_json().encode(),
)
