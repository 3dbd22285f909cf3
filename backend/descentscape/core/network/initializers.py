"""Initial weights: one rule a layer, biases zero."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from descentscape.core.objective import Array


@dataclass(frozen=True)
class Initializer:
    """A rule that draws a layer's weight matrix ``(fan_out, fan_in)`` from ``rng``."""

    kind: str
    label: str
    formula: str
    help: str
    source: str
    draw: Callable[[np.random.Generator, int, int], Array]


def _zeros(rng: np.random.Generator, fan_out: int, fan_in: int) -> Array:
    return np.zeros((fan_out, fan_in))


def _normal(rng: np.random.Generator, fan_out: int, fan_in: int) -> Array:
    return rng.standard_normal((fan_out, fan_in))


def _xavier(rng: np.random.Generator, fan_out: int, fan_in: int) -> Array:
    bound = math.sqrt(6.0 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_out, fan_in))


def _he(rng: np.random.Generator, fan_out: int, fan_in: int) -> Array:
    return math.sqrt(2.0 / fan_in) * rng.standard_normal((fan_out, fan_in))


INITS: dict[str, Initializer] = {
    initializer.kind: initializer
    for initializer in (
        Initializer(
            kind="zeros",
            label="Zeros",
            formula="W = 0",
            help="Every unit of a layer starts, and stays, the same: the symmetry is never broken.",
            source="Rumelhart, Hinton & Williams, Nature 323 (1986)",
            draw=_zeros,
        ),
        Initializer(
            kind="normal",
            label="Normal",
            formula="W ~ N(0, 1)",
            help="Unit variance whatever the width: wide layers start saturated.",
            source="LeCun, Bottou, Orr & Müller, Efficient BackProp (1998), on why to scale it",
            draw=_normal,
        ),
        Initializer(
            kind="xavier",
            label="Xavier (Glorot)",
            formula="W ~ U(−r, r), r = √(6 / (fan_in + fan_out))",
            help="Keeps the variance of signals and gradients level through sigmoid and tanh layers.",
            source="Glorot & Bengio, AISTATS (2010)",
            draw=_xavier,
        ),
        Initializer(
            kind="he",
            label="He (Kaiming)",
            formula="W ~ N(0, 2 / fan_in)",
            help="Twice the variance, since a ReLU lets through half of its input.",
            source="He, Zhang, Ren & Sun, ICCV (2015)",
            draw=_he,
        ),
    )
}
"""Every initialisation by its kind."""
