"""The worked derivatives of golden.json, to 1e-9."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.networks import mlp

CASES = json.loads((Path(__file__).parents[2] / "golden.json").read_text())["derivatives"]


def chain_of(problem):
    x, y = (np.array(problem["dataset"][name]) for name in "xy")
    if problem["kind"] == "linear":
        return mlp((x.shape[1], 1), ("linear",), "mse", x, y)
    if problem["kind"] == "chain":
        return mlp((1, 1, 1), (problem["activation"],) * 2, "mse", x, y, biases=False)
    outputs = int(y.max()) + 1 if problem["output"] == "softmax" else y.shape[1]
    activations = (*[problem["activation"]] * len(problem["hidden"]), problem["output"])
    penalties = {name: problem.get(name, 0.0) for name in ("l1", "l2")}
    return mlp((x.shape[1], *problem["hidden"], outputs), activations, problem["cost"], x, y, **penalties)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cost_gradient_and_hessian(case):
    net, theta = chain_of(case["problem"]), np.array(case["theta"])
    stack = np.stack([theta, -theta])
    for cost, gradient in (net.value_and_grad(theta), [part[0] for part in net.value_and_grad(stack)]):
        assert cost == pytest.approx(case["cost"], abs=1e-9)
        np.testing.assert_allclose(gradient, case["gradient"], rtol=0, atol=1e-9)
    assert net.value(theta) == pytest.approx(case["cost"], abs=1e-9)
    np.testing.assert_allclose(net.hessian(theta), case["hessian"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(net.hvp(theta, np.eye(net.dim)), case["hessian"], rtol=0, atol=1e-9)
