"""What noise does at saddles and in minima, and what it does not, in experiments held to the facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.landscape.manifold import divide
from descentscape.compute.computation import Computation
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array
from descentscape.document.experiment import Experiment

SEEDS = range(20)


def columns(*numbers: float) -> list[list[float]]:
    return [[number] for number in numbers]


def chain(activation: str, x: list[list[float]], y: list[list[float]]) -> dict[str, Any]:
    dataset = {"kind": "inline", "x": x, "y": y, "task": "regression"}
    return {"kind": "chain", "activation": activation, "dataset": dataset}


def descent(rate: float, batch_size: int | None = None, **settings: Any) -> dict[str, Any]:
    return {"optimizer": {"kind": "gd", "learning_rate": rate}, "batch_size": batch_size, **settings}


def at(*point: float) -> dict[str, Any]:
    return {"kind": "point", "at": list(point)}


AGREEING = {
    "problem": chain("linear", columns(1, -1, 0.5, -0.5) * 4, columns(4, -4, 8, -8) * 4),
    "runs": [descent(0.25), descent(0.25, 4), descent(0.1, 4, start=at(1, -0.9))],
    "start": at(1, -1),
    "steps": 12,
}
"""The linear chain from (1, -1), on data where every example has x·y = 4."""

DISAGREEING = {
    "problem": chain(
        "tanh",
        columns(
            2.04, -2.56, 0.42, -0.57, -0.45, -0.22, -2.02, -0.23,
            -0.87, 3.32, 0.23, -0.35, -0.28, -0.67, -1.06, -0.39,
        ),
        columns(
            0.96, -0.89, 0.9, -0.76, -0.63, 0.06, -0.65, -0.57,
            -0.83, 0.98, 0.99, -0.64, -0.55, -0.43, -1.0, -0.68,
        ),
    ),
    "runs": [descent(0.5), descent(0.5, 4)],
    "start": at(0.7866505377898105, -1.0),
    "steps": 160,
}  # fmt: skip
"""The chain of tanh from the stable manifold of full batch's saddle."""

SHARP = {
    "problem": chain(
        "linear",
        columns(-1.5, -1.3, -1.1, -0.9, -0.7, -0.5, -0.3, -0.1, 0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5),
        columns(
            -1.69, -1.68, -0.74, -0.99, -1.32, -0.27, 0.81, 0.73,
            -0.51, -0.78, 0.04, 0.88, -1.01, 1.12, 0.44, 1.14,
        ),
    ),
    "runs": [descent(0.15), descent(0.15, 4)],
    "start": at(2.5, 0.8),
    "steps": 800,
}  # fmt: skip
"""The linear chain's valley of minima, entered where it is steep."""

SHALLOW = {
    "problem": {
        "kind": "formula",
        "name": None,
        "expression": "(x**2 - 1)**2 + 0.5*x + y**2",
        "domain": [[-1.8, 1.8], [-1.8, 1.8]],
    },
    "runs": [descent(0.05), descent(0.05, gradient_noise=3.0)],
    "start": at(1.2, 1),
    "steps": 1500,
}
"""A shallow minimum on the right, a deep one on the left."""


def computed(document: dict[str, Any]) -> tuple[ComputedTrajectory, ...]:
    return Computation(Experiment.model_validate(document)).finish().trajectories


def seeded(trajectory: ComputedTrajectory) -> list[ComputedTrajectory]:
    """The same run with each of 20 other orders of the examples, or draws of the noise."""
    runs = [ComputedTrajectory(replace(trajectory.run, seed=seed)) for seed in SEEDS]
    for each in runs:
        each.advance()
    return runs


def the_chain(trajectory: ComputedTrajectory) -> MLP:
    assert isinstance(trajectory.run.objective, MLP)
    return trajectory.run.objective


def test_where_batches_agree_sgd_walks_into_the_saddle_like_full_batch() -> None:
    full, batch, beside = computed(AGREEING)
    np.testing.assert_allclose(full.theta[-1], 0, atol=1e-15)
    for run in (batch, *seeded(batch)):
        np.testing.assert_allclose(run.theta[-1], 0, atol=1e-15)
    paths = {run.theta[1:5].tobytes() for run in seeded(batch)}
    assert len(paths) > 10, "the batches differ, and so do the ways"
    for run in (beside, *seeded(beside)):
        assert run.cost[-1] < 0.5 * run.cost[0]
        assert run.theta[-1].min() > 1.5


