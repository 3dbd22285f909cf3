"""The whole catalogue: all that a document can say, and the files that come of it."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from descentscape.document.catalog import catalog as of_documents
from descentscape.output.exports import export_entries

CatalogPart = Literal["whole", "opening", "glossary"]
"""All of it, all but what a page opens without, or the glossary alone."""

LATER = ("schema", "glossary")
"""What a page opens without: half of the catalogue."""


def catalog_part(part: CatalogPart) -> dict[str, Any]:
    """The entries of the catalogue that a part of it has."""
    whole = catalog()
    if part == "glossary":
        return {"glossary": whole["glossary"]}
    return {name: entry for name, entry in whole.items() if part == "whole" or name not in LATER}


@cache
def catalog() -> dict[str, Any]:
    """Everything that GET catalog answers; shared by all callers, not to be changed."""
    return {**of_documents(), "exports": export_entries()}
