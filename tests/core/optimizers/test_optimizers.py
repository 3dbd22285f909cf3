"""Every rule against a loop written for one parameter at a time, and what each promises."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace
from math import copysign, sqrt

import numpy as np
import pytest

from core.toy_objectives import ROSENBROCK, SADDLE, Quadratic, bowl, regression
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.optimizers import MAX_HESSIAN_DIM, OPTIMIZERS

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


def walk(optimizer, objective, theta, steps):
    """Theta after each step of plain full-batch descent ``(steps + 1, *B, P)``, and the last state."""
    state, path = optimizer.init(theta, objective), [theta]
    for _ in range(steps):
        grad = objective.value_and_grad(theta)[1]
        step, state = optimizer.update(grad, state, theta, objective)
        theta = theta + step
        path.append(theta)
    return np.array(path), state


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


def test_newton_is_at_a_quadratics_minimum_after_one_step():
    objective = bowl(5)
    path, state = walk(OPTIMIZERS["newton"](damping=0), objective, np.ones(5), 1)
    np.testing.assert_allclose(path[1], np.linalg.solve(objective.matrix, objective.linear), rtol=1e-13)
    assert state == (0, 0)


@pytest.mark.parametrize("size", [3, 64, 65, 150])
def test_newton_solves_with_the_damped_hessian(size):
    rng = np.random.default_rng(size)
    root = rng.normal(size=(size, size))
    objective = Quadratic(root @ root.T + np.eye(size), rng.normal(size=size))
    path, _ = walk(OPTIMIZERS["newton"](damping=0.5, learning_rate=0.25), objective, np.zeros(size), 1)
    expected = 0.25 * np.linalg.solve(objective.matrix + 0.5 * np.eye(size), objective.linear)
    np.testing.assert_allclose(path[1], expected, rtol=1e-9)


def test_newton_solves_an_indefinite_hessian_and_counts_the_directions_uphill():
    rng = np.random.default_rng(5)
    rotation = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    objective = Quadratic(rotation @ np.diag([-3.0, -0.5, 1.0, 2.0]) @ rotation.T, rng.normal(size=4))
    path, state = walk(OPTIMIZERS["newton"](damping=0.7, learning_rate=0.25), objective, np.zeros(4), 1)
    solution = np.linalg.solve(objective.matrix + 0.7 * np.eye(4), objective.linear)
    np.testing.assert_allclose(path[1], 0.25 * solution)
    assert state == (1, 0)


@pytest.mark.parametrize("kind", ["newton", "saddle_free_newton"])
def test_a_singular_hessian_leaves_its_flat_direction_out(kind):
    objective = Quadratic(np.diag([2.0, 0.0]), np.array([1.0, 1.0]))
    path, state = walk(OPTIMIZERS[kind](damping=0), objective, np.zeros(2), 1)
    np.testing.assert_allclose(path[1], [0.5, 0.0])
    assert state == (0, 1)
    damped, state = walk(OPTIMIZERS[kind](damping=0.1), objective, np.zeros(2), 1)
    np.testing.assert_allclose(damped[1], [1 / 2.1, 10.0])
    assert state == (0, 0)


def test_newton_is_drawn_to_the_saddle_that_the_saddle_free_kind_leaves():
    start = np.array([0.5, 0.1])
    drawn, state = walk(OPTIMIZERS["newton"](), SADDLE, start, 20)
    np.testing.assert_allclose(drawn[-1], 0, atol=1e-12)
    assert state.negative_count == 1
    free, state = walk(OPTIMIZERS["saddle_free_newton"](), SADDLE, start, 20)
    np.testing.assert_allclose(free[-1], [0, 1], atol=1e-12)
    assert state.negative_count == 0


def flat(dim):
    """An objective of so many parameters, which is only asked how many."""
    return Quadratic(np.zeros((1, 1)), np.zeros(dim))


@pytest.mark.parametrize("kind", ["newton", "saddle_free_newton"])
def test_hessians_beyond_the_bound_are_refused_with_their_bill(kind):
    OPTIMIZERS[kind]().init(np.zeros(MAX_HESSIAN_DIM), flat(MAX_HESSIAN_DIM))
    with pytest.raises(TooExpensive, match=rf"at most 2,000 for {OPTIMIZERS[kind].label} .*32 MB.*got 2001"):
        OPTIMIZERS[kind]().init(np.zeros(MAX_HESSIAN_DIM + 1), flat(MAX_HESSIAN_DIM + 1))


@pytest.mark.parametrize("kind", ["newton", "saddle_free_newton"])
def test_a_hessian_that_is_not_finite_has_no_step(kind):
    objective, optimizer = Quadratic(np.full((2, 2), np.inf), np.zeros(2)), OPTIMIZERS[kind]()
    step, _ = optimizer.update(np.ones(2), optimizer.init(np.ones(2), objective), np.ones(2), objective)
    assert np.isnan(step).all()


def test_lbfgs_reaches_rosenbrocks_minimum():
    path, _ = walk(OPTIMIZERS["lbfgs"](), ROSENBROCK, np.array([-1.2, 1.0]), 40)
    cost = ROSENBROCK.value(path)
    assert cost[-1] < 1e-8
    assert (np.diff(cost) <= 0).all()


def test_lbfgs_rests_at_a_minimum_and_forgets():
    optimizer = OPTIMIZERS["lbfgs"]()
    _, state = walk(optimizer, bowl(2), np.zeros(2), 3)
    step, state = optimizer.update(np.zeros(2), state, np.ones(2), ROSENBROCK)
    assert not step.any()
    assert (state.stored, state.length) == (0, 0.0)


class Liar:
    """A gradient that promises what no length along it keeps: the cost is 0 at one place and 1 elsewhere."""

    dim = 2

    def __init__(self, place):
        self.place = place

    def value_and_grad(self, theta):
        return float((theta != self.place).any()), np.array([1.0, 2.0])


def test_lbfgs_forgets_where_no_length_lowers_the_cost():
    optimizer = OPTIMIZERS["lbfgs"]()
    path, state = walk(optimizer, ROSENBROCK, np.array([-1.2, 1.0]), 4)
    assert state.stored == 4
    step, state = optimizer.update(np.array([1.0, 2.0]), state, path[-1], Liar(path[-1]))
    assert not step.any()
    assert (state.stored, state.length) == (0, 0.0)
    assert not state.changes.any()


@pytest.mark.parametrize(("slope", "first"), [([30.0, -10.0], 0.5 / 40), ([0.3, -0.1], 0.5)])
def test_lbfgs_without_pairs_first_tries_no_longer_step_than_its_learning_rate(slope, first):
    places = []

    class Watched(Quadratic):
        def value_and_grad(self, theta):
            places.append(theta)
            return super().value_and_grad(theta)

    objective, theta = Watched(np.eye(2), np.array(slope)), np.zeros(2)
    optimizer = OPTIMIZERS["lbfgs"](learning_rate=0.5)
    optimizer.update(-objective.linear, optimizer.init(theta, objective), theta, objective)
    np.testing.assert_allclose(places[1], first * objective.linear)


def test_lbfgs_keeps_no_pair_of_negative_curvature():
    hill = Quadratic(np.diag([-1.0, -2.0]), np.array([1.0, 1.0]))
    _, state = walk(OPTIMIZERS["lbfgs"](), hill, np.zeros(2), 3)
    assert state.length > 0
    assert state.stored == 0


def test_lbfgs_with_a_full_history_ends_on_a_quadratic():
    objective = bowl(6)
    path, state = walk(OPTIMIZERS["lbfgs"](), objective, np.zeros(6), 15)
    np.testing.assert_allclose(path[-1], np.linalg.solve(objective.matrix, objective.linear), atol=1e-7)
    used = slice(10 - state.stored, None)
    np.testing.assert_allclose(state.displacements[used] @ objective.matrix, state.changes[used], atol=1e-12)


def test_lbfgs_goes_on_with_a_shorter_and_a_longer_memory():
    long = OPTIMIZERS["lbfgs"](history=6)
    path, state = walk(long, ROSENBROCK, np.array([-1.2, 1.0]), 8)
    grad = ROSENBROCK.value_and_grad(path[-1])[1]
    _, short = replace(long, history=2).update(grad, state, path[-1], ROSENBROCK)
    assert short.changes.shape == (2, 2)
    np.testing.assert_array_equal(short.changes[0], state.changes[-1])
    _, longer = replace(long, history=9).update(grad, state, path[-1], ROSENBROCK)
    assert longer.stored == 7
    np.testing.assert_array_equal(longer.changes[2:8], state.changes)


def test_lbfgs_takes_both_gradients_of_a_pair_from_its_batch():
    data = regression(12)
    batch = data.batch(np.arange(4))
    optimizer, theta = OPTIMIZERS["lbfgs"](), np.zeros(3)
    step, state = optimizer.update(batch.value_and_grad(theta)[1], optimizer.init(theta, batch), theta, batch)
    np.testing.assert_allclose(state.displacements[-1], step)
    np.testing.assert_allclose(state.changes[-1], batch.hessian(theta) @ step, rtol=1e-10)


def test_lbfgs_falls_back_to_steepest_descent_from_a_direction_uphill():
    optimizer, theta = OPTIMIZERS["lbfgs"](), np.array([1.0, 0.2])
    _, state = walk(optimizer, ROSENBROCK, np.array([-1.2, 1.0]), 4)
    reversed_pairs = state._replace(changes=-state.changes)
    grad = SADDLE.value_and_grad(theta)[1]
    step, _ = optimizer.update(grad, reversed_pairs, theta, SADDLE)
    assert step @ grad < 0
    np.testing.assert_allclose(step / np.linalg.norm(step), -grad / np.linalg.norm(grad))
