"""The planes' worked cases of golden.json, to 1e-9."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.networks import mlp
from descentscape.core.landscape import planes
from descentscape.core.landscape.filters import normalized
from descentscape.core.network.mlp import MLP

GOLDEN = json.loads((Path(__file__).parents[2] / "golden.json").read_text())
PCA, FILTERS = GOLDEN["planes"]


def network() -> MLP:
    data = GOLDEN["steps"][0]["experiment"]["problem"]["dataset"]
    return mlp((2, 3, 1), ("tanh", "sigmoid"), "mse", np.array(data["x"]), np.array(data["y"]))


def kind_of(case: dict) -> str:
    return case["experiment"]["runs"][0]["optimizer"]["kind"]


def test_pca_of_a_path() -> None:
    (path,) = (np.array(case["theta"]) for case in GOLDEN["steps"] if kind_of(case) == "adam")
    plane = planes.pca(network(), [path])
    np.testing.assert_allclose(plane.origin, PCA["origin"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(plane.variance_share, PCA["variance_share"], rtol=0, atol=1e-9)


@pytest.mark.parametrize(("words", "biases"), [("without biases", False), ("with biases", True)])
def test_filter_normalised_direction(words: str, biases: bool) -> None:
    theta, direction = np.array(FILTERS["theta"]), np.array(FILTERS["direction"])
    scaled = normalized(network(), theta, np.array([direction, -direction]), "filter", biases)
    np.testing.assert_allclose(scaled, [FILTERS[words], -np.array(FILTERS[words])], rtol=0, atol=1e-9)
