"""Small objectives whose derivatives are written out by hand, for tests of what descends them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from descentscape.core.blocks import Block
from descentscape.core.objective import EPSILON, AnyArray, Array, Indices


def halves(dim: int) -> tuple[Block, ...]:
    """The first parameter by itself, and the rest."""
    first = Block("first", "first", "coordinate", (1,))
    return (first, Block("rest", "rest", "coordinate", (dim - 1,), 1)) if dim > 1 else (first,)


@dataclass(frozen=True)
class OfTwo:
    """A function of (x, y) from its cost, its slopes and its matrix of second derivatives."""

    cost: Callable[[AnyArray, AnyArray], AnyArray]
    slopes: Callable[[AnyArray, AnyArray], tuple[AnyArray, AnyArray]]
    curvatures: Callable[[float, float], list[list[float]]]
    dim = 2
    blocks = (Block("x", "x", "coordinate", (1,), 0), Block("y", "y", "coordinate", (1,), 1))

    def parameter_names(self) -> list[str]:
        return ["x", "y"]

    def value(self, theta: AnyArray) -> AnyArray:
        return self.cost(theta[..., 0], theta[..., 1])

    def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
        return self.value(theta), np.stack(self.slopes(theta[..., 0], theta[..., 1]), axis=-1)

    def grad_rounding(self, theta: Array) -> float:
        return EPSILON * float(np.linalg.norm(np.abs(self.hessian(theta)) @ np.abs(theta)))

    def hvp(self, theta: Array, v: Array) -> Array:
        return v @ self.hessian(theta)

    def hessian(self, theta: Array) -> Array:
        return np.array(self.curvatures(*theta))


ROSENBROCK = OfTwo(
    lambda x, y: 100 * (y - x * x) ** 2 + (1 - x) ** 2,
    lambda x, y: (-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)),
    lambda x, y: [[1200 * x * x - 400 * y + 2, -400 * x], [-400 * x, 200.0]],
)
"""Least, 0, at (1, 1), at the end of a curved valley."""

SADDLE = OfTwo(
    lambda x, y: x**2 / 2 - y**2 / 2 + y**4 / 4,
    lambda x, y: (x, -y + y**3),
    lambda x, y: [[1.0, 0.0], [0.0, -1 + 3 * y * y]],
)
"""A saddle at the origin between minima at (0, ±1)."""


@dataclass(frozen=True)
class Quadratic:
    """½ θᵀ A θ − bᵀ θ for a symmetric A."""

    matrix: Array
    linear: Array

    @property
    def dim(self) -> int:
        return len(self.linear)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return halves(self.dim)

    def parameter_names(self) -> list[str]:
        return [f"θ{i + 1}" for i in range(self.dim)]

    def value(self, theta: AnyArray) -> AnyArray:
        return 0.5 * np.einsum("...i,ij,...j->...", theta, self.matrix, theta) - theta @ self.linear

    def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
        return self.value(theta), theta @ self.matrix - self.linear

    def grad_rounding(self, theta: Array) -> float:
        return EPSILON * float(np.linalg.norm(np.abs(self.matrix) @ np.abs(theta) + np.abs(self.linear)))

    def hvp(self, theta: Array, v: Array) -> Array:
        return v @ self.matrix

    def hessian(self, theta: Array) -> Array:
        return self.matrix


def bowl(dim: int = 3) -> Quadratic:
    """A convex quadratic with curvatures from 1 to 2 along mixed directions."""
    rotation = np.linalg.qr(np.random.default_rng(7).normal(size=(dim, dim)))[0]
    return Quadratic(rotation @ np.diag(np.linspace(1, 2, dim)) @ rotation.T, np.arange(1.0, dim + 1))


@dataclass(frozen=True)
class LeastSquares:
    """1/(2N) Σ (x·θ − y)² over N examples x ``(N, P)``, y ``(N,)``."""

    x: Array
    y: Array

    @property
    def dim(self) -> int:
        return self.x.shape[1]

    @property
    def n_examples(self) -> int:
        return len(self.y)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return halves(self.dim)

    def parameter_names(self) -> list[str]:
        return [f"w{i + 1}" for i in range(self.dim)]

    def batch(self, examples: Indices) -> LeastSquares:
        return LeastSquares(self.x[examples], self.y[examples])

    def value(self, theta: AnyArray) -> AnyArray:
        return 0.5 * np.mean((theta @ self.x.T - self.y) ** 2, axis=-1)

    def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
        residual = theta @ self.x.T - self.y
        return 0.5 * np.mean(residual**2, axis=-1), residual @ self.x / self.n_examples

    def grad_rounding(self, theta: Array) -> float:
        return EPSILON * float(np.linalg.norm(np.abs(self.hessian(theta)) @ np.abs(theta)))

    def hvp(self, theta: Array, v: Array) -> Array:
        return v @ self.hessian(theta)

    def hessian(self, theta: Array) -> Array:
        return self.x.T @ self.x / self.n_examples


def regression(n: int = 20, dim: int = 3, seed: int = 0) -> LeastSquares:
    """Least squares on normal inputs with a noisy linear target."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, dim))
    return LeastSquares(x, x @ np.arange(1.0, dim + 1) + 0.5 * rng.normal(size=n))
