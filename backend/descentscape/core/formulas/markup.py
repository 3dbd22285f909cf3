"""A formula that was read, shown as one: MathML's presentation elements from the postfix form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from descentscape.core.formulas.expression import Expression
from descentscape.core.formulas.tokens import number_of

SUM, PRODUCT, POWER, WHOLE = range(4)
"""How tightly a part holds together: what is looser than its place asks for gets brackets."""


@dataclass(frozen=True)
class Part:
    """Elements in a row, how tightly they hold, and what they begin and end with.

    ``begins`` and ``ends`` are "digit", "letter", "bracket", "minus", "fraction" or nothing that matters;
    ``head`` is the element of a function's name, with which a call begins and where its exponent goes.
    """

    row: str
    holds: int = WHOLE
    begins: str = ""
    ends: str = ""
    head: str = ""


def mathml(expression: Expression) -> str:
    """The element ``math`` for f(x, y) = …, with brackets where the reading needs them and nowhere else."""
    stack: list[Part] = []
    for name, arity, value in expression.postfix:
        if arity:
            stack[-arity:] = [_operation(name, stack[-arity:])]
        else:
            stack.append(_leaf(name, value))
    left = "<mi>f</mi>" + _fenced("(", "<mi>x</mi><mo>,</mo><mi>y</mi>", ")")
    return f"<math>{left}<mo>=</mo>{stack.pop().row}</math>"


def _leaf(name: str, value: float | None) -> Part:
    if value is None or name in ("pi", "π", "e"):
        return Part(f"<mi>{'π' if name == 'pi' else name}</mi>", begins="letter", ends="letter")
    digits, _, exponent = name.lower().partition("e")
    if not exponent:
        return Part(f"<mn>{digits}</mn>", begins="digit", ends="digit")
    power = _number(int(number_of(exponent.lstrip("+"))))
    return Part(
        f"<mn>{digits}</mn><mo>·</mo><msup><mn>10</mn>{_grouped(power)}</msup>", PRODUCT, "digit", "digit"
    )


def _number(value: int) -> str:
    return f"<mo>−</mo><mn>{-value}</mn>" if value < 0 else f"<mn>{value}</mn>"


def _operation(op: str, parts: list[Part]) -> Part:
    return _SHAPES[op](*parts) if op in _SHAPES else _call(op, *parts)


def _sum(sign: str) -> Callable[[Part, Part], Part]:
    def shape(a: Part, b: Part) -> Part:
        right = b if b.holds >= (PRODUCT if sign == "−" else SUM) and b.begins != "minus" else _bracketed(b)
        return Part(f"{a.row}<mo>{sign}</mo>{right.row}", SUM, a.begins, right.ends)

    return shape


def _product(a: Part, b: Part) -> Part:
    left = a if a.holds >= PRODUCT else _bracketed(a)
    right = b if b.holds >= PRODUCT and b.begins != "minus" else _bracketed(b)
    apart = right.begins in ("digit", "fraction") or (left.ends == "letter" and right.begins == "bracket")
    dot = "<mo>·</mo>" if apart else "<mo>\N{INVISIBLE TIMES}</mo>"
    return Part(left.row + dot + right.row, PRODUCT, left.begins, right.ends)


def _fraction(a: Part, b: Part) -> Part:
    return Part(f"<mfrac>{_grouped(a.row)}{_grouped(b.row)}</mfrac>", PRODUCT, "fraction", "fraction")


def _negative(a: Part) -> Part:
    inner = a if a.holds >= PRODUCT and a.begins != "minus" else _bracketed(a)
    return Part(f"<mo>−</mo>{inner.row}", PRODUCT, "minus", inner.ends)


def _power(a: Part, b: Part) -> Part:
    if a.head and b.begins == "digit" and b.holds == WHOLE:
        row = f"<msup>{a.head}{_grouped(b.row)}</msup>{a.row.removeprefix(a.head)}"
        return Part(row, POWER, "letter")
    base = a if a.holds == WHOLE and not a.head else _bracketed(a)
    if base.begins == "bracket" and base.row.endswith(_LOW_END):
        # On the bracket alone: over the whole of it the exponent would stand above the exponents inside.
        row = base.row.removesuffix(_LOW_END) + f"<msup>{_CLOSING}{_grouped(b.row)}</msup></mrow>"
        return Part(row, POWER, base.begins)
    return Part(f"<msup>{_grouped(base.row)}{_grouped(b.row)}</msup>", POWER, base.begins)


def _exponential(a: Part) -> Part:
    return Part(f"<msup><mi>e</mi>{_grouped(a.row)}</msup>", POWER, "letter")


def _call(op: str, *parts: Part) -> Part:
    head = _HEADS.get(op, f"<mi>{op}</mi>")
    arguments = "<mo>,</mo>".join(part.row for part in parts)
    return Part(head + _fenced("(", arguments, ")"), WHOLE, "letter", "", head)


def _bracketed(part: Part) -> Part:
    return Part(_fenced("(", part.row, ")"), WHOLE, "bracket")


def _fenced(left: str, row: str, right: str) -> str:
    """The row between its fences, which grow only with what is tall: a y alone must not double them."""
    tall = any(f"<{tag}>" in row for tag in ("mfrac", "msqrt", "mroot"))
    fence = "<mo>" if tall else '<mo stretchy="false">'
    return _grouped(f"{fence}{left}</mo>{row}{fence}{right}</mo>")


_CLOSING = '<mo stretchy="false">)</mo>'
_LOW_END = f"{_CLOSING}</mrow>"


def _grouped(row: str) -> str:
    return f"<mrow>{row}</mrow>"


_HEADS = {
    "log": "<mi>ln</mi>",
    "log2": "<msub><mi>log</mi><mn>2</mn></msub>",
    "log10": "<msub><mi>log</mi><mn>10</mn></msub>",
    "maximum": "<mi>max</mi>",
    "minimum": "<mi>min</mi>",
    "sign": "<mi>sgn</mi>",
}

_SHAPES: dict[str, Callable[..., Part]] = {
    "add": _sum("+"),
    "subtract": _sum("−"),
    "multiply": _product,
    "divide": _fraction,
    "negative": _negative,
    "power": _power,
    "exp": _exponential,
    "sqrt": lambda a: Part(f"<msqrt>{_grouped(a.row)}</msqrt>"),
    "cbrt": lambda a: Part(f"<mroot>{_grouped(a.row)}<mn>3</mn></mroot>"),
    "absolute": lambda a: Part(_fenced("|", a.row, "|"), WHOLE, "bracket"),
}
"""How an operation is written where it is not the call of a function by its name."""
