"""Where a cost is not smooth: kinks of activations and formulas, and the slopes on their two sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from descentscape.core.autodiff.nodes import Node, variable
from descentscape.core.autodiff.reverse import local_derivative, topological
from descentscape.core.formulas.objective import FormulaObjective
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import AnyArray, Array, Indices, Objective

TOLERANCE = 1e-9
"""A pre-activation within this times max|z| of a kink is at it."""

ASIDE = 1e-6
"""How far to either side one-sided slopes are looked at, in sizes of theta."""


@dataclass(frozen=True, eq=False)
class AtKinks:
    """M pre-activations at a kink of their activation: layer and unit from 1, example from 0; z ``(M,)``."""

    layers: Indices
    units: Indices
    examples: Indices
    z: Array


@dataclass(frozen=True)
class OneSided:
    """The slopes of C(θ + s v) at s = 0 from both sides, and ⟨∇C, v⟩ with the subgradient in use."""

    left: float
    right: float
    used: float


def at_kinks(net: MLP, theta: Array) -> AtKinks:
    """The pre-activations at theta ``(P,)`` that lie at a kink, the output layer's included."""
    found = [
        (layer, unit + 1, example, z[example, unit])
        for layer, z, kink in _kinked(net, theta)
        for example, unit in np.argwhere(np.abs(z - kink) <= TOLERANCE * np.abs(z).max())
    ]
    rows = np.array(found, np.float64).reshape(-1, 4)
    layers, units, examples = rows[:, :3].astype(np.intp).T
    return AtKinks(layers, units, examples, rows[:, 3])


def _kinked(net: MLP, theta: Array) -> list[tuple[int, Array, float]]:
    """Layer, z ``(N, units)`` and kink for each kink of each layer."""
    passes = zip(net.activations, net.forward(theta, net.x), strict=True)
    return [
        (layer, z, kink)
        for layer, (kind, (z, _)) in enumerate(passes, 1)
        if kind in ACTIVATIONS
        for kink in ACTIVATIONS[kind].kinks
    ]


@np.errstate(all="ignore")
def one_sided(objective: Objective, theta: Array, v: Array) -> OneSided:
    """The two slopes along v ``(P,)``, extrapolated from the gradients at two points of each side."""
    h = ASIDE * (np.linalg.norm(theta) or 1.0) / np.linalg.norm(v)
    points = theta + h * np.array([-2.0, -1.0, 1.0, 2.0])[:, None] * v
    farther_left, left, right, farther_right = objective.value_and_grad(points)[1] @ v
    used = objective.value_and_grad(theta)[1] @ v
    return OneSided(float(2 * left - farther_left), float(2 * right - farther_right), float(used))


@np.errstate(all="ignore")
def crossings(objective: Objective, theta: Array, points: Array) -> Indices:
    """How many kinks lie between theta ``(P,)`` and each of the points ``(M, P)``, ``(M,)``.

    Of a network these are kinks of one unit's activation for one example, and under an l1 penalty weights of
    0; of a formula those of abs, min and max. Other objectives are taken to be smooth.
    """
    here = _sides(objective, theta)
    return np.array([int((_sides(objective, point) != here).sum()) for point in points])


def _sides(objective: Objective, theta: Array) -> AnyArray:
    """On which side of each kink theta lies; at a kink, on the side whose derivative is in use."""
    if isinstance(objective, MLP):
        sides: list[AnyArray] = [np.ravel(z > kink) for _, z, kink in _kinked(objective, theta)]
        if objective.l1:
            sides += [np.sign(weights).ravel() for weights, _ in objective.weights(theta)]
        return np.concatenate(sides) if sides else np.zeros(0)
    if isinstance(objective, FormulaObjective):
        nodes = topological([objective.expression(*map(variable, theta))])
        return np.array([_side(node) for node in nodes])
    return np.zeros(0)


def _side(node: Node) -> float:
    """The derivative in use of abs, max or min by its first operand; 0 of what has no kinks."""
    return float(local_derivative(node, 0)) if node.op in ("absolute", "maximum", "minimum") else 0.0
