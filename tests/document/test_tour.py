"""The tour's stops: valid experiments that do what the text says, and answers that are so."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from descentscape.compute.build import build_problem
from descentscape.core.explain.jacobians import layer_jacobians
from descentscape.core.explain.nudge import nudge_along
from descentscape.core.network.mlp import MLP
from descentscape.document.catalog import catalog
from descentscape.document.experiment import Experiment

STOPS: dict[str, dict[str, Any]] = {stop["id"]: stop for stop in catalog()["tour"]}


def costs(stop: str) -> list[np.ndarray[Any, Any]]:
    return [run.cost for run in ds.run(STOPS[stop]["experiment"]).runs]


def objective_of(document: dict[str, Any]) -> MLP:
    found = build_problem(Experiment.model_validate_json(json.dumps(document)).problem).objective
    assert isinstance(found, MLP)
    return found


def reach(document: dict[str, Any]) -> float:
    """The first layer's gradient over the last one's, at the start."""
    layers = layer_jacobians(objective_of(document), ds.run(document).runs[0].theta[0], 0)
    return float(layers[0].grad_norm / layers[-1].grad_norm)


def test_it_has_twelve_to_sixteen_stops() -> None:
    assert 12 <= len(STOPS) <= 16


@pytest.mark.parametrize("stop", STOPS)
def test_every_stop_can_be_computed(stop: str) -> None:
    experiment = Experiment.model_validate_json(json.dumps(STOPS[stop]["experiment"]))
    results = ds.run(experiment)
    assert all(run.status == "finished" and np.isfinite(run.cost).all() for run in results.runs)


def test_every_stop_has_its_lesson_and_notes_and_a_curated_experiment_to_go_on_with() -> None:
    known = {experiment["id"] for experiment in catalog()["experiments"]}
    for stop in STOPS.values():
        assert stop["on"] in known
        assert stop["learnt"].endswith(".")
        assert set(stop["notes"]) == {"aim", "minutes", "ask", "believed"}
        assert 5 <= stop["notes"]["minutes"] <= 10
        assert len(stop["notes"]["ask"]) == 2
    assert sum(stop["notes"]["minutes"] for stop in STOPS.values()) == 120


@pytest.mark.parametrize("stop", [stop for stop in STOPS if STOPS[stop]["question"]["kind"] == "state"])
def test_the_states_that_are_mistaken_can_be_brought_about(stop: str) -> None:
    for mistake in STOPS[stop]["question"]["mistakes"]:
        document = STOPS[stop]["experiment"]
        problem = document["problem"] | mistake["state"].get("problem", {})
        Experiment.model_validate_json(json.dumps(document | {"problem": problem}))


def test_the_chain_has_as_many_parameters_as_the_answer_says() -> None:
    theta = ds.run(STOPS["chain"]["experiment"]).runs[0].theta
    assert theta.shape[1] == STOPS["chain"]["question"]["answer"]


def test_linear_layers_leave_the_moons_unsolved_and_bends_solve_them() -> None:
    document = STOPS["non-linearity"]["experiment"]
    bent = ds.run(document | {"problem": document["problem"] | {"activation": "tanh"}})
    assert costs("non-linearity")[0][-1] > 0.04
    assert bent.runs[0].cost[-1] < 0.01


def test_one_bent_layer_answers_the_question_and_breaks_the_line() -> None:
    stop = STOPS["non-linearity"]
    document = stop["experiment"] | {
        "problem": stop["experiment"]["problem"] | stop["question"]["state"]["problem"]
    }
    assert ds.run(document).runs[0].cost[-1] < 0.5 * costs("non-linearity")[0][-1]


def test_the_cost_of_a_doubled_residual_is_what_the_answer_says() -> None:
    document = STOPS["cost"]["experiment"]
    line = objective_of(document)
    at = ds.run(document).runs[0].theta[document["view"]["step"]]
    a = line.outputs(at, line.x)
    terms = [((scale * (a - line.y)) ** 2 / (2 * len(a))).sum() for scale in (1, 2)]
    assert terms[0] == pytest.approx(line.value(at), rel=1e-12)
    assert terms[1] / terms[0] == pytest.approx(STOPS["cost"]["question"]["answer"])


def test_the_prediction_errs_as_the_answer_says() -> None:
    stop = STOPS["derivative"]
    objective = objective_of(stop["experiment"])
    at = ds.run(stop["experiment"]).runs[0].theta[stop["experiment"]["view"]["step"]]
    gradient = objective.value_and_grad(at)[1]
    found = nudge_along(objective, at, gradient / np.linalg.norm(gradient), np.array([1e-2, 1e-3]))
    ratio = found.first_error[0] / found.first_error[1]
    assert ratio == pytest.approx(stop["question"]["answer"], abs=stop["question"]["tolerance"])


def test_forward_mode_takes_as_many_passes_as_the_answer_says() -> None:
    stop = STOPS["backpropagation"]
    assert objective_of(stop["experiment"]).dim == stop["question"]["answer"]


def test_the_nudge_starts_at_the_kink_and_a_step_later_short_of_it() -> None:
    experiment = STOPS["kink"]["experiment"]
    objective, theta = objective_of(experiment), ds.run(experiment).runs[0].theta
    bias = np.zeros(objective.dim)
    bias[experiment["view"]["nudge"]["parameter"]] = 1.0
    start, later = (nudge_along(objective, theta[step], bias) for step in (experiment["view"]["step"], 1))
    assert start.first_order == pytest.approx(1, abs=0.01)
    assert start.crossings.all()
    assert later.first_order == pytest.approx(2, abs=0.05)
    assert list(later.crossings[[0, -1]] > 0) == [True, False]


def test_full_batch_stays_on_the_shelf_that_mini_batches_leave() -> None:
    left = [int((cost < 0.5 * cost[20]).argmax()) for cost in costs("noise")]
    assert left[0] > 2 * left[1] > 0


def test_one_hidden_unit_does_not_learn_xor() -> None:
    document = STOPS["hyperplanes"]["experiment"]
    single = ds.run(document | {"problem": document["problem"] | {"hidden": [1]}, "steps": 1000})
    assert costs("hyperplanes")[0][-1] < 0.05
    assert single.runs[0].cost[-1] > 0.3


def test_a_larger_rate_diverges_and_the_one_given_does_not() -> None:
    document = STOPS["gradient"]["experiment"]
    optimizer = {"kind": "gd", "learning_rate": 4.0}
    hot = ds.run(document | {"runs": [document["runs"][0] | {"optimizer": optimizer}]})
    assert hot.runs[0].status == STOPS["gradient"]["question"]["state"]["status"]


def test_the_run_of_the_saddle_lingers_there() -> None:
    run = ds.run(STOPS["saddle"]["experiment"]).runs[0]
    peak = int(run.grad_norm[20:].argmax()) + 20
    assert run.grad_norm[:peak].min() < 0.25 * run.grad_norm[peak]
    assert run.cost[-1] < 0.5 * run.cost[:peak].min()
    assert ds.curvature(STOPS["saddle"]["experiment"], [0.0, 0.0]).classification == "saddle"


def test_newton_ends_on_the_hilltop_and_gradient_descent_in_a_valley() -> None:
    results = ds.run(STOPS["newton"]["experiment"])
    newton, descent = (results.runs[k].theta[-1] for k in range(2))
    assert ds.curvature(STOPS["newton"]["experiment"], newton).classification == "maximum"
    assert ds.curvature(STOPS["newton"]["experiment"], descent).classification == "minimum"


def test_momentum_ends_lower_than_plain_descent_in_the_ravine() -> None:
    plain, heavy, *_ = costs("momentum")
    assert heavy[-1] < plain[-1]


def test_a_single_example_a_step_trembles_most() -> None:
    tails = [np.abs(np.diff(cost[100:])).max() for cost in costs("batches")]
    assert tails[0] < tails[1] < tails[2]


def test_ten_sigmoid_layers_do_not_learn_and_relu_with_he_does() -> None:
    document = STOPS["vanishing"]["experiment"]
    cure = document | {"problem": document["problem"] | STOPS["vanishing"]["question"]["state"]["problem"]}
    cured = ds.run(cure)
    faded = costs("vanishing")[0]
    assert reach(document) < 1e-4
    assert reach(cure) > 1e-2
    assert faded[0] - faded[-1] < 0.002
    assert cured.runs[0].cost[-1] < 0.5 * faded[-1]


def test_the_digits_are_learnt_and_the_test_set_is_not_all_right() -> None:
    fit = ds.inspect(STOPS["real"]["experiment"], want=["outputs"])["fit"]
    assert fit["train"]["accuracy"] > 0.99
    assert 0.9 < fit["test"]["accuracy"] < 1
    assert ds.inspect(STOPS["real"]["experiment"], step=0, want=["outputs"])["fit"]["train"]["accuracy"] < 0.2
