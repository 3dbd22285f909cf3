"""Experiments that show what no curated one does."""

from __future__ import annotations

from typing import Any

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
    "comes to one saddle with many": {
        "problem": {
            "kind": "chain",
            "dataset": {"kind": "line", "n": 100, "noise": 0.1},
            "activation": "linear",
        },
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.02 * k}} for k in range(3, 15)],
        "start": {"kind": "point", "at": [1.0, -1.0]},
        "steps": 300,
    },
    "has a rate far above its bound": {
        "problem": {"kind": "linear", "dataset": {"kind": "line", "n": 60}},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 5}}],
        "start": {"kind": "point", "at": [-1.2, 1.6]},
        "steps": 100,
    },
    "has a rate far below its bound": {
        "problem": {"kind": "formula", "name": "ravine"},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 1e-5}}],
        "steps": 200,
    },
    "has a rate too large for its batches": {
        "problem": {"kind": "linear", "dataset": {"kind": "line", "n": 60}},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 2.2}, "batch_size": 16}],
        "start": {"kind": "point", "at": [-1.2, 1.6]},
        "steps": 100,
    },
    "dies": {
        "problem": {
            "dataset": {"kind": "circles", "n": 60},
            "hidden": [3, 3],
            "activation": "relu",
            "init": "normal",
        },
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 30}}],
        "steps": 40,
    },
}
