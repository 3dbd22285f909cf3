"""What just happened: every sentence about every curated experiment, against facts found another way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from curated import IDS, computation
from descentscape.compute.computation import Computation
from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.explain.moments import KINDS
from descentscape.core.objective import Array, Objective
from descentscape.document.experiment import Experiment
from descentscape.studies import Subject
from document.glossary_formulas import GLOSSARY
from places import place_of
from studies.conducting import report_on, reports_on, subject_of

Told = dict[str, Any]

FURTHER: dict[str, dict[str, Any]] = {
    "rises to the edge": {
        "problem": {"dataset": {"kind": "sine"}, "hidden": [8, 8]},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.2}}],
        "steps": 800,
        "seed": 2,
    },
    "overfits": {
        "problem": {
            "dataset": {"kind": "moons", "n": 40, "noise": 0.5, "test_fraction": 0.5},
            "hidden": [12],
        },
        "runs": [{"optimizer": {"kind": "adam", "learning_rate": 0.05}}],
        "steps": 300,
    },
    "swings": {
        "problem": {"kind": "formula", "name": "ravine"},
        "runs": [{"optimizer": {"kind": "momentum", "learning_rate": 0.01, "momentum": 0.95}}],
        "steps": 100,
    },
    "falls by steps": {
        "problem": {"kind": "formula", "name": "bowl"},
        "runs": [{"schedule": {"kind": "step", "every": 20, "decay": 0.2}}],
        "steps": 60,
    },
    "comes to the tip of a cusp": {
        "problem": {"kind": "formula", "name": None, "expression": "∛(x²) + y²"},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 1.5}}],
        "start": {"kind": "point", "at": [1, 0]},
        "steps": 20,
    },
    "stands on a saddle": {
        "problem": {"kind": "formula", "name": None, "expression": "x^2 - y^2"},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.1}}],
        "start": {"kind": "point", "at": [1, 0]},
        "steps": 120,
    },
    "is shaken off a saddle": {
        "problem": {"kind": "formula", "name": None, "expression": "x^2 - y^2"},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.1}, "gradient_noise": 0.1}],
        "start": {"kind": "point", "at": [0, 0]},
        "steps": 60,
    },
    "leaves the origin and diverges": {
        "problem": {"kind": "formula", "name": None, "expression": "x^2/2 + y^2/2 + x"},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 3}, "gradient_noise": 1e-6}],
        "start": {"kind": "point", "at": [0, 0]},
        "steps": 60,
    },
}
"""What no curated experiment shows."""

STEP, FINER_STEP = 1e-4, 1e-6
"""Of central differences of the cost, and of its gradient, which has kinks."""

SPREAD = 3
"""Entries of a stretch that a sentence is tried at."""


@cache
def work_of(name: str) -> Computation:
    if name not in FURTHER:
        return computation(name)
    return Computation(Experiment.model_validate(FURTHER[name])).finish()


@cache
def moments(name: str) -> list[Told]:
    work = work_of(name)
    found: list[Told] = report_on(Subject(work, place_of(work)), "moments")["moments"]
    return found


def about(name: str, run: int) -> tuple[Objective, Trajectory, Any]:
    work = work_of(name)
    return work.problem.objective, work.trajectories[run], work.experiment.runs[run]


def slope(objective: Objective, theta: Array, along: Array) -> float:
    """∂C/∂along by a central difference."""
    high, low = objective.value(theta + STEP * along), objective.value(theta - STEP * along)
    return float(high - low) / (2 * STEP)


def gradient(objective: Objective, theta: Array) -> Array:
    """∇C by central differences of the cost."""
    around = theta + STEP * np.concatenate([np.eye(objective.dim), -np.eye(objective.dim)])
    high, low = np.split(objective.value(around), 2)
    difference: Array = (high - low) / (2 * STEP)
    return difference


def bends(objective: Objective, theta: Array) -> tuple[Array, Array]:
    """Eigenvalues and vectors of the Hessian by central differences of the gradient."""
    around = theta + FINER_STEP * np.concatenate([np.eye(objective.dim), -np.eye(objective.dim)])
    high, low = np.split(objective.value_and_grad(around)[1], 2)
    hessian = (high - low) / (2 * FINER_STEP)
    values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
    return values, vectors


def at(trajectory: Trajectory, moment: Told) -> Array:
    return trajectory.theta_at(moment["from"])


def said(number: str) -> float:
    """A number as a sentence writes it."""
    plain = number.replace("−", "-").replace("\u202f", "")
    if "×10" in plain:
        head, tail = plain.split("×10")
        plain = f"{head}e{tail.translate(str.maketrans('⁰¹²³⁴⁵⁶⁷⁸⁹⁻', '0123456789-'))}"
    return float(plain)


def first_number(moment: Told, pattern: str) -> float:
    found = re.search(pattern, moment["words"])
    assert found is not None, moment["words"]
    return said(found[1])


NUMBER = r"(−?[\d.]+(?:×10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?)"


def sharpest(objective: Objective, trajectory: Trajectory, spec: Any, step: int) -> float:
    """The λ of a rule's bound at an entry: of H, or for Adam of D^(−½) H D^(−½) by its recursion."""
    theta = trajectory.theta_at(step)
    if spec.optimizer.kind in ("gd", "momentum", "nesterov"):
        return float(bends(objective, theta)[0][-1])
    square, rule = np.zeros(objective.dim), spec.optimizer
    decay = getattr(rule, "beta2", None) or rule.decay
    corrected = 1.0
    for k in range(step + 1):
        square = decay * square + (1 - decay) * objective.value_and_grad(trajectory.theta_at(k))[1] ** 2
        corrected = 1 - decay ** (k + 1) if hasattr(rule, "beta2") else 1.0
    scale = 1 / np.sqrt(np.sqrt(square / corrected) + rule.epsilon)
    values, vectors = bends(objective, theta)
    hessian = vectors * values @ vectors.T
    return float(np.linalg.eigvalsh(scale[:, None] * hessian * scale)[-1])


