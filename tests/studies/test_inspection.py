"""Looks into one network, held against the objective and the data themselves."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from descentscape.compute.computation import Computation
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.planes import custom
from descentscape.core.network.mlp import MLP
from descentscape.document.experiment import Experiment
from descentscape.document.field_errors import field_errors
from descentscape.studies.inspection import WANTS, curvature, inspect
from places import place_of

XOR = {"kind": "inline", "x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [[0], [1], [1], [0]]}
MOONS: dict[str, Any] = {"problem": {"hidden": [5]}, "steps": 40, "runs": [{"batch_size": 20}, {}]}


def finished(document: dict[str, Any]) -> Computation:
    return Computation(Experiment.model_validate(document)).finish()


def chain_of(work: Computation) -> MLP:
    assert isinstance(work.problem.objective, MLP)
    return work.problem.objective


def test_a_step_is_what_the_run_recorded() -> None:
    work = finished(MOONS)
    report = inspect(work, place_of(work, run=1, step=17), ("theta",))
    run = work.results().runs[1]
    assert (report["run"], report["step"]) == (1, 17)
    np.testing.assert_array_equal(report["theta"], run.theta[17])
    assert report["cost"] == pytest.approx(run.cost[17], rel=1e-12)
    assert report["grad_norm"] == pytest.approx(run.grad_norm[17], rel=1e-9)
    np.testing.assert_allclose(report["layer_grad_norms"], run.layer_grad_norms[17], rtol=1e-9)
    np.testing.assert_allclose(report["at"], run.path[17], atol=1e-12)
    assert report["off_plane"] == pytest.approx(run.off_plane[17], abs=1e-12)


def test_without_a_step_it_is_the_last() -> None:
    work = finished(MOONS)
    assert place_of(work).step == 40


def test_a_point_of_the_plane_is_lifted() -> None:
    work = finished(MOONS)
    report = inspect(work, place_of(work, at=[0.5, -1.0]), ("theta",))
    assert (report["run"], report["step"]) == (None, None)
    np.testing.assert_allclose(report["at"], [0.5, -1.0], atol=1e-12)
    assert report["off_plane"] == pytest.approx(0, abs=1e-12)
    assert report["cost"] == pytest.approx(work.problem.objective.value(report["theta"]))


def test_what_is_not_wanted_is_left_out() -> None:
    work = finished(MOONS)
    bare = inspect(work, place_of(work), ())
    assert not {"outputs", "theta", "gradient", "state", "layers", "data", "hessian", "plane"} & set(bare)


def test_the_plane_comes_as_numbers_that_make_it_again() -> None:
    work = finished(MOONS)
    assert work.window is not None
    shown = inspect(work, place_of(work), ("plane",))["plane"]
    again = custom(work.problem.objective, shown["origin"], shown["basis"])
    np.testing.assert_allclose(again.origin, work.window.plane.origin)
    np.testing.assert_allclose(again.basis, work.window.plane.basis, atol=1e-14)


def test_gradient_hessian_and_layers() -> None:
    work = finished(MOONS)
    report = inspect(work, place_of(work, step=3), ("theta", "gradient", "hessian", "layers"))
    objective, theta = work.problem.objective, report["theta"]
    np.testing.assert_array_equal(report["gradient"], objective.value_and_grad(theta)[1])
    np.testing.assert_array_equal(report["hessian"], objective.hessian(theta))
    assert [layer["size"] for layer in report["layers"]] == [15, 6]
    assert report["layers"][1]["norm"] == pytest.approx(np.linalg.norm(theta[15:]))


def test_state_is_the_optimizers_memory_by_name() -> None:
    work = finished({**MOONS, "runs": [{"optimizer": {"kind": "momentum", "momentum": 0.5}}]})
    objective, thetas = work.problem.objective, work.results().runs[0].theta
    first, second = (objective.value_and_grad(theta)[1] for theta in thetas[:2])
    state = inspect(work, place_of(work, step=2), ("state",))["state"]
    np.testing.assert_allclose(state["velocity"], 0.5 * first + second, rtol=1e-9, atol=1e-15)


def test_outputs_of_two_inputs_are_the_networks_own() -> None:
    work = finished({"problem": {"dataset": XOR, "hidden": [3]}, "steps": 20})
    place = place_of(work)
    outputs = inspect(work, place, resolution=11)["outputs"]
    (x0, x1), (y0, y1) = outputs["window"]
    assert (x0, x1, y0, y1) == pytest.approx((-0.1, 1.1, -0.1, 1.1))
    corner = chain_of(work).outputs(place.theta, np.array([[x0, y1]]))[0, 0]
    assert outputs["grid"].shape == (11, 11)
    assert outputs["grid"][10, 0] == pytest.approx(corner, rel=1e-6)
    assert (outputs["kind"], outputs["level"], outputs["exact"]) == ("classes", 0.5, True)
    weights, biases = chain_of(work).weights(place.theta)[0]
    assert biases is not None
    np.testing.assert_array_equal(outputs["hyperplanes"], np.column_stack([weights, biases]))


def test_outputs_are_sampled_over_the_window_that_is_asked_for() -> None:
    work = finished(MOONS)
    place = place_of(work, step=7)
    outputs = inspect(work, place, resolution=5, window=((-4.0, 4.0), (2.0, 3.0)))["outputs"]
    assert outputs["window"] == ((-4.0, 4.0), (2.0, 3.0))
    corner = chain_of(work).outputs(place.theta, np.array([[-4.0, 3.0]]))[0, 0]
    assert outputs["grid"][4, 0] == pytest.approx(corner, rel=1e-6)
    with pytest.raises(InvalidValue, match=r"window\[1\] must be a pair, the lower end first"):
        inspect(work, place, window=((-4.0, 4.0), (3.0, 3.0)))


def test_outputs_of_one_input_are_a_curve() -> None:
    work = finished({"problem": {"dataset": {"kind": "sine", "n": 30}, "hidden": [4]}, "steps": 20})
    place = place_of(work)
    report = inspect(work, place, resolution=10)
    outputs = report["outputs"]
    expected = chain_of(work).outputs(place.theta, outputs["curve_x"][:, None])
    np.testing.assert_array_equal(outputs["curve"], expected)
    assert outputs["level"] is None
    data = work.problem.data
    assert data is not None
    residual = data.train.y - chain_of(work).outputs(place.theta, data.train.x)
    assert report["fit"]["train"]["rms"] == pytest.approx(np.sqrt((residual**2).mean()))
    assert report["fit"]["train"]["r_squared"] == pytest.approx(
        1 - residual.var() / data.train.y.var(), abs=0.1
    )


def test_outputs_of_many_inputs_are_a_slice_of_input_space() -> None:
    work = finished({"problem": {"dataset": {"kind": "iris"}, "hidden": [4]}, "steps": 60})
    place = place_of(work)
    report = inspect(work, place, ("outputs", "data"), resolution=9)
    outputs, data = report["outputs"], work.problem.data
    assert data is not None
    assert not outputs["exact"]
    assert outputs["winner"].shape == outputs["sure"].shape == (9, 9)
    centred = data.train.x - data.train.x.mean(axis=0)
    values = np.linalg.eigvalsh(centred.T @ centred)
    assert outputs["variance_share"] == pytest.approx(values[-2:].sum() / values.sum())
    points = report["data"]["points"]
    np.testing.assert_allclose((points**2).sum(axis=0), values[[-1, -2]])
    (x0, x1), _ = outputs["window"]
    assert x0 < points[:, 0].min() < points[:, 0].max() < x1


def test_confusion_and_accuracy() -> None:
    work = finished(
        {"problem": {"dataset": {"kind": "iris", "test_fraction": 0.2}, "hidden": [6]}, "steps": 150}
    )
    place = place_of(work)
    fit, data = inspect(work, place)["fit"], work.problem.data
    assert data is not None
    assert data.test is not None
    named = chain_of(work).outputs(place.theta, data.test.x).argmax(axis=1)
    true = data.test.y[:, 0]
    assert fit["test"]["accuracy"] == pytest.approx((named == true).mean())
    confusion = fit["test"]["confusion"]
    assert confusion.sum() == 30
    assert confusion[1].sum() == (true == 1).sum()
    assert confusion[:, 2].sum() == (named == 2).sum()


def test_data_are_told_where_they_are_drawn() -> None:
    work = finished({"problem": {"dataset": {"kind": "moons", "test_fraction": 0.25}}, "steps": 1})
    data = work.problem.data
    assert data is not None
    assert data.test is not None
    told = inspect(work, place_of(work), ("data",))["data"]
    np.testing.assert_array_equal(told["points"], data.train.x)
    np.testing.assert_array_equal(told["test_targets"], data.test.y[:, 0])
    assert told["scaled"] is False


def test_digits_show_a_dozen_images() -> None:
    document = {"problem": {"dataset": {"kind": "digits"}, "hidden": [8]}, "steps": 3}
    work = finished(document)
    examples = inspect(work, place_of(work), ("examples",))["examples"]
    assert examples["images"].shape == (12, 64)
    assert examples["images"].min() >= -1e-5
    assert examples["images"].max() <= 16 + 1e-5
    assert set(examples["true"]) <= set(range(10))
    assert ((examples["sure"] > 0.1) & (examples["sure"] <= 1)).all()
    assert "examples" not in inspect(finished(MOONS), place_of(finished(MOONS)), ("examples",))


def test_a_formula_tells_point_gradient_and_hessian() -> None:
    work = finished({"problem": {"kind": "formula", "expression": "x**2 + 3*x*y"}, "steps": 5})
    report = inspect(work, place_of(work, theta=[1.0, 2.0]), WANTS)
    assert report["cost"] == 7
    np.testing.assert_allclose(report["gradient"], [8, 3])
    np.testing.assert_allclose(report["hessian"], [[2, 3], [3, 0]])
    assert "outputs" not in report
    assert "state" not in report


def test_curvature_at_a_step() -> None:
    work = finished({"problem": {"kind": "formula", "name": "saddle"}, "steps": 5})
    found = curvature(work, place_of(work, theta=[0.0, 0.0]))
    np.testing.assert_allclose(found.eigenvalues, [-2, 2])
    assert (found.classification, found.index) == ("saddle", 1)
    assert curvature(work, place_of(work, step=2)).classification == "not_critical"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"step": 41}, "step must be from 0 to 40, got 41"),
        ({"step": -1}, "step must be at least 0, got -1"),
        ({"run": 2}, "run must be from 0 to 1"),
        ({"theta": [1.0]}, "theta must be 21 numbers, got 1"),
        ({"theta": [np.nan] * 21}, r"theta\[0\] must be a finite number"),
        ({"at": [1.0]}, "at"),
        ({"at": [1.0, 2.0], "step": 3}, "step must be given alone"),
    ],
)
def test_refuses_places_that_are_not_there(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011, the document's error or the place's
        place_of(finished(MOONS), **asked)
    error = caught.value
    assert re.match(words, str(field_errors(error)[0] if isinstance(error, ValidationError) else error))
