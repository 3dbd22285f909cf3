"""The cost model: known beforehand, refused by field."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest
from pydantic import ValidationError

from descentscape.compute.cost_model import Estimate, estimate, refuse_if_too_large
from descentscape.compute.descents import DescentCache
from descentscape.core.errors import TooExpensive
from descentscape.document.experiment import Experiment


def work(document: dict[str, Any]) -> Estimate:
    return estimate(Experiment.model_validate(document))


def refused(document: dict[str, Any], seconds: float) -> Estimate:
    """The estimate of a document; TooExpensive where so many seconds do not suffice."""
    experiment = Experiment.model_validate(document)
    found = estimate(experiment)
    refuse_if_too_large(experiment, found, seconds)
    return found


def test_counts() -> None:
    found = work({"problem": {"dataset": {"n": 300}, "hidden": [4]}, "steps": 9, "runs": [{}, {}]})
    assert (found.parameters, found.examples) == (17, 300)
    assert found.nbytes >= 8 * 17 * 20


@pytest.mark.parametrize(
    "larger",
    [
        {"steps": 600},
        {"runs": [{}, {}]},
        {"problem": {"hidden": [16, 16]}},
        {"problem": {"dataset": {"n": 400}}},
        {"runs": [{"optimizer": {"kind": "newton"}}]},
        {"runs": [{"optimizer": {"kind": "lbfgs"}}]},
        {"start": {"kind": "lift", "at": [0, 0]}},
        {"edits": [{"step": 1, "optimizer": {"kind": "newton"}}]},
    ],
)
def test_more_work_costs_more(larger: dict[str, Any]) -> None:
    assert work(larger).descent_seconds > work({}).descent_seconds


def test_a_finer_surface_costs_more() -> None:
    fine = work({"view": {"grid": {"resolution": 201}}})
    assert fine.surface_seconds == pytest.approx(work({}).surface_seconds * (201 / 101) ** 2, rel=0.02)
    assert fine.descent_seconds == work({}).descent_seconds


def test_estimate_is_of_the_right_order() -> None:
    experiment = Experiment.model_validate(
        {"problem": {"hidden": [64, 64], "dataset": {"n": 1000}}, "steps": 60}
    )
    began = process_time()
    DescentCache().get(experiment).advance(60)
    assert 0.02 < (process_time() - began) / estimate(experiment).descent_seconds < 20


def test_steps_are_refused_with_what_they_would_take() -> None:
    document = {"problem": {"dataset": {"kind": "digits"}, "hidden": [128]}, "steps": 20_000}
    with pytest.raises(TooExpensive, match=r"steps must be at most about \d+ here .* got 20000") as caught:
        refused(document, 10)
    assert caught.value.name == "steps"


def test_planes_are_priced_by_what_they_take() -> None:
    kinds = ("random", "gradient", "hessian")
    random, gradient, hessian = (work({"view": {"plane": {"kind": kind}}}).plane_seconds for kind in kinds)
    assert 0 < random < gradient < hessian
    lifted = {"start": {"kind": "lift", "at": [0, 0], "plane": {"kind": "hessian"}}}
    assert work(lifted).descent_seconds > work({}).descent_seconds + hessian


def test_a_start_of_the_plane_costs_the_steps_of_the_descents_before_it() -> None:
    short, longer, long = (
        work({"steps": 10, "start": {"kind": "lift", "at": [0, 0], "steps": steps}}).descent_seconds
        for steps in (10, 1009, 10_000)
    )
    assert long > longer > 2 * short
    assert long - short == pytest.approx(10 * (longer - short), rel=0.1)


def test_the_steps_before_a_lifted_start_are_refused_by_their_own_field() -> None:
    problem = {"hidden": [64, 64], "dataset": {"kind": "moons", "n": 5000}}
    start = {"kind": "lift", "at": [0, 0], "steps": 20_000}
    for document, field in (({"start": start}, "start"), ({"runs": [{}, {"start": start}]}, "runs[1].start")):
        with pytest.raises(TooExpensive, match=r"at most about [1-9]\d{2,} here .* got 20000") as caught:
            refused({"problem": problem, "steps": 1} | document, 10)
        assert caught.value.name == f"{field}.steps"


def test_each_rule_counts_for_the_steps_that_it_makes() -> None:
    def edited(step: int) -> float:
        edits = [{"step": step, "optimizer": {"kind": "newton"}}]
        return work({"steps": 300, "edits": edits}).descent_seconds

    plain, newton = (
        work({}).descent_seconds,
        work({"runs": [{"optimizer": {"kind": "newton"}}]}).descent_seconds,
    )
    assert plain < edited(290) < edited(150) < edited(1) < newton
    assert edited(150) == pytest.approx((plain + newton) / 2, rel=0.01)


def test_steps_that_are_not_kept_are_priced_again_where_they_are_replayed() -> None:
    """Twelve runs of many parameters: theta is kept at every so manieth step only."""
    large = {"problem": {"hidden": [200, 200], "dataset": {"n": 20}}, "runs": [{}] * 12}
    short, long = (work(large | {"steps": steps}).descent_seconds for steps in (10, 1000))
    assert long > 150 * short


def test_a_plane_that_takes_too_long_is_refused_by_its_field() -> None:
    document = {"problem": {"dataset": {"kind": "digits"}, "hidden": [256, 64]}, "steps": 1}
    document["view"] = {"plane": {"kind": "hessian"}, "grid": {"resolution": 5}}
    with pytest.raises(TooExpensive, match=r"view\.plane\.kind must be one that asks less .* s are allowed"):
        refused(document, 0.5)
    assert refused(document, 60.0).plane_seconds > 0.5


def test_resolution_is_refused() -> None:
    document = {
        "problem": {"dataset": {"kind": "digits"}, "hidden": [128]},
        "steps": 1,
        "view": {"grid": {"resolution": 401}},
    }
    with pytest.raises(TooExpensive, match=r"view\.grid\.resolution must be at most about"):
        refused(document, 10)


@pytest.mark.parametrize("kind", ["newton", "saddle_free_newton"])
def test_hessians_are_refused_above_their_size(kind: str) -> None:
    document = {"problem": {"hidden": [64, 64]}, "runs": [{}, {"optimizer": {"kind": kind}}], "steps": 1}
    with pytest.raises(TooExpensive, match=r"runs\[1\].optimizer.kind .* MB and about \d+ s a step"):
        refused(document, 1e9)


def test_what_fits_is_let_through() -> None:
    assert refused({}, 10) == work({})


def test_a_window_names_its_lower_end_first() -> None:
    with pytest.raises(ValidationError, match="must be a pair, the lower end first"):
        Experiment.model_validate({"view": {"grid": {"extent": [[1.0, -1.0], [0.0, 1.0]]}}})
