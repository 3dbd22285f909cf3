"""Steps by compiled code: those that the interpreter makes, bit for bit, by every rule as it is written."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest
from numba import njit

from descentscape.core.descent import compiled
from descentscape.core.descent.descent import Position, Recipe, StepContext
from descentscape.core.descent.run import Run, RunEdit
from descentscape.core.descent.stepper import Stepper
from descentscape.core.descent.steps import Steps
from descentscape.core.network.layers import dense_layers
from descentscape.core.network.mlp import MLP
from descentscape.core.norm import norm
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.base import Needs, NoState
from descentscape.core.optimizers.clipping import NormClip, ValueClip
from descentscape.core.optimizers.gradient import GradientDescent
from descentscape.core.optimizers.schedules import Cosine

STEPS = 150
PLAIN_RULES = [kind for kind, rule in OPTIMIZERS.items() if rule.needs == Needs()]
WAYS: dict[str, dict[str, Any]] = {
    "full batch": {},
    "mini-batches": {"batch_size": 7},
    "clipped by norm, on a schedule": {"batch_size": 16, "clip": NormClip(0.01), "schedule": Cosine()},
    "clipped by value, with noise": {"clip": ValueClip(0.01), "gradient_noise": 0.05},
}


def network(**penalties: float) -> tuple[MLP, np.ndarray]:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 2)), rng.integers(0, 2, (60, 1)).astype(float)
    mlp = MLP(dense_layers((2, 5, 4, 1), ("tanh", "tanh", "sigmoid")), "mse", x, y, **penalties)
    return mlp, 0.4 * rng.normal(size=mlp.dim)


def in_blocks(run: Run, most: int) -> list[Steps]:
    stepper, found, number = Stepper(run, Position(0, run.theta)), list[Steps](), 0
    with np.errstate(all="ignore"):
        while number < STEPS:
            found.append(stepper.block(min(most, STEPS - number), lambda: False))
            number += len(found[-1].cost)
    return found


def one_by_one(run: Run) -> list[StepContext]:
    with np.errstate(all="ignore"):
        return list(islice(run.descend(Position(0, run.theta)), STEPS))


def assert_same(blocks: list[Steps], steps: list[StepContext]) -> None:
    for name, own in (
        ("theta", "theta"),
        ("cost", "cost"),
        ("grad", "grad"),
        ("learning_rate", "learning_rate"),
        ("evaluations", "evaluations"),
    ):
        expected = [getattr(step, own) for step in steps]
        np.testing.assert_array_equal(np.concatenate([getattr(each, name) for each in blocks]), expected)
    positions = [position for block in blocks for position in block.positions]
    assert [position.number for position in positions] == [0, 64, 128]
    for position in positions:
        for found, state in zip(position.state, steps[position.number].state, strict=True):
            np.testing.assert_array_equal(found, state)
            assert type(found) is type(state)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", PLAIN_RULES)
def test_every_rule_makes_the_same_steps_compiled_as_interpreted(kind: str, way: str) -> None:
    for penalties in ({}, {"l1": 1e-3, "l2": 1e-2}):
        mlp, theta = network(**penalties)
        run = Run(mlp, Recipe(OPTIMIZERS[kind](), **WAYS[way]), theta, STEPS, seed=3)
        assert_same(in_blocks(run, 64), one_by_one(run))
    assert OPTIMIZERS[kind] not in compiled._NOT_COMPILED


@pytest.mark.parametrize("kind", ["sam", "muon", "lbfgs"])
def test_rules_that_ask_for_more_make_their_steps_in_blocks_too(kind: str) -> None:
    mlp, theta = network()
    run = Run(mlp, Recipe(OPTIMIZERS[kind](), batch_size=7), theta, STEPS)
    assert_same(in_blocks(run, 40), one_by_one(run))


@pytest.mark.parametrize("most", [1, 10, 64])
def test_blocks_of_any_length_make_the_same_steps(most: int) -> None:
    mlp, theta = network()
    run = Run(mlp, Recipe(OPTIMIZERS["nadam"](), batch_size=7), theta, STEPS)
    assert_same(in_blocks(run, most), one_by_one(run))


@pytest.mark.parametrize(("before", "after"), [("adam", "momentum"), ("lbfgs", "adam"), ("adam", "sam")])
def test_an_edit_may_lead_from_compiled_steps_to_others_and_back(before: str, after: str) -> None:
    mlp, theta = network()
    edits = [
        RunEdit(50, OPTIMIZERS[after](), {2: 0.25}),
        RunEdit(90, OPTIMIZERS[before](learning_rate=0.5)),
        RunEdit(91, values={0: 1.0}),
    ]
    run = Run(mlp, Recipe(OPTIMIZERS[before](), batch_size=16), theta, STEPS, edits=edits)
    assert_same(in_blocks(run, 64), one_by_one(run))


def test_a_part_of_the_examples_is_walked_like_all_of_them() -> None:
    mlp, theta = network()
    part = mlp.batch(np.arange(10, 50))
    for batch_size in (None, 6):
        run = Run(part, Recipe(OPTIMIZERS["adam"](), batch_size=batch_size), theta, STEPS)
        assert_same(in_blocks(run, 64), one_by_one(run))


def test_a_schedule_is_told_of_the_whole_run() -> None:
    mlp, theta = network()
    run = Run(mlp, Recipe(GradientDescent(), Cosine()), theta, 300)
    rates = np.concatenate([each.learning_rate for each in in_blocks(run, 64)])
    assert rates[0] == 0.1
    assert rates[-1] == pytest.approx(0.1 * (1 + np.cos(np.pi * 149 / 300)) / 2, rel=1e-15)


class Unusual(GradientDescent):
    """Gradient descent in words that no compiler knows."""

    def update(self, grad: Any, state: NoState, theta: Any, objective: Any) -> tuple[Any, NoState]:
        return np.array([*map(lambda g: -self.learning_rate * g, grad.tolist())]), state  # noqa: C417


def test_a_rule_that_is_not_compiled_works_all_the_same() -> None:
    mlp, theta = network()
    unusual, plain = (
        in_blocks(Run(mlp, Recipe(rule()), theta, STEPS), 64) for rule in (Unusual, GradientDescent)
    )
    assert Unusual in compiled._NOT_COMPILED
    np.testing.assert_array_equal(
        np.concatenate([each.theta for each in unusual]), np.concatenate([each.theta for each in plain])
    )


@njit
def compiled_norm(vector: np.ndarray) -> np.ndarray:
    return norm(vector, keepdims=True)


@pytest.mark.parametrize("scale", [1.0, 1e-160, 1e200, 1e-310])
def test_lengths_of_vectors_are_those_of_the_interpreter(scale: float) -> None:
    rng = np.random.default_rng(0)
    for size in (1, 7, 8, 9, 127, 128, 129, 300, 1185, 7001):
        vector = scale * rng.normal(size=size)
        assert compiled_norm(vector)[0] == norm(vector)


@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_lengths_of_what_is_not_finite_are_not_either(odd: float) -> None:
    np.testing.assert_array_equal(compiled_norm(np.array([1.0, odd]))[0], norm(np.array([1.0, odd])))
