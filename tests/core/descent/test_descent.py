"""The sequence of steps: batches, noise, schedules, clipping, and going on from anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import pytest

from core.toy_objectives import ROSENBROCK, LeastSquares, bowl, regression
from descentscape.core.data.sampling import Batches, permutation, standard_noise
from descentscape.core.descent.descent import Position, Recipe, descend
from descentscape.core.errors import InvalidValue
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.clipping import CLIPS
from descentscape.core.optimizers.memoised_objective import MemoisedObjective
from descentscape.core.optimizers.schedules import SCHEDULES

GD = OPTIMIZERS["gd"](learning_rate=0.1)


@dataclass(frozen=True)
class Counted:
    """Rosenbrock's function, which notes where it was differentiated."""

    asked: list = field(default_factory=list)

    def __getattr__(self, name):
        return getattr(ROSENBROCK, name)

    def value_and_grad(self, theta):
        self.asked.append(theta.tobytes())
        return ROSENBROCK.value_and_grad(theta)


def first_steps(count, objective, recipe, theta, *, seed=0):
    return steps_from(Position(0, theta), count, objective, recipe, seed=seed)


def steps_from(position, count, objective, recipe, *, seed=0):
    return list(islice(descend(objective, recipe, position, seed=seed, steps=100), count))


def test_gradient_descent_on_the_full_batch():
    objective, theta = bowl(), np.array([1.0, 0.0, -1.0])
    for number, step in enumerate(first_steps(5, objective, Recipe(GD), theta)):
        cost, grad = objective.value_and_grad(theta)
        np.testing.assert_array_equal(step.theta, theta)
        assert (step.number, step.cost, step.evaluations) == (number, cost, number)
        theta = theta - 0.1 * grad


def test_each_batch_is_a_piece_of_the_epochs_order():
    data, theta, steps = regression(10), np.zeros(3), []
    for step in first_steps(8, data, Recipe(GD, batch_size=4), theta, seed=5):
        epoch, place = divmod(step.number, 3)
        examples = permutation(5, epoch, 10)[4 * place : 4 * place + 4]
        residual = data.x[examples] @ theta - data.y[examples]
        np.testing.assert_allclose(step.theta, theta, rtol=1e-13)
        np.testing.assert_allclose(step.cost, np.mean(residual**2) / 2, rtol=1e-13)
        theta = theta - 0.1 * residual @ data.x[examples] / len(examples)
        steps.append(examples)
    assert [len(examples) for examples in steps] == [4, 4, 2, 4, 4, 2, 4, 4]
    assert sorted(np.concatenate(steps[:3])) == sorted(np.concatenate(steps[3:6])) == list(range(10))
    assert (np.concatenate(steps[:3]) != np.concatenate(steps[3:6])).any()


@pytest.mark.parametrize("size", [1, 3, 4, 7, 10])
def test_every_batch_size_walks_the_same_order(size):
    batches = Batches(10, size, seed=3)
    for epoch in range(2):
        numbers = np.arange(batches.per_epoch) + epoch * batches.per_epoch
        walked = [batches.at(number) for number in numbers]
        np.testing.assert_array_equal(np.concatenate(walked), permutation(3, epoch, 10))
        np.testing.assert_array_equal(batches.sizes(numbers), [len(examples) for examples in walked])


def test_seeds_give_different_orders_and_noise():
    assert (permutation(0, 0, 50) != permutation(1, 0, 50)).any()
    assert (standard_noise(0, 0, 4) != standard_noise(1, 0, 4)).all()
    assert (standard_noise(0, 0, 4) != standard_noise(0, 1, 4)).all()


def test_noise_is_standard_normal_and_the_same_in_any_order():
    forward = np.array([standard_noise(2, step, 3) for step in range(2000)])
    backward = np.array([standard_noise(2, step, 3) for step in reversed(range(2000))])[::-1]
    np.testing.assert_array_equal(forward, backward)
    assert abs(forward.mean()) < 4 / np.sqrt(6000)
    assert abs(forward.std() - 1) < 4 / np.sqrt(12000)
    assert np.abs(np.corrcoef(forward[:-1, 0], forward[1:, 0])[0, 1]) < 0.1


def test_noise_is_added_to_the_gradient_before_the_optimizer():
    start = np.array([1.0, 1.0])
    recipe = Recipe(GD, gradient_noise=0.5)
    _, second, third = first_steps(3, bowl(2), recipe, start, seed=9)
    grad = bowl(2).value_and_grad(start)[1]
    np.testing.assert_allclose(second.theta, start - 0.1 * (grad + 0.5 * standard_noise(9, 0, 2)))
    grad = bowl(2).value_and_grad(second.theta)[1]
    np.testing.assert_array_equal(second.grad, grad)
    np.testing.assert_allclose(third.theta, second.theta - 0.1 * (grad + 0.5 * standard_noise(9, 1, 2)))


def test_the_gradient_is_clipped_before_the_optimizer():
    recipe = Recipe(GD, clip=CLIPS["norm"](norm=0.5))
    start, second = first_steps(2, ROSENBROCK, recipe, np.array([-1.2, 1.0]))
    moved = second.theta - start.theta
    np.testing.assert_allclose(moved, -0.05 * start.grad / np.linalg.norm(start.grad))


