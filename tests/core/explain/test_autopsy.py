"""Every rule's formula, read with a step's numbers, is the step that was made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.networks import mlp
from core.toy_objectives import ROSENBROCK, bowl, regression
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import Run, RunEdit
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.autopsy import Autopsy, dissect_step
from descentscape.core.explain.others import others_from_here
from descentscape.core.optimizers import MAX_HESSIAN_DIM, OPTIMIZERS
from descentscape.core.optimizers.clipping import CLIPS
from descentscape.core.optimizers.schedules import SCHEDULES

SETTINGS = {
    "adamw": {"weight_decay": 0.1},
    "lion": {"weight_decay": 0.1},
    "newton": {"learning_rate": 0.5},
    "saddle_free_newton": {"learning_rate": 0.5},
}
"""Of the rules whose defaults leave a part of their formula at 0 or 1."""


def assigned(rule: Any) -> int:
    """How many lines assign, a wrapped rule's for the step that it makes."""
    own: int = rule.formula.count("←")
    return own if rule.wrapped is None else own - 1 + assigned(rule.wrapped)


def run_of(
    kind: str, objective: Any = None, *, steps: int = 12, edits: Any = (), **recipe: Any
) -> ComputedTrajectory:
    objective = regression() if objective is None else objective
    settings = SETTINGS.get(kind, {})
    theta = np.linspace(-1, 2, objective.dim)
    made = Recipe(OPTIMIZERS[kind](**settings), **recipe)
    trajectory = ComputedTrajectory(Run(objective, made, theta, steps, seed=3, edits=edits))
    trajectory.advance()
    return trajectory


def line(seen: Autopsy, symbol: str) -> Any:
    return next(each for each in reversed(seen.lines) if each.symbol == symbol)


def hold(trajectory: ComputedTrajectory, entry: int) -> Autopsy:
    """The step, and θ's line, lead to the next entry; what ← assigns is the state that follows."""
    seen = dissect_step(trajectory, entry)
    np.testing.assert_allclose(trajectory.theta[entry] + seen.step, trajectory.theta[entry + 1], rtol=1e-15)
    np.testing.assert_allclose(line(seen, "θ").value, trajectory.theta[entry + 1], rtol=1e-12, atol=1e-14)
    after = trajectory.state_at(entry + 1)
    for quantity, value in zip(seen.after, after, strict=True):
        np.testing.assert_array_equal(quantity.value, value)
        if quantity.symbol not in ("", "t"):
            np.testing.assert_allclose(line(seen, quantity.symbol).value, value, rtol=1e-12, atol=1e-15)
    return seen


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("entry", [0, 3])
def test_formula_and_step_are_one(kind: str, entry: int) -> None:
    seen = hold(run_of(kind), entry)
    assert sum(each.arrow == "←" for each in seen.lines) == assigned(OPTIMIZERS[kind]())
    assert all(each.value is not None for each in seen.lines if each.arrow == "←")
    assert (seen.kind, seen.factor, seen.clipped) == (kind, 1.0, False)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_noise_clipping_and_schedule_are_part_of_it(kind: str) -> None:
    recipe = {
        "schedule": SCHEDULES["step"](every=3, decay=0.5),
        "clip": CLIPS["norm"](0.5),
        "gradient_noise": 0.2,
    }
    trajectory = run_of(kind, bowl(), **recipe)
    seen = hold(trajectory, 4)
    assert seen.factor == 0.5
    assert seen.learning_rate == trajectory.run.recipe.optimizer.learning_rate * 0.5
    assert seen.clipped
    assert np.linalg.norm(seen.received) == pytest.approx(0.5)
    first, noisy, clipped, rate = seen.lines[:4]
    assert first.value is seen.gradient
    assert noisy.text == "g + σ ξ"
    np.testing.assert_allclose(clipped.value, seen.received, rtol=1e-12)
    assert (rate.symbol, rate.value) == ("ηₜ", seen.learning_rate)


@pytest.mark.parametrize("kind", ["gd", "adam", "lbfgs"])
def test_a_mini_batch_is_the_steps_own(kind: str) -> None:
    trajectory = run_of(kind, batch_size=3, clip=CLIPS["value"](0.4))
    seen = hold(trajectory, 5)
    batch = regression().batch(trajectory.batch_at(5))
    np.testing.assert_array_equal(seen.gradient, batch.value_and_grad(trajectory.theta[5])[1])
    assert seen.lines[0].text == f"∂C/∂θ on this step’s batch of {batch.n_examples}"
    np.testing.assert_allclose(line(seen, "gᵢ").value, seen.received)


def test_adams_numbers_at_the_first_step() -> None:
    trajectory = run_of("adam", bowl(2))
    grad = float(bowl(2).value_and_grad(np.array([-1.0, 2.0]))[1][1])
    seen = dissect_step(trajectory, 0, 1)
    assert seen.parameter_name == "θ2"
    numbers = {each.symbol: each.numbers for each in seen.lines}
    assert numbers["m"] == f"0.9 · 0 + (1 − 0.9) · (−{-grad:.4g}) = −{-0.1 * grad:.4g}"
    assert numbers["m̂"].endswith(f"/ (1 − 0.9¹) = −{-grad:.4g}")
    assert line(seen, "v̂").value[1] == pytest.approx(grad**2)
    assert seen.step[1] == pytest.approx(0.05, rel=1e-5)
    assert [quantity.symbol for quantity in seen.after] == ["m", "v", "t"]


