"""The lab's studies of a network: values through layers, responses, lines, collapse, Jacobians, the graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from descentscape.core.blocks import layer_spans
from descentscape.core.errors import InvalidValue
from descentscape.core.network.mlp import MLP
from descentscape.studies import Subject
from studies.conducting import HIMMELBLAU, MOONS, report_on, reports_on, subject_of

LINEAR = MOONS | {"problem": MOONS["problem"] | {"hidden": [3, 2], "activation": "linear"}}


@pytest.fixture(scope="module")
def subject() -> Subject:
    return subject_of(MOONS, run=1, step=7)


def chain_of(subject: Subject) -> MLP:
    objective = subject.computation.problem.objective
    assert isinstance(objective, MLP)
    return objective


def test_values_flow_through_the_weights_that_are_shown(subject: Subject) -> None:
    found = report_on(subject, "forward", example=4)
    below = found["passed"]["x"]
    for layer, own in zip(found["passed"]["layers"], found["network"], strict=True):
        np.testing.assert_allclose(layer["z"], own["weights"] @ below + own["biases"], rtol=1e-12)
        below = layer["a"]
    chain, theta = chain_of(subject), subject.place.theta
    np.testing.assert_allclose(below, chain.outputs(theta, chain.x[4:5])[0], rtol=1e-12)
    places = found["places"][1]["weights"]
    np.testing.assert_array_equal(theta[places], found["network"][1]["weights"])


def test_examples_that_are_not_there_name_the_field(subject: Subject) -> None:
    for kind in ("forward", "graph", "jacobians", "jacobians_along"):
        with pytest.raises(InvalidValue, match=r"study.example must be from 0 to 29, got 30"):
            reports_on(subject, {"kind": kind, "example": 30})


def test_a_response_is_the_networks_own(subject: Subject) -> None:
    found = report_on(subject, "units", resolution=9)
    chain, theta = chain_of(subject), subject.place.theta
    point = np.array([[found["x1"][2], found["x2"][5]]])
    for layer, (z, a) in enumerate(chain.forward(theta, point)):
        np.testing.assert_allclose(found["z"][layer][:, 5, 2], z[0], rtol=1e-6)
        np.testing.assert_allclose(found["a"][layer][:, 5, 2], a[0], rtol=1e-6)
    weights, biases = chain.weights(theta)[0]
    assert biases is not None
    ends = found["lines"]["segments"]
    np.testing.assert_allclose(np.einsum("uek,uk->ue", ends, weights), -biases[:, None] + 0 * ends[..., 0])


def test_the_data_goes_from_layer_to_layer(subject: Subject) -> None:
    layers = report_on(subject, "remapped")["layers"]
    chain = chain_of(subject)
    assert [layer["name"] for layer in layers] == ["input", *layer_spans(chain.blocks)]
    np.testing.assert_array_equal(layers[0]["points"], chain.x)
    np.testing.assert_allclose(layers[-1]["points"], chain.outputs(subject.place.theta, chain.x))


def test_linear_layers_collapse_and_bent_ones_do_not(subject: Subject) -> None:
    flat = report_on(subject_of(LINEAR, step=5), "collapse")
    assert flat["collapse"]["linear"]
    assert flat["collapse"]["difference"] < 1e-12
    assert flat["lines"]["segments"].shape == (1, 2, 2)
    bent = report_on(subject, "collapse")
    assert not bent["collapse"]["linear"]
    assert bent["collapse"]["difference"] > 0.01


def test_shares_and_terms_make_the_cost(subject: Subject) -> None:
    found = report_on(subject, "shares")
    shares = found["shares"]
    assert shares["cost"] == pytest.approx(subject.computation.trajectories[1].cost[7])
    assert shares["terms"].sum() + shares["penalty"] == pytest.approx(shares["cost"])
    assert shares["shares"].sum() == pytest.approx(1)
    np.testing.assert_allclose(shares["residuals"], found["outputs"] - found["targets"])


def test_the_costs_formula_has_its_penalties(subject: Subject) -> None:
    assert report_on(subject, "shares")["formula"] == "C = 1/(2n) Σ ‖y − a‖²"
    pulled = {
        "problem": {"cost": "huber", "output": "linear", "hidden": [2], "l1": 0.01, "l2": 0.5},
        "steps": 1,
    }
    formula = report_on(subject_of(pulled, step=0), "shares")["formula"]
    assert formula.startswith("C = 1/n Σ h(a − y) + 0.01 Σ|w| + ½ · 0.5 Σw², h(r) = ")


def test_one_input_has_its_units_along_it() -> None:
    sine: dict[str, Any] = {"problem": {"dataset": {"kind": "sine"}, "hidden": [3]}, "steps": 1}
    found = report_on(subject_of(sine, step=1), "units", resolution=9)
    assert [z.shape for z in found["z"]] == [(3, 9), (1, 9)]
    assert found["x1"][0] == found["window"][0][0]
    assert "lines" not in found
    np.testing.assert_allclose(np.diff(found["z"][0], 2), 0, atol=1e-5)


def test_the_graphs_adjoints_are_the_fast_gradient(subject: Subject) -> None:
    found = report_on(subject, "graph", example=2)
    gradient = chain_of(subject).batch(np.array([2])).value_and_grad(subject.place.theta)[1]
    for parameter, adjoint in zip(found["parameters"], found["adjoints"], strict=True):
        if parameter >= 0:
            assert adjoint == pytest.approx(gradient[parameter], rel=1e-10, abs=1e-14)
    assert found["root"] == "ℓ"
    assert found["walk"][0]["sentence"] == "∂ℓ/∂ℓ = 1"


def test_a_formula_has_a_graph_and_no_network() -> None:
    subject = subject_of(HIMMELBLAU, step=3)
    found = report_on(subject, "graph")
    gradient = subject.computation.problem.objective.value_and_grad(subject.place.theta)[1]
    adjoints = [found["adjoints"][list(found["parameters"]).index(k)] for k in (0, 1)]
    np.testing.assert_allclose(adjoints, gradient, rtol=1e-10)
    for kind in ("forward", "units", "shares", "collapse", "jacobians", "noise", "operations"):
        with pytest.raises(InvalidValue, match="of a network, which this problem is not"):
            reports_on(subject, {"kind": kind})


def test_the_product_of_jacobians_is_the_derivative_of_the_output(subject: Subject) -> None:
    found = report_on(subject, "jacobians", example=1)["layers"]
    chain, theta, h = chain_of(subject), subject.place.theta, 1e-6
    x = chain.x[1] + h * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    outputs = chain.outputs(theta, x)
    slopes = (outputs[0::2] - outputs[1::2]).T / (2 * h)
    np.testing.assert_allclose(found[-1]["product"], slopes, rtol=1e-6, atol=1e-9)
    norms = [layer["grad_norm"] for layer in found]
    gradient = chain.value_and_grad(theta)[1]
    spans = layer_spans(chain.blocks).values()
    np.testing.assert_allclose(norms, [np.linalg.norm(gradient[span]) for span in spans])


def test_jacobians_along_the_run_are_those_of_its_steps(subject: Subject) -> None:
    found = report_on(subject, "jacobians_along", example=1, points=21)
    here = report_on(subject_of(MOONS, run=1, step=int(found["steps"][9])), "jacobians", example=1)
    np.testing.assert_allclose(found["grad_norms"][9], [layer["grad_norm"] for layer in here["layers"]])
    assert found["largest"][9] == pytest.approx(here["layers"][-1]["product_singular_values"][0])
    with pytest.raises(InvalidValue, match="of a place on a run"):
        reports_on(subject_of(MOONS, at=[0.0, 0.0]), {"kind": "jacobians_along"})


def test_forward_mode_pays_for_every_parameter(subject: Subject) -> None:
    found = report_on(subject, "operations")
    assert found["parameters"] == 13
    assert found["forward"] == found["value"] + 13 * found["tangent"]
    assert found["ratio"] == found["forward"] / found["reverse"] > 1


@pytest.mark.parametrize("kind", ["units", "collapse"])
def test_pictures_need_one_or_two_inputs(kind: str) -> None:
    iris: dict[str, Any] = {"problem": {"dataset": {"kind": "iris"}, "hidden": [2]}, "steps": 2}
    subject = subject_of(iris, step=1)
    if kind == "units":
        with pytest.raises(InvalidValue, match="of one or two inputs"):
            reports_on(subject, {"kind": kind})
    else:
        assert "lines" not in report_on(subject, kind)


@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.0), (0.125, 0.0), (0.0, 0.25)])
def test_the_penalty_is_no_difference_of_large_costs(l1: float, l2: float) -> None:
    data = {"kind": "inline", "x": [[float(k)] for k in range(9)], "y": [[7000 + k * k] for k in range(9)]}
    document = {"problem": {"dataset": data, "hidden": [4], "l1": l1, "l2": l2}, "steps": 3}
    subject = subject_of(document, step=3)
    weights = np.concatenate([w.ravel() for w, _ in chain_of(subject).weights(subject.place.theta)])
    penalty = report_on(subject, "shares")["shares"]["penalty"]
    assert penalty == pytest.approx(l1 * np.abs(weights).sum() + l2 / 2 * (weights**2).sum(), rel=1e-14)
    assert (penalty == 0) == (l1 == l2 == 0)
