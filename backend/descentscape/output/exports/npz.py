"""The results as arrays for NumPy."""

from __future__ import annotations

from descentscape.output.export import EVERYTHING, runs_answer
from descentscape.output.exports.base import Export
from descentscape.output.serialization import npz_bytes

EXPORT = Export(
    kind="npz",
    label="Arrays for NumPy",
    point="NPZ",
    call="runs",
    media_type="application/x-npz",
    endings=("npz",),
    query=EVERYTHING,
    write=lambda results: npz_bytes(runs_answer(results)),
)
