"""Numbers and names as they stand in a formula or a sentence."""

from __future__ import annotations

from math import isfinite

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def number(value: float, digits: int = 4) -> str:
    """Some significant digits with a true minus sign, such as ``"−0.0312"`` and ``"1.5×10⁻⁷"``."""
    if not isfinite(value):
        return f"{value:g}".replace("-", "−").replace("inf", "∞")
    mantissa, _, exponent = f"{value:.{digits}g}".replace("-0", "0" if value == 0 else "-0").partition("e")
    shown = mantissa.replace("-", "−")
    return f"{shown}×10{raised(int(exponent))}" if exponent else shown


def bracketed(value: float) -> str:
    """The number, in brackets if it cannot stand as a factor or a base by itself."""
    shown = number(value)
    return f"({shown})" if shown.startswith("−") or "×" in shown else shown


def raised(exponent: int) -> str:
    """An integer in superscript digits."""
    return str(exponent).translate(_RAISED)


def lowered(*indices: int) -> str:
    """Indices in subscript digits, set apart by commas where one has several digits."""
    apart = "," if max(indices) > 9 and len(indices) > 1 else ""
    return apart.join(str(index).translate(_LOWERED) for index in indices)
