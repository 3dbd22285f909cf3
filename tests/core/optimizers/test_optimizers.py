"""Every rule against a loop written for one parameter at a time, and what each promises."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from math import copysign, sqrt

import numpy as np
import pytest

from core.optimizers.walking import walk
from core.toy_objectives import ROSENBROCK, SADDLE, bowl
from descentscape.core.errors import InvalidValue
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.base import remembered
from descentscape.core.optimizers.clipping import CLIPS

CONTRACT = {
    "gd": {},
    "momentum": {"momentum": 0.9},
    "nesterov": {"momentum": 0.9},
    "adagrad": {"epsilon": 1e-10},
    "adadelta": {"decay": 0.9, "epsilon": 1e-6},
    "rmsprop": {"decay": 0.99, "epsilon": 1e-8},
    "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "amsgrad": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "nadam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "momentum_decay": 0.004},
    "adamw": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01},
    "lion": {"beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0},
    "muon": {"momentum": 0.95, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-10, "weight_decay": 0.0},
    "sam": {"radius": 0.05, "base": "momentum"},
    "newton": {"damping": 1e-3},
    "saddle_free_newton": {"damping": 1e-3},
    "lbfgs": {"history": 10},
}


def _adam(s, g, t):
    """Adam's corrected first moment, and the root of its corrected second one."""
    s["m"] = 0.9 * s["m"] + 0.1 * g
    s["v"] = 0.999 * s["v"] + 0.001 * g * g
    s["top"] = max(s["top"], s["v"])
    return s["m"] / (1 - 0.9**t), sqrt(s["v"] / (1 - 0.999**t)) + 1e-8


def _momentum(s, x, g, t, eta):
    s["v"] = 0.9 * s["v"] + g
    return x - eta * s["v"]


def _nesterov(s, x, g, t, eta):
    s["v"] = 0.9 * s["v"] + g
    return x - eta * (g + 0.9 * s["v"])


def _adagrad(s, x, g, t, eta):
    s["v"] += g * g
    return x - eta * g / (sqrt(s["v"]) + 1e-10)


def _adadelta(s, x, g, t, eta):
    s["v"] = 0.9 * s["v"] + 0.1 * g * g
    delta = sqrt(s["u"] + 1e-6) / sqrt(s["v"] + 1e-6) * g
    s["u"] = 0.9 * s["u"] + 0.1 * delta * delta
    return x - eta * delta


def _rmsprop(s, x, g, t, eta):
    s["v"] = 0.99 * s["v"] + 0.01 * g * g
    return x - eta * g / (sqrt(s["v"]) + 1e-8)


def _plain_adam(s, x, g, t, eta):
    first, size = _adam(s, g, t)
    return x - eta * first / size


def _amsgrad(s, x, g, t, eta):
    first, _ = _adam(s, g, t)
    return x - eta * first / (sqrt(s["top"]) / sqrt(1 - 0.999**t) + 1e-8)


def _nadam(s, x, g, t, eta):
    _, size = _adam(s, g, t)
    now, following = (0.9 * (1 - 0.5 * 0.96 ** (k * 0.004)) for k in (t, t + 1))
    s["product"] = now * (s["product"] or 1.0)
    x -= eta * (1 - now) / (1 - s["product"]) * g / size
    return x - eta * following / (1 - s["product"] * following) * s["m"] / size


def _adamw(s, x, g, t, eta):
    return _plain_adam(s, x - eta * 0.1 * x, g, t, eta)


def _lion(s, x, g, t, eta):
    c = 0.9 * s["m"] + 0.1 * g
    s["m"] = 0.99 * s["m"] + 0.01 * g
    return x - eta * ((copysign(1, c) if c else 0.0) + 0.1 * x)


def _muon(s, x, g, t, eta):
    s["m"] = 0.9 * s["m"] + 0.1 * g
    s["v"] = 0.95 * s["v"] + 0.05 * g * g
    first, second = s["m"] / (1 - 0.9**t), s["v"] / (1 - 0.95**t)
    return x * (1 - eta * 0.1) - eta * first / (sqrt(second) + 1e-10)


BY_HAND = {
    "gd": lambda s, x, g, t, eta: x - eta * g,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "adadelta": _adadelta,
    "rmsprop": _rmsprop,
    "adam": _plain_adam,
    "amsgrad": _amsgrad,
    "nadam": _nadam,
    "adamw": _adamw,
    "lion": _lion,
    "muon": _muon,
}
"""One parameter's step by PyTorch's documented loops, and Lion's and Muon's published ones (of what is no
weight matrix), with a decay of 0.1. SAM's gradient is its own: test_sam.py has it."""


@pytest.mark.parametrize("kind", BY_HAND)
def test_rule_equals_loop_by_hand(kind):
    gradients = np.random.default_rng(1).normal(size=(12, 3)) * [1.0, 1e-3, 1e3]
    gradients[:, 1] *= np.arange(12) != 4
    start = np.array([0.5, -2.0, 30.0])
    extra = {"weight_decay": 0.1} if kind in ("adamw", "lion", "muon") else {}
    optimizer = OPTIMIZERS[kind](learning_rate=0.03, **extra)
    state, theta, path = optimizer.init(start, bowl()), start, [start]
    for grad in gradients:
        step, state = optimizer.update(grad, state, theta, bowl())
        theta = theta + step
        path.append(theta)
    for place, x in enumerate(start):
        memory, expected = defaultdict(float), [x]
        for t, grad in enumerate(gradients[:, place], 1):
            expected.append(BY_HAND[kind](memory, expected[-1], grad, t, 0.03))
        np.testing.assert_allclose(np.array(path)[:, place], expected, rtol=1e-12, atol=1e-15)


