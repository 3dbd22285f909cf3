"""What torch and scikit-learn say of a training run, held against what is found here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

import descentscape as ds


def claims(file: Path) -> dict[str, Any]:
    """What was found elsewhere: the data, and by checkpoint the cost and the top eigenvalues."""
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def holds(file: Path, claimed: dict[str, Any]) -> None:
    """Costs to 1e-10, shares of variance and eigenvalues as claimed, at every checkpoint of the file."""
    run = ds.checkpoints(file)
    assert run.head.widths == (2, 8, 8, 1)
    assert run.head.steps == tuple(range(0, 10 * len(claimed["costs"]), 10))
    dataset = {"kind": "inline", "x": claimed["x"], "y": claimed["y"], "standardize": False}
    document = run.experiment(dataset) | {"view": {"plane": {"kind": "pca"}}}
    results = ds.run(document)
    np.testing.assert_allclose(results.runs[0].cost, claimed["costs"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(results.plane.variance_share, claimed["shares"], rtol=1e-8)
    for step, eigenvalues in enumerate(claimed["eigenvalues"]):
        found = ds.curvature(document, run=0, step=step).eigenvalues
        np.testing.assert_allclose(found[-3:], eigenvalues, rtol=1e-7, atol=1e-10)
