"""All runs of an experiment together: how far they are, what they weigh, and which are kept."""

from __future__ import annotations

from math import inf
from threading import get_ident
from typing import Any

import numpy as np
import pytest

from clocks import Clock
from descentscape.compute.descents import DescentCache, Descents, SharedRun
from descentscape.core.network.mlp import MLP
from descentscape.core.time_slices import run_to_completion
from descentscape.document.experiment import Experiment

SMALL: dict[str, Any] = {"problem": {"hidden": [4]}, "steps": 60}


def experiment(**fields: Any) -> Experiment:
    return Experiment.model_validate(SMALL | fields)


def descents(**fields: Any) -> Descents:
    return DescentCache().get(experiment(**fields))


def test_what_a_diverged_run_leaves_out_is_not_to_be_computed() -> None:
    bowl = {"kind": "formula", "name": "bowl"}
    runs = [{"optimizer": {"kind": "gd", "learning_rate": rate}} for rate in (0.1, 3.0)]
    found = descents(problem=bowl, runs=runs)
    assert found.total == 122
    assert found.advance(60)
    assert [each.status for each in found.trajectories] == ["finished", "diverged"]
    assert found.done == found.total == 61 + found.trajectories[1].entries < 122


def test_a_lifted_start_takes_the_descents_that_come_first() -> None:
    found = descents(start={"kind": "lift", "at": [0.3, -0.2]}, steps=2000)
    assert not found.advance(0)
    assert not found.trajectories
    assert 0 < found.done < 2001
    while not found.advance(0.01):
        pass
    assert [each.status for each in found.trajectories] == ["finished"]
    assert found.done == found.total == 2 * 2001


def test_the_steepest_start_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = descents(runs=[{"init_seed": seed} for seed in range(3)])
    slopes = [each.grad_norm[0] for each in found.trajectories if found.advance(60)]
    assert run_to_completion(found.start_slope()) == pytest.approx(max(slopes))
    monkeypatch.setattr(MLP, "value_and_grad", None)
    assert run_to_completion(found.start_slope()) == pytest.approx(max(slopes))


def test_a_start_that_is_still_being_found_has_no_slope() -> None:
    found = descents(start={"kind": "lift", "at": [0.3, -0.2]})
    assert run_to_completion(found.start_slope()) == 0
    while not found.advance(1):
        pass
    assert run_to_completion(found.start_slope()) > 0


def test_the_cache_gives_up_the_least_recently_asked_for() -> None:
    first, second, third = (experiment(seed=seed) for seed in range(3))
    one = descents()
    cache = DescentCache(budget=2 * one.nbytes + one.data_bytes)
    kept, given_up = cache.get(first), cache.get(second)
    assert cache.get(first) is kept
    cache.get(third)
    assert cache.nbytes == cache.budget
    assert cache.get(first) is kept
    assert cache.get(second) is not given_up


def test_what_nobody_asks_for_is_forgotten() -> None:
    clock = Clock()
    cache = DescentCache(clock=clock)
    old, asked_again = cache.get(experiment()), cache.get(experiment(seed=1))
    clock.now += 200
    assert cache.get(experiment(seed=1)) is asked_again
    clock.now += 150
    assert cache.forget(300) == 1
    assert cache.get(experiment(seed=1)) is asked_again
    assert cache.get(experiment()) is not old
    clock.now += 301
    cache.forget(300)
    assert cache.nbytes == 0


def test_a_cache_keeps_the_newest_whatever_it_weighs() -> None:
    cache = DescentCache(budget=1)
    first = cache.get(experiment())
    assert cache.get(experiment()) is first
    cache.get(experiment(seed=1))
    assert cache.get(experiment()) is not first


def test_a_cache_counts_data_once_and_until_nobody_has_them() -> None:
    few, many = ({"hidden": [4], "dataset": {"kind": "moons", "n": n}} for n in (40, 400))
    mixed = [experiment(problem=problem, seed=seed) for seed in (0, 1) for problem in (few, many)]
    cache = DescentCache()
    # asked for in this order: the data of the first and the third are the same
    one, other, again, last = map(cache.get, mixed)
    assert cache.nbytes == sum(each.nbytes for each in (one, other, again, last)) + (
        one.data_bytes + other.data_bytes
    )
    cache.budget = 2 * last.nbytes + last.data_bytes
    newest = cache.get(experiment(problem=many, seed=2))
    # `again` went too, and with it the data that `one` had left behind
    assert cache.nbytes == last.nbytes + newest.nbytes + newest.data_bytes
    assert cache.get(mixed[3]) is last
    cache.forget(-inf)
    assert cache.nbytes == 0
    assert cache.get(mixed[3]) is not last


def test_runs_side_by_side_are_the_same_as_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = set[int]()
    advance = SharedRun.advance
    monkeypatch.setattr(SharedRun, "advance", lambda run: (threads.add(get_ident()), advance(run)))
    kinds = ("gd", "momentum", "adam", "lbfgs")
    runs = [{"optimizer": {"kind": kind}, "batch_size": size} for kind in kinds for size in (None, 16)]
    alone, together = descents(runs=runs, steps=600), descents(runs=runs, steps=600)
    while not alone.advance(0.01):
        pass
    assert threads == {get_ident()}
    while not together.advance(1.0, processors=3):
        pass
    assert len(threads) > 1
    for one, other in zip(alone.trajectories, together.trajectories, strict=True):
        np.testing.assert_array_equal(one.theta, other.theta)
        np.testing.assert_array_equal(one.cost, other.cost)
        np.testing.assert_array_equal(one.grad_norm, other.grad_norm)