def test_table_holds_the_contract():
    defaults = {
        kind: {each.name: each.default for each in fields(rule) if each.name != "learning_rate"}
        for kind, rule in OPTIMIZERS.items()
    }
    assert defaults == CONTRACT
    assert [OPTIMIZERS[kind]().learning_rate for kind in ("newton", "saddle_free_newton", "lbfgs")] == [
        1,
        1,
        1,
    ]


@pytest.mark.parametrize("kind", CONTRACT)
def test_every_rule_explains_itself_and_its_fields(kind):
    rule = OPTIMIZERS[kind]
    texts = [rule.label, rule.formula, rule.source, rule.help, str(rule.needs)]
    assert rule.kind == kind
    assert all(texts)
    assert "θ ← θ" in rule.formula
    for each in fields(rule):
        about = each.metadata
        assert about["label"]
        assert about["help"].endswith(".")
        if "choices" in about:
            assert each.default in about["choices"]
            continue
        assert about["low"] <= about["typical"][0] <= each.default <= about["typical"][1] <= about["high"]
        assert about["typical"][0] > 0 or not about["log"]
        assert about["symbol"] in rule.formula


@pytest.mark.parametrize("kind", CONTRACT)
def test_fields_refuse_what_is_out_of_bounds(kind):
    for each in fields(OPTIMIZERS[kind]):
        above = each.metadata.get("high", 0) * 2 + 1
        for wrong in (above, -1, float("nan"), float("inf"), "0.1", True, None):
            with pytest.raises(InvalidValue, match=f"^{each.name} must be .* got "):
                OPTIMIZERS[kind](**{each.name: wrong})


@pytest.mark.parametrize("kind", CONTRACT)
def test_update_leaves_its_arguments_alone(kind):
    optimizer, theta = OPTIMIZERS[kind](), np.array([-1.2, 1.0])
    _, state = walk(optimizer, ROSENBROCK, theta, 3)
    grad = ROSENBROCK.value_and_grad(theta)[1]
    before = [np.copy(part) for part in (grad, theta, *state)]
    first = optimizer.update(grad, state, theta, ROSENBROCK)
    again = optimizer.update(grad, state, theta, ROSENBROCK)
    for was, now in zip(before, (grad, theta, *state), strict=True):
        np.testing.assert_array_equal(was, now)
    np.testing.assert_array_equal(first[0], again[0])
    assert not any(np.shares_memory(first[0], part) for part in (grad, theta, *first[1]))


@pytest.mark.parametrize("kind", CONTRACT)
def test_batch_of_starts_equals_each_alone(kind):
    starts = np.random.default_rng(3).normal(size=(2, 3, 2))
    optimizer = OPTIMIZERS[kind](learning_rate=0.01)
    together, state = walk(optimizer, SADDLE, starts, 5)
    for row in np.ndindex(2, 3):
        alone, own = walk(optimizer, SADDLE, starts[row], 5)
        np.testing.assert_allclose(together[(slice(None), *row)], alone, rtol=1e-13)
        for whole, part in zip(state, own, strict=True):
            np.testing.assert_allclose(whole[row] if np.ndim(whole) else whole, part, rtol=1e-13)


@pytest.mark.parametrize("kind", CONTRACT)
def test_descends_a_bowl(kind):
    objective, start = bowl(), np.array([3.0, -2.0, 1.0])
    path, _ = walk(OPTIMIZERS[kind](learning_rate=OPTIMIZERS[kind]().learning_rate), objective, start, 150)
    least = objective.value(np.linalg.solve(objective.matrix, objective.linear))
    gap = objective.value(path) - least
    assert gap[-1] < 0.9 * gap[0]
    assert (gap >= -1e-12).all()


@pytest.mark.parametrize("kind", CONTRACT)
def test_a_state_is_what_its_rule_says_of_it(kind):
    rule, theta = OPTIMIZERS[kind](), np.array([-1.2, 1.0])
    _, state = walk(rule, ROSENBROCK, theta, 2)
    facts = remembered(rule.memory)
    assert type(state) is type(rule.init(theta, ROSENBROCK)) is rule.memory
    assert list(facts) == list(state._fields)
    formula = rule.formula + (rule.wrapped.formula if rule.wrapped else "")
    for about, part in zip(facts.values(), state, strict=True):
        assert about.label
        assert about.symbol in formula or about.counts
        assert not about.counts or part == 2
        assert not about.drawn or np.shape(part) == theta.shape


@pytest.mark.parametrize("kind", [kind for kind, rule in OPTIMIZERS.items() if rule().remembers == 0])
def test_a_rule_that_remembers_nothing_steps_as_if_afresh(kind):
    rule, theta = OPTIMIZERS[kind](), np.array([-1.2, 1.0])
    path, state = walk(rule, ROSENBROCK, theta, 3)
    grad = ROSENBROCK.value_and_grad(path[-1])[1]
    fresh = rule.init(theta, ROSENBROCK)
    steps = [rule.update(grad, each, path[-1], ROSENBROCK)[0] for each in (state, fresh)]
    np.testing.assert_array_equal(*steps)


def test_no_two_rules_hyperparameters_go_by_one_name() -> None:
    """Compiled code is found by the name and the number of fields; of two alike one is found slowly."""
    described = [*OPTIMIZERS.values(), *CLIPS.values()]
    names = {each.Values.__name__ for each in described}
    assert len(names) == len(described)
