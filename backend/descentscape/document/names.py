"""Names that people give: what they may hold, and how they stand beside other text."""

from __future__ import annotations

import unicodedata
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from descentscape.document.bounds import MAX_LABEL

BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Unicode's property Bidi_Control (Annex 9): characters that are not seen and turn the text that follows."""

UNSEEN = frozenset({"Cc", "Zl", "Zp"})
"""Unicode's categories of control characters (C0 and C1) and of the separators of lines and paragraphs."""

RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
"""Bidirectional classes of letters and digits that are written from the right."""


def _plain(name: str) -> str:
    for character in name:
        if character in BIDI_CONTROLS or unicodedata.category(character) in UNSEEN:
            raise PydanticCustomError(
                "unseen",
                "must be {constraint}",
                {"constraint": f"text without control characters (here U+{ord(character):04X})"},
            )
    return name


MAX_FILE_NAME = 120
"""Characters of a file's name."""

FileName: TypeAlias = Annotated[str, Field(max_length=MAX_FILE_NAME), AfterValidator(_plain)]
"""What a file is called, for people to read."""

Name: TypeAlias = Annotated[str, Field(max_length=MAX_LABEL), AfterValidator(_plain)]
"""A text in which all that has an effect can be seen."""


def plain_name(name: str) -> str:
    """A name as it may stand in a document, without what it may not hold."""
    kept = (each for each in name if each not in BIDI_CONTROLS and unicodedata.category(each) not in UNSEEN)
    return "".join(kept)[:MAX_LABEL]


def isolated(name: str) -> str:
    """The name as it may stand in a sentence: one from the right comes between isolates."""
    if any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in name):
        return f"\u2068{name}\u2069"
    return name
