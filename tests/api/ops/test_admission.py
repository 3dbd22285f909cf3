"""What is opened is priced once, whatever is asked of it then."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.talking import MOONS, RACE, Talk
from descentscape.compute import memory
from descentscape.compute.computation import Computation
from descentscape.compute.cost_model import estimate
from descentscape.compute.descents import DescentCache
from descentscape.document.effort import WorkSize
from descentscape.document.experiment import Experiment


@pytest.fixture
def priced(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many experiments have been priced or weighed from their documents so far."""
    sizes: list[WorkSize] = []
    work_size = memory.work_size

    def counted(*given: object) -> WorkSize:
        sizes.append(work_size(*given))
        return sizes[-1]

    monkeypatch.setattr(memory, "work_size", counted)
    return lambda: len(sizes)


def test_an_experiment_is_priced_once_for_all_that_is_asked_of_it(priced: Callable[[], int]) -> None:
    talk = Talk().say("open", experiment=RACE).say("surface", id=1, resolution=21).say("surface", id=2)
    talk.say("inspect", id=3, step=4, resolution=5).say("study", id=4, step=4, study={"kind": "spectrum"})
    talk.listen()
    assert not talk.messages("error")
    assert priced() == 1


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("extend", {"steps": 70}), ("edit", {"edit": {"step": 5, "optimizer": {"kind": "gd"}}})],
)
def test_what_goes_on_is_priced_once_more(
    kind: str, fields: dict[str, object], priced: Callable[[], int]
) -> None:
    talk = Talk().opened(MOONS)
    talk.say(kind, **fields).listen()
    assert talk.messages("opened")
    assert priced() == 2


def test_the_client_is_told_the_estimate_that_it_was_admitted_by() -> None:
    found = estimate(Experiment.model_validate(RACE))
    told = Talk().say("open", experiment=RACE).listen()[0]
    assert isinstance(told, dict)
    assert told["estimate"] == {
        "parameters": 13,
        "examples": 200,
        "descent_seconds": found.descent_seconds,
        "plane_seconds": found.plane_seconds,
        "surface_seconds": found.surface_seconds,
        "nbytes": found.weight.data + found.weight.view,
    }


def test_a_computation_that_is_begun_by_nobody_s_leave_is_priced_all_the_same() -> None:
    computation = Computation(Experiment.model_validate(RACE), DescentCache())
    assert computation.estimate == estimate(computation.experiment)
