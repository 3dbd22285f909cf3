"""Sentences about the bound of the learning rate, against dense eigenvalues and the roots of recursions."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.objective import Objective
from studies.moments.by_hand import limit, norms, sharpest, sharpest_direction, slope
from studies.moments.told import NUMBER, Told, about, first_number, said, work_of

SPREAD = 3
"""Entries of a stretch that a sentence is tried at."""


def edge(name: str, moment: Told) -> None:
    objective, trajectory, spec = about(name, moment["run"])
    rate, here = spec.optimizer.learning_rate, moment["from"]
    bound = limit(spec, sharpest(objective, trajectory, spec, here))
    assert rate > bound
    assert first_number(moment, rf"(?:=|bound) {NUMBER}(?::|,| at)") == pytest.approx(bound, rel=6e-3)
    if "has passed" in moment["words"]:
        assert rate <= limit(spec, sharpest(objective, trajectory, spec, here - 1))
    if "overshoots more" in moment["words"]:
        assert min(growths(objective, trajectory, here, moment["to"])) > 1
    else:
        assert moment["numbers"]["learning rate η"] == pytest.approx(rate)
    assert ("without noise" in moment["words"]) <= bool(spec.batch_size or spec.gradient_noise)


def growths(objective: Objective, trajectory: Trajectory, here: int, last: int) -> list[float]:
    """By what each step turns the slope along the sharpest direction round."""
    sharp = sharpest_direction(objective, trajectory.theta_at(here))
    slopes = [slope(objective, trajectory.theta_at(step), sharp) for step in range(here, last + 1)]
    return [-after / before for before, after in pairwise(slopes)]


def zigzag(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    assert moment["from"] == 2
    assert all(0 < ratio < 1 for ratio in growths(objective, trajectory, 0, moment["to"]))
    ratios = growths(objective, trajectory, 0, 4)
    numbers, own = moment["numbers"], f"left of it a step, {work_of(name).runs[moment['run']].label}"
    assert numbers.get(own, numbers.get("left of it a step")) == pytest.approx(np.mean(ratios), rel=0.06)


def hovering(name: str, moment: Told) -> None:
    objective, trajectory, spec = about(name, moment["run"])
    for step in np.linspace(moment["from"], moment["to"], SPREAD).astype(int).tolist():
        ratio = spec.optimizer.learning_rate / limit(spec, sharpest(objective, trajectory, spec, step))
        assert 0.7 < ratio < 1.5
    level = moment["numbers"]["sharpness at the bound"]
    assert first_number(moment, rf"sharpness near .*(?:=|bound) {NUMBER}(?:\.$|, cost)") == pytest.approx(
        level, rel=6e-3
    )
    assert limit(spec, level) == pytest.approx(spec.optimizer.learning_rate)
    if "cost falling" in moment["words"]:
        assert trajectory.cost[moment["to"]] < trajectory.cost[moment["from"]]
    first = spec.optimizer.learning_rate / limit(spec, sharpest(objective, trajectory, spec, 0))
    assert first < 0.9


def diverged(name: str, moment: Told) -> None:
    objective, trajectory, spec = about(name, moment["run"])
    assert trajectory.status == "diverged"
    last = trajectory.entries - 1
    assert moment["from"] == last
    rate, words = spec.optimizer.learning_rate, moment["words"]
    if "was above" in words:
        since = int(match[1]) if (match := re.search(r"from step (\d+)", words)) else 0
        for step in np.linspace(since, last, SPREAD).astype(int).tolist():
            assert rate > limit(spec, sharpest(objective, trajectory, spec, step))
    elif match := re.search(rf"is {NUMBER} times .*(?:=|bound) {NUMBER}(?: at step (\d+))?\.$", words):
        bound = limit(spec, sharpest(objective, trajectory, spec, int(match[3] or 0)))
        assert (said(match[1]), said(match[2])) == pytest.approx((rate / bound, bound), rel=0.06)
        assert rate > 2 * bound
    elif "grew beyond" in words:
        assert trajectory.cost[last] < 1e6 * (1 + trajectory.cost[0])
    else:
        number = int(first_number(moment, rf"step {NUMBER} was")) - 1
        theta = trajectory.theta_at(number)
        step = rate * np.linalg.norm(objective.value_and_grad(theta)[1]) / np.linalg.norm(theta)
        assert first_number(moment, rf"{NUMBER} times as long") == pytest.approx(step, rel=0.06)


def creeping(name: str, moment: Told) -> None:
    objective, trajectory, spec = about(name, moment["run"])
    bound, rate = limit(spec, sharpest(objective, trajectory, spec, 0)), spec.optimizer.learning_rate
    assert first_number(moment, rf"(?:=|bound) {NUMBER} is") == pytest.approx(bound, rel=6e-3)
    assert first_number(moment, rf"is {NUMBER} times its rate") == pytest.approx(bound / rate, rel=0.06)
    assert rate / bound < 0.01
    # What is left along the sharpest direction after all steps, by the recursion on a parabola.
    assert abs(1 - 2 * rate / bound) ** (trajectory.entries - 1) > 0.6
    ends = norms(objective, trajectory.thetas(0, trajectory.entries))[[0, -1]]
    assert ends[1] > 0.79 * ends[0]
