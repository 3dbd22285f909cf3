"""Prices held against the passes over the examples that are really made, and work that outgrows its price."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest

from clocks import Clock
from descentscape.compute.allowance import LEAST_PRICE, OUTGROWN, Allowance
from descentscape.compute.computation import Computation
from descentscape.compute.cost_model import Estimate, estimate, operations
from descentscape.compute.descents import DescentCache
from descentscape.compute.machine import MOST, USUAL, Machine, Operations, fitted
from descentscape.compute.memory import size_of_work
from descentscape.core.descent import compiled
from descentscape.core.errors import TooExpensive
from descentscape.core.explain.moments.noise import SCATTER
from descentscape.core.formulas.objective import FormulaObjective, parse
from descentscape.core.network.layers import dense_layers
from descentscape.core.network.mlp import MLP
from descentscape.core.network.passes import compiling
from descentscape.core.time_slices import run_to_completion
from descentscape.document.effort import NONE, Effort
from descentscape.document.experiment import Experiment
from descentscape.document.points import PlaceSpec
from descentscape.studies import STUDIES, Subject, conduct
from descentscape.studies.inspection import place_of

FLAT = FormulaObjective(parse("x + y"))

COUNTED = Operations(multiplications=1.0, single_multiplications=1.0)
"""A machine whose seconds are the multiplications of passes over the examples."""

MOONS: dict[str, Any] = {"kind": "moons", "n": 600, "test_fraction": 0.25}
WIDE = {"problem": {"dataset": MOONS, "hidden": [24, 24]}}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "full batch": WIDE | {"steps": 40, "runs": [{"optimizer": {"kind": "adam"}}]},
    "mini-batches": WIDE | {"steps": 60, "runs": [{"batch_size": 16}, {"batch_size": 128}]},
    "two gradients a step": WIDE | {"steps": 40, "runs": [{"optimizer": {"kind": "sam"}}]},
    "line searches": WIDE | {"steps": 30, "runs": [{"optimizer": {"kind": "lbfgs"}}]},
    "Hessians": WIDE | {"steps": 4, "runs": [{"optimizer": {"kind": "saddle_free_newton"}}]},
    "another rule in mid-run": WIDE | {"steps": 60, "edits": [{"step": 56, "optimizer": {"kind": "newton"}}]},
    "a lifted start after more steps": WIDE
    | {"steps": 20, "start": {"kind": "lift", "at": [0.1, 0.1], "steps": 200}},
    "one layer": {"problem": {"dataset": {"kind": "digits"}, "hidden": []}, "steps": 20},
    "few examples": {"problem": {"dataset": {"kind": "circles", "n": 12}, "hidden": [40, 40]}, "steps": 40},
}


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Effort]:
    """What is asked of networks from now on, in shares of all training examples: the effort so far."""
    found = [NONE]
    whole = [1]

    def count(net: MLP, rows: int, **one: float) -> None:
        whole[0] = max(whole[0], net.n_examples)
        share = net.n_examples * rows
        found[0] = found[0] + Effort(**{name: share * times for name, times in one.items()})

    def counting(name: str, kind: str, rows: Callable[..., int]) -> None:
        plain = getattr(MLP, name)

        def counted(net: MLP, *given: Any) -> Any:
            count(net, rows(*given), **{kind: 1.0})
            return plain(net, *given)

        monkeypatch.setattr(MLP, name, counted)

    counting("value", "costs", lambda theta: int(np.prod(theta.shape[:-1])))
    counting("value_and_grad", "gradients", lambda theta: int(np.prod(theta.shape[:-1])))
    counting("hvp", "products", lambda _, v: int(np.prod(v.shape[:-1])))
    counting("hessian", "hessians", lambda _: 1)
    counting("slice_cost", "heights", lambda _o, _b, points, *_: len(points))
    counting("forward", "costs", lambda theta, x: 1)
    counting("scatter", "gradients", lambda _: SCATTER)
    steps = compiled.compiled_steps

    def compiled_steps(net: MLP, recipe: Any, here: Any, number: int, **given: Any) -> Any:
        share = (recipe.batch_size or net.n_examples) / net.n_examples
        count(net, number, gradients=share)
        return steps(net, recipe, here, number, **given)

    monkeypatch.setattr(compiled, "compiled_steps", compiled_steps)
    return lambda: found[0] * (1 / whole[0])


def multiplications(effort: Effort, experiment: Experiment) -> float:
    return operations(effort, size_of_work(experiment)).seconds(COUNTED)


def computed(document: dict[str, Any]) -> Computation:
    return Computation(Experiment.model_validate(document), DescentCache()).finish()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_runs_take_about_the_passes_that_they_are_priced_at(name: str, passes: Callable[[], Effort]) -> None:
    experiment = computed(DOCUMENTS[name] | {"view": {"plane": {"kind": "random"}}}).experiment
    made = multiplications(passes(), experiment)
    assert 1 / 3 < made / estimate(experiment, COUNTED).descent_seconds < 3


@pytest.mark.parametrize("name", ["full batch", "one layer", "few examples"])
def test_surfaces_take_about_the_passes_that_they_are_priced_at(
    name: str, passes: Callable[[], Effort]
) -> None:
    computation = computed(DOCUMENTS[name] | {"view": {"grid": {"resolution": 31}}})
    before = multiplications(passes(), computation.experiment)
    computation.finished_surface()
    made = multiplications(passes(), computation.experiment) - before
    assert 1 / 3 < made / estimate(computation.experiment, COUNTED).surface_seconds < 3


@pytest.mark.parametrize(
    ("request_", "step"),
    [
        ({"kind": "field"}, 0),
        ({"kind": "line", "resolution": 51}, 3),
        ({"kind": "segment", "resolution": 51}, 3),
        ({"kind": "moving", "resolution": 21}, 3),
        ({"kind": "moving", "resolution": 21, "surface": "test"}, 3),
        ({"kind": "basins", "resolution": 5, "steps": 20}, 3),
        ({"kind": "sharpness", "points": 5}, 0),
        ({"kind": "spectrum"}, 3),
        ({"kind": "newton"}, 3),
        ({"kind": "quadratic_model"}, 3),
        ({"kind": "hessian_bill"}, 3),
        ({"kind": "noise", "draws": 20}, 3),
        ({"kind": "batch_bill"}, 3),
        ({"kind": "nudge"}, 3),
        ({"kind": "difference_limit"}, 3),
        ({"kind": "direction", "direction": "highest"}, 3),
    ],
)
def test_studies_take_about_the_passes_that_they_are_priced_at(
    request_: dict[str, Any], step: int, passes: Callable[[], Effort]
) -> None:
    computation = computed(DOCUMENTS["full batch"])
    study = STUDIES[request_["kind"]]
    asked = study.request.model_validate(request_)
    subject = Subject(computation, place_of(computation, PlaceSpec(step=step)))
    before = multiplications(passes(), computation.experiment)
    run_to_completion(conduct(subject, asked))
    made = multiplications(passes(), computation.experiment) - before
    assert 1 / 3 < made / study.price(subject, asked, COUNTED).seconds < 3


@pytest.mark.parametrize(
    "document",
    [
        {"runs": [{"optimizer": {"kind": "gd"}, "batch_size": 4}]},
        {"runs": [{"optimizer": {"kind": "adam"}}, {"optimizer": {"kind": "gd", "learning_rate": 0.5}}]},
        {"runs": [{"optimizer": {"kind": "gd"}, "clip": {"norm": 0.1}}]},
        {"problem": {"dataset": MOONS, "hidden": [4], "init": "zeros"}},
    ],
)
def test_moments_of_small_networks_take_about_what_they_are_priced_at(
    document: dict[str, Any], passes: Callable[[], Effort]
) -> None:
    computation = computed({"problem": {"dataset": MOONS, "hidden": [8]}, "steps": 1000} | document)
    asked = STUDIES["moments"].request.model_validate({"kind": "moments"})
    subject = Subject(computation, place_of(computation, PlaceSpec()))
    before = multiplications(passes(), computation.experiment)
    run_to_completion(conduct(subject, asked))
    made = multiplications(passes(), computation.experiment) - before

    assert 1 / 3 < made / STUDIES["moments"].price(subject, asked, COUNTED).seconds < 3


@pytest.mark.parametrize("name", ["mini-batches", "two gradients a step", "line searches", "Hessians"])
@pytest.mark.parametrize(
    "request_",
    [
        {"kind": "arrows", "count": 4},
        {"kind": "autopsy"},
        {"kind": "stability"},
        {"kind": "others"},
        {"kind": "sharpness", "points": 5},
        {"kind": "basins", "resolution": 5, "steps": 1},
        {"kind": "moments"},
    ],
)
def test_what_makes_steps_again_is_priced_by_their_rule(
    request_: dict[str, Any], name: str, passes: Callable[[], Effort]
) -> None:
    computation = computed(DOCUMENTS[name])
    study = STUDIES[request_["kind"]]
    asked = study.request.model_validate(request_)
    subject = Subject(computation, place_of(computation, PlaceSpec(step=2)))
    before = multiplications(passes(), computation.experiment)
    run_to_completion(conduct(subject, asked))
    made = multiplications(passes(), computation.experiment) - before
    assert 1 / 3 < made / study.price(subject, asked, COUNTED).seconds < 3


def test_runs_that_outgrow_their_price_are_stopped_and_say_so() -> None:
    """On a machine that is taken to need no time, by a clock that ticks a second a look."""
    experiment = Experiment.model_validate({"problem": {"kind": "formula"}, "steps": 20_000})
    allowance = Allowance(machine=Machine(Operations()), clock=Clock(1.0))
    computation = Computation(experiment, DescentCache(), allowance=allowance)
    words = r"steps must be of less work here \(stopped after 4 s, as about 0.0 s were expected\), got 20000"

    def to_the_end() -> None:
        while not computation.advance(1e-4):
            pass

    with pytest.raises(TooExpensive, match=words):
        to_the_end()
    assert computation.extend(20_000).allowance is allowance


def test_studies_that_outgrow_their_price_are_stopped_and_say_so() -> None:
    computation = computed({"problem": {"hidden": [8]}, "steps": 3})
    computation.allowance = Allowance(machine=Machine(Operations()), clock=Clock(1.0))
    subject = Subject(computation, place_of(computation, PlaceSpec()))
    study = STUDIES["basins"].request.model_validate({"kind": "basins", "resolution": 33})
    with pytest.raises(TooExpensive, match=r"study\.steps must be of less work here \(stopped after"):
        run_to_completion(conduct(subject, study))


def test_what_takes_less_than_a_second_is_never_stopped_by_what_else_goes_on() -> None:
    meter = Allowance(clock=Clock(OUTGROWN * LEAST_PRICE)).meter("steps", 1e-6, 1, FLAT)
    meter.require()
    with meter:
        pass
    meter.require()
    with meter:
        pass
    with pytest.raises(TooExpensive):
        meter.require()


def test_a_network_built_before_its_code_was_compiled_may_take_longer() -> None:
    network = MLP(dense_layers((1, 2, 1), ("tanh", "linear")), "mse", np.ones((3, 1)), np.ones((3, 1)))
    tick = Allowance(clock=Clock(2 * OUTGROWN * LEAST_PRICE))
    compiling(threading.Thread())
    try:
        waiting = MLP(dense_layers((1, 2, 1), ("tanh", "linear")), "mse", np.ones((3, 1)), np.ones((3, 1)))
    finally:
        compiling(None)
    for objective, stopped in ((network, True), (waiting, False)):
        meter = tick.meter("steps", LEAST_PRICE, 1, objective)
        with meter:
            pass
        with pytest.raises(TooExpensive) if stopped else nullcontext():
            meter.require()


def test_studies_are_refused_by_the_field_that_they_grow_by() -> None:
    computation = computed({"problem": {"hidden": [8]}, "steps": 3})
    subject = Subject(computation, place_of(computation, PlaceSpec()))
    asked = STUDIES["field"].request.model_validate({"kind": "field", "resolution": 41})
    price = STUDIES["field"].price(subject, asked, USUAL)
    computation.allowance = Allowance(seconds=price.seconds / 4)
    with pytest.raises(TooExpensive, match=r"study\.resolution must be at most (1[5-9]|2[0-5]) here"):
        run_to_completion(conduct(subject, asked))
    computation.allowance = Allowance(nbytes=price.nbytes / 4)
    with pytest.raises(TooExpensive, match=r"study\.resolution must be at most 20 here .* MB are allowed"):
        run_to_completion(conduct(subject, asked))


def test_a_machine_is_measured_by_the_shortest_of_several_rounds_within_bounds() -> None:
    """By a clock that stands still everything takes no time, and by one that leaps nearly for ever."""
    for clock, factor in ((lambda: 0.0, 1 / MOST), (Clock(100.0), MOST)):
        found = fitted(clock)
        assert found.multiplications == pytest.approx(factor * USUAL.multiplications)
        assert found.calls == pytest.approx(factor * USUAL.calls)


def test_estimates_grow_with_what_a_machine_takes() -> None:
    slow = 3 * USUAL
    plain: Estimate = estimate(Experiment())
    assert estimate(Experiment(), slow).descent_seconds == pytest.approx(3 * plain.descent_seconds)
