"""An update rule line by line: as it is written, in the numbers of a step, and what it comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from descentscape.core.explain.notation import Known, Value, at, evaluate, filled
from descentscape.core.number_format import number

_STATEMENT = re.compile(r"(\S+) ([←=]) (.*)")


@dataclass(frozen=True, eq=False)
class FormulaLine:
    """One line of a rule, such as v ← μ v + g.

    - ``symbol``, ``arrow``, ``text``: its left side, ← for what replaces an old value and = for what is only
      named, and its right side
    - ``numbers``: the right side in numbers for one parameter and what they make; empty if it cannot be said
    - ``value``: what it makes for every parameter ``(P,)``, or one number; None if it is not computed so
    """

    symbol: str
    arrow: str
    text: str
    numbers: str
    value: Value | None


def read_rule(
    formula: str, known: Known, given: Known, parameter: int
) -> tuple[list[FormulaLine], dict[str, Value]]:
    """Every line of a formula in order, and all symbols with their values after the last.

    ``known`` are the symbols before the first line; ``given`` are values that the formula does not tell how
    to compute, taken as they are. What follows from a line that cannot be read is not known either.
    ``parameter`` is the one shown in numbers.
    """
    values = {**known, **given}
    lines = []
    for symbol, arrow, text in statements(formula):
        value = given[symbol] if symbol in given else evaluate(text, values)
        numbers = ""
        if value is None:
            values.pop(symbol, None)
        else:
            made = number(at(value, parameter))
            spelt_out = symbol not in given and text not in given
            numbers = f"{filled(text, values, parameter)} = {made}" if spelt_out else made
            values[symbol] = value
        lines.append(FormulaLine(symbol, arrow, text, numbers, value))
    return lines, values


def statements(formula: str) -> Iterator[tuple[str, str, str]]:
    """Symbol, arrow and right side of each assignment, without the remarks that two spaces set apart."""
    for line in formula.split("\n"):
        for part in re.split(r", (?=\S+ [←=] )", re.split(r"\s{2,}", line)[0]):
            if match := _STATEMENT.match(part):
                yield match[1], match[2], match[3]
