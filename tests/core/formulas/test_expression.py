from __future__ import annotations

import math
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.formulas.reading import right_side
from descentscape.core.autodiff.program import ON_FLOATS
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.expression import FUNCTIONS, Expression
from descentscape.core.formulas.known import FORMULAS
from descentscape.core.formulas.markup import mathml
from descentscape.core.formulas.parser import MAX_DEPTH, MAX_FORMULA_NODES, MAX_LENGTH, parse
from fuzzing import examples
from gradients import check_derivatives

PYTHON: dict[str, Any] = {
    **{name: getattr(math, name) for name in FUNCTIONS if hasattr(math, name)},
    "arcsin": math.asin,
    "arccos": math.acos,
    "arctan": math.atan,
    "ln": math.log,
    "abs": math.fabs,
    "min": min,
    "max": max,
    "pi": math.pi,
    "e": math.e,
    **dict.fromkeys(("sign", "sgn"), lambda a: float((a > 0) - (a < 0))),
}

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


@examples(400)
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


def test_every_function_has_its_python() -> None:
    assert FUNCTIONS.keys() <= PYTHON.keys()


AS_TYPED = {
    "x^2 + 2y^2": "x**2 + 2*y**2",
    "x² + y²": "x**2 + y**2",
    "sin(x)cos(y)": "sin(x)*cos(y)",
    "|x|": "abs(x)",
    "3x": "3*x",
    "e^x": "e**x",
    "eˣ": "e**x",
    "e⁻ˣ²": "e**-(x**2)",
    "ln(x)": "log(x)",
    "√(x²+1)": "sqrt(x**2 + 1)",
    "2·x·y": "2*x*y",
    "2×x×y": "2*x*y",
    "x ÷ y": "x/y",
    "x − y": "x - y",
    "πx": "pi*x",
    "f(x, y) = xy": "x*y",
    "f(x,y)=xy": "x*y",
    "z = xy": "x*y",
    "F(X, Y) := X·Y": "x*y",
    "cost = x + y": "x + y",
    "-x^2": "-(x**2)",
    "2^-x": "2**(-x)",
    "2^x^y": "2**(x**y)",
    "(2^x)^y": "(2**x)**y",
    "2^3x": "2**3*x",
    "x⁻¹y": "x**-1*y",
    "(x+1)²³": "(x + 1)**23",
    "2x²y": "2*x**2*y",
    "1/2x": "1/2*x",
    "x/2y": "x/2*y",
    "2x/3y": "2*x/3*y",
    "xy^2": "x*y**2",
    "x y": "x*y",
    "2(x+1)": "2*(x + 1)",
    "(x+1)(y-1)": "(x + 1)*(y - 1)",
    "x(y+1)(2)": "x*(y + 1)*2",
    "||x|-1|": "abs(abs(x) - 1)",
    "|x||y|": "abs(x)*abs(y)",
    "|x|·|y|": "abs(x)*abs(y)",
    "2|x-y|x": "2*abs(x - y)*x",
    "|x(|y|+1)|": "abs(x*(abs(y) + 1))",
    "-|x|^2": "-(abs(x)**2)",
    "sin²(x)": "sin(x)**2",
    "sin^2(x) + cos²y": "sin(x)**2 + cos(y)**2",
    "sin(x)²": "sin(x)**2",
    "sin x²": "sin(x**2)",
    "sin 2x cos y": "sin(2*x)*cos(y)",
    "sin 2πx + 1": "sin(2*pi*x) + 1",
    "ln |x|": "log(abs(x))",
    "sinx siny": "sin(x)*sin(y)",
    "xsin(y)": "x*sin(y)",
    "3sin(x)y": "3*sin(x)*y",
    "√2x": "sqrt(2)*x",
    "√x²": "sqrt(x)**2",
    "√√x": "sqrt(sqrt(x))",
    "∛(8x)": "cbrt(8*x)",
    "½x": "0.5*x",
    "log10(x)": "log10(x)",
    "log₁₀(x) + log₂(x)": "log10(x) + log2(x)",
    "max(x, y, 0)": "max(x, y, 0)",
    "min(x,1,5)": "min(x, 1, 5)",
    "max²(x, y)": "max(x, y)**2",
    "asin(x/2)": "arcsin(x/2)",
    "Exp(X) + PI": "exp(x) + pi",
    "2e3 + 2e": "2000 + 2*e",
    "2e3x": "2000*x",
    "1e-3x": "0.001*x",
    "２ｘ＋ｙ": "2*x + y",
    "𝑥² + 𝒚": "x**2 + y",
    "x^½": "x**0.5",
    "x \t+\n y": "x + y",
}


@pytest.mark.parametrize("text", AS_TYPED)
def test_formulas_as_people_type_them(text: str) -> None:
    for x, y in ((1.3, 0.7), (0.2, 1.9)):
        assert by_postfix(parse(text), x, y) == pytest.approx(by_python(AS_TYPED[text], x, y), rel=1e-14)


