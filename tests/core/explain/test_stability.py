"""Bounds, held by descending quadratics just below and just above them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.networks import mlp
from core.toy_objectives import ROSENBROCK, SADDLE, Quadratic, bowl
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.stability import BOUNDS, DENSE_HESSIAN, highest_curvature, stability_at
from descentscape.core.optimizers import OPTIMIZERS

THETA = np.array([1.0, -0.5, 2.0])
RATES = np.array([0.02, 0.5, 0.1])


def centred() -> Quadratic:
    return Quadratic(bowl().matrix, np.zeros(3))


def distance_after(rule: Any, objective: Quadratic, steps: int) -> float:
    theta, state = THETA, rule.init(THETA, objective)
    for _ in range(steps):
        step, state = rule.update(objective.value_and_grad(theta)[1], state, theta, objective)
        theta = theta + step
    return float(np.linalg.norm(theta))


@pytest.mark.parametrize("settings", [{}, {"momentum": 0.5}, {"momentum": 0.95}])
@pytest.mark.parametrize("kind", ["gd", "momentum", "nesterov"])
def test_just_below_the_bound_steps_shrink_and_just_above_they_grow(
    kind: str, settings: dict[str, float]
) -> None:
    rule = OPTIMIZERS[kind](**(settings if kind != "gd" else {}))
    bound = stability_at(centred(), THETA, rule, 0.1).bound
    assert bound is not None
    assert distance_after(replace(rule, learning_rate=0.98 * bound), centred(), 500) < 1e-3
    assert distance_after(replace(rule, learning_rate=1.02 * bound), centred(), 500) > 1e3


def frozen_adam(rule: Any, scales: np.ndarray, eta: float, steps: int) -> float:
    """Adam's recursion on a quadratic, its divisors 1/scales held still."""
    theta, m = THETA, np.zeros(3)
    beta, decay = getattr(rule, "beta1", 0.0), getattr(rule, "weight_decay", 0.0)
    for _ in range(steps):
        m = beta * m + (1 - beta) * (centred().matrix @ theta)
        theta = theta - eta * decay * theta - eta * scales * m
    return float(np.linalg.norm(theta))


@pytest.mark.parametrize("kind", ["adagrad", "rmsprop", "adam", "amsgrad", "adamw"])
def test_bounds_with_the_divisors_held_still(kind: str) -> None:
    rule = OPTIMIZERS[kind](**({"weight_decay": 2.0} if kind == "adamw" else {}))
    seen = stability_at(centred(), THETA, rule, 0.05, RATES)
    assert seen.preconditioned
    assert seen.bound is not None
    assert frozen_adam(rule, RATES / 0.05, 0.98 * seen.bound, 500) < 1e-3
    assert frozen_adam(rule, RATES / 0.05, 1.02 * seen.bound, 500) > 1e3


def test_adams_published_number() -> None:
    seen = stability_at(centred(), THETA, OPTIMIZERS["adam"](), 0.05, np.full(3, 0.05))
    assert seen.bound == pytest.approx(38 / np.linalg.eigvalsh(centred().matrix)[-1])


def test_preconditioned_sharpness_is_that_of_the_scaled_hessian() -> None:
    scales = np.array([0.1, 4.0, 1.0])
    matrix = centred().matrix
    expected = max(np.linalg.eigvals(np.diag(scales) @ matrix).real)
    assert highest_curvature(centred(), THETA, scales) == pytest.approx(expected, rel=1e-12)
    assert highest_curvature(centred(), THETA) == pytest.approx(np.linalg.eigvalsh(matrix)[-1])


def test_large_problems_go_through_lanczos() -> None:
    rng = np.random.default_rng(0)
    net = mlp(
        (3, 201, 2), ("tanh", "linear"), "mse", rng.standard_normal((30, 3)), rng.standard_normal((30, 2))
    )
    theta, scales = rng.standard_normal(net.dim), rng.random(net.dim)
    assert net.dim > DENSE_HESSIAN
    root = np.sqrt(scales)
    dense = np.linalg.eigvalsh(root[:, None] * net.hessian(theta) * root)[-1]
    assert highest_curvature(net, theta, scales) == pytest.approx(dense, rel=1e-7)


@pytest.mark.parametrize("kind", sorted(OPTIMIZERS.keys() - BOUNDS.keys()))
def test_rules_without_a_simple_bound_say_so(kind: str) -> None:
    seen = stability_at(centred(), THETA, OPTIMIZERS[kind](), 1.0, RATES)
    assert seen.bound is None
    assert seen.note == "No simple bound is known for this rule."
    assert seen.sharpness == pytest.approx(2.0)


def test_adaptive_rules_need_their_rates() -> None:
    adam = OPTIMIZERS["adam"]()
    assert stability_at(centred(), THETA, adam, 0.05).bound is None
    assert stability_at(centred(), THETA, adam, 0.0, np.zeros(3)).bound is None
    with pytest.raises(InvalidValue, match="rates"):
        stability_at(centred(), THETA, adam, 0.05, np.array([np.nan, 1.0, 1.0]))


def test_notes_compare_the_rate_with_the_bound() -> None:
    rule = OPTIMIZERS["gd"]()
    assert "50 % of the bound" in stability_at(centred(), THETA, rule, 0.5).note
    assert "1.5 times the bound" in stability_at(centred(), THETA, rule, 1.5).note


def test_where_nothing_curves_upwards_no_rate_is_too_large() -> None:
    hill = Quadratic(-np.eye(3), np.zeros(3))
    seen = stability_at(hill, THETA, OPTIMIZERS["gd"](), 0.1)
    assert seen.bound is None
    assert "no rate is too large" in seen.note


def test_a_saddle_is_bounded_by_its_upward_curvature() -> None:
    assert stability_at(SADDLE, np.zeros(2), OPTIMIZERS["gd"](), 0.1).bound == pytest.approx(2.0)
    steep = stability_at(ROSENBROCK, np.ones(2), OPTIMIZERS["gd"](), 0.1)
    assert steep.bound == pytest.approx(2 / np.linalg.eigvalsh(ROSENBROCK.hessian(np.ones(2)))[-1])


def test_every_bound_belongs_to_a_rule_and_names_its_source() -> None:
    assert BOUNDS.keys() <= OPTIMIZERS.keys()
    assert all(bound.source and bound.text for bound in BOUNDS.values())
