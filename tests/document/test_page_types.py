"""The page's types of the experiment are those of its JSON schema."""

from __future__ import annotations

from pathlib import Path

from frontend.document_types import document_types

WRITE = ".venv/bin/python tests/frontend/document_types.py > frontend/js/document/experiment-types.js"
FILE = Path(__file__).parents[2] / "frontend" / "js" / "document" / "experiment-types.js"


def test_the_types_are_those_of_the_schema() -> None:
    assert FILE.read_text("utf-8") == document_types(), f"write it anew: {WRITE}"
