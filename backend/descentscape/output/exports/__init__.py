"""The files that results and figures can be taken away as, one file here for each kind.

The command line, the calls and the page's menu read this table. A new kind is a file that exports its
`Export` as ``EXPORT``, and its name in `FILES`.
"""

from __future__ import annotations

from typing import Any

from descentscape.document.registry import exported
from descentscape.output.export import attributes
from descentscape.output.exports.base import Call, Export

FILES = (
    "html",
    "figure",
    "gif",
    "csv",
    "json",
    "npz",
    "python",
    "notebook",
)
"""In the order of the menu."""

EXPORTS: dict[str, Export] = {export.kind: export for export in exported(__name__, FILES, "EXPORT")}
"""Every kind of file by its name."""


def by_ending(call: Call) -> dict[str, Export]:
    """The files that are made from the results or from the drawing, by the endings of their names."""
    return {ending: export for export in EXPORTS.values() if export.call == call for ending in export.endings}


def by_media_type(call: Call) -> dict[str, Export]:
    """The files that a call answers with, by their media types."""
    return {export.media_type: export for export in EXPORTS.values() if export.call == call}


def export_entries() -> list[dict[str, Any]]:
    """The catalogue's account of the files, for the page's menu."""
    names = ("kind", "label", "point", "call", "media_type", "on_screen")
    return [
        attributes(export, names) | {"ending": export.endings[0]}
        for export in EXPORTS.values()
        if export.listed
    ]


__all__ = ["EXPORTS", "Call", "Export", "by_ending", "by_media_type", "export_entries"]
