"""Sentences about where a run stands still or is slow, against differences of cost and gradient."""

from __future__ import annotations

import re

import numpy as np
import pytest

from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.objective import Array, Objective
from studies.moments.by_hand import bends, gradient, norms
from studies.moments.told import NUMBER, Told, about, at, first_number, said


def standing(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    theta = at(trajectory, moment)
    largest = largest_before(objective, trajectory, moment)
    assert np.linalg.norm(gradient(objective, theta)) < 1e-4 * largest
    last = trajectory.theta_at(moment["to"])
    assert np.linalg.norm(gradient(objective, last)) < 1e-4 * largest
    surroundings(objective, theta, moment)


def largest_before(objective: Objective, trajectory: Trajectory, moment: Told) -> float:
    """The longest gradient up to the moment."""
    return max(float(norms(objective, trajectory.thetas(0, moment["from"] + 1)).max()), 1e-8)


def surroundings(objective: Objective, theta: Array, moment: Told) -> None:
    """Uphill, downhill and level as the sentence has it, by second differences of the cost."""
    words = moment["words"]
    values = bends(objective, theta)[0]
    zero = 1e-4 * np.abs(values).max()
    counts = {
        "uphill": int((values > zero).sum()),
        "downhill": int((values < -zero).sum()),
        "nearly level": int((np.abs(values) <= zero).sum()),
    }
    told = re.findall(r"(uphill|downhill|nearly level) (along|at|in)", words)
    for way, how in told:
        assert counts[way] == (objective.dim if "in every direction" in words else counts[way]) > 0
        if how != "in":
            direction = re.search(rf"{way if how == 'along' else ''} (along [^,.(]+|along \([^)]+\))", words)
            assert direction is not None
            along = vector_of(objective, direction[1])
            bend = second_difference(objective, theta, along if how == "along" else along[::-1] * [1, -1])
            assert {"uphill": bend > zero, "downhill": bend < -zero, "nearly level": abs(bend) < 10 * zero}[
                way
            ]
        elif f"directions {way}" in moment["numbers"]:
            assert counts[way] == moment["numbers"][f"directions {way}"]
    if "no slope" in words:
        assert counts["nearly level"] == objective.dim or np.abs(values).max() < 1e-6
    else:
        assert told or "different" in words or "kink" in words


def second_difference(objective: Objective, theta: Array, along: Array) -> float:
    """∂²C/∂along²."""
    reach = 1e-3
    high, here, low = objective.value(theta + reach * np.array([along, 0 * along, -along]))
    return float(high - 2 * here + low) / reach**2


def vector_of(objective: Objective, direction: str) -> Array:
    names = objective.parameter_names()
    text = direction.removeprefix("along ")
    if text in names:
        vector = np.eye(2)[names.index(text)]
    elif "=" in text:
        vector = np.array([1.0, -1.0 if "−" in text else 1.0])
    else:
        vector = np.array([said(part) for part in text.strip("()").split(", ")])
    return vector / np.linalg.norm(vector)


def saddle_near(objective: Objective, theta: Array) -> Array:
    """A zero of the slope by Newton's method on differences."""
    for _ in range(40):
        slope = objective.value_and_grad(theta)[1]
        if np.linalg.norm(slope) < 1e-14:
            break
        values, vectors = bends(objective, theta)
        theta = theta - vectors @ ((vectors.T @ slope) / values)
    return theta


def slow(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    stretch = trajectory.thetas(moment["from"], moment["to"] + 1)
    steepness = norms(objective, stretch)
    small = largest_before(objective, trajectory, moment) / 20
    assert steepness.max() <= max(3 * steepness.min(), small) * (1 + 1e-9)
    point = saddle_near(objective, stretch[int(steepness.argmin())])
    assert np.linalg.norm(gradient(objective, point)) < 1e-8
    values = bends(objective, point)[0]
    assert values[0] < 0 < values[-1]
    surroundings(objective, point, moment)


def left_saddle(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    thetas = trajectory.thetas(0, moment["from"] + 1)
    steepness = norms(objective, thetas)
    least = moment["numbers"]["least gradient"]
    assert np.abs(steepness - least).min() <= 1e-9 * least
    if least:
        factor = first_number(moment, rf"is {NUMBER} times the least")
        assert factor == pytest.approx(steepness[-1] / least, rel=0.06)
    else:
        assert "is zero no more" in moment["words"]
    assert steepness[-1] > 3 * least
    if match := re.search(r"left the saddle (along .+) at step", moment["words"]):
        point = saddle_near(objective, thetas[int(np.abs(steepness - least).argmin())])
        gone = (thetas[-1] - point) / np.linalg.norm(thetas[-1] - point)
        assert abs(gone @ vector_of(objective, match[1])) > 0.85


def kink(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    tip = at(trajectory, moment)
    quotients = [
        abs(float(objective.value(tip + np.array([side * reach, 0])) - objective.value(tip))) / reach
        for side in (-1, 1)
        for reach in (1e-3, 1e-6)
    ]
    assert quotients[1] > 9 * quotients[0]
    assert quotients[3] > 9 * quotients[2]
