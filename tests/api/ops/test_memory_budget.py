"""The memory of all computations together is bounded, and given back."""

from __future__ import annotations

import pytest

from api.talking import MOONS, RACE, Talk
from descentscape.api.ops.errors import ProblemError
from descentscape.api.ops.memory_budget import Ledger
from descentscape.compute.computation import Computation
from descentscape.compute.cost_model import estimate
from descentscape.compute.descents import MEMORY
from descentscape.document.experiment import Experiment


def computation(document: dict[str, object]) -> Computation:
    return Computation(Experiment.model_validate(document))


def bytes_of(document: dict[str, object]) -> int:
    return estimate(Experiment.model_validate(document)).nbytes


def test_bytes_are_given_back_with_the_computation() -> None:
    ledger = Ledger()
    first = ledger.hold(computation(MOONS))
    second = ledger.hold(computation(RACE))
    assert ledger.nbytes == bytes_of(MOONS) + bytes_of(RACE)
    del first
    assert ledger.nbytes == bytes_of(RACE)
    del second
    assert ledger.nbytes == 0


def test_the_same_dynamics_share_their_bytes() -> None:
    ledger = Ledger()
    held = [ledger.hold(computation(MOONS | {"view": {"step": step}})) for step in range(3)]
    assert ledger.nbytes == bytes_of(MOONS)
    held.pop()
    assert ledger.nbytes == bytes_of(MOONS)
    held.clear()
    assert ledger.nbytes == 0


def test_what_does_not_fit_is_refused() -> None:
    ledger = Ledger(bytes_of(MOONS) + bytes_of(RACE) - 1)
    held = ledger.hold(computation(MOONS))
    with pytest.raises(ProblemError, match="no memory left") as caught:
        ledger.hold(computation(RACE))
    assert caught.value.status == 503
    assert ledger.nbytes == bytes_of(MOONS)
    del held
    assert ledger.hold(computation(RACE)).problem.objective.dim == 13


def test_an_experiment_counts_no_more_than_it_may_keep() -> None:
    ledger = Ledger()
    large = {"steps": 20_000, "problem": {"hidden": [200, 200]}}
    assert bytes_of(large) > MEMORY
    held = ledger.hold(computation(large))
    assert ledger.nbytes == MEMORY
    del held


def test_streams_share_the_memory_and_let_go_of_it() -> None:
    ledger = Ledger(bytes_of(RACE) + bytes_of(MOONS) - 1)
    talk, other = Talk(ledger=ledger).opened(RACE), Talk(ledger=ledger)
    other.say("open", experiment=MOONS).listen()
    assert other.message("error")["status"] == 503
    other.say("open", experiment=RACE).listen()
    assert other.messages("opened")
    talk.session.close()
    assert ledger.nbytes == bytes_of(RACE)
    other.session.close()
    assert ledger.nbytes == 0
