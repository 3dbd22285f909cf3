"""The memory of all computations together is bounded, and given back."""

from __future__ import annotations

import pytest

from api.talking import MOONS, RACE, Talk
from descentscape.api.ops.errors import ProblemError
from descentscape.api.ops.memory_budget import MemoryBudget
from descentscape.compute.computation import Computation
from descentscape.compute.descents import DescentCache
from descentscape.compute.memory import RUNS, weigh
from descentscape.document.experiment import Experiment


def computation(document: dict[str, object]) -> Computation:
    return Computation(Experiment.model_validate(document), DescentCache())


def bytes_of(document: dict[str, object]) -> int:
    return weigh(Experiment.model_validate(document)).total


SHARED = weigh(Experiment.model_validate(MOONS)).data
"""Of the moons, which both experiments are of."""


def test_bytes_are_given_back_with_the_computation() -> None:
    memory = MemoryBudget()
    first = memory.hold(computation(MOONS))
    second = memory.hold(computation(RACE))
    assert memory.nbytes == bytes_of(MOONS) + bytes_of(RACE) - SHARED
    del first
    assert memory.nbytes == bytes_of(RACE)
    del second
    assert memory.nbytes == 0


def test_the_same_dynamics_share_their_bytes() -> None:
    memory = MemoryBudget()
    held = [memory.hold(computation(MOONS | {"view": {"step": step}})) for step in range(3)]
    assert memory.nbytes == bytes_of(MOONS)
    held.pop()
    assert memory.nbytes == bytes_of(MOONS)
    held.clear()
    assert memory.nbytes == 0


def test_what_does_not_fit_is_refused() -> None:
    memory = MemoryBudget(bytes_of(MOONS) + bytes_of(RACE) - SHARED - 1)
    held = memory.hold(computation(MOONS))
    with pytest.raises(ProblemError, match="no memory left") as caught:
        memory.hold(computation(RACE))
    assert caught.value.status == 503
    assert memory.nbytes == bytes_of(MOONS)
    del held
    assert memory.hold(computation(RACE)).problem.objective.dim == 13


def test_an_experiment_counts_no_more_than_it_may_keep() -> None:
    memory = MemoryBudget()
    large = {"steps": 20_000, "problem": {"hidden": [200, 200]}}
    held = memory.hold(computation(large))
    assert RUNS // 2 < memory.nbytes < RUNS
    del held


def test_streams_share_the_memory_and_let_go_of_it() -> None:
    memory = MemoryBudget(bytes_of(RACE) + bytes_of(MOONS) - SHARED - 1)
    talk, other = Talk(memory=memory).opened(RACE), Talk(memory=memory)
    other.say("open", experiment=MOONS).listen()
    assert other.message("error")["status"] == 503
    other.say("open", experiment=RACE).listen()
    assert other.messages("opened")
    talk.session.close()
    assert memory.nbytes == bytes_of(RACE)
    other.session.close()
    assert memory.nbytes == 0
