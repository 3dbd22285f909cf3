"""Formulas read as they are written."""

from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.explain.notation import evaluate, filled
from descentscape.core.explain.rule import read_rule, statements
from descentscape.core.optimizers import OPTIMIZERS

KNOWN = {"a": 2.0, "b": -3.0, "β₁": 0.5, "β₁₁": 7.0, "v": 9.0, "v̂": 16.0, "v_max": 25.0, "t": 3, "ψ": 2.0}


@pytest.mark.parametrize(
    ("text", "value", "numbers"),
    [
        ("a b + a", -4.0, "2 · (−3) + 2"),
        ("a − b − a", 3.0, "2 − (−3) − 2"),
        ("−a b²", -18.0, "−2 · (−3)²"),
        ("a / b a", -4 / 3, "2 / (−3) · 2"),
        ("β₁ v + (1 − β₁) a", 5.5, "0.5 · 9 + (1 − 0.5) · 2"),
        ("β₁₁ a", 14.0, "7 · 2"),
        ("a / (√v̂ + 1)", 0.4, "2 / (√16 + 1)"),
        ("√(v_max / (1 − β₁ᵗ))", np.sqrt(25 / 0.875), "√(25 / (1 − 0.5³))"),
        ("a √(v + 7) / √v", 8 / 3, "2 · √(9 + 7) / √9"),
        ("max(v_max, v) + min(a, b)", 22.0, "max(25, 9) + min(2, (−3))"),
        ("a (sign b + a)", 2.0, "2 · (sign (−3) + 2)"),
        ("½ · 0.5^(t ψ)", 0.5**7, "½ · 0.5^(3 · 2)"),
        ("max(a |b|, |a b − 1| + a) |b|", 27.0, "max(2 · |(−3)|, |2 · (−3) − 1| + 2) · |(−3)|"),
    ],
)
def test_texts_are_read_and_filled(text: str, value: float, numbers: str) -> None:
    assert evaluate(text, KNOWN) == pytest.approx(value, rel=1e-14)
    assert filled(text, KNOWN, 0) == numbers


@pytest.mark.parametrize(
    "text", ["q a", "a(b + a) − a", "V Λ Vᵀ", "a +", "(a", "a)", "a b⁻¹", "max(a", "", "² a", "|a", "a|"]
)
def test_what_cannot_be_read(text: str) -> None:
    assert evaluate(text, KNOWN) is None


def test_arrays_are_read_whole_and_shown_at_one_parameter() -> None:
    known = {"η": 0.5, "g": np.array([1.0, -2.0])}
    np.testing.assert_array_equal(evaluate("−η g", known), [-0.5, 1.0])
    assert filled("−η g", known, 1) == "−0.5 · (−2)"


def test_lines_follow_one_another() -> None:
    lines, after = read_rule(
        "v ← μ v + g\nθ ← θ − η v", {"μ": 0.5, "v": 4.0, "g": 1.0, "θ": 0.0, "η": 0.1}, {}, 0
    )
    assert [line.numbers for line in lines] == ["0.5 · 4 + 1 = 3", "0 − 0.1 · 3 = −0.3"]
    assert after["v"] == 3.0
    assert after["θ"] == pytest.approx(-0.3)


def test_what_follows_from_a_line_that_cannot_be_read_is_not_known() -> None:
    lines, after = read_rule("u ← Q u\nθ ← θ − u", {"u": 4.0, "θ": 0.0}, {}, 0)
    assert [line.value for line in lines] == [None, None]
    assert after == {}


def test_given_values_are_taken_as_they_are() -> None:
    lines, after = read_rule(
        "d = −H̃ g\ns = t d, y = g(θ + s) − g(θ)", {"g": 1.0, "θ": 2.0}, {"d": -3.0, "t": 0.5}, 0
    )
    assert [(line.symbol, line.arrow, line.numbers, line.value) for line in lines] == [
        ("d", "=", "−3", -3.0),
        ("s", "=", "0.5 · (−3) = −1.5", -1.5),
        ("y", "=", "", None),
    ]
    assert "y" not in after


def test_statements_come_apart_at_commas_and_lose_their_remarks() -> None:
    assert list(statements("a = b, c ← max(d, e)\nf = g   (h, i = j)\nwords alone")) == [
        ("a", "=", "b"),
        ("c", "←", "max(d, e)"),
        ("f", "=", "g"),
    ]


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_rule_is_made_of_statements(kind: str) -> None:
    read = list(statements(OPTIMIZERS[kind].formula))
    assert len(read) >= OPTIMIZERS[kind].formula.count("\n") + 1
    assert "θ" in {symbol for symbol, _, _ in read}
