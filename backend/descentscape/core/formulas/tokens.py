"""The words of a formula: one tokenizer for what people type and for what an update rule is written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[¼½¾]"
"""A pattern of decimal numbers without a sign, and of the three fractions that keyboards have."""

UNKNOWN, END = "unknown", "end"
"""The kinds of a character that begins no token, and of what follows the last token."""


class Token(NamedTuple):
    """A piece of a text: its kind, how many characters stand before it, and the white space before it."""

    kind: str
    text: str
    start: int
    gap: str = ""


def tokenize(text: str, patterns: Mapping[str, str]) -> Iterator[Token]:
    """The tokens of a text, each of the first kind whose pattern fits, and one of kind `END` at last."""
    kinds = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in patterns.items())
    pattern = re.compile(rf"(?P<gap>\s*)(?:{kinds}|(?P<{UNKNOWN}>\S)|(?P<{END}>$))")
    start, kind = 0, ""
    while kind != END:
        match = pattern.match(text, start)
        assert match is not None, "anything is a token, an unknown one at least"
        kind = str(match.lastgroup)
        yield Token(kind, match[kind], match.start(kind), match["gap"])
        start = match.end()


def alternatives(names: Iterable[str]) -> str:
    """A pattern of the names, the longest first; of none, one that never fits."""
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"


def number_of(text: str) -> float:
    """The value of a token that fits `NUMBER`."""
    return unicodedata.numeric(text) if text in "¼½¾" else float(text)
