"""Slopes, bends and bounds by differences, dense eigenvalues and each rule's own recursion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.linalg import eigh

from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.objective import Array, Objective

STEP, FINER_STEP = 1e-4, 1e-6
"""Of central differences of the cost, and of its gradient, which has kinks."""


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


def hessian(objective: Objective, theta: Array) -> Array:
    """The Hessian by central differences of the gradient."""
    around = theta + FINER_STEP * np.concatenate([np.eye(objective.dim), -np.eye(objective.dim)])
    high, low = np.split(objective.value_and_grad(around)[1], 2)
    found: Array = (high - low + (high - low).T) / (4 * FINER_STEP)
    return found


def bends(objective: Objective, theta: Array) -> tuple[Array, Array]:
    """Eigenvalues and vectors of the Hessian."""
    values, vectors = np.linalg.eigh(hessian(objective, theta))
    return values, vectors


def sharpest_direction(objective: Objective, theta: Array) -> Array:
    """The vector of the Hessian's highest eigenvalue."""
    last = objective.dim - 1
    vector: Array = eigh(hessian(objective, theta), subset_by_index=(last, last))[1][:, 0]
    return vector


def norms(objective: Objective, thetas: Array) -> Array:
    """‖∇C‖ at some places."""
    found: Array = np.linalg.norm(objective.value_and_grad(thetas)[1], axis=1)
    return found


def sharpest(objective: Objective, trajectory: Trajectory, spec: Any, step: int) -> float:
    """The λ of a rule's bound at an entry: of H, or of D^(−½) H D^(−½) with D by Adam's recursion."""
    theta, kind = trajectory.theta_at(step), spec.optimizer.kind
    scale = np.ones(objective.dim)
    if kind not in ("gd", "momentum", "nesterov"):
        scale = 1 / np.sqrt(_divisors(objective, trajectory, spec, step))
    last, scaled = objective.dim - 1, scale[:, None] * hessian(objective, theta) * scale
    return float(eigh(scaled, eigvals_only=True, subset_by_index=(last, last))[0])


def _divisors(objective: Any, trajectory: Any, spec: Any, step: int) -> Array:
    """√v̂ + ε of Adam or RMSProp, v by its recursion over the gradients."""
    rule, square = spec.optimizer, np.zeros(objective.dim)
    decay = getattr(rule, "beta2", None) or rule.decay
    thetas = trajectory.thetas(0, step + 1)
    assert spec.batch_size is None
    for grad in objective.value_and_grad(thetas)[1]:
        square = decay * square + (1 - decay) * grad**2
    corrected = 1 - decay ** len(thetas) if hasattr(rule, "beta2") else 1.0
    divisors: Array = np.sqrt(square / corrected) + rule.epsilon
    return divisors


def limit(spec: Any, sharpness: float) -> float:
    """The largest stable rate on a parabola, by the roots of each rule's own recursion."""
    rule = spec.optimizer
    mu = getattr(rule, "momentum", 0.0)
    if rule.kind in ("adam", "amsgrad"):
        return 2 * (1 + rule.beta1) / ((1 - rule.beta1) * sharpness)
    if rule.kind == "nesterov":
        return 2 * (1 + mu) / ((1 + 2 * mu) * sharpness)
    return 2 * (1 + mu) / sharpness


Layers = list[tuple[Array, Array, bool]]
"""Of each layer what the examples come in with (N, in), their δ (N, out), and whether it has biases."""


def backpropagated(objective: Any, theta: Array) -> Layers:
    """Every example's own way through dense layers and back, as it is in books."""
    a, passed = objective.x, []
    for (weights, biases), kind in zip(objective.weights(theta), objective.activations, strict=True):
        z = a @ weights.T + (0 if biases is None else biases)
        passed.append((a, weights, biases is not None, _slopes(kind, z)))
        a = ACTIVATIONS[kind](z)
    # Of the cross-entropies with their own outputs δ is what is put out less what is wanted.
    delta = a - objective.y
    if objective.cost == "mse":
        delta = delta * passed[-1][-1]
    found: Layers = []
    for (below, weights, biased, _), (*_, slopes) in zip(
        reversed(passed), [*reversed(passed[:-1]), (0.0,)], strict=True
    ):
        found.insert(0, (below, delta, biased))
        delta = (delta @ weights) * slopes
    return found


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "linear": lambda z: z,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
}


def _slopes(kind: str, z: Array) -> Array:
    a = ACTIVATIONS[kind](z)
    slopes: dict[str, Array] = {"sigmoid": a * (1 - a), "tanh": 1 - a**2, "relu": (z > 0) * 1.0}
    return slopes.get(kind, np.ones_like(z))


def scatter(objective: Any, theta: Array) -> float:
    """tr Σ of the examples' gradients, by Σ ‖gᵢ‖² = Σ ‖δᵢ‖² (‖aᵢ‖² + 1) over layers, less N ‖ḡ‖²."""
    squares, count = 0.0, objective.n_examples
    for a, delta, biased in backpropagated(objective, theta):
        inputs = np.hstack([a, np.ones((count, 1))]) if biased else a
        squares += float((np.square(delta).sum(axis=1) * np.square(inputs).sum(axis=1)).sum())
        squares -= float(np.square(delta.T @ inputs).sum()) / count
    return squares / (count - 1)
