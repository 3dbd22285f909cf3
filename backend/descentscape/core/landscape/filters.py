"""Directions scaled to the weights: by layer, or by filter as Li et al. (2018) publish it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from descentscape.core.blocks import layer_spans
from descentscape.core.norm import norm
from descentscape.core.objective import Array, Objective

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
    parts = (_parts(objective, normalization, each) for each in (scaled, reference))
    for own, like in zip(*parts, strict=True):
        sizes = norm(_joined(own), keepdims=True)
        factors = norm(_joined(like), keepdims=True) / np.where(sizes > 0, sizes, 1.0)
        for view in own:
            view *= factors
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


def _parts(objective: Objective, normalization: Normalization, vectors: Array) -> Iterator[list[Array]]:
    """Lists of views ``(*B, U, k)`` of vectors ``(*B, P)``: the rows of a list are scaled as one."""
    match normalization:
        case "layer":
            yield from ([vectors[..., None, span]] for span in layer_spans(objective.blocks).values())
        case "filter":
            yield from _filters(objective, vectors)


def _filters(objective: Objective, vectors: Array) -> Iterator[list[Array]]:
    """Each unit's incoming weights with its bias; what has no units is one by itself."""
    biases = {each.layer: each for each in objective.blocks if each.role == "bias"}
    owned = {each.layer for each in objective.blocks if each.is_matrix}
    for block in objective.blocks:
        if block.is_matrix:
            own = [biases[block.layer]] if block.layer in biases else []
            yield [block.of(vectors), *(bias.of(vectors)[..., None] for bias in own)]
        elif block.role != "bias" or block.layer not in owned:
            yield [vectors[..., None, block.span]]


def _joined(views: list[Array]) -> Array:
    return views[0] if len(views) == 1 else np.concatenate(views, axis=-1)
