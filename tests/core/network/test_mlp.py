from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pytest

from cases import in_case
from core.networks import HEADS, mlp, network, somewhere
from descentscape.core.blocks import layer_spans
from descentscape.core.errors import InvalidValue
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.costs import SOFTMAX
from descentscape.core.objective import Objective, Sampled, is_sampled

X, Y = np.zeros((4, 2)), np.ones((4, 1))


def naive_cost(net, theta):
    """One example, one unit at a time, as the definitions say."""
    total = 0.0
    for x, y in zip(net.x, net.y, strict=True):
        a = list(x)
        for (w, b), kind in zip(net.weights(theta), net.activations, strict=True):
            z = [
                sum(w[j, k] * a[k] for k in range(len(a))) + (b[j] if b is not None else 0)
                for j in range(len(w))
            ]
            if kind == SOFTMAX:
                a = [math.exp(v) / sum(map(math.exp, z)) for v in z]
            else:
                a = [float(ACTIVATIONS[kind].value(np.array([v]))[0]) for v in z]
        total += sum(LOSSES[net.cost](p, t) for p, t in zip(a, y, strict=True)) / len(net.x)
    return total


LOSSES = {
    "mse": lambda a, y: 0.5 * (a - y) ** 2,
    "huber": lambda a, y: 0.5 * (a - y) ** 2 if abs(a - y) <= 1 else abs(a - y) - 0.5,
    "bce": lambda a, y: -y * math.log(a) - (1 - y) * math.log(1 - a),
    "cross_entropy": lambda a, y: -y * math.log(a),
}


@pytest.mark.parametrize(("cost", "output"), HEADS)
def test_cost_is_that_of_the_definition(cost, output):
    for biases, depth in product((True, False), (0, 1, 2)):
        with in_case(biases, depth):
            net = network((4, 3)[:depth], "tanh", cost, output, biases=biases)
            theta = somewhere(net)
            assert net.value(theta) == pytest.approx(naive_cost(net, theta), rel=1e-12)
            assert net.value_and_grad(theta)[0] == pytest.approx(naive_cost(net, theta), rel=1e-12)


def test_penalties_are_on_weights_and_not_on_biases():
    plain, penalized = (
        network((3,), "tanh", "mse", "linear", l1=l1, l2=l2) for l1, l2 in ((0, 0), (0.2, 0.6))
    )
    theta = somewhere(plain)
    weights = np.concatenate([w.ravel() for w, _ in plain.weights(theta)])
    penalty = 0.2 * np.abs(weights).sum() + 0.5 * 0.6 * (weights**2).sum()
    assert penalized.value(theta) == pytest.approx(plain.value(theta) + penalty, rel=1e-14)


def test_the_derivative_of_an_absolute_weight_is_zero_at_zero():
    net = mlp((1, 1), ("linear",), "mse", np.zeros((1, 1)), np.zeros((1, 1)), l1=0.5)
    np.testing.assert_array_equal(net.value_and_grad(np.zeros(2))[1], 0.0)
    np.testing.assert_array_equal(net.value_and_grad(np.array([-3.0, 0.0]))[1], [-0.5, 0.0])


def test_theta_is_row_major_weights_then_biases_layer_by_layer():
    net = network((3,), "tanh", "mse", "linear", k=1)
    (w1, b1), (w2, b2) = net.weights(np.arange(13.0))
    np.testing.assert_array_equal(w1, [[0, 1], [2, 3], [4, 5]])
    np.testing.assert_array_equal(b1, [6, 7, 8])
    np.testing.assert_array_equal(w2, [[9, 10, 11]])
    np.testing.assert_array_equal(b2, [12])
    assert layer_spans(net.blocks) == {"layer 1": slice(0, 9), "layer 2": slice(9, 13)}
    names = net.parameter_names()
    assert [names[i] for i in (0, 5, 6, 11, 12)] == [
        "layer 1, w[1,1]", "layer 1, w[3,2]", "layer 1, b[1]", "layer 2, w[1,3]", "layer 2, b[1]",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("widths", "biases", "names"),
    [
        ((1, 1), True, ["w", "b"]),
        ((2, 1), True, ["w[1]", "w[2]", "b"]),
        ((1, 1, 1), False, ["w1", "w2"]),
        ((1, 2), True, ["w[1,1]", "w[2,1]", "b[1]", "b[2]"]),
    ],
)
def test_small_problems_have_short_names(widths, biases, names):
    x, y = np.zeros((1, widths[0])), np.zeros((1, widths[-1]))
    net = mlp(widths, ("linear",) * (len(widths) - 1), "mse", x, y, biases=biases)
    assert net.parameter_names() == names


