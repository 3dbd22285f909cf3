"""The lab's studies of a step: nudges, the rule in numbers, stability, noise, Newton, bills and sweeps."""

from __future__ import annotations

from copy import deepcopy
from threading import current_thread
from typing import Any

import numpy as np
import pytest

from descentscape.compute.allowance import Allowance
from descentscape.compute.computation import Computation
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.document.experiment import Experiment
from descentscape.studies import Subject
from studies.conducting import HIMMELBLAU, MOONS, SADDLE, report_on, reports_on, subject_of

KINKED = {
    "problem": {"kind": "formula", "expression": "abs(x) + y**2"},
    "start": {"kind": "point", "at": [0.0, 1.0]},
    "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.1}}],
    "steps": 3,
}


@pytest.fixture(scope="module")
def subject() -> Subject:
    return subject_of(MOONS, run=1, step=7)


def gradient_at(subject: Subject) -> Any:
    return subject.computation.problem.objective.value_and_grad(subject.place.theta)[1]


@pytest.mark.parametrize("direction", ["gradient", "parameter", "random", "step", "plane"])
def test_a_nudge_is_predicted_and_happens(subject: Subject, direction: str) -> None:
    found = report_on(subject, "nudge", direction=direction, parameter=5, vector=[0.3, -0.2], size=1e-3)
    assert found["first_order"] == pytest.approx(2, abs=0.1)
    chosen = found["chosen"]
    assert chosen["predicted"] == pytest.approx(1e-3 * found["slope"])
    assert chosen["ratio"] == pytest.approx(chosen["real"] / chosen["predicted"])
    by_hand = np.abs(np.array(found["real"]) / found["predicted"] - 1)
    np.testing.assert_allclose(found["ratio_error"], by_hand, atol=1e-9)
    assert abs(chosen["real"] - chosen["predicted"] - chosen["second"]) < 0.05 * abs(chosen["second"]) + 1e-9
    assert found["sides"]["left"] == pytest.approx(found["sides"]["right"], rel=1e-4, abs=1e-6)
    if direction in ("gradient", "parameter", "random"):
        assert found["length"] == pytest.approx(1)


def test_slopes_are_those_of_the_directions(subject: Subject) -> None:
    gradient = gradient_at(subject)
    assert report_on(subject, "nudge")["slope"] == pytest.approx(np.linalg.norm(gradient))
    assert report_on(subject, "nudge", direction="parameter", parameter=5)["slope"] == pytest.approx(
        gradient[5]
    )
    theta = subject.computation.trajectories[1].theta
    step = report_on(subject, "nudge", direction="step", size=1.0)
    cost = subject.computation.trajectories[1].cost
    assert step["length"] == pytest.approx(np.linalg.norm(theta[8] - theta[7]))
    assert step["chosen"]["real"] == pytest.approx(cost[8] - cost[7])


def test_difference_quotients_have_a_best_step(subject: Subject) -> None:
    found = report_on(subject, "difference_limit")
    error = found["central_error"]
    assert error.min() < 1e-8 * abs(found["slope"])
    assert error[-1] > 100 * error.min()
    assert 1e-10 < found["best"] < 1e-6


def test_a_kink_has_two_slopes() -> None:
    subject = subject_of(KINKED, step=0)
    found = report_on(subject, "kinks", direction="parameter", parameter=0)
    assert (found["sides"]["left"], found["sides"]["right"]) == pytest.approx((-1, 1))
    assert found["sides"]["used"] == 0
    assert report_on(subject, "nudge", direction="parameter")["first_order"] == pytest.approx(1)


