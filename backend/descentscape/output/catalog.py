"""The whole catalogue: all that a document can say, and the files that come of it."""

from __future__ import annotations

from functools import cache
from typing import Any

from descentscape.document.catalog import catalog as of_documents
from descentscape.output.exports import export_entries


@cache
def catalog() -> dict[str, Any]:
    """Everything that GET catalog answers; shared by all callers, not to be changed."""
    return {**of_documents(), "exports": export_entries()}