def test_the_schedule_scales_the_step_and_is_counted_from_the_start_of_the_run():
    recipe = Recipe(
        OPTIMIZERS["momentum"](learning_rate=0.1, momentum=0.5), schedule=SCHEDULES["warmup"](length=4)
    )
    objective, velocity, theta = bowl(), 0.0, np.ones(3)
    for step in first_steps(6, objective, recipe, np.ones(3)):
        rate = 0.1 * min(1, (step.number + 1) / 4)
        assert step.learning_rate == pytest.approx(rate, rel=1e-15)
        np.testing.assert_allclose(step.theta, theta, rtol=1e-13)
        velocity = 0.5 * velocity + objective.value_and_grad(theta)[1]
        theta = theta - rate * velocity


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [None, 4])
def test_a_run_goes_on_bitwise_from_any_of_its_steps(kind, batch_size):
    recipe = Recipe(OPTIMIZERS[kind](), SCHEDULES["cosine"](), CLIPS["value"](value=2.0), batch_size, 0.1)
    data = regression(10)
    whole = first_steps(9, data, recipe, np.zeros(3))
    rest = steps_from(whole[5].position, 4, data, recipe)
    for one, other in zip(whole[5:], rest, strict=True):
        for a, b in zip(one[:4] + one[5:7], other[:4] + other[5:7], strict=True):
            np.testing.assert_array_equal(a, b)
        for a, b in zip(one.state, other.state, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("batch_size", [4, None])
@pytest.mark.parametrize("count", [3, 1])
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_many_starts_descend_as_each_alone(kind, count, batch_size):
    data, starts = regression(10), np.random.default_rng(0).normal(size=(count, 3))
    recipe = Recipe(OPTIMIZERS[kind](), batch_size=batch_size)
    together = first_steps(5, data, recipe, starts)[-1]
    for row, start in enumerate(starts):
        alone = first_steps(5, data, recipe, start)[-1]
        np.testing.assert_allclose(together.theta[row], alone.theta, rtol=1e-10)
        np.testing.assert_allclose(together.cost[row], alone.cost, rtol=1e-10)


def test_a_line_search_is_counted_and_computes_nothing_twice():
    objective = Counted()
    steps = first_steps(12, objective, Recipe(OPTIMIZERS["lbfgs"]()), np.array([-1.2, 1.0]))
    assert len(set(objective.asked)) == len(objective.asked)
    assert steps[-1].evaluations + 1 == len(objective.asked)
    assert (np.diff([step.evaluations for step in steps]) >= 1).all()
    assert any(np.diff([step.evaluations for step in steps]) > 1)


@pytest.mark.parametrize("clip", [None, CLIPS["value"](value=0.5)])
def test_a_memoised_objective_has_the_steps_own_noise_and_clipping_and_counts(clip):
    noise, theta, other = np.array([0.3, -2.0]), np.array([0.5, 0.5]), np.array([1.0, 2.0])
    memoised = MemoisedObjective(ROSENBROCK, noise, clip)
    memoised.remember(theta, *ROSENBROCK.value_and_grad(theta))
    for at, count in ((theta, 0), (other, 1), (other, 1)):
        cost, grad = ROSENBROCK.value_and_grad(at)
        seen_cost, seen_grad = memoised.value_and_grad(at)
        np.testing.assert_allclose([seen_cost, memoised.value(at)], cost + noise @ at)
        received = grad + noise
        np.testing.assert_allclose(seen_grad, np.clip(received, -0.5, 0.5) if clip else received)
        assert memoised.count == count
        np.testing.assert_array_equal(memoised.recall(at)[1], grad)
    np.testing.assert_array_equal(memoised.hessian(theta), ROSENBROCK.hessian(theta))
    np.testing.assert_array_equal(memoised.hvp(theta, noise), ROSENBROCK.hvp(theta, noise))


def test_lbfgs_descends_in_spite_of_noise_and_clipping():
    recipe = Recipe(OPTIMIZERS["lbfgs"](), clip=CLIPS["value"](value=0.5), gradient_noise=0.1)
    steps = first_steps(40, bowl(), recipe, np.full(3, 5.0))
    least = bowl().value(np.linalg.solve(bowl().matrix, bowl().linear))
    assert steps[-1].cost - least < 0.1 < steps[0].cost - least


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"batch_size": 0}, "batch_size must be at least 1, or null for the full batch, got 0"),
        ({"gradient_noise": -1.0}, "gradient_noise must be a number from 0 up, got -1.0"),
        ({"gradient_noise": float("nan")}, "gradient_noise must be a number from 0 up, got nan"),
    ],
)
def test_recipes_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(InvalidValue) as refused:
        Recipe(GD, **settings)
    assert str(refused.value) == message


def test_batches_need_enough_examples():
    with pytest.raises(
        InvalidValue, match="batch_size must be null where there are no examples to sample, got 2"
    ):
        first_steps(1, ROSENBROCK, Recipe(GD, batch_size=2), np.zeros(2))
    with pytest.raises(
        InvalidValue, match="batch_size must be at most 10, the number of training examples, got 11"
    ):
        first_steps(1, regression(10), Recipe(GD, batch_size=11), np.zeros(3))


def test_a_batch_of_everything_is_the_full_batch_in_another_order():
    data = regression(10)
    full, sampled = (first_steps(20, data, Recipe(GD, batch_size=size), np.zeros(3)) for size in (None, 10))
    for one, other in zip(full, sampled, strict=True):
        np.testing.assert_allclose(one.theta, other.theta, rtol=1e-12, atol=1e-14)


def test_sgd_on_one_example_follows_that_example():
    data = LeastSquares(np.array([[1.0, 2.0]]), np.array([3.0]))
    _, second = first_steps(2, data, Recipe(GD, batch_size=1), np.zeros(2))
    np.testing.assert_allclose(second.theta, [0.3, 0.6])