def test_units_at_a_kink_are_listed() -> None:
    zeros = {"problem": {"hidden": [3], "activation": "relu", "init": "zeros"}, "steps": 1}
    subject = subject_of(zeros, step=0)
    found = report_on(subject, "kinks", direction="random")
    assert found["count"] == 3 * subject.computation.problem.objective.n_examples  # type: ignore[attr-defined]
    assert len(found["z"]) == 200


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (
            {"kind": "nudge", "direction": "parameter", "parameter": 13},
            "study.parameter must be from 0 to 12",
        ),
        ({"kind": "nudge", "direction": "plane", "vector": [0, 0]}, "study.direction must be one that is"),
        ({"kind": "autopsy", "parameter": 13}, "study.parameter must be from 0 to 12, got 13"),
        ({"kind": "noise", "batch_sizes": [1, 31]}, "study.batch_sizes must be from 1 to 30"),
        (
            {"kind": "sweep", "field": "run.optimizer.beta3"},
            "study.field must be a setting of this experiment",
        ),
        ({"kind": "sweep", "field": "problem.hidden.1"}, "study.field must be a setting of this experiment"),
        ({"kind": "sweep", "field": "seed.0"}, "study.field must be a setting of this experiment"),
        ({"kind": "sweep", "field": "problem.hidden"}, "study.field must be a single setting"),
        (
            {"kind": "sweep", "field": "run.optimizer.beta1", "values": [0.5, 1.5]},
            r"runs\[0\].optimizer.beta1 must be at most",
        ),
        (
            {"kind": "sweep", "field": "run.batch_size", "values": [4.5, 1]},
            r"runs\[0\].batch_size must be a whole number",
        ),
        (
            {"kind": "sweep", "field": "problem.activation", "values": ["tanh", "tan"]},
            "problem.activation must be",
        ),
    ],
)
def test_refusals_name_the_field(subject: Subject, request_: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        reports_on(subject, request_)


def test_a_choice_of_an_optimizer_is_swept() -> None:
    run = {"optimizer": {"kind": "sam", "base": "adam", "learning_rate": 0.05}, "batch_size": 8}
    subject = subject_of(MOONS | {"runs": [run]}, step=2)
    request = {"field": "run.optimizer.base", "values": ["gd", "adam", "muon"], "steps": 6}
    found = report_on(subject, "sweep", **request)
    assert found["used"] == "adam"
    cost = subject.computation.trajectories[0].cost
    assert found["runs"][1]["final_cost"] == cost[6]
    assert len({each["final_cost"] for each in found["runs"]}) == 3
    with pytest.raises(InvalidValue, match=r"runs\[0\].optimizer.base must be"):
        report_on(subject, "sweep", **request | {"values": ["gd", "lbfgs"]})


def test_an_autopsy_says_what_the_run_did(subject: Subject) -> None:
    found = report_on(subject, "autopsy", parameter=3)
    theta = subject.computation.trajectories[1].theta
    np.testing.assert_allclose(found["step"], theta[8] - theta[7], rtol=1e-12, atol=1e-15)
    assert found["moved"] == pytest.approx(theta[8, 3] - theta[7, 3])
    assert found["lines"][0]["value"] == pytest.approx(gradient_at(subject)[3])
    assert found["rates"].shape == (13,)
    assert found["names"][3] == found["parameter_name"]
    cost = subject.computation.trajectories[1].cost
    assert found["change"] == pytest.approx(cost[8] - cost[7])


def test_the_others_stand_beside_the_own_step(subject: Subject) -> None:
    found = report_on(subject, "others", parameter=3)
    steps = {step["kind"]: step for step in found["steps"]}
    assert found["own"] == "adam"
    assert steps.keys() | found["left_out"].keys() == OPTIMIZERS.keys()
    assert steps["adam"]["moved"] == report_on(subject, "autopsy", parameter=3)["moved"]
    gradient = gradient_at(subject)
    gd = OPTIMIZERS["gd"]()
    assert steps["gd"]["moved"] == pytest.approx(-gd.learning_rate * gradient[3])
    assert steps["gd"]["predicted"] == pytest.approx(-gd.learning_rate * gradient @ gradient)


def test_the_bound_of_gradient_descent_is_two_over_the_sharpness() -> None:
    subject = subject_of(MOONS, run=0, step=2)
    found = report_on(subject, "stability")
    assert found["bound"] == pytest.approx(2 / found["sharpness"])
    assert found["sharpness"] == pytest.approx(report_on(subject, "spectrum")["eigenvalues"][-1])


def test_noise_falls_with_the_batch_size(subject: Subject) -> None:
    found = report_on(subject, "noise", draws=64)
    assert list(found["batch_sizes"]) == [1, 4, 16, 30]
    np.testing.assert_allclose(found["measured"][:3], found["expected"][:3], rtol=0.35)
    assert found["measured"][3] == pytest.approx(0, abs=1e-12)
    assert found["grad_norm"] == pytest.approx(np.linalg.norm(gradient_at(subject)))
    assert found["coordinates"].shape == (4, 64, 2)


def test_an_epoch_has_the_same_operations_whatever_the_batch(subject: Subject) -> None:
    found = report_on(subject, "batch_bill", batch_sizes=[1, 7, 30])
    assert list(found["steps_per_epoch"]) == [30, 5, 1]
    assert len(set(found["operations_per_epoch"])) == 1
    assert (found["seconds_per_step"] > 0).all()


def test_newton_is_drawn_to_the_saddle() -> None:
    subject = subject_of(SADDLE, step=5)
    found = report_on(subject, "newton")
    np.testing.assert_allclose(subject.place.theta + found["newton"], 0, atol=1e-12)
    assert (found["target"], found["negative_count"]) == ("saddle", 1)
    assert found["climb"] > 0
    np.testing.assert_allclose(found["along"]["newton"], found["newton"], atol=1e-12)


def test_the_model_touches_the_surface_where_it_stands() -> None:
    subject = subject_of(HIMMELBLAU, step=4)
    found = report_on(subject, "quadratic_model", resolution=41)
    objective, theta = subject.computation.problem.objective, subject.place.theta
    row, column = np.abs(found["b"] - found["at"][1]).argmin(), np.abs(found["a"] - found["at"][0]).argmin()
    d = np.array([found["a"][column], found["b"][row]]) - theta
    cost, gradient = objective.value_and_grad(theta)
    assert found["cost"][row, column] == pytest.approx(
        cost + gradient @ d + 0.5 * d @ objective.hessian(theta) @ d
    )


def test_the_bill_is_extrapolated(subject: Subject) -> None:
    found = report_on(subject, "hessian_bill")
    assert list(found["parameters"]) == [13, 10**6, 10**9]
    assert found["bytes"][2] == 8e18
    assert (found["hessian_seconds"] > 0).all()


@pytest.mark.parametrize("kind", ["stability", "newton", "nudge", "autopsy"])
def test_a_large_network_is_explained_aside(
    subject: Subject, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = subject_of({"problem": {"hidden": [80]}, "steps": 5}, run=0, step=2)
    threads: set[str] = set()

    def watched(net: MLP, theta: Array) -> tuple[Array, Array]:
        threads.add(current_thread().name)
        return whole(net, theta)

    whole = MLP.value_and_grad
    monkeypatch.setattr(MLP, "value_and_grad", watched)
    expected = report_on(subject, kind)
    assert threads == {current_thread().name}
    threads.clear()
    assert report_on(large, kind).keys() == expected.keys()
    assert threads
    assert current_thread().name not in threads


def test_a_sweep_ends_as_the_runs_do() -> None:
    subject = subject_of(HIMMELBLAU, run=0, step=0)
    found = report_on(subject, "sweep", values=[0.001, 0.01, 1.0])
    assert [run["status"] for run in found["runs"]] == ["finished", "finished", "diverged"]
    assert found["runs"][1]["final_cost"] == pytest.approx(subject.computation.trajectories[0].cost[-1])
    assert found["used"] == 0.01
    growing = [len(report["runs"]) for _, report in reports_on(subject, {"kind": "sweep"}) if report]
    assert growing == list(range(1, 9))


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("run.batch_size", [1, 30, None]),
        ("run.optimizer.kind", ["gd", "momentum"]),
        ("problem.activation", ["relu", "linear"]),
        ("problem.hidden.0", [1, 5]),
        ("problem.dataset.noise", [0.0, 0.3]),
        ("problem.l2", [0.0, 0.1]),
        ("seed", [0, 1, 2]),
    ],
)
def test_any_setting_can_be_swept(subject: Subject, field: str, values: list[Any]) -> None:
    found = report_on(subject, "sweep", field=field, values=values, steps=5)
    assert found["values"] == values
    for value, run in zip(values, found["runs"], strict=True):
        alone = deepcopy(MOONS) | {"steps": 5}
        alone["runs"] = [{"optimizer": {"kind": "adam"}}]
        held: Any = {"run": alone["runs"][0], **alone}
        *way, last = field.split(".")
        for name in way:
            held = held[name]
        held[0 if last == "0" else last] = value
        if last == "kind":
            held.clear()
            held["kind"] = value
        if field == "seed":
            alone["seed"] = value
        (computed,) = Computation(Experiment.model_validate(alone)).finish().trajectories
        np.testing.assert_array_equal(run["costs"], computed.cost)


def test_a_sweep_keeps_a_lifted_start_where_it_is() -> None:
    lifted = {"kind": "lift", "at": [0.5, -0.5]}
    subject = subject_of(MOONS | {"start": lifted}, run=1, step=0)
    found = report_on(subject, "sweep", values=[0.01, 1.0], steps=2)
    for run in found["runs"]:
        assert run["costs"][0] == subject.computation.trajectories[1].cost[0]


def test_a_sweep_that_takes_too_long_names_the_field() -> None:
    digits = {"problem": {"dataset": {"kind": "digits"}}, "steps": 1}
    subject = subject_of(digits, step=0)
    subject.computation.allowance = Allowance(seconds=30.0)
    with pytest.raises(TooExpensive, match=r"study\.steps must be at most \d+ here .* 30 s are allowed"):
        reports_on(subject, {"kind": "sweep", "steps": 20_000})
