"""What theta is made of, said once: names, layers, roles, shapes and places."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from core.networks import mlp
from descentscape.core.blocks import layer_spans
from descentscape.core.formulas.objective import FormulaObjective, parse
from descentscape.core.optimizers.memoised_objective import MemoisedObjective


def network(widths, *, biases=True):
    kinds = ("tanh",) * (len(widths) - 2) + ("linear",)
    return mlp(widths, kinds, "mse", np.ones((1, widths[0])), np.ones((1, widths[-1])), biases=biases)


@pytest.mark.parametrize(("widths", "biases"), [((2, 3, 1), True), ((4, 2), True), ((1, 1, 1), False)])
def test_blocks_follow_one_another_and_cover_theta(widths, biases):
    chain = network(widths, biases=biases)
    assert chain.blocks[0].span.start == 0
    assert all(one.span.stop == other.start for one, other in pairwise(chain.blocks))
    assert chain.blocks[-1].span.stop == chain.dim


def test_a_networks_blocks_are_its_layers_weights_and_biases():
    chain = network((2, 3, 1))
    assert [(each.name, each.layer, each.role, each.shape) for each in chain.blocks] == [
        ("layer 1, w", "layer 1", "weight", (3, 2)),
        ("layer 1, b", "layer 1", "bias", (3,)),
        ("layer 2, w", "layer 2", "weight", (1, 3)),
        ("layer 2, b", "layer 2", "bias", (1,)),
    ]
    theta = np.random.default_rng(0).normal(size=(4, chain.dim))
    for (w, b), weights, biases in zip(
        chain.weights(theta), chain.blocks[::2], chain.blocks[1::2], strict=True
    ):
        np.testing.assert_array_equal(weights.of(theta), w)
        np.testing.assert_array_equal(biases.of(theta), b)
    assert layer_spans(chain.blocks) == {"layer 1": slice(0, 9), "layer 2": slice(9, 13)}


@pytest.mark.parametrize(("widths", "biases"), [((2, 3, 1), True), ((3, 1), True), ((1, 1, 1), False)])
def test_parameters_are_named_after_their_block(widths, biases):
    chain = network(widths, biases=biases)
    names = chain.parameter_names()
    for block in chain.blocks:
        assert all(name.startswith(block.name) for name in names[block.span])


def test_a_formulas_point_is_one_block_that_is_no_weight():
    (point,) = FormulaObjective(parse("x*y")).blocks
    assert (point.role, point.shape, point.span, point.is_matrix) == ("coordinate", (2,), slice(0, 2), False)


def test_a_memoised_objective_has_the_blocks_of_its_own():
    chain = network((2, 2))
    assert MemoisedObjective(chain).blocks == chain.blocks
