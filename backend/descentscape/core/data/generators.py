"""The generated data sets: every point from the random generator that the caller hands in.

The noise multiplies standard normal draws, so that one seed gives the same points at every noise level,
only further displaced. Two-class sets give class 0 the odd example and come shuffled.
"""

from __future__ import annotations

import numpy as np

from descentscape.core.objective import Array

Points = tuple[Array, Array]
"""Inputs x ``(N, D)`` and targets or integer class labels y ``(N, 1)``."""


def line(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Draw a noisy line: y = 0.8 x − 0.3 + ε, x uniform on [−1, 2], ε ~ N(0, noise²)."""
    x = rng.uniform(-1, 2, (n, 1))
    return x, 0.8 * x - 0.3 + noise * rng.standard_normal((n, 1))


def sine(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Draw one period of a noisy sine: y = sin x + ε, x uniform on [−π, π], ε ~ N(0, noise²)."""
    x = rng.uniform(-np.pi, np.pi, (n, 1))
    return x, np.sin(x) + noise * rng.standard_normal((n, 1))


def plane(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Draw a noisy plane: y = 0.8 x₁ − 0.5 x₂ + 0.2 + ε, x uniform on [−1, 1]², ε ~ N(0, noise²)."""
    x = rng.uniform(-1, 1, (n, 2))
    return x, x @ [[0.8], [-0.5]] + 0.2 + noise * rng.standard_normal((n, 1))


def gaussians(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Draw two round Gaussian clouds with standard deviation ``noise`` around (−1, −1) and (1, 1)."""
    first, second = _halves(n)
    return _two_classes(rng, np.full((first, 2), -1.0), np.full((second, 2), 1.0), noise)


def xor(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Draw four squares on [−1, 1]², a gap of 0.2 between them; class 1 where x₁ and x₂ differ in sign."""
    size = rng.uniform(0.1, 1, (n, 2))
    side = rng.choice([-1.0, 1.0], (n, 1))
    same, different = np.split(side * size, [n - n // 2])
    return _two_classes(rng, same, different * [1, -1], noise)


def circles(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Draw class 0 evenly on the unit circle, class 1 on the circle of half its radius."""
    outer, inner = (np.linspace(0, 2 * np.pi, count, endpoint=False) for count in _halves(n))
    return _two_classes(rng, _polar(1, outer), _polar(0.5, inner), noise)


def moons(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Draw two interleaved half circles: (cos t, sin t) and (1 − cos t, ½ − sin t), t evenly on [0, π]."""
    upper, lower = (np.linspace(0, np.pi, count) for count in _halves(n))
    return _two_classes(rng, _polar(1, upper), [1, 0.5] - _polar(1, lower), noise)


def spirals(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Draw two arms r = t, angle = 3.5 π t (the second turned by π), t evenly on (0, 1]."""
    first, second = (np.arange(1, count + 1) / count for count in _halves(n))
    arms = _polar(first, 3.5 * np.pi * first), -_polar(second, 3.5 * np.pi * second)
    return _two_classes(rng, *arms, noise)


def _halves(n: int) -> tuple[int, int]:
    return n - n // 2, n // 2


def _polar(radius: Array | float, angle: Array) -> Array:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _two_classes(rng: np.random.Generator, zero: Array, one: Array, noise: float) -> Points:
    """Displace both clouds by N(0, noise²) in each coordinate, label them 0 and 1, and shuffle."""
    x = np.concatenate([zero, one])
    y = np.repeat([[0.0], [1.0]], [len(zero), len(one)], axis=0)
    order = rng.permutation(len(x))
    return (x + noise * rng.standard_normal(x.shape))[order], y[order]
