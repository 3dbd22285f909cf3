"""Numbers and names as they stand in a formula or a sentence."""

from __future__ import annotations

from math import floor, isfinite

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


def short_number(value: float, digits: int = 3) -> str:
    """A number as an axis shows it: 0.0016, 12.3, −4, 1.2×10⁻⁷, without zeros at its end."""
    if not isfinite(value) or value == 0:
        return _not_written(value) or "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    if not -4 <= int(exponent) < 6:
        return f"{float(mantissa):g}".replace("-", "−") + f"×10{raised(int(exponent))}"
    places = max(digits - 1 - int(exponent), 0)
    shown = f"{float(f'{value:.{digits - 1}e}'):.{places}f}"
    return (shown.rstrip("0").rstrip(".") if places else shown).replace("-", "−")


def running_number(value: float, digits: int = 3) -> str:
    """A number that keeps its width while it runs: zeros at its end stay."""
    if not isfinite(value):
        return _not_written(value)
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    if value and not -4 <= int(exponent) < 6:
        return mantissa.replace("-", "−") + f"×10{raised(int(exponent))}"
    places = max(digits - 1 - int(exponent), 0) if value else digits
    return f"{value:.{places}f}".replace("-", "−")


def percent(share: float) -> str:
    """A share in percent; what rounds to nothing is less than one."""
    if not isfinite(share):
        return _not_written(share)
    return "<\u202f1\u202f%" if 0 < share < 0.005 else f"{floor(100 * share + 0.5)}\u202f%".replace("-", "−")


def _not_written(value: float) -> str:
    if isfinite(value):
        return ""
    return "–" if value != value else ("∞" if value > 0 else "−∞")
