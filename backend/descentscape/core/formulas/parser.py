"""A formula that someone typed, f(x, y), turned into a graph without running any of it.

    sum      = product {("+" | "-") product}
    product  = signed {["*" | "/"] signed}           factors side by side are multiplied, from left to right
    signed   = ("+" | "-") signed | power
    power    = atom {superscript} ["^" signed]
    atom     = number | name | call | "(" sum ")" | "|" sum "|" | ("√" | "∛") atom
    call     = function [exponent] ("(" sum {"," sum} ")" | power {power})

``**`` is ``^``. A sign binds less than a power, -x^2 = -(x^2), and powers are read from the right, 2^3^x =
2^(3^x). A bar closes what a bar opened wherever it can. A function without brackets takes the numbers and
variables that follow it, sin 2x = sin(2x), and an exponent behind its name is that of its value, sin²(x).
`typed` has what else people write. The text reaches neither ``eval`` nor Python's own parser: what the
grammar lacks has no meaning, and the limits below bound the work.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NoReturn

from descentscape.core.autodiff.program import ON_FLOATS
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.expression import CONSTANTS, FUNCTIONS, VARIABLES, Expression, Symbol
from descentscape.core.formulas.tokens import END, UNKNOWN, Token, number_of
from descentscape.core.formulas.typed import about_name, about_sign, quoted, tokens

MAX_LENGTH = 400
"""Characters in a formula."""

MAX_FORMULA_NODES = 200
"""Numbers, names and operations in a formula: Goldstein and Price's, the longest in `FORMULAS`, has 77."""

MAX_DEPTH = 40
"""Brackets, signs and exponents within one another."""

NAMES = frozenset((*VARIABLES, *CONSTANTS, *FUNCTIONS))

_SUMS = {"+": "add", "-": "subtract"}
_ROOTS = {"√": "sqrt", "∛": "cbrt"}


def parse(text: str, name: str = "expression") -> Expression:
    """The formula of the text, or `InvalidValue` that says what is wrong with ``name``, and where.

    Positions count characters from 1. A part without x and y has to be finite: neither 1/0 nor 10^10^10.
    """
    if not isinstance(text, str):
        raise InvalidValue(name, "a text", text)
    if len(text) > MAX_LENGTH:
        raise InvalidValue(name, f"at most {MAX_LENGTH} characters long", len(text))
    return _read(text, name)


@lru_cache(maxsize=64)
def _read(text: str, name: str) -> Expression:
    """The formula of a text, which is read for its rules, its price and its runs."""
    return Expression(text, _Reader(text, name).read())


