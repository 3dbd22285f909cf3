from __future__ import annotations

import numpy as np
import pytest

from core.networks import network
from descentscape.core.errors import InvalidValue
from descentscape.core.network.initializers import INITS

OUT, IN = 300, 200


def draw(kind):
    return INITS[kind].draw(np.random.default_rng(0), OUT, IN)


@pytest.mark.parametrize(
    ("kind", "variance"), [("zeros", 0.0), ("normal", 1.0), ("xavier", 2 / (IN + OUT)), ("he", 2 / IN)]
)
def test_variance_is_the_published_one(kind, variance):
    weights = draw(kind)
    assert weights.shape == (OUT, IN)
    assert weights.var() == pytest.approx(variance, rel=0.02)
    assert weights.mean() == pytest.approx(0.0, abs=4 * (variance / weights.size) ** 0.5)


def test_xavier_is_uniform_up_to_its_bound():
    bound = (6 / (IN + OUT)) ** 0.5
    weights = draw("xavier")
    assert 0.999 * bound < np.abs(weights).max() <= bound


def test_normal_ones_reach_beyond_three_deviations():
    assert (np.abs(draw("normal")) > 3).mean() == pytest.approx(0.0027, rel=0.2)


def test_a_network_starts_with_the_rule_layer_by_layer_and_without_biases():
    net = network((40, 30), "tanh", "mse", "linear")
    theta = net.init("he", np.random.default_rng(5))
    again = np.random.default_rng(5)
    for w, b in net.weights(theta):
        np.testing.assert_array_equal(w, INITS["he"].draw(again, *w.shape))
        np.testing.assert_array_equal(b, 0.0)


def test_an_unknown_rule_is_refused():
    with pytest.raises(InvalidValue, match="init must be one of zeros, normal, xavier, he, got 'lecun'"):
        network((2,), "tanh", "mse", "linear").init("lecun", np.random.default_rng(0))
