"""Directions scaled to the weights: by layer, or by filter as Li et al. (2018) publish it."""

from __future__ import annotations

from typing import Literal

import numpy as np

from descentscape.core.network.mlp import Chain
from descentscape.core.objective import Array, Indices, Objective

Normalization = Literal["none", "layer", "filter"]


def normalized(
    objective: Objective, theta: Array, directions: Array, normalization: Normalization, biases: bool
) -> Array:
    """Return the directions ``(2, P)`` with each block scaled to the norm of theta's ``(P,)``: d‖θ‖/‖d‖.

    A block is a layer, or a filter: one unit's incoming weights, with its bias when ``biases``; without,
    the directions' bias components are zero and the biases count in no norm. Where an objective is not a
    network, its groups serve as both. Source: Li, Xu, Taylor, Studer, Goldstein, "Visualizing the loss
    landscape of neural nets" (2018).
    """
    layers, filters, held = _blocks(objective)
    scaled, reference = directions.copy(), theta.copy()
    if not biases:
        scaled[:, held], reference[held] = 0.0, 0.0
    for block in {"none": [], "layer": layers, "filter": filters}[normalization]:
        sizes = np.linalg.norm(scaled[:, block], axis=1, keepdims=True)
        scaled[:, block] *= np.linalg.norm(reference[block]) / np.where(sizes > 0, sizes, 1.0)
    return scaled


def named_block(objective: Objective, normalization: Normalization, biases: bool) -> str:
    """Say what is scaled as one: each of the blocks that `normalized` knows."""
    if not isinstance(objective, Chain):
        return "each group of parameters"
    held = _blocks(objective)[2]
    own = biases and held.size
    if normalization == "layer":
        return f"the weights{' and biases' if own else ''} of each layer"
    return f"the incoming weights{' and the bias' if own else ''} of each unit"


def _blocks(objective: Objective) -> tuple[list[Indices], list[Indices], Indices]:
    """Find the positions in theta of each layer, of each filter, and of all biases."""
    places = np.arange(objective.dim)
    groups = [places[span] for span in objective.groups.values()]
    if not isinstance(objective, Chain):
        return groups, groups, places[:0]
    filters, held = [], [places[:0]]
    for w, b in objective.layers(places):
        filters += list(w) if b is None else list(np.column_stack([w, b]))
        held += [] if b is None else [b]
    return groups, filters, np.concatenate(held)
