"""The optimizers' worked cases of golden.json, to 1e-9."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.networks import mlp
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import Run
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.base import Needs

CASES = json.loads((Path(__file__).parents[2] / "golden.json").read_text())["steps"]


def kind_of(case):
    return case["experiment"]["runs"][0]["optimizer"]["kind"]


def test_every_elementwise_rule_has_a_case():
    assert {kind_of(case) for case in CASES} == {
        kind for kind, rule in OPTIMIZERS.items() if rule.needs == Needs()
    }


@pytest.mark.parametrize("case", CASES, ids=kind_of)
def test_three_steps_of_a_small_network(case):
    experiment = case["experiment"]
    problem, settings = experiment["problem"], dict(experiment["runs"][0]["optimizer"])
    data = problem["dataset"]
    widths = (len(data["x"][0]), *problem["hidden"], len(data["y"][0]))
    activations = (*[problem["activation"]] * len(problem["hidden"]), problem["output"])
    network = mlp(widths, activations, problem["cost"], np.array(data["x"]), np.array(data["y"]))
    optimizer = OPTIMIZERS[settings.pop("kind")](**settings)
    run = ComputedTrajectory(
        Run(network, Recipe(optimizer), np.array(experiment["start"]["values"]), experiment["steps"])
    )
    run.advance()
    np.testing.assert_allclose(run.cost, case["cost"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(run.theta, case["theta"], rtol=0, atol=1e-9)
