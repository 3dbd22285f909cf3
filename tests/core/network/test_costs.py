from __future__ import annotations

import math

import numpy as np
import pytest

from core.networks import HEADS
from descentscape.core.errors import InvalidValue
from descentscape.core.network.costs import COSTS, OUTPUTS, one_hot, require_pair
from descentscape.core.network.output_loss import output_loss, softmax


def total(output, cost, z, y):
    return float(output_loss(output, cost).total(np.array(z, float), np.array(y, float)))


def test_mean_squared_error_is_half_the_squared_distance():
    assert total("linear", "mse", [[3.0, 0.0], [1.0, 2.0]], [[1.0, 0.0], [2.0, 2.0]]) == 0.5 * (4 + 1)


def test_huber_is_squared_inside_and_linear_outside():
    assert total("linear", "huber", [[0.5, 3.0, -1.0]], [[0.0, 0.0, 1.0]]) == 0.125 + 2.5 + 1.5


def test_binary_cross_entropy_is_the_surprise():
    z = math.log(3.0)  # a = 3/4
    assert total("sigmoid", "bce", [[z, z]], [[1.0, 0.0]]) == pytest.approx(-math.log(0.75) - math.log(0.25))


def test_cross_entropy_is_the_surprise_at_the_label():
    z = np.log([[1.0], [2.0], [5.0]])
    assert total("softmax", "cross_entropy", z, [[0], [1], [0]]) == pytest.approx(-math.log(2 / 8))


@pytest.mark.parametrize(("cost", "output"), [("bce", "sigmoid"), ("cross_entropy", "softmax")])
def test_wrong_beyond_doubt_costs_the_distance_and_right_beyond_doubt_nothing(cost, output):
    z = [[1e6], [-1e6]] if output == "softmax" else [[1e6]]
    right, wrong = ([[1], [0]], [[0], [1]]) if output == "softmax" else ([[1]], [[0]])
    assert total(output, cost, z, right) == 0.0
    assert total(output, cost, z, wrong) == (2e6 if output == "softmax" else 1e6)


def test_a_small_surprise_keeps_its_digits():
    assert total("sigmoid", "bce", [[40.0]], [[1.0]]) == pytest.approx(math.exp(-40.0), rel=1e-12, abs=0.0)


@pytest.mark.parametrize(("cost", "output"), HEADS)
def test_slopes_and_bends_are_the_limits_of_differences(cost, output):
    rng = np.random.default_rng(3)
    z, v = rng.normal(0.0, 1.2, (2, 3, 7))
    y = rng.random((3, 7)) if cost == "bce" else 1.3 * rng.normal(size=(3, 7))
    if cost == "cross_entropy":
        y = softmax(y)
    link, h = output_loss(output, cost), 1e-5
    delta, above, below = np.empty((3, *z.shape))
    value = link.slope(z, y, delta)
    rise = link.slope(z + h * v, y, above) - link.slope(z - h * v, y, below)
    assert value == pytest.approx(float(link.total(z.copy(), y)), rel=1e-14)
    assert rise / (2 * h) == pytest.approx((delta * v).sum(), rel=1e-8)
    np.testing.assert_allclose(link.second_product(z, y, v), (above - below) / (2 * h), rtol=0, atol=1e-8)


@pytest.mark.parametrize(("cost", "output"), HEADS)
def test_stacks_are_the_single_ones_side_by_side(cost, output):
    rng = np.random.default_rng(4)
    z, y = rng.normal(size=(5, 3, 7)), softmax(rng.normal(size=(3, 7)))
    link = output_loss(output, cost)
    delta = np.empty_like(z)
    totals = link.slope(z, y, delta)
    assert totals.shape == (5,)
    for k in range(5):
        single = np.empty((3, 7))
        assert totals[k] == pytest.approx(float(link.slope(z[k], y, single)), rel=1e-14)
        np.testing.assert_allclose(delta[k], single, rtol=1e-13, atol=1e-16)
        np.testing.assert_allclose(link.output(z)[k], link.output(z[k]), rtol=1e-15)


@pytest.mark.parametrize(
    ("output", "cost", "message"),
    [
        ("linear", "bce", "cost must be mse or huber on a linear output, got 'bce'"),
        ("softmax", "bce", "cost must be mse or cross_entropy or huber on a softmax output, got 'bce'"),
        (
            "sigmoid",
            "cross_entropy",
            "cost must be mse or bce or huber on a sigmoid output, got 'cross_entropy'",
        ),
        ("cosine", "mse", "output must be one of linear, sigmoid, .*, softmax, got 'cosine'"),
        ("linear", "hinge", "cost must be one of mse, bce, cross_entropy, huber, got 'hinge'"),
    ],
)
def test_unfitting_pairs_are_refused_by_name(output, cost, message):
    with pytest.raises(InvalidValue, match=message):
        require_pair(output, cost)


def test_the_table_names_real_outputs():
    assert all(set(cost.outputs) <= set(OUTPUTS) for cost in COSTS.values())
    assert {output for cost in COSTS.values() for output in cost.outputs} == set(OUTPUTS)


def test_one_hot():
    np.testing.assert_array_equal(one_hot(np.array([[2], [0]]), 3), [[0, 0, 1], [1, 0, 0]])
    np.testing.assert_array_equal(one_hot(np.array([1.0, 0.0]), 2), [[0, 1], [1, 0]])


@pytest.mark.parametrize("label", [3, -1, 0.5, math.nan])
def test_one_hot_refuses_what_is_no_label(label):
    with pytest.raises(InvalidValue, match="label must be an integer from 0 to 2"):
        one_hot(np.array([0, label]), 3)
