"""All runs of an experiment together: how far they are, what they weigh, and which are kept."""

from __future__ import annotations

from threading import get_ident
from typing import Any

import numpy as np
import pytest

from descentscape.compute.descents import DescentCache, Descents, SharedRun
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


def test_a_cache_keeps_the_newest_whatever_it_weighs() -> None:
    cache = DescentCache(budget=1)
    first = cache.get(experiment())
    assert cache.get(experiment()) is first
    cache.get(experiment(seed=1))
    assert cache.get(experiment()) is not first


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