@pytest.mark.parametrize("kind", ["gd", "adagrad", "adadelta", "rmsprop"])
def test_rates_are_what_the_gradient_is_multiplied_by(kind: str) -> None:
    seen = dissect_step(run_of(kind), 6)
    np.testing.assert_allclose(seen.step, -seen.rates * seen.received, rtol=1e-12)


@pytest.mark.parametrize("kind", ["adam", "amsgrad", "nadam", "adamw"])
def test_rates_of_adams_kin_multiply_the_averaged_gradient(kind: str) -> None:
    seen = dissect_step(run_of(kind), 6)
    averaged = line(seen, "m").value / (1 - 0.9**7) if kind == "amsgrad" else line(seen, "m̂").value
    decay = 0.0 if seen.decay is None else seen.decay
    np.testing.assert_allclose(seen.step, decay - seen.rates * averaged, rtol=1e-12)


def test_rules_that_mix_parameters_have_no_rates() -> None:
    for kind in ("newton", "saddle_free_newton", "lbfgs", "lion"):
        assert dissect_step(run_of(kind, bowl()), 1).rates is None


def test_decay_is_the_pull_towards_zero() -> None:
    trajectory = run_of("adamw", schedule=SCHEDULES["exponential"](decay=0.9))
    seen = dissect_step(trajectory, 3)
    assert seen.decay is not None
    np.testing.assert_allclose(seen.decay, -0.05 * 0.9**3 * 0.1 * trajectory.theta[3])
    assert dissect_step(run_of("adam"), 3).decay is None


def test_a_search_that_finds_nothing_has_no_direction() -> None:
    trajectory = run_of("lbfgs", bowl(1), steps=12)
    seen = dissect_step(trajectory, 11)
    assert not seen.step.any()
    assert line(seen, "θ").value is None


def test_an_edit_puts_another_optimizer_in() -> None:
    trajectory = run_of("gd", edits=(RunEdit(4, OPTIMIZERS["adam"](0.02)),))
    assert dissect_step(trajectory, 3).kind == "gd"
    assert hold(trajectory, 4).kind == hold(trajectory, 5).kind == "adam"
    assert dissect_step(trajectory, 5).learning_rate == 0.02


def test_no_such_parameter() -> None:
    with pytest.raises(InvalidValue, match="parameter must be from 0 to 2"):
        dissect_step(run_of("gd"), 0, 3)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_a_rule_shown_its_own_gradients_makes_its_own_step(kind: str) -> None:
    trajectory = run_of(kind, batch_size=4)
    own = {kind: trajectory.run.recipe.optimizer}
    seen = others_from_here(trajectory, 9, own)
    assert (seen.complete, seen.replayed) == (True, 9)
    np.testing.assert_allclose(seen.steps[kind], dissect_step(trajectory, 9).step, rtol=1e-12)


def test_others_see_the_gradients_of_the_run() -> None:
    trajectory = run_of(
        "adam", ROSENBROCK, schedule=SCHEDULES["exponential"](decay=0.9), clip=CLIPS["norm"](5.0)
    )
    seen = others_from_here(trajectory, 6)
    assert seen.steps.keys() == OPTIMIZERS.keys()
    gradients = [dissect_step(trajectory, entry).received for entry in range(7)]
    np.testing.assert_allclose(seen.steps["gd"], -0.1 * 0.9**6 * gradients[6])
    velocity = sum(0.9 ** (6 - k) * gradient for k, gradient in enumerate(gradients))
    np.testing.assert_allclose(seen.steps["momentum"], -0.05 * 0.9**6 * velocity)
    np.testing.assert_allclose(seen.steps["adam"], dissect_step(trajectory, 6).step)
    hessian = ROSENBROCK.hessian(trajectory.theta[6]) + 1e-3 * np.eye(2)
    np.testing.assert_allclose(seen.steps["newton"], -(0.9**6) * np.linalg.solve(hessian, gradients[6]))


def test_a_long_past_is_cut() -> None:
    trajectory = run_of("gd", steps=200)
    seen = others_from_here(trajectory, 150, {"adagrad": OPTIMIZERS["adagrad"]()}, most=70)
    assert (seen.complete, seen.replayed) == (False, 70)
    grads = regression().value_and_grad(trajectory.theta[80:151])[1]
    expected = -0.1 * grads[-1] / (np.sqrt((grads**2).sum(axis=0)) + 1e-10)
    np.testing.assert_allclose(seen.steps["adagrad"], expected)


def test_rules_too_expensive_say_why() -> None:
    net = mlp((1, MAX_HESSIAN_DIM, 1), ("tanh", "linear"), "mse", np.ones((1, 1)), np.ones((1, 1)))
    seen = others_from_here(run_of("gd", net, steps=1), 1)
    assert seen.left_out.keys() == {"newton", "saddle_free_newton"}
    assert "parameters must be at most 2,000" in seen.left_out["newton"]
    assert "adam" in seen.steps


def test_no_such_entry() -> None:
    with pytest.raises(InvalidValue, match="step must be from 0 to 12"):
        others_from_here(run_of("gd"), 13)
