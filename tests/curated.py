"""The curated experiments, each computed once for all tests that look at it."""

from __future__ import annotations

from functools import cache

from descentscape.compute.computation import Computation
from descentscape.document.catalog import experiments
from descentscape.document.experiment import Experiment

IDS = [entry["id"] for entry in experiments()]


@cache
def computation(name: str) -> Computation:
    document = next(entry["experiment"] for entry in experiments() if entry["id"] == name)
    return Computation(Experiment.model_validate(document)).finish()