def test_layers_are_views_with_batch_axes():
    net = network((3,), "tanh", "mse", "linear")
    theta = somewhere(net, 4, 5)
    (w, b), _ = net.weights(theta)
    assert w.shape == (4, 5, 3, 2)
    b[2, 3] = 7.0
    np.testing.assert_array_equal(theta[2, 3, 6:9], 7.0)


def test_forward_by_hand():
    # a¹ = relu(2 x + 1), a² = 3 a¹ − 4
    net = mlp((1, 1, 1), ("relu", "linear"), "mse", np.ones((1, 1)), np.ones((1, 1)))
    (z1, a1), (z2, a2) = net.forward(np.array([2.0, 1.0, 3.0, -4.0]), np.array([[1.0], [-2.0]]))
    np.testing.assert_array_equal(np.hstack([z1, a1, z2, a2]), [[3, 3, 5, 5], [-3, 0, -4, -4]])


def test_outputs_have_batch_axes_and_probabilities_add_up():
    net = network((4,), "tanh", "cross_entropy", "softmax")
    theta, x = somewhere(net, 2, 3), np.random.default_rng(0).normal(size=(6, 2))
    outputs = net.outputs(theta, x)
    assert outputs.shape == (2, 3, 6, 3)
    np.testing.assert_allclose(outputs.sum(-1), 1.0, rtol=1e-14)
    np.testing.assert_allclose(outputs[1, 2], net.outputs(theta[1, 2], x), rtol=1e-13)


def test_class_labels_become_one_hot():
    labels = np.array([[2], [0], [1], [1]])
    net = mlp((2, 3), (SOFTMAX,), "cross_entropy", X, labels)
    np.testing.assert_array_equal(net.y, np.eye(3)[[2, 0, 1, 1]])
    np.testing.assert_array_equal(net.x, X)


def test_it_is_what_the_contract_asks_for():
    net = network((3,), "tanh", "mse", "linear")
    assert isinstance(net, Objective)
    assert isinstance(net, Sampled)
    assert is_sampled(net)
    assert (net.dim, net.n_examples) == (21, 5)
    assert (net.widths, net.activations, net.cost) == ((2, 3, 3), ("tanh", "linear"), "mse")