def limit(spec: Any, sharpness: float) -> float:
    """The largest stable rate on a parabola, by the roots of each rule's own recursion."""
    rule = spec.optimizer
    mu = getattr(rule, "momentum", 0.0)
    if rule.kind in ("adam", "amsgrad"):
        return 2 * (1 + rule.beta1) / ((1 - rule.beta1) * sharpness)
    if rule.kind == "nesterov":
        return 2 * (1 + mu) / ((1 + 2 * mu) * sharpness)
    return 2 * (1 + mu) / sharpness


def edge(name: str, moment: Told) -> None:
    objective, trajectory, spec = about(name, moment["run"])
    rate, here = spec.optimizer.learning_rate, moment["from"]
    bound = limit(spec, sharpest(objective, trajectory, spec, here))
    assert rate > bound
    assert first_number(moment, rf"(?:=|bound) {NUMBER}:") == pytest.approx(bound, rel=6e-3)
    if "has passed" in moment["words"]:
        assert rate <= limit(spec, sharpest(objective, trajectory, spec, here - 1))
    if "overshoots more" in moment["words"]:
        assert min(growths(objective, trajectory, here)) > 1


def growths(objective: Objective, trajectory: Trajectory, here: int) -> list[float]:
    """By what each step turns the slope along the sharpest direction round."""
    sharp = bends(objective, trajectory.theta_at(here))[1][:, -1]
    slopes = [slope(objective, trajectory.theta_at(here + k), sharp) for k in range(5)]
    return [-after / before for before, after in pairwise(slopes)]


