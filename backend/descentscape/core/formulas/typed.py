"""What people type for a formula, in the signs and words that its grammar has, position by position."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator

from descentscape.core.formulas.tokens import END, NUMBER, Token, tokenize

RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ˣʸᵉ"
"""Characters that are read as an exponent where they stand."""

MOST_QUOTED = 20
"""Characters of what is wrong that are worth repeating."""

_SIGNS = str.maketrans("−–—·∙⋅•×∗÷∕⁄", "---******///")
_PATTERNS = {
    "number": NUMBER,
    "raised": f"[{RAISED}]+",
    "name": rf"log10|log2|(?:(?![{RAISED}])[^\W\d_])+",
    "sign": r"\*\*|[-+*/^(),|√∛]",
}
_LEFT_SIDE = re.compile(r"\s*(?!\s|[xy]\b)[^\W\d_]\w*\s*(?:\(\s*x\s*,\s*y\s*\)\s*)?:?=", re.IGNORECASE)

_SAID = {
    "[": "use round brackets ( )",
    "]": "use round brackets ( )",
    "{": "use round brackets ( )",
    "}": "use round brackets ( )",
    "!": "factorials are for whole numbers only",
    "=": "only “f(x, y) =” may stand in front of a formula",
    "\\": "write sin(x) and a/b, not LaTeX",
    "°": "angles are in radians",
    ":": "write / to divide",
    "_": "names have no underscores",
    "∞": "only finite numbers can be read",
    "'": "derivatives are taken for you",
    ".": "write a digit beside a decimal point",
}
"""What a student may do about a sign that no formula has."""

_OTHERWISE = {
    "sen": "sin",
    "tg": "tan",
    "arctg": "arctan",
    "lg": "log10",
    "ld": "log2",
    "lb": "log2",
    "cot": "1/tan",
    "cotan": "1/tan",
    "ctg": "1/tan",
    "sec": "1/cos",
    "csc": "1/sin",
    "pow": "x^y",
    "root": "sqrt",
}
"""What else functions are called, in other countries and other programs."""


def tokens(text: str, known: Collection[str]) -> Iterator[Token]:
    """The tokens of a typed text, with positions in it.

    Look-alikes of a sign or a letter are that (NFKC, one character for one), ``f(x, y) =`` in front is passed
    over, superscripts x² are an exponent in brackets, ``xy`` falls into the names that are ``known``, and
    names are in small letters.
    """
    plain = "".join(map(_plain, text))
    left = _LEFT_SIDE.match(plain)
    skipped = left.end() if left else 0
    for token in tokenize(plain[skipped:], _PATTERNS):
        placed = token._replace(start=token.start + skipped)
        if token.kind == "raised":
            yield from _exponent(placed, known)
        elif token.kind == "name":
            yield from _names(placed, known)
        else:
            yield placed


def _plain(character: str) -> str:
    if character in RAISED:
        return character
    alike = unicodedata.normalize("NFKC", character)
    return (alike if len(alike) == 1 else character).translate(_SIGNS)


def _exponent(token: Token, known: Collection[str]) -> Iterator[Token]:
    yield token._replace(kind="raised")
    yield Token("sign", "(", token.start)
    before = ""
    for each in tokens(unicodedata.normalize("NFKC", token.text), known):
        placed = each._replace(start=token.start + each.start)
        if each.kind == "number" and before == "name":
            yield Token("sign", "^", placed.start)  # the exponent of an exponent: e⁻ˣ²
        if each.kind != END:
            yield placed
        before = each.kind
    yield Token("sign", ")", token.start + len(token.text))


def _names(token: Token, known: Collection[str]) -> Iterator[Token]:
    """The token, or the known names that it falls into, the longest first."""
    text, found, start = token.text.lower(), list[Token](), 0
    longest = max(map(len, known))
    while start < len(text):
        length = next((n for n in range(longest, 0, -1) if text[start : start + n] in known), 0)
        if not length:
            yield token
            return
        gap = "" if start else token.gap
        found.append(Token("name", text[start : start + length], token.start + start, gap))
        start += length
    yield from found


def quoted(text: str) -> str:
    """The text in quotation marks, in short, and as a number what nobody could see."""
    seen = "".join(each if each.isprintable() else f"U+{ord(each):04X}" for each in text)
    return f"“{seen if len(seen) <= MOST_QUOTED else seen[:MOST_QUOTED] + '…'}”"


def about_sign(sign: str) -> str:
    """What can be said of a sign that no formula has; nothing of most."""
    return _SAID.get(sign, "")


def about_name(name: str, known: Collection[str]) -> str:
    """What an unknown name may have been meant for."""
    if not name.isascii():
        return f"its first letter is the {unicodedata.name(name[0], 'character').lower()}"
    near = [_OTHERWISE.get(name.lower()), *difflib.get_close_matches(name.lower(), known, 1)]
    return next((f"did you mean “{each}”?" for each in near if each), "the variables are x and y")
