"""The files that results and figures can be taken away as, one file here for each kind.

The command line, the calls and the page's menu read this table. A new kind is a file that exports its
`Export` as ``EXPORT``, and its name in `FILES`.
"""

from __future__ import annotations

from typing import Any

from descentscape.document.registry import exported
from descentscape.output.export import attributes
from descentscape.output.exports.base import Call, Export, ProgramSource

FILES = (
    "html",
    "figure",
    "gif",
    "csv",
    "xlsx",
    "json",
    "npz",
    "python",
    "pytorch",
    "curl",
    "notebook",
    "surface_csv",
    "surface_json",
    "surface_npz",
    "vtk",
)
"""In the order of the menu."""

EXPORTS: dict[str, Export] = {export.kind: export for export in exported(__name__, FILES, "EXPORT")}
"""Every kind of file by its name."""


def by_ending(call: Call) -> dict[str, Export]:
    """The files that are made from one kind of thing, by the endings of their names.

    Among the programs is code that is made from what was computed, too.
    """
    return {
        ending: export for export in EXPORTS.values() if _is_of(export, call) for ending in export.endings
    }


def _is_of(export: Export, call: Call) -> bool:
    return export.call == call or (call == "programs" and export.copied)


def by_media_type(call: Call) -> dict[str, Export]:
    """The files that a call answers with, by their media types."""
    return {export.media_type: export for export in EXPORTS.values() if export.call == call}


def export_entries() -> list[dict[str, Any]]:
    """The catalogue's account of the files, for the page's menu."""
    names = ("kind", "label", "point", "call", "media_type", "copied", "query", "on_screen")
    return [
        attributes(export, names) | {"ending": export.endings[0]}
        for export in EXPORTS.values()
        if export.listed
    ]


__all__ = ["EXPORTS", "Call", "Export", "ProgramSource", "by_ending", "by_media_type", "export_entries"]
