from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from descentscape.core.autodiff.program import ON_FLOATS
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.expression import (
    FUNCTIONS,
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_NODES,
    Expression,
    parse,
)
from gradients import check_derivatives

PYTHON: dict[str, Any] = {
    name: getattr(math, name, None) or {"abs": abs, "min": min, "max": max}[name] for name in FUNCTIONS
}
PYTHON |= {"pi": math.pi, "e": math.e}

numbers = st.sampled_from(["0.5", "2.0", ".25", "3.", "1e1", "7.5E-1", "1.5e+0"])
leaves = numbers | st.sampled_from(["x", "y", "pi", "e"])


def compound(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    spaces = st.sampled_from(["", " ", "  "])
    unary = st.sampled_from([name for name, (_, arity) in FUNCTIONS.items() if arity == 1])
    return st.one_of(
        st.builds(
            lambda a, s, op, b: a + s + op + s + b,
            parts,
            spaces,
            st.sampled_from(["+", "-", "*", "/", "**"]),
            parts,
        ),
        st.builds("({})".format, parts),
        st.builds("{}{}".format, st.sampled_from("+-"), parts),
        st.builds("{}({})".format, unary, parts),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), parts, parts),
    )


formulas = st.recursive(leaves, compound, max_leaves=12)
coordinates = st.floats(-3.0, 3.0)


def attempt(text: str) -> Expression | str:
    """The expression, or why it was refused."""
    try:
        return parse(text)
    except InvalidValue as error:
        return str(error)


def by_python(text: str, x: float, y: float) -> float | None:
    """Python's own value; ``None`` where it raises or leaves the reals."""
    try:
        value = eval(text, {"__builtins__": {}}, {**PYTHON, "x": x, "y": y})
    except (ArithmeticError, ValueError, TypeError):
        return None
    return None if isinstance(value, complex) else float(value)


def by_postfix(expression: Expression, x: float, y: float) -> float | None:
    stack: list[float] = []
    try:
        for name, arity, value in expression.postfix:
            operands = [stack.pop() for _ in range(arity)][::-1]
            leaf = {"x": x, "y": y}.get(name) if value is None else value
            stack.append(ON_FLOATS[name](*operands) if arity else float(leaf))
    except (ArithmeticError, ValueError):
        return None
    assert len(stack) == 1
    return stack[0]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(formulas, coordinates, coordinates)
@example("-x**2", 3.0, 1.0)
@example("2.0**-x", 3.0, 1.0)
@example("-x**-y**2.0", 1.5, 0.5)
@example("x - y - 2.0 / x / y * 3.", 3.0, 2.0)
@example("- - +x", 3.0, 2.0)
def test_reads_what_python_reads(text: str, x: float, y: float) -> None:
    expected = by_python(text, x, y)
    expression = attempt(text)
    assume(not isinstance(expression, str) or "finite" not in expression)
    got = by_postfix(expression, x, y)
    if expected is None or got is None:
        assert got is expected
    else:
        np.testing.assert_equal(got, expected)


def test_numbers_are_floats_whole_or_not() -> None:
    assert parse("10**20 / 3 + 7").text == "10**20 / 3 + 7"
    assert by_postfix(parse("7/2 - 2**-1 + 010"), 0.0, 0.0) == 13.0