def zigzag(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    ratios = growths(objective, trajectory, moment["from"])
    assert all(0 < ratio < 1 for ratio in ratios)
    assert first_number(moment, rf"{NUMBER} times as far") == pytest.approx(np.mean(ratios), rel=0.06)


def hovering(name: str, moment: Told) -> None:
    objective, trajectory, spec = about(name, moment["run"])
    for step in np.linspace(moment["from"], moment["to"], SPREAD).astype(int).tolist():
        ratio = spec.optimizer.learning_rate / limit(spec, sharpest(objective, trajectory, spec, step))
        assert 0.7 < ratio < 1.5
    if "the cost falls" in moment["words"]:
        assert trajectory.cost[moment["to"]] < trajectory.cost[moment["from"]]
    first = spec.optimizer.learning_rate / limit(spec, sharpest(objective, trajectory, spec, 0))
    assert first < 0.9


def diverged(name: str, moment: Told) -> None:
    objective, trajectory, spec = about(name, moment["run"])
    assert trajectory.status == "diverged"
    last = trajectory.entries - 1
    assert moment["from"] == last
    rate = spec.optimizer.learning_rate
    if "was above" in moment["words"]:
        since = int(match[1]) if (match := re.search(r"from step (\d+)", moment["words"])) else 0
        for step in np.linspace(since, last, SPREAD).astype(int).tolist():
            assert rate > limit(spec, sharpest(objective, trajectory, spec, step))
    elif "grew beyond" in moment["words"]:
        assert trajectory.cost[last] < 1e6 * (1 + trajectory.cost[0])
    else:
        number = int(first_number(moment, rf"step {NUMBER} was")) - 1
        theta = trajectory.theta_at(number)
        step = rate * np.linalg.norm(objective.value_and_grad(theta)[1]) / np.linalg.norm(theta)
        assert first_number(moment, rf"{NUMBER} times as long") == pytest.approx(step, rel=0.06)


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
    _, grads = objective.value_and_grad(trajectory.thetas(0, moment["from"] + 1))
    return max(float(np.linalg.norm(grads, axis=1).max()), 1e-8)


def surroundings(objective: Objective, theta: Array, moment: Told) -> None:
    """Uphill and downhill as the sentence has it, by second differences of the cost."""
    values = bends(objective, theta)[0]
    words = moment["words"]
    zero = 1e-4 * np.abs(values).max()
    up, down = int((values > zero).sum()), int((values < -zero).sum())
    if "in every direction" in words and "uphill" in words:
        assert (up, down) == (objective.dim, 0)
    for sign, way in ((1, "uphill both ways"), (-1, "downhill both ways")):
        for direction in re.findall(rf"{way} (along [^,.]+(?:, [^,.]+\))?)", words):
            vector = vector_of(objective, direction)
            reach = 1e-3
            around = objective.value(theta + reach * np.array([vector, 0 * vector, -vector]))
            assert sign * (around[0] - 2 * around[1] + around[2]) > 0
    if match := re.search(r"uphill in (\d+) of", words):
        assert int(match[1]) == up
    if match := re.search(r"downhill in (\d+)", words):
        assert int(match[1]) == down
    if "does not bend" in words:
        assert np.abs(values).max() < 1e-6


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
        values, vectors = bends(objective, theta)
        theta = theta - vectors @ ((vectors.T @ objective.value_and_grad(theta)[1]) / values)
    return theta


def slow(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    stretch = trajectory.thetas(moment["from"], moment["to"] + 1)
    norms = np.linalg.norm(objective.value_and_grad(stretch)[1], axis=1)
    small = largest_before(objective, trajectory, moment) / 20
    assert norms.max() <= max(3 * norms.min(), small) * (1 + 1e-9)
    point = saddle_near(objective, stretch[int(norms.argmin())])
    assert np.linalg.norm(gradient(objective, point)) < 1e-8
    values = bends(objective, point)[0]
    assert values[0] < 0 < values[-1]
    surroundings(objective, point, moment)


def left_saddle(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    thetas = trajectory.thetas(0, moment["from"] + 1)
    norms = np.linalg.norm(objective.value_and_grad(thetas)[1], axis=1)
    least = moment["numbers"]["least gradient"]
    assert np.abs(norms - least).min() <= 1e-9 * least
    if least:
        assert first_number(moment, rf"is {NUMBER} times what") == pytest.approx(norms[-1] / least, rel=0.06)
    else:
        assert "was zero there" in moment["words"]
    if match := re.search(r"left the saddle (along .+):", moment["words"]):
        point = saddle_near(objective, thetas[int(np.abs(norms - least).argmin())])
        gone = (thetas[-1] - point) / np.linalg.norm(thetas[-1] - point)
        assert abs(gone @ vector_of(objective, match[1])) > 0.85


def ahead(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    work = work_of(name)
    labels = [built.label for built in work.runs]
    other = work.trajectories[labels.index(re.search(r"(?:ahead of|overtakes) (.*?): ", moment["words"])[1])]  # type: ignore[index]
    here = moment["from"]
    assert trajectory.cost[here] < other.cost[min(here, other.entries - 1)]
    if moment["kind"] == "overtaken":
        own, others = trajectory.cost[: here + 1], other.cost[: here + 1]
        assert (own[: len(others)] > others).any()
    if "as long" in moment["words"]:
        one, two = lengths(objective, trajectory, here), lengths(objective, other, here)
        ratio = one[1] / two[1] if "flat direction" in moment["words"] else two[0] / one[0]
        assert first_number(moment, rf"are {NUMBER} times as long") == pytest.approx(ratio, rel=0.06)


def lengths(objective: Objective, trajectory: Trajectory, here: int) -> tuple[float, float]:
    """Mean lengths of the last ten steps along the sharpest direction, and off it."""
    thetas = trajectory.thetas(max(0, here - 10), here + 1)
    sharp = bends(objective, thetas[len(thetas) // 2])[1][:, -1]
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
    assert first_number(moment, rf"gradient, {NUMBER} long") == pytest.approx(before, rel=6e-3)
    assert first_number(moment, rf"cut to {NUMBER}\.") == pytest.approx(spec.clip.norm)


def layered(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    theta = at(trajectory, moment)
    if moment["kind"] == "vanishing":
        *_, weights, biases = objective.blocks
        unit = np.eye(objective.dim)[weights.start : biases.span.stop]
        last = np.linalg.norm([slope(objective, theta, along) for along in unit])
        factor = last / first_by_hand(objective, theta)
        assert first_number(moment, rf"is {NUMBER} times as long") == pytest.approx(factor, rel=0.06)
        assert factor > 100
    else:
        factor = np.linalg.norm(objective.value_and_grad(theta)[1]) / np.linalg.norm(theta)
        assert first_number(moment, rf"it is {NUMBER} times") == pytest.approx(factor, rel=0.06)
        assert factor > 100


def first_by_hand(objective: Any, theta: Array) -> float:
    """‖∂C/∂W¹, b¹‖ of dense layers under the squared error, by backpropagation as it is in books."""
    a, passed = objective.x, []
    for (weights, biases), kind in zip(objective.weights(theta), objective.activations, strict=True):
        z = a @ weights.T + biases
        value = {"sigmoid": 1 / (1 + np.exp(-z)), "linear": z, "relu": np.maximum(z, 0), "tanh": np.tanh(z)}[
            kind
        ]
        slopes = {"sigmoid": value * (1 - value), "linear": 1 + 0 * z, "relu": z > 0, "tanh": 1 - value**2}[
            kind
        ]
        passed.append((a, weights, slopes))
        a = value
    assert objective.cost == "mse"
    delta = (a - objective.y) / len(a)
    first = np.empty(0)
    for below, weights, slopes in reversed(passed):
        delta = delta * slopes
        first = np.append((delta.T @ below).ravel(), delta.sum(axis=0))
        delta = delta @ weights
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
    last, count = trajectory.entries - 1, SPREAD if objective.dim < 200 else 2
    for step in [*np.linspace(here, last, count).astype(int).tolist(), *([here - 1] if here else [])]:
        theta = trajectory.theta_at(step)
        whole = np.linalg.norm(objective.value_and_grad(theta)[1])
        assert (noise_by_hand(objective, theta, spec) > whole) == (step >= here)


def noise_by_hand(objective: Any, theta: Array, spec: Any) -> float:
    """The root mean square of a batch gradient's distance from the whole one, by every example's own."""
    if spec.gradient_noise:
        return float(spec.gradient_noise * np.sqrt(objective.dim))
    n, size = objective.n_examples, spec.batch_size
    each = np.array([objective.batch(np.array([i])).value_and_grad(theta)[1] for i in range(n)])
    trace = ((each - each.mean(axis=0)) ** 2).sum() / (n - 1)
    return float(np.sqrt(trace / size * (1 - size / n)))


def overfitting(name: str, moment: Told) -> None:
    objective, trajectory, _ = about(name, moment["run"])
    data = work_of(name).problem.data
    assert data is not None
    assert data.test_objective is not None
    thetas = trajectory.thetas(0, trajectory.entries)
    test, train = data.test_objective.value(thetas), objective.value(thetas)
    low, here = int(test.argmin()), moment["from"]
    assert f"at step {low}" in moment["words"]
    assert (test[here:] > 1.049 * test[low]).all()
    assert (train[here:] < train[low]).all()


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


CHECKS: dict[str, Callable[[str, Told], None]] = {
    "edge": edge,
    "zigzag": zigzag,
    "hovering": hovering,
    "diverged": diverged,
    "saddle": standing,
    "minimum": standing,
    "flat": standing,
    "slow": slow,
    "left_saddle": left_saddle,
    "ahead": ahead,
    "overtaken": ahead,
    "swing": swing,
    "clipped": clipped,
    "vanishing": layered,
    "exploding": layered,
    "alike": alike,
    "newton": newton,
    "schedule": schedule,
    "noise": noise,
    "overfitting": overfitting,
    "kink": kink,
}


@pytest.mark.parametrize("name", [*IDS, *FURTHER])
def test_every_sentence_is_true(name: str) -> None:
    entries = work_of(name).experiment.steps + 1
    for moment in moments(name):
        assert 0 <= moment["from"] <= moment["news"] <= moment["to"] < entries
        assert moment["words"].startswith(f"{moment['label']} ")
        assert moment["words"].endswith(".")
        assert len(moment["words"]) < 220
        CHECKS[moment["kind"]](name, moment)


SAID = {
    "saddle": {"ahead", "slow", "left_saddle"},
    "too-large-a-rate": {"edge", "diverged", "zigzag"},
    "newton-bowl": {"newton", "minimum"},
    "newton-saddle": {"newton", "saddle"},
    "noise-agrees": {"saddle"},
    "vanishing-gradient": {"vanishing"},
    "exploding-gradient": {"exploding", "diverged", "clipped"},
    "all-zeros": {"alike"},
    "settling": {"noise", "schedule"},
    "rises to the edge": {"edge", "hovering"},
    "overfits": {"overfitting"},
    "swings": {"swing"},
    "falls by steps": {"schedule"},
    "comes to the tip of a cusp": {"kink"},
    "stands on a saddle": {"saddle"},
    "is shaken off a saddle": {"left_saddle"},
    "leaves the origin and diverges": {"diverged"},
}


@pytest.mark.parametrize("name", SAID)
def test_what_an_experiment_is_about_is_said(name: str) -> None:
    assert SAID[name] <= {moment["kind"] for moment in moments(name)}


def test_every_kind_is_said_somewhere_tried_and_explained() -> None:
    said = {moment["kind"] for name in (*IDS, *FURTHER) for moment in moments(name)}
    assert said == set(KINDS) == set(CHECKS)
    assert {look.term for look in KINDS.values()} <= set(json.loads(GLOSSARY.read_text(encoding="utf-8")))


def test_who_asks_again_is_told_at_once_and_of_more_steps_anew() -> None:
    subject = subject_of(FURTHER["swings"] | {"steps": 90})
    asked = {"kind": "moments"}
    first = reports_on(subject, asked)
    again = reports_on(subject, asked)
    assert (len(first) > 10, len(again)) == (True, 1)
    assert again[-1] == first[-1]
    longer = Subject(subject.computation.extend(300).finish(), subject.place)
    assert report_on(longer, "moments") != first[-1][1]


def test_a_run_that_was_recorded_or_moved_by_hand_has_no_steps_to_speak_of() -> None:
    moved = FURTHER["swings"] | {"edits": [{"step": 40, "set": {"0": 3.0}}]}
    subject = subject_of(moved)
    kinds = {moment["kind"] for moment in report_on(subject, "moments")["moments"]}
    assert not kinds & {"swing", "slow", "left_saddle"}


def test_a_rate_that_is_warmed_up_past_its_bound_is_no_sharpness_that_rises() -> None:
    warmed = {"kind": "warmup", "length": 100}
    gd = {"optimizer": {"kind": "gd", "learning_rate": 1.02}, "schedule": warmed}
    parabola = {"kind": "formula", "name": None, "expression": "x^2 + 0.01*y^2"}
    start = {"kind": "point", "at": [1e-6, 1]}
    subject = subject_of({"problem": parabola, "runs": [gd], "start": start, "steps": 200})
    kinds = {moment["kind"] for moment in report_on(subject, "moments")["moments"]}
    assert "edge" in kinds
    assert "hovering" not in kinds
