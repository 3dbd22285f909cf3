"""What is left of a deep network without its activations: one linear layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from descentscape.core.network.layers import Dense
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array


@dataclass(frozen=True, eq=False)
class Collapse:
    """All layers multiplied into one, W = Wᴸ … W¹ ``(K, D)`` and b = bᴸ + Wᴸ (bᴸ⁻¹ + …) ``(K,)``.

    ``outputs`` ``(N, K)`` are σᴸ(W x + b) on the data, the output layer's own function kept;
    ``difference`` is the largest distance of one of them from the network's own, ``scale`` the largest
    output's size. ``linear`` says whether every hidden layer is linear, so that nothing was lost.
    """

    weights: Array
    biases: Array
    outputs: Array
    difference: float
    scale: float
    linear: bool


def collapse_layers(net: MLP, theta: Array) -> Collapse:
    """Leave the hidden activations out at theta ``(P,)``, multiply the layers, and compare on the data."""
    weights, biases = np.eye(net.widths[0]), np.zeros(net.widths[0])
    for w, b in net.weights(theta):
        weights, biases = w @ weights, w @ biases if b is None else w @ biases + b
    one = MLP((Dense(*weights.shape[::-1], net.activations[-1]),), net.cost, net.x, net.y)
    outputs = one.outputs(np.concatenate([weights.ravel(), biases]), net.x)
    real = net.outputs(theta, net.x)
    difference, scale = float(np.abs(outputs - real).max()), float(np.abs(real).max())
    linear = all(kind == "linear" for kind in net.activations[:-1])
    return Collapse(weights, biases, outputs, difference, scale, linear)
