"""Mini-batch gradients about the full one, and what steps and epochs cost."""

from __future__ import annotations

import tracemalloc
from itertools import combinations, count

import numpy as np
import pytest

from core.networks import mlp
from core.sliced import whole
from core.toy_objectives import regression
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.explain.epochs import batch_bill
from descentscape.core.explain.noise import gradient_noise
from descentscape.core.explain.operations import count_operations
from descentscape.core.landscape.planes import axes
from descentscape.core.network.architecture import Architecture
from descentscape.core.network.layer_passes import LayerPasses
from descentscape.core.network.mlp import MLP

THETA = np.array([0.5, -1.0, 2.0])


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_the_trace_is_the_sample_covariances() -> None:
    objective = regression(12)
    seen = whole(gradient_noise)(objective, THETA, [1], rng(), draws=2)
    alone = (objective.x @ THETA - objective.y)[:, None] * objective.x
    assert seen.trace == pytest.approx(np.trace(np.cov(alone.T)))
    grad = objective.value_and_grad(THETA)[1]
    assert seen.grad_norm == pytest.approx(np.linalg.norm(grad))
    assert seen.scale == pytest.approx(seen.trace / (grad @ grad))


@pytest.mark.parametrize("size", [1, 2, 5])
def test_the_expected_spread_is_exact_over_all_batches(size: int) -> None:
    objective = regression(6)
    grad = objective.value_and_grad(THETA)[1]
    every = [
        objective.batch(np.array(part)).value_and_grad(THETA)[1] for part in combinations(range(6), size)
    ]
    seen = whole(gradient_noise)(objective, THETA, [size], rng(), draws=2)
    assert seen.expected[0] ** 2 == pytest.approx(np.mean([(each - grad) @ (each - grad) for each in every]))


def test_the_cloud_shrinks_with_the_root_of_the_batch_size_and_is_gone_at_the_full_batch() -> None:
    objective = regression(200)
    seen = whole(gradient_noise)(objective, THETA, [1, 4, 16, 200], rng(), draws=400)
    np.testing.assert_allclose(seen.measured[:3], seen.expected[:3], rtol=0.1)
    np.testing.assert_allclose(seen.measured[3], 0, atol=1e-14)
    assert seen.expected[3] == 0
    assert seen.expected[0] / seen.expected[1] == pytest.approx(2 * np.sqrt((1 - 1 / 200) / (1 - 4 / 200)))
    assert seen.coordinates is seen.full is None


def test_coordinates_are_along_the_plane() -> None:
    objective = regression(30)
    plane = axes(objective, THETA, (2, 0))
    seen = whole(gradient_noise)(objective, THETA, [3, 30], rng(), draws=5, plane=plane)
    grad = objective.value_and_grad(THETA)[1]
    assert seen.coordinates is not None
    assert seen.coordinates.shape == (2, 5, 2)
    np.testing.assert_allclose(seen.full, grad[[2, 0]])
    np.testing.assert_allclose(seen.coordinates[1], np.tile(grad[[2, 0]], (5, 1)))
    again = whole(gradient_noise)(objective, THETA, [3, 30], rng(), draws=5, plane=plane)
    np.testing.assert_array_equal(seen.distances, again.distances)


def test_penalties_do_not_scatter() -> None:
    net, theta = network(60)
    plain, _ = network(60, l2=0.0)
    with_penalty = whole(gradient_noise)(net, theta, [4], rng(), draws=3)
    without = whole(gradient_noise)(plain, theta, [4], rng(), draws=3)
    assert with_penalty.trace == pytest.approx(without.trace)
    assert with_penalty.grad_norm != without.grad_norm


def network(n: int, l2: float = 0.1) -> tuple[MLP, np.ndarray]:
    r = np.random.default_rng(3)
    x, y = r.standard_normal((n, 3)), r.standard_normal((n, 2))
    net = mlp((3, 40, 20, 2), ("tanh", "relu", "linear"), "mse", x, y, l2=l2)
    return net, net.init("xavier", r)


def test_what_is_refused() -> None:
    with pytest.raises(InvalidValue, match="batch_size must be from 1 to 6"):
        whole(gradient_noise)(regression(6), THETA, [7], rng())
    with pytest.raises(InvalidValue, match="examples must be at least 2"):
        whole(gradient_noise)(regression(1), THETA, [1], rng())
    with pytest.raises(TooExpensive):
        whole(gradient_noise)(regression(6), THETA, [1, 2], rng(), draws=10_000)
    with pytest.raises(InvalidValue, match="batch_size must be from 1 to 60"):
        batch_bill(*network(60), [0], lambda: 0.0)


def test_the_bill_per_step_and_epoch() -> None:
    net, theta = network(100)
    ticks = count()
    seen = batch_bill(net, theta, [1, 16, 100], lambda: float(next(ticks)))
    each = count_operations(net).reverse
    assert seen.steps_per_epoch.tolist() == [100, 7, 1]
    assert seen.operations_per_step.tolist() == [each, 16 * each, 100 * each]
    assert seen.operations_per_epoch.tolist() == [100 * each] * 3
    assert seen.seconds_per_step.tolist() == [1.0, 1.0, 1.0]
    assert seen.seconds_per_epoch.tolist() == [100.0, 7.0, 1.0]


def test_the_counted_memory_is_about_what_a_step_takes() -> None:
    net, theta = network(2_000)
    counted = int(batch_bill(net, theta, [1_500], lambda: 0.0).bytes_per_step[0])
    at_once = LayerPasses(Architecture(net.layers, net.cost, 0.0, 0.0), net.x, net.y)
    tracemalloc.start()
    at_once.gradients(theta[None], np.arange(1_500))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.5 * counted < peak < 2 * counted