def test_calling_an_expression_builds_its_graph() -> None:
    node = parse("3*sin(x) + pi*y")(0.5, 2.0)
    assert node.op == "add"
    assert float(node.value) == 3 * math.sin(0.5) + math.pi * 2
    assert [leaf.name for leaf in node.parents[1].parents[:1]] == ["pi"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_differentiable_twice(name: str) -> None:
    arguments = "x*y, x + y" if FUNCTIONS[name][1] == 2 else "x*y"
    expression = parse(f"{name}({arguments})**2 + {name}({arguments})")
    check_derivatives(expression, np.array(0.7), np.array(1.1))


HOSTILE = {
    "x^2": ("** for powers at position 2", "^"),
    "x.real": ("only numbers, names", "."),
    "x.__class__": ("only numbers, names", "."),
    "__import__('os')": ("one of x, y, pi, e, sin", "__import__"),
    "exec(x)": ("at position 1", "exec"),
    "x if y else 1": ("an operator at position 3", "if"),
    "lambda: x": ("at position 7", ":"),
    "[x for x in y]": ("at position 1", "["),
    "{x}": ("at position 1", "{"),
    "'a'*x": ("at position 1", "'"),
    'f"{x}"': ("at position 2", '"'),
    "x := 1": ("at position 3", ":"),
    "x == y": ("at position 3", "="),
    "x # y": ("at position 3", "#"),
    "x\\\n+y": ("at position 2", "\\"),
    "x²": ("at position 2", "²"),
    "х": ("at position 1", "х"),
    "x\0": ("at position 2", "\0"),
    "π*x": ("at position 1", "π"),
    "٣*x": ("at position 1", "٣"),
    "z": ("one of x, y, pi, e", "z"),
    "X": ("one of x, y, pi, e", "X"),
    "2x": ("an operator at position 2", "x"),
    "x y": ("an operator at position 3", "y"),
    "1.5.2": ("an operator at position 4", ".2"),
    "1_000": ("an operator at position 2", "_000"),
    "0x10": ("an operator at position 2", "x10"),
    "1j": ("an operator at position 2", "j"),
    "x,y": ("an operator at position 2", ","),
    "x)": ("an operator at position 2", ")"),
    "(x": ("')' at position 3", "the end"),
    "sin x": ("'(' at position 5", "x"),
    "sin": ("'(' at position 4", "the end"),
    "sin(x, y)": ("')' at position 6", ","),
    "max(x)": ("',' at position 6", ")"),
    "max(x, y, 1)": ("')' at position 9", ","),
    "sin()": ("a number, a name or '(' at position 5", ")"),
    "sin(*x)": ("a number, a name or '(' at position 5", "*"),
    "x(1)": ("an operator at position 2", "("),
    "x +": ("a number, a name or '(' at position 4", "the end"),
    "": ("a number, a name or '(' at position 1", "the end"),
    " \t\n": ("at position 4", "the end"),
    "10**10**10": ("finite at position 3", "**"),
    "x + 1/0": ("finite at position 6", "/"),
    "x*(-8)**(1/3)": ("finite at position 7", "**"),
    "log(0)": ("finite at position 1", "log"),
    "1e999": ("finite at position 1", "1e999"),
    "9" * (MAX_LENGTH + 1): ("at most 400 characters long", 401),
    "x" + "+x" * 150: (f"at most {MAX_NODES} numbers, names and operations", 301),
    "(" * MAX_LENGTH: (f"at most {MAX_DEPTH} brackets", "("),
    "-" * MAX_LENGTH: (f"at most {MAX_DEPTH} brackets", "-"),
    "x**" * 100 + "x": (f"at most {MAX_DEPTH} brackets", "x"),
    "sin(" * 79 + "x" + ")" * 79: (f"at most {MAX_DEPTH} brackets", "sin"),
}


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:24])
def test_what_is_no_formula_is_refused_quickly_and_in_plain_words(text: str) -> None:
    begin = time.process_time()
    with pytest.raises(InvalidValue) as caught:
        parse(text, "problem.expression")
    assert time.process_time() - begin < 0.05
    words, got = HOSTILE[text]
    message = str(caught.value)
    assert message.startswith("problem.expression must be ")
    assert words in message
    assert f", got {got!r}" in message


@pytest.mark.parametrize("value", [None, 3, b"x", ["x"]])
def test_a_formula_is_a_text(value: object) -> None:
    with pytest.raises(InvalidValue, match="expression must be a text, got "):
        parse(value)  # type: ignore[arg-type]


def test_the_limits_themselves_are_allowed() -> None:
    assert len(parse("x" + "+x" * 99 + "+-x"[:0]).postfix) == MAX_NODES - 1
    depth = MAX_DEPTH - 1
    assert len(parse("(" * depth + "x" + ")" * depth).postfix) == 1
    assert len(parse("x".ljust(MAX_LENGTH)).postfix) == 1


tokens = st.sampled_from(
    [*FUNCTIONS, "x", "y", "1", ".5", "(", ")", ",", "+", "-", "*", "/", "**", " ", ".", "z", "%"]
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.text(max_size=40) | st.lists(tokens, max_size=30).map("".join))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    result = attempt(text)
    if isinstance(result, str):
        assert result.startswith("expression must be ")
    else:
        by_postfix(result, 0.5, 0.5)
