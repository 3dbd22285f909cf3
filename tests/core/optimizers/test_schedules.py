"""Schedules against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import fields

import pytest

from descentscape.core.errors import InvalidValue
from descentscape.core.optimizers.schedules import SCHEDULES


@pytest.mark.parametrize(
    ("kind", "settings", "factors"),
    [
        ("constant", {}, {0: 1, 7: 1, 100: 1}),
        ("step", {"every": 10, "decay": 0.5}, {0: 1, 9: 1, 10: 0.5, 19: 0.5, 20: 0.25}),
        ("exponential", {"decay": 0.9}, {0: 1, 1: 0.9, 3: 0.729}),
        ("cosine", {}, {0: 1, 50: 0.5, 100: 0, 150: 0}),
        ("cosine", {"floor": 0.2}, {0: 1, 25: 0.6 + 0.8 * 0.35355339059327376, 50: 0.6, 100: 0.2}),
        ("warmup", {"length": 4}, {0: 0.25, 1: 0.5, 3: 1, 50: 1}),
    ],
)
def test_factor_of_a_step_of_a_hundred(kind, settings, factors):
    schedule = SCHEDULES[kind](**settings)
    assert {step: schedule.factor(step, 100) for step in factors} == pytest.approx(factors, abs=1e-15)


def test_a_run_of_no_steps_has_a_rate():
    assert SCHEDULES["cosine"]().factor(0, 0) == 1


@pytest.mark.parametrize("kind", SCHEDULES)
def test_every_schedule_explains_itself_and_keeps_its_bounds(kind):
    rule = SCHEDULES[kind]
    assert rule.kind == kind
    assert rule.label
    assert rule.source
    assert rule.help.endswith(".")
    assert rule.formula.startswith("ηₜ = η₀")
    for each in fields(rule):
        assert each.metadata["symbol"] in rule.formula
        with pytest.raises(InvalidValue, match=f"^{each.name} must be"):
            rule(**{each.name: -1})
        if each.metadata["integer"]:
            with pytest.raises(InvalidValue, match="an integer"):
                rule(**{each.name: 2.5})
