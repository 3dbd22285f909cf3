"""The plane of two directions drawn at random."""

from __future__ import annotations

from typing import Literal

import numpy as np

from descentscape.core.landscape import planes
from descentscape.core.landscape.plane import Plane
from descentscape.core.time_slices import at_once
from descentscape.document.bounds import MAX_SEED
from descentscape.document.planes.base import Descended, PlaneKind, point_of
from descentscape.document.points import LAST, PointSpec
from descentscape.document.schema import Path, Tagged, knob
from descentscape.document.size_rules import Broken, ExperimentSize, point_fits


class RandomPlane(Tagged, title="Random directions"):
    """Two Gaussian directions drawn from a seed."""

    kind: Literal["random"] = "random"
    seed: int = knob(0, label="seed", low=0, high=MAX_SEED, term="seed")
    normalization: Literal["none", "layer", "filter"] = knob(
        "none",
        label="normalisation",
        term="filter normalisation",
        help="Scale each direction, layer by layer or unit by unit, to the weights it stands beside.",
        choices={"none": "none, orthonormal", "layer": "by layer", "filter": "by filter"},
    )
    biases: bool = knob(True, label="biases", help="Whether the directions move the biases too.")
    origin: PointSpec = LAST


def _rules(path: Path, spec: RandomPlane, size: ExperimentSize) -> Broken:
    yield from point_fits((*path, "origin"), spec.origin, size)


def _lay(spec: RandomPlane, descended: Descended) -> Plane:
    return planes.random(
        descended.objective,
        point_of(spec.origin, descended.trajectories),
        np.random.default_rng(spec.seed),
        normalization=spec.normalization,
        biases=spec.biases,
    )


PLANE = PlaneKind(RandomPlane, at_once(_lay), _rules)
