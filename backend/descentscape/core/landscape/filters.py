"""Directions scaled to the weights: by layer, or by filter as Li et al. (2018) publish it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np

from descentscape.core.blocks import layer_spans
from descentscape.core.norm import norm
from descentscape.core.objective import Array, Indices, Objective

Normalization = Literal["none", "layer", "filter"]


def normalized(
    objective: Objective, theta: Array, directions: Array, normalization: Normalization, biases: bool
) -> Array:
    """Return the directions ``(2, P)`` with each block scaled to the norm of theta's ``(P,)``: d‖θ‖/‖d‖.

    A block is a layer, or a filter: one unit's incoming weights, with its bias when ``biases``; without,
    the directions' bias components are zero and the biases count in no norm. Where an objective is not a
    network, its blocks serve as filters. Source: Li, Xu, Taylor, Studer, Goldstein, "Visualizing the loss
    landscape of neural nets" (2018).
    """
    scaled, reference = directions.copy(), theta.copy()
    if not biases:
        for block in (each for each in objective.blocks if each.role == "bias"):
            scaled[:, block.span], reference[block.span] = 0.0, 0.0
    for part in _parts(objective, normalization):
        sizes = norm(scaled[:, part], keepdims=True)
        scaled[:, part] *= norm(reference[part]) / np.where(sizes > 0, sizes, 1.0)
    return scaled


def named_block(objective: Objective, normalization: Normalization, biases: bool) -> str:
    """Say what is scaled as one: each of the blocks that `normalized` knows."""
    roles = {block.role for block in objective.blocks}
    if "weight" not in roles:
        return "each group of parameters"
    own = biases and "bias" in roles
    if normalization == "layer":
        return f"the weights{' and biases' if own else ''} of each layer"
    return f"the incoming weights{' and the bias' if own else ''} of each unit"


def _parts(objective: Objective, normalization: Normalization) -> Iterable[Indices | slice]:
    """Find the places in theta of what is scaled by itself."""
    match normalization:
        case "layer":
            return layer_spans(objective.blocks).values()
        case "filter":
            return _filters(objective)
    return ()


def _filters(objective: Objective) -> Iterator[Indices]:
    """Find each unit's incoming weights with its bias; what has no units is one by itself."""
    places = np.arange(objective.dim)
    biases = {each.layer: each.of(places)[:, None] for each in objective.blocks if each.role == "bias"}
    owned = {each.layer for each in objective.blocks if each.is_matrix}
    for block in objective.blocks:
        if block.is_matrix:
            bias = biases.get(block.layer, places[:0].reshape(block.shape[0], 0))
            yield from np.hstack([block.of(places), bias])
        elif block.role != "bias" or block.layer not in owned:
            yield places[block.span]
