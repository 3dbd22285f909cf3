"""Units over the plane of the inputs, their lines, and the data they pass on."""

from __future__ import annotations

import numpy as np
import pytest

from core.networks import mlp
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.explain.units import first_lines, lines, remapped, responses
from descentscape.core.network.mlp import MLP

WINDOW = ((-2.0, 3.0), (-1.0, 1.0))


def planar(*hidden: int, output: str = "linear", outputs: int = 1) -> tuple[MLP, np.ndarray]:
    rng = np.random.default_rng(5)
    widths = (2, *hidden, outputs)
    kinds = ("tanh",) * len(hidden) + (output,)
    net = mlp(widths, kinds, "mse", rng.standard_normal((40, 2)), rng.standard_normal((40, outputs)))
    return net, rng.standard_normal(net.dim)


def test_responses_are_the_networks_own_row_by_row() -> None:
    net, theta = planar(4, 3, output="softmax", outputs=2)
    seen = responses(net, theta, WINDOW, 7)
    assert [z.shape for z in seen.z] == [(4, 7, 7), (3, 7, 7), (2, 7, 7)]
    x1, x2 = seen.axes
    assert (x1[0], x1[-1], x2[0], x2[-1]) == (-2, 3, -1, 1)
    row, column = 2, 5
    at = np.array([[x1[column], x2[row]]])
    for (z, a), z_map, a_map in zip(net.forward(theta, at), seen.z, seen.a, strict=True):
        np.testing.assert_allclose(z_map[:, row, column], z[0], rtol=1e-13)
        np.testing.assert_allclose(a_map[:, row, column], a[0], rtol=1e-13)


def test_one_input_has_responses_along_a_line() -> None:
    rng = np.random.default_rng(5)
    net = mlp((1, 3, 1), ("tanh", "linear"), "mse", np.ones((2, 1)), np.ones((2, 1)))
    theta = rng.standard_normal(net.dim)
    seen = responses(net, theta, ((-2.0, 3.0),), 7)
    assert [z.shape for z in seen.z] == [(3, 7), (1, 7)]
    np.testing.assert_allclose(seen.a[1][0], net.outputs(theta, seen.axes[0][:, None])[:, 0], rtol=1e-13)


def test_responses_are_bounded() -> None:
    net, theta = planar(256, 256)
    with pytest.raises(TooExpensive):
        responses(net, theta, WINDOW, 200)


def test_pictures_need_two_inputs_and_a_window() -> None:
    line = mlp((1, 1), ("linear",), "mse", np.ones((1, 1)), np.ones((1, 1)))
    with pytest.raises(InvalidValue, match="inputs must be 2"):
        responses(line, np.zeros(2), WINDOW)
    with pytest.raises(InvalidValue, match="inputs must be 2"):
        first_lines(line, np.zeros(2), WINDOW)
    net, theta = planar(2)
    with pytest.raises(InvalidValue, match="window"):
        first_lines(net, theta, ((1.0, 1.0), (0.0, 1.0)))


def test_a_line_by_hand() -> None:
    # 3 x₁ + 4 x₂ − 5 = 0: normal (0.6, 0.8), one away from the origin; in the window from (3, −1) to (1/3, 1)
    seen = lines(np.array([[3.0, 4.0]]), np.array([-5.0]), WINDOW)
    np.testing.assert_allclose(seen.normal, [[0.6, 0.8]])
    np.testing.assert_allclose(seen.offset, [-1.0])
    ends = sorted(seen.segments[0].tolist())
    np.testing.assert_allclose(ends, [[1 / 3, 1], [3, -1]], atol=1e-14)


def test_lines_along_the_axes_beside_the_window_and_none() -> None:
    weights = np.array([[0.0, 2.0], [-1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    seen = lines(weights, np.array([-1.0, 1.0, -7.0, 1.0]), WINDOW)
    np.testing.assert_allclose(sorted(seen.segments[0].tolist()), [[-2, 0.5], [3, 0.5]])
    np.testing.assert_allclose(sorted(seen.segments[1].tolist()), [[1, -1], [1, 1]])
    assert np.isnan(seen.segments[2:]).all()
    assert np.isnan(seen.normal[3]).all()
    np.testing.assert_array_equal(seen.normal[1], [-1, 0])


def test_first_lines_are_where_the_first_layers_units_are_zero() -> None:
    net, theta = planar(30, 2)
    seen = first_lines(net, theta, WINDOW)
    drawn = ~np.isnan(seen.segments).any(axis=(1, 2))
    assert 5 < drawn.sum() < 30
    for unit in np.flatnonzero(drawn):
        z = net.forward(theta, seen.segments[unit])[0][0][:, unit]
        np.testing.assert_allclose(z, 0, atol=1e-12)
        onside = net.forward(theta, seen.segments[unit].mean(0)[None] + 0.1 * seen.normal[unit])[0][0]
        assert onside[0, unit] > 0
    grid = responses(net, theta, WINDOW, 81).z[0]
    changes = (grid.min(axis=(1, 2)) < 0) & (grid.max(axis=(1, 2)) > 0)
    assert drawn[changes].all()


def test_without_biases_lines_pass_through_the_origin() -> None:
    net = mlp((2, 3), ("linear",), "mse", np.ones((1, 2)), np.ones((1, 3)), biases=False)
    seen = first_lines(net, np.arange(1.0, 7.0), WINDOW)
    np.testing.assert_array_equal(seen.offset, 0.0)


def test_narrow_layers_pass_the_data_on_as_it_is() -> None:
    net, theta = planar(2)
    seen = remapped(net, theta)
    assert [each.name for each in seen] == ["input", "layer 1", "layer 2"]
    assert [each.note for each in seen] == ["both inputs", "both units", "the one unit"]
    np.testing.assert_array_equal(seen[0].points, net.x)
    np.testing.assert_array_equal(seen[1].points, net.forward(theta, net.x)[0][1])


def test_wide_layers_show_their_principal_components_and_say_so() -> None:
    net, theta = planar(6)
    hidden = net.forward(theta, net.x)[0][1]
    seen = remapped(net, theta)[1]
    eigenvalues, vectors = np.linalg.eigh(np.cov(hidden.T))
    assert seen.share == pytest.approx(eigenvalues[-2:].sum() / eigenvalues.sum())
    assert seen.note == f"first 2 principal components of 6 units, {100 * seen.share:.0f} % of their variance"
    expected = (hidden - hidden.mean(0)) @ vectors[:, :-3:-1]
    np.testing.assert_allclose(np.abs(seen.points), np.abs(expected), atol=1e-12)


def test_units_that_are_all_alike_keep_one_place() -> None:
    net, _ = planar(3)
    seen = remapped(net, np.zeros(net.dim))[1]
    np.testing.assert_allclose(seen.points, 0.0)
    assert seen.share == 1.0