class _Reader:
    """Recursive descent over the tokens, one method a rule, writing the formula in postfix order."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.tokens = tokens(text, NAMES)
        self.token = self.before = next(self.tokens)
        self.depth = 0
        self.bars = 0  # that are open in the innermost brackets
        self.postfix: list[Symbol] = []
        self.known: list[float | None] = []  # the value of each operand in waiting, if it is constant

    def read(self) -> tuple[Symbol, ...]:
        self._sum()
        if self.token.kind != END:
            self._refuse_what_follows()
        if len(self.postfix) > MAX_FORMULA_NODES:
            wanted = f"a formula of at most {MAX_FORMULA_NODES} numbers, names and operations"
            raise InvalidValue(self.name, wanted, len(self.postfix))
        return tuple(self.postfix)

    # The grammar

    def _sum(self) -> None:
        self._product()
        while self.token.text in _SUMS:
            sign = self._take()
            self._product()
            self._operation(sign, _SUMS[sign.text], 2)

    def _product(self) -> None:
        self._signed()
        while self.token.text in ("*", "/") or self._is_factor():
            sign = self._take() if self.token.text in ("*", "/") else self.token
            self._signed()
            self._operation(sign, "divide" if sign.text == "/" else "multiply", 2)

    def _is_factor(self) -> bool:
        """Whether the next token begins a factor that is multiplied without a sign."""
        if self.token.text == "|":
            return self.bars == 0
        return self.token.kind == "name" or self.token.text in ("(", *_ROOTS)

    def _signed(self) -> None:
        self._within(self._sign if self.token.text in _SUMS else self._power)

    def _sign(self) -> None:
        sign = self._take()
        self._signed()
        if sign.text == "-":
            self._operation(sign, "negative", 1)

    def _power(self) -> None:
        self._atom()
        while self.token.kind == "raised":
            sign = self._take()
            self._atom()
            self._operation(sign, "power", 2)
        if self.token.text in ("^", "**"):
            sign = self._take()
            self._signed()
            self._operation(sign, "power", 2)

    def _atom(self) -> None:
        token = self._take()
        if token.kind == "number":
            self._write(token, Symbol(token.text, 0, number_of(token.text)))
        elif token.text in CONSTANTS:
            self._write(token, Symbol(token.text, 0, CONSTANTS[token.text]))
        elif token.text in VARIABLES:
            self._write(token, Symbol(token.text))
        elif token.text in FUNCTIONS:
            self._call(token)
        elif token.text in _ROOTS:
            self._within(self._atom)
            self._operation(token, _ROOTS[token.text], 1)
        elif token.text == "(":
            self._bracketed(self._sum)
            self._expect(")")
        elif token.text == "|":
            self._absolute(token)
        else:
            self._refuse_operand(token)

    def _absolute(self, token: Token) -> None:
        self.bars += 1
        self._sum()
        self._expect("|")
        self.bars -= 1
        self._operation(token, "absolute", 1)

    def _call(self, function: Token) -> None:
        op, arity = FUNCTIONS[function.text]
        exponent = self._exponent_of(function)
        if self.token.text == "(":
            self._bracketed(lambda: self._arguments(function, op, arity))
        elif arity == 1 and (self.token.kind in ("name", "number") or self.token.text in ("|", *_ROOTS)):
            self._within(lambda: self._bare_argument(function, op))
        else:
            example = f"{function.text}({'x' if arity == 1 else 'x, y'})"
            self._refuse(f"“{function.text}” {{at}} needs brackets: {example}", function)
        if exponent is not None:
            self._write(exponent, Symbol(exponent.text, 0, number_of(exponent.text)))
            self._operation(function, "power", 2)

    def _arguments(self, function: Token, op: str, arity: int) -> None:
        self._expect("(")
        self._sum()
        if arity == 1:
            if self.token.text == ",":
                self._refuse_comma(f"{function.text} takes one number")
            self._operation(function, op, 1)
        else:
            self._more_arguments(function, op)
        self._expect(")")

    def _more_arguments(self, function: Token, op: str) -> None:
        """The second argument and all after it, each taken together with what the ones before make."""
        more = True
        while more:
            self._expect(",", f"{function.text} takes two numbers or more")
            self._sum()
            self._operation(function, op, 2)
            more = self.token.text == ","

    def _bare_argument(self, function: Token, op: str) -> None:
        self._power()
        while self.token.text in VARIABLES or self.token.text in CONSTANTS:
            sign = self.token
            self._power()
            self._operation(sign, "multiply", 2)
        self._operation(function, op, 1)

    def _exponent_of(self, function: Token) -> Token | None:
        """The number behind a function's name, as in sin²(x) or sin^2(x)."""
        raised = self.token.kind == "raised"
        if not raised and self.token.text not in ("^", "**"):
            return None
        self._take()
        if raised:
            self._expect("(")
        if self.token.kind != "number":
            name = function.text
            inverse = f", or arc{name}(x) for the inverse" if f"arc{name}" in NAMES else ""
            self._refuse(f"{{at}} only a number may stand: write ({name}(x))^(…){inverse}", self.token)
        exponent = self._take()
        if raised:
            self._expect(")")
        return exponent

    # What the grammar is made of

    def _within(self, rule: Callable[[], None]) -> None:
        if self.depth == MAX_DEPTH:
            limit = f"at most {MAX_DEPTH} brackets, signs and exponents may stand within one another"
            self._refuse(f"{{at}} it goes too deep: {limit}", self.token)
        self.depth += 1
        rule()
        self.depth -= 1

    def _bracketed(self, rule: Callable[[], None]) -> None:
        bars, self.bars = self.bars, 0
        rule()
        self.bars = bars

    def _operation(self, token: Token, op: str, arity: int) -> None:
        operands = self.known[-arity:]
        del self.known[-arity:]
        try:
            value = None if None in operands else ON_FLOATS[op](*operands)
        except (ArithmeticError, ValueError):
            value = math.nan
        self._write(token, Symbol(op, arity), value)

    def _write(self, token: Token, symbol: Symbol, value: float | None = None) -> None:
        known = symbol.value if value is None else value
        if known is not None and not math.isfinite(known):
            self._refuse(f"{quoted(token.text)} {{at}} makes a number that is not finite", token)
        self.known.append(known)
        self.postfix.append(symbol)

    def _take(self) -> Token:
        self.before = self.token
        if self.token.kind != END:
            self.token = next(self.tokens)
        return self.before

    def _expect(self, sign: str, why: str = "") -> None:
        if self.token.text == sign:
            self._take()
        elif self.token.text == "," and not why:
            self._refuse_comma("commas stand between the numbers of max and min")
        elif self.token.kind in (END, "sign"):
            self._refuse(f"“{sign}” is missing {{at}}" + (f": {why}" if why else ""), self.token)
        else:
            self._refuse_what_follows()

    # What a student is told

    def _refuse(self, said: str, token: Token) -> NoReturn:
        place = f"at position {token.start + 1}"
        raise InvalidValue(self.name, f"a formula: {said.replace('{at}', place)}")

    def _refuse_operand(self, token: Token) -> NoReturn:
        if token.kind == "name":
            self._refuse(f"I do not know {quoted(token.text)} {{at}}: {about_name(token.text, NAMES)}", token)
        if token.kind == UNKNOWN:
            self._refuse_sign(token)
        found = "the end" if token.kind == END else f"{quoted(token.text)}"
        self._refuse(f"{{at}} a number, x, y or a bracket must stand before {found}", token)

    def _refuse_what_follows(self) -> NoReturn:
        """Of a token that cannot stand after a whole part of a formula."""
        token, before = self.token, self.before
        if token.kind == UNKNOWN:
            self._refuse_sign(token)
        if token.text == ",":
            self._refuse_comma("commas stand between the numbers of max and min")
        if token.kind == "number" and before.text in VARIABLES:
            name, number = before.text, token.text
            self._refuse(
                f"{quoted(name + number)} {{at}}: did you mean {name}^{number} or {number}{name}?", before
            )
        if token.kind == "number":
            self._refuse(f"{{at}} write + − * / or ^ before {quoted(token.text)}", token)
        self._refuse(f"{quoted(token.text)} {{at}} closes nothing that is open", token)

    def _refuse_sign(self, token: Token) -> NoReturn:
        hint = about_sign(token.text)
        self._refuse(f"I cannot read {quoted(token.text)} {{at}}" + (f": {hint}" if hint else ""), token)

    def _refuse_comma(self, otherwise: str) -> NoReturn:
        before, comma = self.before, self._take()
        decimal = before.kind == self.token.kind == "number" and not comma.gap + self.token.gap
        point = f"write {before.text}.{self.token.text} with a point"
        self._refuse(f"“,” {{at}} is in the way: {point if decimal else otherwise}", comma)
