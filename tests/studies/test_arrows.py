"""The vectors of steps on the plane, held against the run's own path and against the rules by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from descentscape.core.errors import InvalidValue
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.studies import Subject
from studies.conducting import HIMMELBLAU, MOONS, report_on, subject_of

MOONS_BRIEFLY: dict[str, Any] = {
    "problem": {"dataset": {"kind": "moons", "n": 40}, "hidden": [3]},
    "steps": 12,
}
REMEMBER = {
    "momentum": ["v"],
    "nesterov": ["v"],
    "adam": ["m"],
    "amsgrad": ["m"],
    "nadam": ["m"],
    "adamw": ["m"],
    "lion": ["m"],
    "muon": ["m"],
    "sam": ["v"],
}


@pytest.fixture(scope="module")
def subject() -> Subject:
    return subject_of(MOONS, run=1, step=4)


def gradients(subject: Subject) -> Any:
    run = subject.place.run or 0
    trajectory = subject.computation.trajectories[run]
    return np.stack([step.grad for step in trajectory.replay(0, trajectory.entries)])


def test_steps_lead_from_each_entry_to_the_next(subject: Subject) -> None:
    found = report_on(subject, "arrows", count=3)
    assert (found["run"], found["first"], found["count"]) == (1, 4, 3)
    run = subject.computation.results().runs[1]
    np.testing.assert_allclose(found["at"], run.path[4:7])
    np.testing.assert_allclose(found["step"]["along"], np.diff(run.path[4:8], axis=0), atol=1e-14)
    theta = subject.computation.trajectories[1].theta
    np.testing.assert_allclose(found["step"]["norm"], np.linalg.norm(np.diff(theta[4:8], axis=0), axis=1))
    assert np.all(found["step"]["length"] < found["step"]["norm"])


def test_they_end_with_the_run(subject: Subject) -> None:
    last = subject.computation.trajectories[1].entries - 1
    found = report_on(subject_of(MOONS, run=1, step=last), "arrows", count=99)
    assert (found["first"], found["count"]) == (last, 1)


def test_the_memory_of_momentum_is_the_sum_of_gradients() -> None:
    rate, friction = 0.002, 0.6
    optimizer = {"kind": "momentum", "learning_rate": rate, "momentum": friction}
    subject = subject_of(HIMMELBLAU | {"runs": [{"optimizer": optimizer}]}, step=0)
    found = report_on(subject, "arrows", count=6)
    assert found["sees"] == []
    grads = gradients(subject)[:6]
    velocity = [sum(friction ** (k - j) * grads[j] for j in range(k + 1)) for k in range(6)]
    np.testing.assert_allclose(found["downhill"]["along"], -grads)
    np.testing.assert_allclose(found["memory"][0]["along"], np.negative(velocity))
    np.testing.assert_allclose(found["step"]["along"], -rate * np.array(velocity), rtol=1e-12)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_only_averages_of_gradients_are_directions(kind: str) -> None:
    experiment = MOONS_BRIEFLY | {"runs": [{"optimizer": {"kind": kind}, "batch_size": 8}]}
    found = report_on(subject_of(experiment, step=2), "arrows", count=2)
    assert [part["symbol"] for part in found["memory"]] == REMEMBER.get(kind, [])
    assert found["sees"] == ["batch"]


@pytest.mark.parametrize(("before", "count"), [("gd", 2), ("adam", 9)])
def test_another_optimizer_ends_the_arrows(before: str, count: int) -> None:
    optimizers = [{"kind": kind, "learning_rate": 0.01} for kind in (before, "adam")]
    edit = {"step": 7, "run": 0, "optimizer": optimizers[1]}
    subject = subject_of(HIMMELBLAU | {"runs": [{"optimizer": optimizers[0]}], "edits": [edit]}, step=5)
    assert report_on(subject, "arrows", count=9)["count"] == count


def test_only_steps_of_a_run_have_arrows() -> None:
    elsewhere = subject_of(HIMMELBLAU, theta=[0.0, 0.0])
    with pytest.raises(InvalidValue, match="of a place on a run"):
        report_on(elsewhere, "arrows")