@pytest.mark.parametrize("t", [1.0, 0.3, -0.7, 1e-6])
def test_every_batch_of_the_linear_chain_keeps_the_line(t: float) -> None:
    objective = the_chain(computed(SHARP)[0])
    rng = np.random.default_rng(0)
    for size in (1, 4, 16):
        batch = objective.batch(rng.permutation(16)[:size])
        _, (first, second) = batch.value_and_grad(np.array([t, -t]))
        assert first == pytest.approx(-second, rel=1e-13)


def escape(trajectory: ComputedTrajectory) -> int:
    """The first step at which the cost is below the middle between the saddle's and the lowest."""
    saddle = float(trajectory.run.objective.value(np.zeros(2)))
    below = trajectory.cost < (saddle + trajectory.cost.min()) / 2
    assert below.any()
    return int(below.argmax())


def within(trajectory: ComputedTrajectory, radius: float) -> int:
    return int((np.linalg.norm(trajectory.theta, axis=1) < radius).sum())


def test_from_the_stable_manifold_full_batch_lingers_five_times_as_long() -> None:
    full, batch = computed(DISAGREEING)
    others = seeded(batch)
    assert escape(full) >= 5 * np.median([escape(run) for run in others])
    assert within(full, 0.25) >= 5 * np.median([within(run, 0.25) for run in others])
    assert all(run.cost[-1] < 0.2 * run.cost[0] for run in (full, *others))
    assert np.linalg.norm(full.theta, axis=1).min() < 1e-6


def test_full_batch_lingers_as_long_as_floats_can_tell_it_from_the_manifold() -> None:
    full, _ = computed(DISAGREEING)
    fastest = -np.linalg.eigvalsh(full.run.objective.hessian(np.zeros(2)))[0]
    assert escape(full) == pytest.approx(np.log(2**52) / np.log(1 + 0.5 * fastest), rel=0.15)


def test_the_pinned_start_is_where_bisection_leads() -> None:
    full, _ = computed(DISAGREEING)
    first, second = np.array([0.2, -1.0]), np.array([1.8, -1.0])
    found = divide(full.run.objective, full.run.recipe, first, second, steps=400)
    np.testing.assert_allclose(found.start, full.theta[0], rtol=0, atol=1e-14)
    assert (found.ends[0] < -1).all()
    assert (found.ends[1] > 1).all()


def sharpness(trajectory: ComputedTrajectory, theta: Array) -> float:
    return float(np.linalg.eigvalsh(trajectory.run.objective.hessian(theta))[-1])


def test_noise_leaves_the_sharp_minimum_that_full_batch_stays_in() -> None:
    full, batch = computed(SHARP)
    assert full.grad_norm[-1] < 1e-12
    assert full.stationary_at is not None
    assert full.stationary_at < 50
    full_end = sharpness(full, full.theta[-1])
    assert full_end * 0.15 < 2, "so sharp that full batch still stands"
    ends = [sharpness(run, run.theta[-1]) for run in seeded(batch)]
    flattest = 2 * np.mean(the_chain(full).x ** 2) * np.prod(full.theta[-1])
    assert np.median(ends) < 0.45 * full_end
    assert min(ends) > 0.8 * flattest
    assert all(run.cost[-1] < 1.05 * full.cost[-1] for run in seeded(batch))


def test_each_step_shrinks_the_imbalance_by_what_its_batch_leaves_unexplained() -> None:
    _, batch = computed(SHARP)
    objective, theta = the_chain(batch), batch.theta
    imbalance = theta[:, 0] ** 2 - theta[:, 1] ** 2
    for k in range(0, 800, 50):
        examples = batch.batch_at(k)
        assert examples is not None
        x, y = objective.x[examples, 0], objective.y[examples, 0]
        g = np.mean((theta[k].prod() * x - y) * x)
        assert imbalance[k + 1] == pytest.approx(imbalance[k] * (1 - 0.15**2 * g**2), rel=1e-12)


def test_noise_leaves_the_shallow_minimum_that_descent_stays_in() -> None:
    still, noisy = computed(SHALLOW)
    objective = still.run.objective
    shallow, deep = still.theta[-1], np.array([-1.0574538, 0.0])
    assert still.grad_norm[-1] < 1e-9
    assert np.linalg.eigvalsh(objective.hessian(shallow))[0] > 1
    assert float(objective.value(deep)) < float(objective.value(shallow)) - 0.9
    assert sum(run.theta[-1][0] < 0 for run in seeded(noisy)) >= 18