written = st.recursive(
    st.sampled_from([("x", "x"), ("y", "y"), ("π", "pi"), ("2", "2.0"), ("½", "0.5"), ("2y", "(2.0*y)")]),
    lambda parts: st.one_of(
        st.builds(lambda a: (f"|{a[0]}|", f"abs({a[1]})"), parts),
        st.builds(lambda a: (f"√({a[0]})", f"sqrt({a[1]})"), parts),
        st.builds(lambda a: (f"({a[0]})²", f"({a[1]})**2.0"), parts),
        st.builds(lambda a: (f"-{a[0]}", f"-{a[1]}"), parts),
        st.builds(lambda a, b: (f"({a[0]})({b[0]})", f"(({a[1]})*({b[1]}))"), parts, parts),
        st.builds(lambda a, b: (f"{a[0]} − {b[0]}", f"{a[1]} - {b[1]}"), parts, parts),
        st.builds(lambda a, b: (f"{a[0]} + {b[0]}", f"{a[1]} + {b[1]}"), parts, parts),
        st.builds(lambda a, b: (f"({a[0]})/({b[0]})", f"({a[1]})/({b[1]})"), parts, parts),
        st.builds(lambda a, b: (f"({a[0]})^({b[0]})", f"({a[1]})**({b[1]})"), parts, parts),
        st.builds(lambda a, b: (f"3sin({a[0]})cos({b[0]})", f"3.0*sin({a[1]})*cos({b[1]})"), parts, parts),
    ),
    max_leaves=10,
)


@examples(300)
@given(written, coordinates, coordinates)
def test_reads_and_shows_what_a_book_means(pair: tuple[str, str], x: float, y: float) -> None:
    text, python = pair
    expected = by_python(python, x, y)
    expression = attempt(text)
    assume(not isinstance(expression, str) or "finite" not in expression)
    assert isinstance(expression, Expression), expression
    for got in (by_postfix(expression, x, y), by_python(right_side(mathml(expression)), x, y)):
        if expected is None or got is None:
            assert got is expected
        else:
            assert got == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("text", [*AS_TYPED, *(formula.expression for formula in FORMULAS.values())])
def test_what_is_shown_is_what_was_read(text: str) -> None:
    expression = parse(text)
    for x, y in ((1.3, 0.7), (0.2, 1.9)):
        shown = by_python(right_side(mathml(expression)), x, y)
        assert shown == pytest.approx(by_postfix(expression, x, y), rel=1e-13)


