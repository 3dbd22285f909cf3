"""Formulas as they are written for people, read: what a text comes to, and the same text in numbers.

    sum      = product {("+" | "−") product}
    product  = signed {["·" | "/"] signed}          two factors side by side are multiplied
    signed   = "−" signed | power
    power    = atom {"²" | "ᵗ" | "^" atom}
    atom     = number | symbol | "√" atom | function (atom | list) | "(" sum ")" | "|" sum "|"
    list     = "(" sum {"," sum} ")"

Symbols are given with their values, and the longest one that fits is read. Every other bar closes what the
one before it opened. What the grammar lacks, a symbol that is not known, or one with its argument as in g(θ),
makes a text that cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import cycle, pairwise
from typing import Any

import numpy as np

from descentscape.core.formulas.tokens import END, NUMBER, UNKNOWN, Token, alternatives, number_of, tokenize
from descentscape.core.number_format import bracketed, raised
from descentscape.core.objective import Array

Value = Array | float
"""One number, or one for each parameter ``(P,)``."""

Known = Mapping[str, Value]
"""Symbols and their values."""

NOTATION_FUNCTIONS: dict[str, Callable[..., Array]] = {"max": np.maximum, "min": np.minimum, "sign": np.sign}


@np.errstate(all="ignore")
def evaluate(text: str, known: Known) -> Value | None:
    """What the text comes to, None if it cannot be read."""
    try:
        value: Value = _NotationReader(_tokens(text, known), known).read()
    except _UnreadableError:
        return None
    return value


def filled(text: str, known: Known, parameter: int) -> str:
    """A text that can be read, with one parameter's numbers in place of the symbols."""
    pieces = []
    before = Token("sign", "", 0)
    for token in _tokens(text, known):
        pieces += [" · " if _ends(before) and _begins(token) else token.gap, _shown(token, known, parameter)]
        before = token
    return "".join(pieces)


def at(value: Value, parameter: int) -> float:
    """The value for one parameter."""
    return float(np.asarray(value)[parameter]) if np.ndim(value) else float(value)


def _shown(token: Token, known: Known, parameter: int) -> str:
    if token.text == "ᵗ":
        return raised(int(known["t"]))
    return bracketed(at(known[token.text], parameter)) if token.kind == "symbol" else token.text


class _UnreadableError(Exception):
    """A text outside the grammar."""


_PARTS = {"number": NUMBER, "function": alternatives(NOTATION_FUNCTIONS)}
_NOTATION_SIGNS = r"[+−·/(),√^²ᵗ|]"
_OPENING, _CLOSING = "opening", "closing"
"""The two kinds of bars."""


def _tokens(text: str, known: Known) -> list[Token]:
    *found, end = tokenize(text, {**_PARTS, "symbol": alternatives(known), "sign": _NOTATION_SIGNS})
    for before, token in pairwise(found):
        if before.kind == "symbol" and token.text == "(" and not token.gap:
            raise _UnreadableError(text)
    if end.gap or any(token.kind == UNKNOWN for token in found):
        raise _UnreadableError(text)
    return list(_told_apart(found))


def _told_apart(tokens: Iterable[Token]) -> Iterator[Token]:
    bars = cycle((_OPENING, _CLOSING))
    for token in tokens:
        yield token._replace(kind=next(bars)) if token.text == "|" else token


def _begins(token: Token) -> bool:
    """Whether a token can begin a factor."""
    return token.kind in ("number", "symbol", "function", _OPENING) or token.text in ("√", "(")


def _ends(token: Token) -> bool:
    """Whether a token can end a factor."""
    return token.kind in ("number", "symbol", _CLOSING) or token.text in (")", "²", "ᵗ")


class _NotationReader:
    """Recursive descent over the tokens, one method a rule of the grammar."""

    def __init__(self, tokens: list[Token], known: Known) -> None:
        self.tokens, self.known = [*tokens, Token(END, "", 0)], known

    def read(self) -> Any:
        value = self._sum()
        if self.tokens[0].kind != END:
            raise _UnreadableError(self.tokens[0].text)
        return value

    def _sum(self) -> Any:
        value = self._product()
        while sign := self._take("+", "−"):
            value = value + self._product() if sign == "+" else value - self._product()
        return value

    def _product(self) -> Any:
        value = self._signed()
        while (sign := self._take("·", "/")) or _begins(self.tokens[0]):
            value = value / self._signed() if sign == "/" else value * self._signed()
        return value

    def _signed(self) -> Any:
        return -self._signed() if self._take("−") else self._power()

    def _power(self) -> Any:
        value = self._atom()
        while sign := self._take("²", "ᵗ", "^"):
            value = value ** {"²": lambda: 2, "ᵗ": lambda: self._symbol("t"), "^": self._atom}[sign]()
        return value

    def _atom(self) -> Any:
        kind, text, *_ = self.tokens.pop(0)
        if text == "√":
            return np.sqrt(self._atom())
        if text == "(":
            return self._list()[0]
        if kind == _OPENING:
            return self._absolute()
        if kind == "function":
            return NOTATION_FUNCTIONS[text](*(self._list() if self._take("(") else [self._atom()]))
        if kind == "number":
            return number_of(text)
        return self._symbol(text)

    def _list(self) -> list[Any]:
        values = [self._sum()]
        while self._take(","):
            values.append(self._sum())
        if not self._take(")"):
            raise _UnreadableError(self.tokens[0].text)
        return values

    def _absolute(self) -> Any:
        value = np.abs(self._sum())
        if not self._take("|"):
            raise _UnreadableError(self.tokens[0].text)
        return value

    def _symbol(self, name: str) -> Any:
        if name not in self.known:
            raise _UnreadableError(name)
        return self.known[name]

    def _take(self, *signs: str) -> str:
        """The next token's text, taken, if it is one of these signs; else nothing."""
        return self.tokens.pop(0).text if self.tokens[0].text in signs else ""
