"""MathML as a reader sees it, turned into Python: in a row, raised, one over another."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

SIGNS = {"+": "+", "−": "-", "·": "*", "\N{INVISIBLE TIMES}": "*", ",": ","}


def right_side(markup: str) -> str:
    """What stands behind f(x, y) =, in Python."""
    elements = list(ElementTree.fromstring(markup))
    assert ["".join(element.itertext()) for element in elements[:3]] == ["f", "(x,y)", "="]
    return _row(elements[3:])


def _row(elements: list[Element]) -> str:
    remaining = iter(elements)
    written, _ = _until(remaining, "")
    assert next(remaining, None) is None
    return written


def _until(remaining: Iterator[Element], closing: str) -> tuple[str, str]:
    """What stands before the closing sign, and the power to which that raises it."""
    written, ended = "", False  # whether an operand has ended, so that a bar closes
    for element in remaining:
        text = element.text or ""
        if element.tag == "msup" and element[0].tag == "mo":
            assert element[0].text == closing
            return written, f"**{_element(element[1])}"
        if element.tag != "mo":
            head = _head(element)
            written += f"{_call(remaining, *head)}" if head else _element(element)
            ended = True
        elif text == closing and (text != "|" or ended):
            return written, ""
        elif text in ("(", "|"):
            inner, power = _until(remaining, ")" if text == "(" else "|")
            written += f"({inner}){power}" if text == "(" else f"abs({inner})"
            ended = True
        else:
            written += SIGNS[text]
            ended = False
    assert not closing
    return written, ""


def _head(element: Element) -> tuple[str, str] | None:
    """A function's name and its exponent, if this is where a call begins."""
    if element.tag == "msup":
        head = _head(element[0])
        return (head[0], _element(element[1])) if head and element[0].tag != "mrow" else None
    name = "".join(element.itertext())
    if element.tag not in ("mi", "msub") or name in ("x", "y", "e", "π"):
        return None
    return {"ln": "log"}.get(name, name), ""


def _call(remaining: Iterator[Element], name: str, exponent: str) -> str:
    opening, *arguments, closing = next(remaining)
    assert (opening.text, closing.text) == ("(", ")")
    called = f"{name}({_row(arguments)})"
    return f"({called})**{exponent}" if exponent else called


def _element(element: Element) -> str:
    match element.tag, [_element(child) for child in element if element.tag != "mrow"]:
        case "mn" | "mi", _:
            return {"π": "pi", "½": "0.5"}.get(element.text or "", element.text or "")
        case "mrow", _:
            return f"({_row(list(element))})"
        case "msup", [base, exponent]:
            return f"{base}**{exponent}"
        case "mfrac", [above, below]:
            return f"({above}/{below})"
        case "msqrt", [inner]:
            return f"sqrt{inner}"
        case "mroot", [inner, "3"]:
            return f"cbrt{inner}"
    raise AssertionError(element.tag)
