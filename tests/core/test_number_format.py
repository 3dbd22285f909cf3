"""Numbers as they are written into formulas."""

from __future__ import annotations

import pytest

from descentscape.core.number_format import bracketed, lowered, number, raised


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-0.031249, "−0.03125"),
        (1.5e-7, "1.5×10⁻⁷"),
        (-2e12, "−2×10¹²"),
        (123456.0, "1.235×10⁵"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "nan"),
    ],
)
def test_number(value: float, shown: str) -> None:
    assert number(value) == shown


def test_factors_that_need_brackets() -> None:
    assert [bracketed(value) for value in (0.5, -0.5, 1e-9)] == ["0.5", "(−0.5)", "(1×10⁻⁹)"]


def test_indices() -> None:
    assert raised(-12) == "⁻¹²"
    assert lowered(2, 1) == "₂₁"
    assert lowered(12, 3) == "₁₂,₃"
    assert lowered(12) == "₁₂"
