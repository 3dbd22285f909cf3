"""Sentences about a run's steps and costs, against its recursion, its gradients and every example's own."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.objective import Array, Objective
from studies.moments.by_hand import bends, gradient, scatter, sharpest_direction
from studies.moments.told import NUMBER, Told, about, at, first_number, work_of

SPREAD = 3
"""Entries of a stretch that a sentence is tried at."""


def ahead(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    work = work_of(name)
    found = re.search(r"(?:ahead of|overtakes) (.*?)(?:: | at step |, which)", moment["words"])
    assert found is not None
    other = work.trajectories[[built.label for built in work.runs].index(found[1])]
    here = moment["from"]
    for step in (here, moment["to"]):
        assert trajectory.cost[min(step, trajectory.entries - 1)] < other.cost[min(step, other.entries - 1)]
    if moment["kind"] == "overtaken":
        own, others = trajectory.cost[: here + 1], other.cost[: here + 1]
        assert (own[: len(others)] > others).any()
    if "times as" in moment["words"]:
        one, two = lengths(objective, trajectory, here), lengths(objective, other, here)
        ratio = one[1] / two[1] if ": steps" in moment["words"] else two[0] / one[0]
        told = first_number(moment, rf"(?:steps|stepped) (?:over )?{NUMBER} times as (?:long|far)")
        assert told == pytest.approx(min(ratio, 1000) if "over 1000" in moment["words"] else ratio, rel=0.06)


def lengths(objective: Objective, trajectory: Trajectory, here: int) -> tuple[float, float]:
    """Mean lengths of the last ten steps along the sharpest direction, and off it."""
    thetas = trajectory.thetas(max(0, here - 10), here + 1)
    sharp = sharpest_direction(objective, thetas[len(thetas) // 2])
    moves = np.diff(thetas, axis=0)
    off = moves - np.outer(moves @ sharp, sharp)
    return float(np.abs(moves @ sharp).mean()), float(np.linalg.norm(off, axis=1).mean())


def swing(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    low = moment["from"] - 1
    cost = [float(objective.value(trajectory.theta_at(k))) for k in (low - 1, low, low + 1)]
    assert cost[0] >= cost[1] < cost[2]
    # carried: the steps that follow go up the slope that they begin on
    thetas = trajectory.thetas(low + 1, low + 3)
    high = moment["numbers"]["highest after"]
    if high > cost[2] * (1 + 1e-12):
        assert (thetas[1] - thetas[0]) @ gradient(objective, thetas[0]) > 0


def clipped(name: str, moment: Told) -> None:
    objective, trajectory, spec = about(name, moment["run"])
    assert spec.batch_size is None
    for step in np.linspace(moment["from"], moment["to"], SPREAD).astype(int).tolist():
        assert np.linalg.norm(objective.value_and_grad(trajectory.theta_at(step))[1]) > spec.clip.norm
    before = np.linalg.norm(objective.value_and_grad(at(trajectory, moment))[1])
    assert first_number(moment, rf"of length {NUMBER} is cut") == pytest.approx(before, rel=6e-3)
    assert first_number(moment, rf"cut to {NUMBER}\.") == pytest.approx(spec.clip.norm)


def newton(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    values, vectors = bends(objective, trajectory.theta_at(0))
    if "after one jump" in moment["words"]:
        assert values[0] > 0
        assert np.linalg.norm(gradient(objective, trajectory.theta_at(1))) < 1e-5
        np.testing.assert_allclose(bends(objective, trajectory.theta_at(1))[0], values, rtol=1e-6)
    else:
        assert values[0] < 0 < values[-1]
        jump = -vectors @ ((vectors.T @ gradient(objective, trajectory.theta_at(0))) / values)
        moved = trajectory.theta_at(1) - trajectory.theta_at(0)
        assert moved @ jump / np.linalg.norm(moved) / np.linalg.norm(jump) > 0.99


def schedule(name: str, moment: Told) -> None:
    *_, spec = about(name, moment["run"])
    first, here = spec.optimizer.learning_rate, moment["from"]
    steps = work_of(name).experiment.steps

    def factor(step: int) -> float:
        if spec.schedule.kind == "step":
            return float(spec.schedule.decay ** (step // spec.schedule.every))
        if spec.schedule.kind == "exponential":
            return float(spec.schedule.decay**step)
        assert spec.schedule.kind == "cosine"
        return float((1 + np.cos(np.pi * step / steps)) / 2)

    parts = {"half": 0.5, "a tenth": 0.1, "a hundredth": 0.01}
    part = next(value for words, value in parts.items() if f" {words}," in moment["words"])
    assert factor(here) <= part < factor(here - 1)
    assert ("less than" in moment["words"]) == (factor(here) < 0.9 * part)
    assert first_number(moment, rf", {NUMBER}\.$") == pytest.approx(first * factor(here), rel=6e-3)


def noise(name: str, moment: Told) -> None:
    objective, trajectory, spec = about(name, moment["run"])
    here = moment["from"]
    last = trajectory.entries - 1
    for step in [*np.linspace(here, last, SPREAD).astype(int).tolist(), *([here - 1] if here else [])]:
        theta = trajectory.theta_at(step)
        whole = np.linalg.norm(objective.value_and_grad(theta)[1])
        assert (noise_by_hand(objective, theta, spec) > whole) == (step >= here)


def noise_by_hand(objective: Any, theta: Array, spec: Any) -> float:
    """The root mean square of a batch gradient's distance from the whole one, by every example's own."""
    if spec.gradient_noise:
        return float(spec.gradient_noise * np.sqrt(objective.dim))
    n, size = objective.n_examples, spec.batch_size
    trace = scatter(objective, theta)
    return float(np.sqrt(trace / size * (1 - size / n)))


def overfitting(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    data = work_of(name).problem.data
    assert data is not None
    assert data.test_objective is not None
    thetas = trajectory.thetas(0, trajectory.entries)
    test, train = data.test_objective.value(thetas), objective.value(thetas)
    low, here = int(test.argmin()), moment["from"]
    assert f"since step {low} " in moment["words"]
    share = 1 + first_number(moment, rf"rose over {NUMBER}\u202f%") / 100
    assert (test[here:] > share * test[low]).all()
    assert (train[here:] < train[low]).all()
