"""Features: what is appended, in whose units, and what is refused."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from descentscape.core.data.datasets import inline, make, split, standardize
from descentscape.core.data.features import FEATURES, append_features, with_features
from descentscape.core.errors import InvalidValue

BY_HAND = {
    "x1^2": lambda a, _: math.pow(a, 2),
    "x2^2": lambda _, b: math.pow(b, 2),
    "x1*x2": lambda a, b: ((a + b) ** 2 - (a - b) ** 2) / 4,
    "sin x1": lambda a, _: math.sin(a),
    "sin x2": lambda _, b: math.sin(b),
}


def test_every_feature_is_the_function_that_its_name_says() -> None:
    x = np.random.default_rng(0).normal(scale=3, size=(4, 5, 2))
    assert list(FEATURES) == list(BY_HAND)
    appended = append_features(x, list(FEATURES))
    assert appended.shape == (4, 5, 7)
    np.testing.assert_array_equal(appended[..., :2], x)
    for i, of in enumerate(BY_HAND.values()):
        expected = np.vectorize(of)(x[..., 0], x[..., 1])
        np.testing.assert_allclose(appended[..., 2 + i], expected, rtol=1e-12, atol=1e-12)


def test_features_stand_in_the_order_asked_for_and_under_their_names() -> None:
    data = inline([[1.0, 2.0], [3.0, -4.0]], [[0], [1]])
    longer = with_features(data, ["x1*x2", "x1^2"])
    assert longer.x.tolist() == [[1, 2, 2, 1], [3, -4, -12, 9]]
    assert longer.feature_names == ("x1", "x2", "x₁x₂", "x₁²")
    assert longer.y is data.y
    assert with_features(data, []) is data


def test_features_of_named_inputs_have_the_names_in_their_formulas() -> None:
    data = replace(inline([[1.0, 2.0], [3.0, -4.0]], [[0], [1]]), feature_names=("hours", "test score x₁"))
    assert with_features(data, list(FEATURES)).feature_names[2:] == (
        "hours²",
        "(test score x₁)²",
        "hours · (test score x₁)",
        "sin hours",
        "sin (test score x₁)",
    )


def test_features_are_of_the_data_before_any_scaling() -> None:
    data = with_features(inline([[0.0, 1.0], [1.0, 1.0], [2.0, 4.0]], [[0], [1], [1]]), ["x1^2"])
    scaled, _, scaling = standardize(data, None)
    np.testing.assert_allclose(scaling.undo(scaled.x)[:, 2], [0, 1, 4], atol=1e-12)
    np.testing.assert_allclose(scaled.x.std(axis=0), 1)


def test_squares_let_one_threshold_tell_a_ring_from_the_ring_within_it() -> None:
    data = make("circles", np.random.default_rng(1), n=200, noise=0.0)
    train, _ = split(with_features(data, ["x1^2", "x2^2"]), 0.0, np.random.default_rng(0))
    radius = train.x[:, 2] + train.x[:, 3]
    first, second = (radius[train.y[:, 0] == label] for label in (0, 1))
    assert first.max() < second.min() or second.max() < first.min()


@pytest.mark.parametrize(
    ("inputs", "features", "said"),
    [
        (2, ["x1^3"], r"^features\[0\] must be one of x1\^2, .*, got 'x1\^3'$"),
        (2, ["sin x1", "sin x1"], r"^features\[1\] must be named once, got 'sin x1'$"),
        (3, ["x1^2"], r"^features must be left out for data of 3 inputs \(they need two\), got \['x1\^2'\]$"),
    ],
)
def test_what_is_no_feature_of_the_data_is_refused(inputs: int, features: list[str], said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        append_features(np.zeros((1, inputs)), features)
