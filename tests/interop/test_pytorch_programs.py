"""Programs for PyTorch are executed by it: their costs are ours over the whole run."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from descentscape.output.exports import EXPORTS

RULES: list[dict[str, Any]] = [
    {"kind": "gd", "learning_rate": 0.3},
    {"kind": "momentum"},
    {"kind": "nesterov"},
    {"kind": "adagrad"},
    {"kind": "adadelta", "learning_rate": 1.0},
    {"kind": "rmsprop", "learning_rate": 0.01},
    {"kind": "adam"},
    {"kind": "amsgrad"},
    {"kind": "nadam"},
    {"kind": "adamw"},
]

MOONS = {"kind": "moons", "n": 60}


def race(rules: list[dict[str, Any]], **more: Any) -> list[dict[str, Any]]:
    return [{"optimizer": rule, **more} for rule in rules]


EXPERIMENTS: dict[str, dict[str, Any]] = {
    "every rule, full batch": {"problem": {"dataset": MOONS}, "runs": race(RULES[:8]), "steps": 200},
    "the other rules, mini-batches": {
        "problem": {"dataset": MOONS, "cost": "bce", "l1": 0.001, "l2": 0.01},
        "runs": race(RULES[6:], batch_size=16),
        "steps": 200,
        "seed": 7,
    },
    "classes, a long data set": {
        "problem": {
            "dataset": {"kind": "iris"},
            "hidden": [8],
            "activation": "relu",
            "cost": "cross_entropy",
        },
        "runs": race(RULES[:2], batch_size=32),
        "steps": 150,
    },
    "schedules and bounds": {
        "problem": {"dataset": MOONS, "activation": "softplus", "cost": "huber"},
        "runs": [
            {"schedule": {"kind": "step", "every": 30}, "clip": {"norm": 0.05}},
            {"schedule": {"kind": "cosine", "floor": 0.1}, "clip": {"value": 0.01}},
            {"schedule": {"kind": "warmup"}, "optimizer": RULES[9]},
            {"schedule": {"kind": "exponential"}, "optimizer": RULES[8], "batch_size": 7},
        ],
        "steps": 120,
    },
    "edits": {
        "problem": {"dataset": MOONS, "activation": "gelu", "output": "sigmoid"},
        "runs": [{}, {"optimizer": RULES[1], "schedule": {"kind": "step", "every": 20}}],
        "edits": [
            {"step": 0, "run": 0, "set": {"3": 0.25}},
            {"step": 40, "run": 0, "optimizer": {"kind": "adam", "learning_rate": 0.01}, "set": {"0": -1.0}},
            {"step": 60, "run": 0, "optimizer": {"kind": "rmsprop", "learning_rate": 0.02}},
            {"step": 50, "run": 1, "optimizer": {"kind": "momentum", "momentum": 0.5}},
        ],
        "steps": 100,
    },
    "a lifted start": {
        "problem": {"dataset": MOONS},
        "start": {"kind": "lift", "at": [0.5, -0.5]},
        "steps": 60,
    },
    "a chain": {"problem": {"kind": "chain"}, "steps": 100},
    "linear regression that diverges": {
        "problem": {"kind": "linear"},
        "runs": race([{"kind": "gd", "learning_rate": 30.0}]),
        "steps": 100,
    },
    "a formula": {
        "problem": {"kind": "formula", "name": "rosenbrock"},
        "runs": race(RULES[6:]),
        "steps": 200,
    },
    "a typed formula with noise": {
        "problem": {
            "kind": "formula",
            "expression": "max(|x|, cbrt(y) + 9) + sqrt(2) sin(x y)^2",
        },
        "runs": [{"gradient_noise": 0.1}],
        "steps": 300,
    },
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_costs_are_ours(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = ds.run(EXPERIMENTS[name])
    program = tmp_path / "program.py"
    program.write_bytes(EXPORTS["pytorch"].bytes_of(results))

    costs = runpy.run_path(str(program))["costs"]

    assert list(costs) == [run.label for run in results.runs]
    for run in results.runs:
        np.testing.assert_allclose(costs[run.label], run.cost, rtol=1e-6, atol=1e-9, err_msg=run.label)
    assert capsys.readouterr().out.count("cost") == len(results.runs)
