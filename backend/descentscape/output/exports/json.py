"""The results with the experiment, as JSON."""

from __future__ import annotations

from descentscape.output.export import EVERYTHING, runs_answer
from descentscape.output.exports.base import Export
from descentscape.output.serialization import json_bytes

EXPORT = Export(
    kind="json",
    label="Results with the experiment",
    point="JSON",
    call="runs",
    media_type="application/json",
    endings=("json",),
    query=EVERYTHING,
    write=lambda results: json_bytes(runs_answer(results)),
)
