"""The whole catalogue: all that a document can say, and the files that come of it."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from descentscape.document.catalog import catalog as of_documents
from descentscape.output.exports import export_entries

CatalogPart = Literal["whole", "opening", "glossary", "tour"]
"""All of it, what a page opens with, or the glossary or the tour alone."""

LATER = ("schema", "glossary")
"""What a page opens without: half of the catalogue."""

OF_A_STOP = ("id", "title", "tab", "experiment")
"""What a page opens with of each stop of the tour: enough to find and to open it, without its words."""


def catalog_part(part: CatalogPart) -> dict[str, Any]:
    """The entries of the catalogue that a part of it has."""
    whole = catalog()
    if part == "whole":
        return whole
    if part != "opening":
        return {part: whole[part]}
    stops = [{name: stop[name] for name in OF_A_STOP} for stop in whole["tour"]]
    return {name: entry for name, entry in whole.items() if name not in LATER} | {"tour": stops}


@cache
def catalog() -> dict[str, Any]:
    """Everything that GET catalog answers; shared by all callers, not to be changed."""
    return {**of_documents(), "exports": export_entries()}
