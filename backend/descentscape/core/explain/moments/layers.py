"""What the layers of a network do to a gradient on its way back, and units that are all alike."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from descentscape.core.descent.computed import measured
from descentscape.core.explain.moments.facts import RunFacts
from descentscape.core.explain.moments.moment import Moment, times
from descentscape.core.network.mlp import MLP
from descentscape.core.number_format import percent
from descentscape.core.objective import Array
from descentscape.core.time_slices import TimeSlices

FADED = 0.01
"""A gradient has faded whose share in the first layer is below this of the last layer's."""

DEEP = 3
"""Layers that a gradient must go through for that."""

LARGE = 100.0
"""A gradient has exploded that is so many times as long as all the weights together."""


def fading(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """A gradient that vanishes on its way to the first layer, or that explodes."""
    net = facts.net
    if net is None or len(net.layers) < DEEP:
        return []
    yield from measured(facts.trajectory)
    norms = facts.trajectory.layer_grad_norms[: facts.entries]
    return [*_vanishing(facts, norms), *(yield from _exploding(facts, norms))]


def _vanishing(facts: RunFacts, norms: Array) -> list[Moment]:
    first, last = norms[:, 0], norms[:, -1]
    faded = (first < FADED * last) & (first > 0)
    if not faded.any():
        return []
    begin = int(faded.argmax())
    over = np.flatnonzero(~faded[begin:])
    end = begin + int(over[0]) - 1 if over.size else facts.entries - 1
    words = f"has a vanishing gradient: in the first layer under {percent(FADED)} of the last’s."
    numbers = {
        "layers": float(norms.shape[1]),
        "first layer’s gradient": float(first[begin]),
        "last layer’s gradient": float(last[begin]),
    }
    return [facts.moment("vanishing", begin, words, numbers, end)]


def _exploding(facts: RunFacts, norms: Array) -> TimeSlices[list[Moment]]:
    size, grad = float(np.linalg.norm((yield from facts.theta_at(0)))), float(np.linalg.norm(norms[0]))
    if size == 0 or grad < LARGE * size:
        return []
    words = f"has an exploding gradient: at first {times(grad / size)} as long as the weights."
    return [facts.moment("exploding", 0, words, {"gradient’s norm ‖∇C‖": grad, "length of θ": size})]


def alike(facts: RunFacts) -> TimeSlices[list[Moment]]:
    """Units of every hidden layer that begin with the same weights, and can never become different."""
    net = facts.net
    if net is None or max(net.widths[1:-1], default=1) < 2 or not facts.entries:
        return []
    theta = yield from facts.theta_at(0)
    end = yield from facts.theta_at(facts.entries - 1)
    if not (are_alike(net, theta) and are_alike(net, end)):
        return []
    norms = yield from facts.norms()
    numbers = {"gradient’s norm ‖∇C‖": float(norms[0])}
    if not theta.any() and not end.any() and norms[0] == 0:
        words = "cannot move: with all weights at zero the gradient is zero too."
        return [facts.moment("alike", 0, words, numbers, facts.entries - 1)]
    if not theta.any():
        words = "starts with all weights at zero: the units of a layer stay alike."
    else:
        words = "starts with units that are alike: equal gradients keep them so."
    return [facts.moment("alike", 0, words, numbers)]


def are_alike(net: MLP, theta: Array) -> bool:
    """Whether the units of each hidden layer have the same weights, biases and weights out of them."""
    layers = net.weights(theta)
    for (incoming, biases), (outgoing, _) in pairwise(layers):
        rows = [incoming, outgoing.T] + ([] if biases is None else [biases[:, None]])
        if any(not np.allclose(part, part[:1], rtol=1e-9, atol=1e-12) for part in rows):
            return False
    return True
