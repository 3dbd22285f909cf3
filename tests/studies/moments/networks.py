"""Sentences about the layers of a network, against backpropagation as it is in books."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from descentscape.core.objective import Array
from studies.moments.by_hand import backpropagated, gradient, slope
from studies.moments.told import NUMBER, Told, about, at, first_number


def layered(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    theta = at(trajectory, moment)
    if moment["kind"] == "vanishing":
        *_, weights, biases = objective.blocks
        unit = np.eye(objective.dim)[weights.start : biases.span.stop]
        last = np.linalg.norm([slope(objective, theta, along) for along in unit])
        factor = last / first_by_hand(objective, theta)
        assert 1 / factor < first_number(moment, rf"layer under {NUMBER}\u202f% of the last’s") / 100
    else:
        factor = np.linalg.norm(objective.value_and_grad(theta)[1]) / np.linalg.norm(theta)
        assert first_number(moment, rf"at first {NUMBER} times") == pytest.approx(factor, rel=0.06)
        assert factor > 100


def first_by_hand(objective: Any, theta: Array) -> float:
    """‖∂C/∂W¹, b¹‖, by backpropagation as it is in books."""
    inputs, delta, _ = backpropagated(objective, theta)[0]
    first = np.append((delta.T @ inputs).ravel(), delta.sum(axis=0)) / len(delta)
    return float(np.linalg.norm(first))


def alike(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    for theta in (trajectory.theta_at(0), trajectory.theta_at(trajectory.entries - 1)):
        for block in objective.blocks[:-2]:
            rows = block.of(theta)
            np.testing.assert_allclose(rows, np.broadcast_to(rows[:1], rows.shape), atol=1e-12)
    assert not trajectory.theta_at(0).any()
    if "cannot move" in moment["words"]:
        np.testing.assert_allclose(gradient(objective, trajectory.theta_at(0)), 0, atol=1e-9)


def dead(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    layer = int(first_number(moment, rf"of layer {NUMBER} give 0"))
    here, last = moment["from"], moment["to"]
    for step in {max(here - 1, 0), here, (here + last) // 2, last}:
        theta = trajectory.theta_at(step)
        assert hidden(objective, theta, layer).any() == (step < here)
    assert not gradient(objective, trajectory.theta_at(last))[objective.blocks[0].span].any()


def hidden(objective: Any, theta: Array, layer: int) -> Array:
    """What rectified layers pass on, up to one of them."""
    a: Array = objective.x
    for weights, biases in objective.weights(theta)[:layer]:
        a = np.maximum(a @ weights.T + biases, 0)
    return a
