"""Runs that outgrow their memory, go on, and are edited on the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.descent.computing import ADAM, START, assert_equal, computed
from core.toy_objectives import ROSENBROCK, bowl, regression
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import Run, RunEdit
from descentscape.core.errors import InvalidValue
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.schedules import SCHEDULES


@pytest.mark.parametrize("kind", ["adam", "lbfgs"])
@pytest.mark.parametrize("batch_size", [None, 6])
def test_long_runs_keep_to_their_memory_and_lose_nothing(kind, batch_size):
    recipe, budget = Recipe(OPTIMIZERS[kind](), batch_size=batch_size), 2_500
    small = computed(regression(20), recipe, START, 1_500, memory=budget)
    large = computed(regression(20), recipe, START, 1_500)
    assert (small.dense, large.dense) == (False, True)
    assert_equal(small, large)
    assert small._checkpoints.spacing > large._checkpoints.spacing == 64
    kept = small._checkpoints._kept.values()
    assert (
        sum(np.asarray(part).nbytes for at in list(kept)[1:] for part in (at.theta, *at.state)) <= budget / 2
    )
    np.testing.assert_array_equal(small.thetas(700, 710), large.theta[700:710])
    np.testing.assert_array_equal(small.theta_at(1_500), large.theta_at(1_500))
    for one, other in zip(small.state_at(1_111), large.state_at(1_111), strict=True):
        np.testing.assert_array_equal(one, other)
    assert small.thetas(5, 5).shape == (0, 3)


@pytest.mark.parametrize("batch_size", [None, 6])
@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("first", [10, 64, 100])
def test_a_longer_run_goes_on_where_the_shorter_ended(kind, batch_size, first):
    recipe = Recipe(OPTIMIZERS[kind](), batch_size=batch_size)
    longer = computed(regression(20), recipe, START, first, test_objective=None).extended(150)
    assert longer.entries == first + 1
    assert longer.status == "running"
    longer.advance()
    assert_equal(longer, computed(regression(20), recipe, START, 150))


def test_a_stretched_schedule_makes_a_longer_run_start_afresh():
    recipe = Recipe(ADAM, schedule=SCHEDULES["cosine"]())
    longer = computed(bowl(), recipe, START, 50).extended(80)
    assert longer.entries == 0
    longer.advance()
    assert_equal(longer, computed(bowl(), recipe, START, 80))
    np.testing.assert_allclose(longer.learning_rate[[0, 40, 80]], [0.02, 0.01, 0], atol=1e-17)
    with pytest.raises(InvalidValue, match="steps must be at least 80, got 79"):
        longer.extended(79)


def test_a_diverged_run_stays_diverged_when_extended():
    run = computed(ROSENBROCK, Recipe(OPTIMIZERS["gd"]()), np.array([-1.2, 1.0]), 50)
    longer = run.extended(100)
    assert longer.advance() == 0
    assert_equal(run, longer)


EDITS = [
    RunEdit(0, values={1: 4.0}),
    RunEdit(30, optimizer=OPTIMIZERS["adam"](learning_rate=0.2)),
    RunEdit(64, optimizer=OPTIMIZERS["gd"](learning_rate=0.05)),
    RunEdit(64, values={0: -1.5, 2: 2.5}),
    RunEdit(90, optimizer=ADAM, values={1: 0.0}),
    RunEdit(120, values={1: 1.0}),
]


@pytest.mark.parametrize("batch_size", [None, 6])
@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("far", [0, 40, 121])
def test_an_edit_on_the_way_equals_the_run_that_had_it_from_the_start(batch_size, edit, far):
    others = [each for each in EDITS if each is not edit]
    setting = Run(regression(20), Recipe(ADAM, batch_size=batch_size), START, 120, edits=others)
    before = ComputedTrajectory(setting)
    if far:
        before.advance(steps=far)
    edited = before.with_edit(edit)
    assert edited.entries == min(edit.step, far)
    edited.advance()
    fresh = ComputedTrajectory(replace(setting, edits=EDITS))
    fresh.advance()
    assert_equal(edited, fresh)
    before.advance()
    assert (before.cost[edit.step :] != edited.cost[edit.step :]).any()


def test_an_edit_shows_in_its_own_entry():
    run = computed(bowl(), Recipe(ADAM), START, 20, edits=[RunEdit(7, values={0: 9.0, 2: -9.0})])
    plain = computed(bowl(), Recipe(ADAM), START, 20)
    np.testing.assert_array_equal(run.theta[:7], plain.theta[:7])
    np.testing.assert_array_equal(run.theta[7], [9.0, plain.theta[7, 1], -9.0])
    np.testing.assert_array_equal(run.cost[7], bowl().value(run.theta[7]))


def test_an_edit_keeps_the_state_of_its_kind_and_drops_anothers():
    momentum = OPTIMIZERS["momentum"](learning_rate=0.1, momentum=0.5)
    edits = [
        RunEdit(5, optimizer=replace(momentum, momentum=0.8)),
        RunEdit(10, optimizer=OPTIMIZERS["nesterov"]()),
    ]
    run = computed(bowl(), Recipe(momentum), START, 12, edits=edits)
    before, grad = run.state_at(5).velocity, bowl().value_and_grad(run.theta[5])[1]
    assert before.any()
    np.testing.assert_allclose(run.state_at(6).velocity, 0.8 * before + grad, rtol=1e-13)
    assert not run.state_at(10).velocity.any()
    np.testing.assert_array_equal(run.learning_rate[[4, 5, 9, 10]], [0.1, 0.1, 0.1, 0.05])


def test_an_edit_can_mend_a_diverging_run_and_one_after_its_end_cannot():
    wild = computed(ROSENBROCK, Recipe(OPTIMIZERS["gd"](learning_rate=0.1)), np.array([-1.2, 1.0]), 100)
    mended = wild.with_edit(RunEdit(0, optimizer=OPTIMIZERS["gd"](learning_rate=1e-4)))
    mended.advance()
    assert (mended.status, mended.entries) == ("finished", 101)
    late = wild.with_edit(RunEdit(50, optimizer=ADAM))
    assert late.advance() == 0
    assert (late.status, late.entries) == ("diverged", wild.entries)
