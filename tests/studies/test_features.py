"""A network whose inputs have features appended: its mathematics, its pictures over x₁ and x₂, its names."""

from __future__ import annotations

import math

import numpy as np
import pytest

from descentscape.compute.build import build_problem
from descentscape.core.network.mlp import MLP
from descentscape.document.experiment import Experiment, dynamics_hash, minimal
from descentscape.document.field_errors import field_errors
from descentscape.studies import Subject
from descentscape.studies.inspection import inspect
from studies.conducting import report_on, subject_of

FEATURES = ["x1^2", "x1*x2", "sin x2"]
CIRCLES = {
    "problem": {
        "dataset": {"kind": "circles", "n": 40, "test_fraction": 0.25, "standardize": True},
        "features": FEATURES,
        "hidden": [3],
    },
    "runs": [{"optimizer": {"kind": "adam"}}],
    "steps": 20,
}


@pytest.fixture(scope="module")
def subject() -> Subject:
    return subject_of(CIRCLES, run=0, step=7)


def net_of(subject: Subject) -> MLP:
    objective = subject.computation.problem.objective
    assert isinstance(objective, MLP)
    return objective


def test_the_network_learns_from_the_scaled_features(subject: Subject) -> None:
    data = subject.computation.problem.data
    assert data is not None
    assert data.scaling is not None
    raw = data.scaling.undo(net_of(subject).x)
    by_hand = [[a * a, a * b, math.sin(b)] for a, b in raw[:, :2]]
    np.testing.assert_allclose(raw[:, 2:], by_hand, atol=1e-12)
    np.testing.assert_allclose(net_of(subject).x.std(axis=0), 1, rtol=1e-12)


def test_gradients_and_hessians_are_those_of_differences(subject: Subject) -> None:
    net, theta, h = net_of(subject), subject.place.theta, 1e-5
    assert net.dim == (5 + 1) * 3 + 4
    _, gradient = net.value_and_grad(theta)
    steps = h * np.eye(net.dim)
    np.testing.assert_allclose(
        (net.value(theta + steps) - net.value(theta - steps)) / (2 * h), gradient, atol=1e-8
    )
    slopes = [net.value_and_grad(theta + step)[1] - net.value_and_grad(theta - step)[1] for step in steps]
    np.testing.assert_allclose(np.array(slopes) / (2 * h), net.hessian(theta), atol=1e-7)


def test_pictures_go_on_to_be_over_the_inputs_themselves(subject: Subject) -> None:
    report = inspect(subject.computation, subject.place, ["outputs", "data"], 7)
    outputs, net = report["outputs"], net_of(subject)
    assert outputs["labels"] == ("x1", "x2")
    assert outputs["exact"]
    assert outputs["features"] == 3
    np.testing.assert_array_equal(report["data"]["points"], net.x[:, :2])
    data = subject.computation.problem.data
    assert data is not None
    assert data.scaling is not None
    at = [np.linspace(*side, 7)[k] for side, k in zip(outputs["window"], (2, 5), strict=True)]
    a, b = (at * data.scaling.scale[:2] + data.scaling.mean[:2]).tolist()
    seen = (np.array([a, b, a * a, a * b, math.sin(b)]) - data.scaling.mean) / data.scaling.scale
    answer = net.outputs(subject.place.theta, seen[None])[0, 0]
    np.testing.assert_allclose(outputs["grid"][5, 2], answer, rtol=1e-6)
    units = report_on(subject, "units", resolution=7)
    np.testing.assert_allclose(units["inputs"][:, 5, 2], seen, rtol=1e-6, atol=1e-7)
    z = net.forward(subject.place.theta, seen[None])[0][0][0]
    np.testing.assert_allclose(units["z"][0][:, 5, 2], z, rtol=1e-5)
    assert "lines" not in units


def test_features_stand_in_the_examples_own_place_for_each_input(subject: Subject) -> None:
    net = net_of(subject)
    points = net.x[:5, :2]
    data = subject.computation.problem.data
    assert data is not None
    np.testing.assert_allclose(data.examples.inputs_at(points), net.x[:5], atol=1e-12)
    plain = build_problem(Experiment().problem).data
    assert plain is not None
    assert plain.examples.inputs_at(points) is points


def test_parameters_and_nodes_are_called_by_the_features(subject: Subject) -> None:
    names = net_of(subject).parameter_names()
    said = ("1]", "2]", "3] from x₁²", "4] from x₁x₂", "5] from sin x₂")
    assert names[:5] == [f"layer 1, w[1,{each}" for each in said]
    inputs = ("x1", "x2", "x₁²", "x₁x₂", "sin x₂")
    assert names[-2] == "layer 2, w[1,3]"
    passed = report_on(subject, "forward", example=2)
    assert passed["input_names"] == list(inputs)
    assert passed["own_inputs"] == 2
    graph = report_on(subject, "graph", example=2)
    shown = [name for name, kind in zip(graph["names"], graph["kinds"], strict=True) if kind == "input"]
    assert shown == ["x₁", "x₂", "x₁²", "x₁x₂", "sin x₂"]


def test_a_document_without_features_is_what_it_was() -> None:
    assert "features" not in minimal(Experiment.model_validate({"problem": {"hidden": [3]}}))["problem"]
    with_some = Experiment.model_validate(CIRCLES)
    without = Experiment.model_validate(CIRCLES | {"problem": CIRCLES["problem"] | {"features": []}})
    assert dynamics_hash(with_some) != dynamics_hash(without)
    assert Experiment.model_validate(minimal(with_some)) == with_some


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ({"features": ["x1^3"]}, "problem.features[0] must be 'x1^2', 'x2^2', 'x1*x2', 'sin x1' or 'sin x2'"),
        ({"features": ["x1^2", "x1^2"]}, "problem.features[1] must be named once"),
        (
            {"features": ["x1^2"], "dataset": {"kind": "iris"}},
            "problem.features must be left out for data of 4 inputs (they need two)",
        ),
        ({"features": ["x1^2"] * 6}, "problem.features must be at most 5 items"),
        ({"features": [], "kind": "chain"}, "problem.features must be left out, there is no such field"),
    ],
)
def test_features_that_cannot_be_are_refused_by_name(problem: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match="features") as caught:
        Experiment.model_validate({"problem": problem})
    assert said in "\n".join(str(error) for error in field_errors(caught.value))
