"""A formula that someone typed, f(x, y), turned into a graph without running any of it.

    sum      = product {("+" | "-") product}
    product  = signed {("*" | "/") signed}
    signed   = ("+" | "-") signed | power
    power    = atom ["**" signed]
    atom     = number | name | function "(" sum {"," sum} ")" | "(" sum ")"

Precedences are Python's, numbers are floats. The text reaches neither ``eval`` nor Python's own parser: what
the grammar lacks has no meaning, and the limits below bound the work.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from descentscape.core.autodiff.program import ON_FLOATS
from descentscape.core.autodiff.reverse import Node, Operand, apply, constant, lift
from descentscape.core.errors import InvalidValue

MAX_LENGTH = 400
"""Characters in a formula."""

MAX_NODES = 200
"""Numbers, names and operations in a formula: Goldstein and Price's, the longest in `FORMULAS`, has 77."""

MAX_DEPTH = 40
"""Brackets, signs and exponents within one another."""

VARIABLES = ("x", "y")
CONSTANTS = {"pi": math.pi, "e": math.e}

FUNCTIONS: dict[str, tuple[str, int]] = {
    "sin": ("sin", 1),
    "cos": ("cos", 1),
    "tan": ("tan", 1),
    "sinh": ("sinh", 1),
    "cosh": ("cosh", 1),
    "tanh": ("tanh", 1),
    "exp": ("exp", 1),
    "log": ("log", 1),
    "sqrt": ("sqrt", 1),
    "abs": ("absolute", 1),
    "min": ("minimum", 2),
    "max": ("maximum", 2),
}
"""The primitive behind each function that a formula can call, and its number of arguments."""

_OPERATORS = ({"+": "add", "-": "subtract"}, {"*": "multiply", "/": "divide"})
_NUMBER = r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
_TOKEN = re.compile(rf"{_NUMBER}|(?P<name>[A-Za-z_]\w*)|(?P<sign>\*\*|[-+*/(),])|(?P<space>\s+)", re.ASCII)


class Symbol(NamedTuple):
    """One entry of a formula in postfix order: a leaf, or a primitive on the last ``arity`` results."""

    name: str
    arity: int = 0
    value: float | None = None


@dataclass(frozen=True)
class Expression:
    """A parsed formula: calling it builds its graph at a point."""

    text: str
    postfix: tuple[Symbol, ...]

    def __call__(self, x: Operand, y: Operand) -> Node:
        """The node of f(x, y)."""
        variables = {"x": lift(x), "y": lift(y)}
        stack: list[Node] = []
        for name, arity, value in self.postfix:
            if arity:
                stack[-arity:] = [apply(name, *stack[-arity:])]
            else:
                stack.append(variables[name] if value is None else constant(value, name))
        return stack.pop()


def parse(text: str, name: str = "expression") -> Expression:
    """The formula of the text, or `InvalidValue` that says what is wrong with ``name``, and where.

    Positions count characters from 1. A part without x and y has to be finite: neither 1/0 nor 10**10**10.
    """
    if not isinstance(text, str):
        raise InvalidValue(name, "a text", text)
    if len(text) > MAX_LENGTH:
        raise InvalidValue(name, f"at most {MAX_LENGTH} characters long", len(text))
    return Expression(text, _Reader(text, name).read())


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


class _Reader:
    """Recursive descent over the tokens, one method a rule, writing the formula in postfix order."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.tokens = self._tokens(text)
        self.token = next(self.tokens)
        self.depth = 0
        self.postfix: list[Symbol] = []
        self.known: list[float | None] = []  # the value of each operand in waiting, if it is constant

    def read(self) -> tuple[Symbol, ...]:
        self._sum()
        if self.token.kind != "end":
            self._refuse("an operator", self.token)
        if len(self.postfix) > MAX_NODES:
            wanted = f"a formula of at most {MAX_NODES} numbers, names and operations"
            raise InvalidValue(self.name, wanted, len(self.postfix))
        return tuple(self.postfix)

    def _tokens(self, text: str) -> Iterator[_Token]:
        start = 0
        while start < len(text):
            match = _TOKEN.match(text, start)
            if match is None:
                wanted = "** for powers" if text[start] == "^" else "only numbers, names and + - * / ** ( ) ,"
                self._refuse(wanted, _Token("", text[start], start + 1))
            if match.lastgroup != "space":
                yield _Token(str(match.lastgroup), match[0], start + 1)
            start = match.end()
        yield _Token("end", "the end", start + 1)

    def _sum(self, level: int = 0) -> None:
        """A sum at level 0, a product at level 1."""
        if level == len(_OPERATORS):
            return self._signed()
        self._sum(level + 1)
        while self.token.text in _OPERATORS[level]:
            operator = self._take()
            self._sum(level + 1)
            self._operation(operator, _OPERATORS[level][operator.text], 2)
        return None

    def _signed(self) -> None:
        if self.depth == MAX_DEPTH:
            self._refuse(f"at most {MAX_DEPTH} brackets, signs and exponents within one another", self.token)
        self.depth += 1
        if self.token.text in ("+", "-"):
            sign = self._take()
            self._signed()
            if sign.text == "-":
                self._operation(sign, "negative", 1)
        else:
            self._power()
        self.depth -= 1

    def _power(self) -> None:
        self._atom()
        if self.token.text == "**":
            operator = self._take()
            self._signed()
            self._operation(operator, "power", 2)

    def _atom(self) -> None:
        token = self._take()
        if token.kind == "number":
            self._write(token, Symbol(token.text, 0, float(token.text)))
        elif token.text in CONSTANTS:
            self._write(token, Symbol(token.text, 0, CONSTANTS[token.text]))
        elif token.text in VARIABLES:
            self._write(token, Symbol(token.text))
        elif token.text in FUNCTIONS:
            self._call(token, *FUNCTIONS[token.text])
        elif token.text == "(":
            self._sum()
            self._expect(")")
        else:
            names = ", ".join((*VARIABLES, *CONSTANTS, *FUNCTIONS))
            self._refuse(f"one of {names}" if token.kind == "name" else "a number, a name or '('", token)

    def _call(self, token: _Token, op: str, arity: int) -> None:
        for sign in "(" + "," * (arity - 1):
            self._expect(sign)
            self._sum()
        self._expect(")")
        self._operation(token, op, arity)

    def _operation(self, token: _Token, op: str, arity: int) -> None:
        operands = self.known[-arity:]
        del self.known[-arity:]
        try:
            value = None if None in operands else ON_FLOATS[op](*operands)
        except (ArithmeticError, ValueError):
            value = math.nan
        self._write(token, Symbol(op, arity), value)

    def _write(self, token: _Token, symbol: Symbol, value: float | None = None) -> None:
        known = symbol.value if value is None else value
        if known is not None and not math.isfinite(known):
            self._refuse("constant parts that are finite", token)
        self.known.append(known)
        self.postfix.append(symbol)

    def _take(self) -> _Token:
        token = self.token
        if token.kind != "end":
            self.token = next(self.tokens)
        return token

    def _expect(self, sign: str) -> None:
        token = self._take()
        if token.text != sign:
            self._refuse(f"'{sign}'", token)

    def _refuse(self, wanted: str, token: _Token) -> NoReturn:
        raise InvalidValue(self.name, f"a formula with {wanted} at position {token.position}", token.text)
