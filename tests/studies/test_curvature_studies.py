"""The Hessian's spectrum at a place, its ends along a run, and the critical points of a window."""

from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.examples import MOST_WORK, subsampled
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array
from descentscape.core.time_slices import reported
from descentscape.studies import Subject, conduct
from descentscape.studies.predictions import Report
from studies.conducting import HIMMELBLAU, MOONS, REQUESTS, SADDLE, report_on, reports_on, subject_of


def test_the_saddle_is_called_a_saddle_of_index_1() -> None:
    found = report_on(subject_of(SADDLE, theta=[0.0, 0.0]), "spectrum")
    assert (found["classification"], found["index"], found["negative_count"]) == ("saddle", 1, 1)
    assert found["eigenvalues"][0] < 0 < found["eigenvalues"][1]


def test_elsewhere_the_spectrum_says_how_far_from_critical() -> None:
    found = report_on(subject_of(MOONS, run=1, step=5), "spectrum")
    assert found["classification"] == "not_critical"
    assert found["grad_norm"] > found["critical_below"] > 0
    assert len(found["eigenvalues"]) == found["dim"] == 13


def test_sharpness_along_a_run_is_that_of_its_steps() -> None:
    subject = subject_of(MOONS, run=1, step=0)
    found = report_on(subject, "sharpness", points=9)
    assert found["steps"].tolist() == [0, 5, 10, 15, 20, 25, 30, 35, 40]
    objective, run = subject.computation.problem.objective, subject.computation.trajectories[1]
    for row, step in enumerate(found["steps"]):
        values = np.linalg.eigvalsh(objective.hessian(run.theta_at(int(step))))
        np.testing.assert_allclose([found["lowest"][row], found["highest"][row]], values[[0, -1]], atol=1e-12)
        assert found["negative_count"][row] == (values < -1e-6 * (1 + np.abs(values).max())).sum()


def test_sharpness_of_more_points_than_steps_looks_at_every_step_once() -> None:
    found = report_on(subject_of(SADDLE, step=0), "sharpness", points=200)
    assert found["steps"].tolist() == list(range(21))


RATES = {
    "problem": {"dataset": {"kind": "moons", "n": 40}, "hidden": [3]},
    "runs": [
        {
            "optimizer": {"kind": "momentum", "learning_rate": 0.2, "momentum": 0.8},
            "schedule": {"kind": "step", "every": 10, "decay": 0.5},
        },
        {"optimizer": {"kind": "adam", "learning_rate": 0.02, "beta1": 0.8}},
        {"optimizer": {"kind": "lion"}},
        {"optimizer": {"kind": "nesterov", "learning_rate": 0.2, "momentum": 0.8}},
        {"optimizer": {"kind": "rmsprop", "learning_rate": 0.01, "decay": 0.9}},
    ],
    "edits": [{"step": 20, "run": 0, "optimizer": {"kind": "gd", "learning_rate": 0.3}}],
    "steps": 40,
}


def edges_of(run: int) -> tuple[Subject, Report]:
    subject = subject_of(RATES, run=run, step=0)
    return subject, report_on(subject, "sharpness", points=9)


def test_the_bound_along_a_run_is_that_of_the_rule_by_then() -> None:
    found = edges_of(0)[1]
    edge, highest = found["edge"], found["highest"]
    room = np.where(found["steps"] < 20, 2 * 1.8, 2.0)
    rates = np.array([0.2, 0.2, 0.1, 0.1, 0.075, 0.075, 0.0375, 0.0375, 0.01875])
    np.testing.assert_allclose(edge["learning_rate"], rates)
    np.testing.assert_allclose(edge["factor"], [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625])
    np.testing.assert_array_equal(edge["sharpness"], highest)
    np.testing.assert_allclose(edge["bound"], room / highest)
    np.testing.assert_allclose(edge["line"], room / rates)
    assert [(rule["from"], rule["kind"], rule["bound"]["text"]) for rule in found["rules"]] == [
        (0, "momentum", "2 (1 + μ) / λ"),
        (20, "gd", "2 / λ"),
    ]


