"""The worked cases, through the document: what everything else must agree with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from descentscape.compute.build import build_problem

GOLDEN = json.loads((Path(__file__).parents[1] / "golden.json").read_text("utf-8"))
STEPS = GOLDEN["steps"]
DERIVATIVES = GOLDEN["derivatives"]


def kind(case: dict[str, Any]) -> str:
    return str(case["experiment"]["runs"][0]["optimizer"]["kind"])


@pytest.mark.parametrize("case", STEPS, ids=kind)
def test_steps(case: dict[str, Any]) -> None:
    run = ds.run(case["experiment"]).runs[0]
    np.testing.assert_allclose(run.cost, case["cost"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(run.theta, case["theta"], rtol=1e-9, atol=1e-12)
    assert run.status == "finished"


@pytest.mark.parametrize("case", DERIVATIVES, ids=lambda case: case["name"])
def test_derivatives(case: dict[str, Any]) -> None:
    objective = build_problem(ds.Experiment.model_validate({"problem": case["problem"]}).problem).objective
    theta = np.array(case["theta"])
    cost, gradient = objective.value_and_grad(theta)
    np.testing.assert_allclose(cost, case["cost"], rtol=1e-9)
    np.testing.assert_allclose(gradient, case["gradient"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(objective.hessian(theta), case["hessian"], rtol=1e-9, atol=1e-12)


def test_plane_of_the_adam_case() -> None:
    adam = next(case for case in STEPS if kind(case) == "adam")
    worked = next(plane for plane in GOLDEN["planes"] if plane["name"] == "pca of the adam case")
    plane = ds.run(adam["experiment"]).plane
    np.testing.assert_allclose(plane.origin, worked["origin"], rtol=1e-9)
    np.testing.assert_allclose(plane.variance_share, worked["variance_share"], atol=1e-9)