def test_a_batch_is_the_cost_of_its_examples():
    net = network((4,), "tanh", "mse", "sigmoid", n=9, l2=0.3)
    theta, indices = somewhere(net), np.array([7, 0, 3])
    alone = mlp(net.widths, net.activations, "mse", net.x[indices], net.y[indices], l2=0.3)
    for batch in (net.batch(indices), net.batch(np.array([1, 7, 0, 3])).batch(slice(1, 4))):
        assert batch.n_examples == 3
        np.testing.assert_array_equal(batch.x, alone.x)
        cost, gradient = batch.value_and_grad(theta)
        assert cost == pytest.approx(alone.value(theta), rel=1e-14)
        np.testing.assert_allclose(gradient, alone.value_and_grad(theta)[1], rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(batch.hessian(theta), alone.hessian(theta), rtol=1e-12, atol=1e-14)


def test_batches_average_to_the_whole():
    net = network((4,), "softplus", "bce", "sigmoid", n=12)
    theta, order = somewhere(net), np.random.default_rng(0).permutation(12)
    parts = [net.batch(order[k : k + 4]).value_and_grad(theta) for k in (0, 4, 8)]
    cost, gradient = net.value_and_grad(theta)
    assert np.mean([part[0] for part in parts]) == pytest.approx(cost, rel=1e-14)
    np.testing.assert_allclose(np.mean([part[1] for part in parts], 0), gradient, rtol=1e-12, atol=1e-15)


def test_a_batch_of_a_batch_is_those_of_its_examples():
    net = network((4,), "tanh", "mse", "linear", n=9)
    part = net.batch(np.arange(9)[::-1]).batch(np.array([2, 3]))
    np.testing.assert_array_equal(part.x, net.x[[6, 5]])
    np.testing.assert_array_equal(part.y, net.y[[6, 5]])


def test_batches_of_many_sizes_in_turn():
    net = network((4,), "tanh", "mse", "linear", n=40)
    theta = somewhere(net)
    for size in (*range(1, 40), 1, 2):
        batch = net.batch(np.arange(size))
        stacked = batch.value_and_grad(theta[None])
        np.testing.assert_allclose(batch.value_and_grad(theta)[1], stacked[1][0], rtol=1e-11, atol=1e-14)


def test_results_are_the_callers_own():
    net = network((4,), "tanh", "mse", "linear")
    theta = somewhere(net)
    first = net.value_and_grad(theta)[1]
    kept = first.copy()
    net.value_and_grad(2.0 * theta)
    np.testing.assert_array_equal(first, kept)
    products = net.hvp(theta, theta), net.hvp(theta, -theta)
    np.testing.assert_array_equal(products[0], -products[1])


def test_threads_do_not_meet():
    net = network((16, 16), "tanh", "mse", "linear", n=200)
    thetas = somewhere(net, 8)
    expected = [(net.value_and_grad(theta)[1], net.hvp(theta, theta)) for theta in thetas]

    def descend(k):
        return [(net.value_and_grad(thetas[k])[1], net.hvp(thetas[k], thetas[k])) for _ in range(50)]

    with ThreadPoolExecutor(8) as pool:
        for (gradient, product), results in zip(expected, pool.map(descend, range(8)), strict=True):
            for got_gradient, got_product in results:
                np.testing.assert_array_equal(got_gradient, gradient)
                np.testing.assert_array_equal(got_product, product)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_diverged_parameters_are_costs_and_not_warnings(activation):
    for (cost, output), scale in product(HEADS, (1e200, np.inf, np.nan)):
        with in_case(cost, output, scale):
            net = network((3, 3), activation, cost, output, l1=0.1, l2=0.1)
            theta = scale * np.ones(net.dim)
            value, gradient = net.value_and_grad(theta)
            values, gradients = net.value_and_grad(np.stack([theta, theta]))
            assert not np.isfinite([value, *values, net.value(theta)]).any()
            assert gradient.shape == gradients[0].shape
            net.hvp(theta, theta)
            net.slice_cost(theta, np.stack([theta, theta]), np.eye(2))


@pytest.mark.parametrize("scale", [1e3, 1e6])
@pytest.mark.parametrize(("cost", "output"), HEADS)
def test_saturated_networks_stay_finite(cost, output, scale):
    net = network((3,), "tanh", cost, output)
    value, gradient = net.value_and_grad(scale * somewhere(net))
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((2,), (), "mse", X, Y), "widths must be two or more positive numbers"),
        (((2, 0, 1), ("tanh", "linear"), "mse", X, Y), "widths must be two or more positive numbers"),
        (((2, 3, 1), ("tanh",), "mse", X, Y), "activations must be 2, one for each layer"),
        (((2, 3, 1), ("sine", "linear"), "mse", X, Y), "activation must be one of linear, .*, got 'sine'"),
        (((2, 1), ("linear",), "bce", X, Y), "cost must be mse or huber on a linear output, got 'bce'"),
        (((2, 1), (SOFTMAX,), "mse", X, Y), r"widths\[-1\] must be at least 2 for a softmax output, got 1"),
        (((3, 1), ("linear",), "mse", X, Y), r"x must be of shape \(N, 3\) with N at least 1, got \(4, 2\)"),
        (((2, 1), ("linear",), "mse", X[:0], Y[:0]), "x must be of shape .* with N at least 1"),
        (((2, 2), ("linear",), "mse", X, Y), r"y must be of shape \(4, 2\), got \(4, 1\)"),
        (((2, 1), ("sigmoid",), "bce", X, 2 * Y), "y must be between 0 and 1 for bce, got 2.0"),
        (((2, 1), ("sigmoid",), "bce", X, math.nan * Y), "y must be between 0 and 1 for bce, got nan"),
        (
            ((2, 2), (SOFTMAX,), "cross_entropy", X, np.full((4, 2), 0.4)),
            "y must be rows that add up to 1 for cross_entropy, got 0.8",
        ),
    ],
)
def test_impossible_networks_are_refused_by_name(arguments, message):
    with pytest.raises(InvalidValue, match=message):
        mlp(*arguments)


@pytest.mark.parametrize("penalty", [-1.0, math.nan, math.inf])
def test_impossible_penalties_are_refused(penalty):
    with pytest.raises(InvalidValue, match="l2 must be a finite number of at least 0"):
        network((), "tanh", "mse", "linear", l2=penalty)


def test_parameters_of_another_network_are_refused():
    net = network((3,), "tanh", "mse", "linear")
    for call in (net.value, net.value_and_grad):
        for shape in ((20,), (2, 22)):
            with pytest.raises(InvalidValue, match=r"theta must be of shape \(..., 21\)"):
                call(np.zeros(shape))