def test_adams_bound_along_a_run_is_that_of_its_own_divisors() -> None:
    """By Adam’s rule once more: v̂ from all gradients up to the step’s own, then D^(−½) H D^(−½)."""
    subject, found = edges_of(1)
    objective = subject.computation.problem.objective
    theta, m, v = subject.computation.trajectories[1].start, 0.0, 0.0
    for step in range(41):
        grad = objective.value_and_grad(theta)[1]
        m, v = 0.8 * m + 0.2 * grad, 0.999 * v + 0.001 * grad**2
        divisors = np.sqrt(v / (1 - 0.999 ** (step + 1))) + 1e-8
        if step in found["steps"]:
            row = found["steps"].tolist().index(step)
            scaled = objective.hessian(theta) / np.sqrt(divisors[:, None] * divisors)
            sharpness = np.linalg.eigvalsh(scaled)[-1]
            assert found["edge"]["sharpness"][row] == pytest.approx(sharpness, rel=1e-9)
            assert found["edge"]["bound"][row] == pytest.approx(2 * 1.8 / 0.2 / sharpness, rel=1e-9)
        theta = theta - 0.02 * m / (1 - 0.8 ** (step + 1)) / divisors
    np.testing.assert_allclose(found["edge"]["line"], 2 * 1.8 / 0.2 / 0.02)
    assert found["rules"][0]["bound"]["preconditioned"]


def test_nesterovs_bound_is_where_its_own_recursion_turns_unstable() -> None:
    """v ← μ v + λ x, x ← x − η (λ x + μ v): its roots leave the unit circle at the bound."""
    found = edges_of(3)[1]
    np.testing.assert_array_equal(found["edge"]["sharpness"], found["highest"])
    for sharpness, bound in zip(found["highest"], found["edge"]["bound"], strict=True):
        for share in (0.99, 1.01):
            turned = share * bound * sharpness
            matrix = np.array([[0.8, turned], [-0.64, 1 - 1.8 * turned]])
            assert (np.abs(np.linalg.eigvals(matrix)).max() > 1) == (share > 1)
    np.testing.assert_allclose(found["edge"]["line"] * 0.2, found["edge"]["bound"] * found["highest"])


def test_rmsprops_bound_along_a_run_is_that_of_its_own_divisors() -> None:
    """By RMSProp’s rule once more: 2 / λ of D^(−½) H D^(−½), D = √v + ε by the step’s own v."""
    subject, found = edges_of(4)
    objective = subject.computation.problem.objective
    theta, v = subject.computation.trajectories[4].start, 0.0
    for step in range(41):
        grad = objective.value_and_grad(theta)[1]
        v = 0.9 * v + 0.1 * grad**2
        divisors = np.sqrt(v) + 1e-8
        if step in found["steps"]:
            row = found["steps"].tolist().index(step)
            scaled = objective.hessian(theta) / np.sqrt(divisors[:, None] * divisors)
            assert found["edge"]["bound"][row] == pytest.approx(2 / np.linalg.eigvalsh(scaled)[-1], rel=1e-9)
        theta = theta - 0.01 * grad / divisors
    np.testing.assert_allclose(found["edge"]["line"], 2 / 0.01)


def test_rules_without_a_bound_have_none_along_a_run() -> None:
    found = edges_of(2)[1]
    assert found["rules"] == [{"from": 0, "kind": "lion", "label": "Lion", "bound": None}]
    assert np.isnan(found["edge"]["bound"]).all()
    assert np.isfinite(found["edge"]["learning_rate"]).all()


def test_bounds_that_nobody_asked_for_are_not_sought() -> None:
    found = report_on(subject_of(MOONS, run=1, step=0), "sharpness", points=9, bounds=False)
    assert np.isnan(found["edge"]["bound"]).all()


def test_where_nothing_curves_upwards_every_rate_is_stable() -> None:
    hill = {"problem": {"kind": "formula", "name": None, "expression": "-x^2 - y^2"}, "steps": 4}
    hill |= {"runs": [{"optimizer": {"kind": "gd"}}], "start": {"kind": "point", "at": [0.1, 0.2]}}
    assert (report_on(subject_of(hill, step=0), "sharpness")["edge"]["bound"] == np.inf).all()


def test_sharpness_needs_a_run() -> None:
    with pytest.raises(InvalidValue, match="of a place on a run"):
        reports_on(subject_of(SADDLE, theta=[0.0, 0.0]), {"kind": "sharpness"})


LARGE = {
    "problem": {"dataset": {"kind": "moons", "n": 5000}, "hidden": [64, 16]},
    "runs": [{"batch_size": 64}],
    "steps": 4,
}
"""A network of 1,249 parameters on more examples than are gone through for a Hessian."""