@pytest.mark.parametrize(
    ("text", "brackets"),
    [("(x + (y)) + 1", 0), ("(x·y)·2", 0), ("x − (y − 1)", 1), ("(x + 1)²", 1), ("x/(y + 1)", 0)],
)
def test_only_the_brackets_that_the_reading_needs_are_shown(text: str, brackets: int) -> None:
    assert mathml(parse(text)).count("(</mo>") == 1 + brackets  # one is that of f(x, y)


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
    # names
    "sen(x)": "I do not know “sen” at position 1: did you mean “sin”?",
    "x + coss(y)": "I do not know “coss” at position 5: did you mean “cos”?",
    "tg(x)": "did you mean “tan”?",
    "z": "I do not know “z” at position 1: the variables are x and y",
    "f(x)": "I do not know “f” at position 1",
    "f(y, x) = x": "I do not know “f” at position 1",
    "x if y else 1": "I do not know “if” at position 3",
    "lambda: x": "I do not know “lambda” at position 1",
    "exec(x)": "I do not know “exec” at position 1",
    "1j": "I do not know “j” at position 2",
    "θx": "its first letter is the greek small letter theta",
    "х": "its first letter is the cyrillic small letter ha",
    "x2": "“x2” at position 1: did you mean x^2 or 2x?",
    "x₁ + y": "“x1” at position 1: did you mean x^1 or 1x?",
    "0x10": "“x10” at position 2",
    # numbers
    "1,5x": "“,” at position 2 is in the way: write 1.5 with a point",
    "1 000": "at position 3 write + − * / or ^ before “000”",
    "1.5.2": "at position 4 write + − * / or ^ before “.2”",
    "(x+1)2": "at position 6 write + − * / or ^ before “2”",
    "1_000": "I cannot read “_” at position 2",
    "10**10**10": "“**” at position 3 makes a number that is not finite",
    "x + 1/0": "“/” at position 6 makes a number that is not finite",
    "x*(-8)**(1/3)": "“**” at position 7 makes a number that is not finite",
    "log(0)": "“log” at position 1 makes a number that is not finite",
    "1e999": "“1e999” at position 1 makes a number that is not finite",
    # signs
    "x.real": "I cannot read “.” at position 2",
    "x.__class__": "I cannot read “.” at position 2",
    "__import__('os')": "I cannot read “_” at position 1",
    "[x for x in y]": "I cannot read “[” at position 1: use round brackets ( )",
    "{x}": "I cannot read “{” at position 1: use round brackets ( )",
    "x!": "I cannot read “!” at position 2: factorials",
    "'a'*x": "I cannot read “'” at position 1",
    'f"{x}"': "I do not know “f” at position 1",
    "x := 1": "I cannot read “:” at position 3",
    "x == y": "I cannot read “=” at position 3: only “f(x, y) =” may stand in front",
    "y = x^2": "I cannot read “=” at position 3: only “f(x, y) =” may stand in front",
    "x # y": "I cannot read “#” at position 3",
    "\\sin(x)": "I cannot read “\\” at position 1: write sin(x) and a/b, not LaTeX",
    "x\0": "I cannot read “U+0000” at position 2",
    "\u202ex": "I cannot read “U+202E” at position 1",
    "z" * 300: f"I do not know “{'z' * 20}…” at position 1",
    "٣*x": "I cannot read “٣” at position 1",
    # brackets and arguments
    "x,y": "“,” at position 2 is in the way",
    "x)": "“)” at position 2 closes nothing that is open",
    "(x": "“)” is missing at position 3",
    "|x": "“|” is missing at position 3",
    "(|x)": "“|” is missing at position 4",
    "x|y": "“|” is missing at position 4",
    "sin": "“sin” at position 1 needs brackets: sin(x)",
    "sin -x": "“sin” at position 1 needs brackets: sin(x)",
    "max x": "“max” at position 1 needs brackets: max(x, y)",
    "sin(x, y)": "“,” at position 6 is in the way: sin takes one number",
    "max(x)": "“,” is missing at position 6: max takes two numbers or more",
    "sin(x 2)": "“x2” at position 5",
    "sin⁻¹(x)": "at position 4 only a number may stand: write (sin(x))^(…), or arcsin(x) for the inverse",
    "ln^y(x)": "at position 4 only a number may stand: write (ln(x))^(…)",
    "sin()": "at position 5 a number, x, y or a bracket must stand before “)”",
    "sin(*x)": "at position 5 a number, x, y or a bracket must stand before “*”",
    "x +": "at position 4 a number, x, y or a bracket must stand before the end",
    "√": "at position 2 a number, x, y or a bracket must stand before the end",
    "f(x, y) =": "at position 10 a number",
    "f(x, y) = sen(x)": "I do not know “sen” at position 11",
    "": "at position 1 a number, x, y or a bracket must stand before the end",
    " \t\n": "at position 4 a number",
    # sizes
    "9" * (MAX_LENGTH + 1): "at most 400 characters long, got 401",
    "x" + "+x" * 150: f"at most {MAX_FORMULA_NODES} numbers, names and operations, got 301",
    "xy" * 199: f"at most {MAX_FORMULA_NODES} numbers, names and operations, got",
    "(" * MAX_LENGTH: f"at position {MAX_DEPTH + 1} it goes too deep: at most {MAX_DEPTH} brackets",
    "|" * MAX_LENGTH: f"at most {MAX_DEPTH} brackets",
    "√" * MAX_LENGTH: f"at most {MAX_DEPTH} brackets",
    "-" * MAX_LENGTH: f"at most {MAX_DEPTH} brackets",
    "⁽" * MAX_LENGTH: "at position 1 a number, x, y or a bracket",
    "x" + "⁽" * (MAX_LENGTH - 1): f"at most {MAX_DEPTH} brackets",
    "sin" * 133: f"at most {MAX_DEPTH} brackets",
    "x**" * 100 + "x": f"at most {MAX_DEPTH} brackets",
    "sin(" * 79 + "x" + ")" * 79: f"at most {MAX_DEPTH} brackets",
}


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:24])
def test_what_is_no_formula_is_refused_in_plain_words_with_the_place(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse(text, "problem.expression")
    message = str(caught.value)
    assert message.startswith("problem.expression must be ")
    assert HOSTILE[text] in message
    assert message.count("position") <= 1


@pytest.mark.parametrize("value", [None, 3, b"x", ["x"]])
def test_a_formula_is_a_text(value: object) -> None:
    with pytest.raises(InvalidValue, match="expression must be a text, got "):
        parse(value)  # type: ignore[arg-type]


def test_the_limits_themselves_are_allowed() -> None:
    assert len(parse("x" + "+x" * 99).postfix) == MAX_FORMULA_NODES - 1
    assert len(parse("xy" * 50).postfix) == MAX_FORMULA_NODES - 1
    depth = MAX_DEPTH - 1
    assert len(parse("(" * depth + "x" + ")" * depth).postfix) == 1
    assert len(parse("x".ljust(MAX_LENGTH)).postfix) == 1


tokens = st.sampled_from([*FUNCTIONS, *"xyz1(),+-*/^| .|√∛²ˣ⁻⁽½=%", "π", ".5", "**", "f(x, y) ="])


@examples(400)
@given(st.text(max_size=40) | st.lists(tokens, max_size=30).map("".join))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    result = attempt(text)
    if isinstance(result, str):
        assert result.startswith("expression must be ")
    else:
        by_postfix(result, 0.5, 0.5)
        ElementTree.fromstring(mathml(result))