SAMPLE = MOST_WORK // 1249


@pytest.fixture(scope="module")
def large() -> Subject:
    return subject_of(LARGE, run=0, step=2)


def test_small_problems_are_studied_on_all_examples() -> None:
    found = report_on(subject_of(MOONS, run=1, step=5), "spectrum")
    assert (found["examples"], found["all_examples"]) == (30, 30)
    assert report_on(subject_of(SADDLE, step=5), "spectrum")["examples"] is None


def test_the_spectrum_of_a_large_network_is_of_a_sample_and_says_of_how_many(large: Subject) -> None:
    found = report_on(large, "spectrum")
    assert (found["examples"], found["all_examples"]) == (SAMPLE, 5000)
    whole, theta = large.computation.problem.objective, large.place.theta
    sample, _ = subsampled(whole)
    highest = np.linalg.eigvalsh(sample.hessian(theta))[-1]
    assert found["eigenvalues"][-1] == pytest.approx(highest, rel=1e-6)
    cost, grad = whole.value_and_grad(theta)
    assert found["cost"] == cost
    assert found["grad_norm"] == pytest.approx(np.linalg.norm(grad), rel=1e-15)
    assert cost != sample.value(theta)


def test_sharpness_of_a_large_network_is_of_the_same_sample_all_along(large: Subject) -> None:
    found = report_on(large, "sharpness", points=2)
    assert (found["examples"], found["all_examples"]) == (SAMPLE, 5000)
    sample, run = subsampled(large.computation.problem.objective)[0], large.computation.trajectories[0]
    tops = [np.linalg.eigvalsh(sample.hessian(run.theta_at(int(step))))[-1] for step in found["steps"]]
    np.testing.assert_allclose(found["highest"], tops, rtol=1e-3)


@pytest.mark.parametrize("kind", ["spectrum", "sharpness"])
def test_a_large_network_s_study_takes_one_product_a_slice(
    large: Subject, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    products = []

    def counted(net: MLP, theta: Array, v: Array) -> Array:
        products.append(v)
        return whole_hvp(net, theta, v)

    whole_hvp = MLP.hvp
    monkeypatch.setattr(MLP, "hvp", counted)
    reports = reported(conduct(large, REQUESTS.validate_python({"kind": kind})))
    before = 0
    for progress, report in reports:
        assert len(products) - before <= 1
        assert progress < 1 or report is not None
        before = len(products)
    assert before > 10


def test_himmelblau_has_nine_critical_points() -> None:
    found = report_on(subject_of(HIMMELBLAU), "critical")
    kinds = [point["classification"] for point in found["points"]]
    assert (kinds.count("minimum"), kinds.count("saddle"), kinds.count("maximum")) == (4, 4, 1)
    assert found["resolution"] == 81
    minima = sorted(point["at"] for point in found["points"] if point["classification"] == "minimum")
    np.testing.assert_allclose(minima[2], [3, 2], atol=1e-9)


def test_the_linear_chain_has_its_minima_on_a_hyperbola() -> None:
    chain = {
        "problem": {"kind": "chain", "activation": "linear"},
        "steps": 10,
        "view": {"grid": {"extent": [[-2, 2], [-2, 2]]}},
    }
    subject = subject_of(chain)
    found = report_on(subject, "critical")
    assert [(p["classification"], p["index"]) for p in found["points"]] == [("saddle", 1)]
    np.testing.assert_allclose(found["points"][0]["at"], [0, 0], atol=1e-9)
    assert len(found["curves"]) == 2
    for curve in found["curves"]:
        products = curve["path"].prod(axis=1)
        np.testing.assert_allclose(products, products[0], rtol=1e-6)


def test_critical_points_are_placed_on_whatever_plane_is_shown() -> None:
    turned = HIMMELBLAU | {"view": {"plane": {"kind": "pca"}}}
    subject = subject_of(turned)
    plane = subject.computation.window.plane if subject.computation.window else None
    assert plane is not None
    for point in report_on(subject, "critical")["points"]:
        np.testing.assert_allclose(plane.lift(np.array(point["at"])), point["theta"], atol=1e-9)


def test_networks_have_no_list_of_critical_points() -> None:
    with pytest.raises(InvalidValue, match="above two parameters, got 13"):
        reports_on(subject_of(MOONS), {"kind": "critical"})
