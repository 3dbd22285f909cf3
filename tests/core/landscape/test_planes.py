from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from core.networks import mlp
from core.sliced import whole
from core.toy_objectives import ROSENBROCK, Quadratic, bowl
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape import planes
from descentscape.core.landscape.filters import Normalization, normalized
from descentscape.core.landscape.plane import Plane
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array


def network() -> MLP:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((30, 2))
    return mlp((2, 4, 3, 1), ("tanh", "tanh", "linear"), "mse", x, np.sin(x[:, :1]))


NET = network()
THETA = NET.init("xavier", np.random.default_rng(1))


def descent(steps: int = 60, rate: float = 0.2) -> Array:
    path = [THETA]
    for _ in range(steps):
        path.append(path[-1] - rate * NET.value_and_grad(path[-1])[1])
    return np.array(path)


PATH = descent()


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


KINDS: dict[str, Callable[[], Plane]] = {
    "axes": lambda: planes.axes(NET, THETA, (3, 17)),
    "random": lambda: planes.random(NET, THETA, rng()),
    "random without biases": lambda: planes.random(NET, THETA, rng(), biases=False),
    "random by layer": lambda: planes.random(NET, THETA, rng(), normalization="layer"),
    "random by filter": lambda: planes.random(NET, THETA, rng(), normalization="filter"),
    "pca": lambda: planes.pca(NET, [PATH]),
    "pca of several": lambda: planes.pca(NET, [PATH, descent(20, 0.5)], "start"),
    "hessian": lambda: whole(planes.hessian)(NET, THETA),
    "gradient": lambda: planes.gradient(NET, THETA, rng().standard_normal(NET.dim)),
    "gradient descent's own": lambda: planes.gradient(NET, THETA, -0.1 * NET.value_and_grad(THETA)[1]),
    "points": lambda: planes.points(NET, PATH[[0, 20, 60]]),
    "points on a line": lambda: planes.points(NET, [THETA, THETA + 1, THETA + 2]),
    "custom": lambda: planes.custom(NET, THETA, rng().standard_normal((2, NET.dim))),
    "custom, parallel": lambda: planes.custom(NET, THETA, np.ones((2, NET.dim))),
    "of no path": lambda: planes.pca(NET, [PATH[:1]]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_plane_keeps_its_word(kind: str) -> None:
    plane = KINDS[kind]()
    ab = np.random.default_rng(6).uniform(-2, 2, (20, 2))
    np.testing.assert_allclose(plane.project(plane.lift(ab)), ab, rtol=0, atol=1e-12)
    assert plane.note.endswith(".")
    assert len(set(plane.labels)) == 2
    assert plane.orthonormal == (kind not in ("random by layer", "random by filter"))
    if plane.orthonormal:
        np.testing.assert_allclose(plane.basis @ plane.basis.T, np.eye(2), rtol=0, atol=1e-12)
        largest = np.abs(plane.basis).argmax(axis=1)
        assert (plane.basis[[0, 1], largest] > 0).all()


def test_axes_move_two_parameters_and_name_them() -> None:
    plane = KINDS["axes"]()
    moved = plane.lift(np.array([0.5, -2.0])) - THETA
    assert np.flatnonzero(moved).tolist() == [3, 17]
    np.testing.assert_allclose(moved[[3, 17]], [0.5, -2.0])
    assert plane.labels == (NET.parameter_names()[3], NET.parameter_names()[17])
    whole = planes.axes(ROSENBROCK, np.zeros(2), (0, 1))
    assert whole.exact
    assert whole.lift(np.array([1.5, -2.0])).tolist() == [1.5, -2.0]


@pytest.mark.parametrize("parameters", [(1, 1), (0, 99), (-1, 0)])
def test_axes_need_two_parameters(parameters: tuple[int, int]) -> None:
    with pytest.raises(InvalidValue, match=r"plane.parameters must be two different numbers from 0 to 30"):
        planes.axes(NET, THETA, parameters)


def test_filters_are_scaled_by_hand() -> None:
    net = mlp((2, 2, 1), ("tanh", "linear"), "mse", np.ones((1, 2)), np.ones((1, 1)))
    theta = np.array([3.0, 4, 0, 0, 12, 5, 6, 8, 1])  # W1 rows (3,4), (0,0); b1 (12,5); W2 (6,8); b2 1
    direction = np.array([1.0, 0, 1, 1, 0, 1, 0, 2, 3])
    both = np.array([direction, -2 * direction])
    without = [5, 0, 0, 0, 0, 0, 0, 10, 0]
    np.testing.assert_allclose(
        normalized(net, theta, both, "filter", False), [without, [-v for v in without]]
    )
    third = 5 / np.sqrt(3)
    last = np.sqrt(101 / 13)
    expected = [13, 0, third, third, 0, third, 0, 2 * last, 3 * last]
    np.testing.assert_allclose(normalized(net, theta, both, "filter", True)[0], expected)
    layer = 5 / np.sqrt(3)
    np.testing.assert_allclose(
        normalized(net, theta, both, "layer", False)[0], [layer, 0, layer, layer, 0, 0, 0, 10, 0]
    )


def test_weights_whose_squares_overflow_scale_directions_too() -> None:
    net = mlp((2, 1), ("linear",), "mse", np.ones((1, 2)), np.ones((1, 1)))
    theta, direction = np.array([3e200, 4e200, 0]), np.array([[0, 2.0, 0], [1.0, 0, 0]])
    scaled = normalized(net, theta, direction, "filter", False)
    np.testing.assert_allclose(scaled, [[0, 5e200, 0], [5e200, 0, 0]])


def test_filter_normalised_planes_have_the_weights_norms() -> None:
    plane = KINDS["random by filter"]()
    for direction in plane.basis:
        for (w, b), (dw, db) in zip(NET.weights(THETA), NET.weights(direction), strict=True):
            np.testing.assert_allclose(
                np.hypot(np.linalg.norm(w, axis=1), b), np.hypot(np.linalg.norm(dw, axis=1), db)
            )


def test_biases_can_be_held_still() -> None:
    for normalization in ("none", "layer", "filter"):
        plane = planes.random(NET, THETA, rng(), normalization=normalization, biases=False)
        for direction in plane.basis:
            assert not any(b.any() for _, b in NET.weights(direction))


@pytest.mark.parametrize(
    ("normalization", "biases", "said"),
    [
        ("filter", True, "the incoming weights and the bias of each unit scaled"),
        (
            "filter",
            False,
            "the incoming weights of each unit scaled to the norm of the same at the origin, biases held",
        ),
        ("layer", True, "the weights and biases of each layer scaled"),
        ("layer", False, "the weights of each layer scaled"),
    ],
)
def test_words_say_what_is_normalised(normalization: Normalization, biases: bool, said: str) -> None:
    assert said in planes.random(NET, THETA, rng(), normalization=normalization, biases=biases).note


def test_without_biases_there_is_none_to_normalise() -> None:
    net = mlp((1, 2, 1), ("tanh", "linear"), "mse", np.ones((1, 1)), np.ones((1, 1)), biases=False)
    note = planes.random(net, np.arange(1.0, 5.0), rng(), normalization="filter").note
    assert "the incoming weights of each unit scaled" in note
    group = planes.random(ROSENBROCK, np.ones(2), rng(), normalization="filter").note
    assert "each group of parameters scaled" in group


def test_a_thinned_path_counts_each_point_for_the_entries_it_stands_for() -> None:
    repeats = np.array([1, 5, 2, 9])
    points = np.random.default_rng(4).standard_normal((4, NET.dim))
    thinned = planes.pca(NET, [points], weights=[repeats.astype(float)])
    whole = planes.pca(NET, [np.repeat(points, repeats, axis=0)])
    np.testing.assert_allclose(thinned.basis, whole.basis, atol=1e-10)
    np.testing.assert_allclose(thinned.components, whole.components[: len(thinned.components)], atol=1e-12)
    assert thinned.null_share == whole.null_share
    assert "Taken of 4 of 17 entries" in thinned.note
    assert "Taken of" not in whole.note
    beside = KINDS["random"]().beside([points], weights=[repeats.astype(float)])
    assert beside.variance_share == pytest.approx(
        KINDS["random"]().share([np.repeat(points, repeats, axis=0)])
    )


def test_weights_of_zero_cannot_normalise() -> None:
    plane = planes.random(NET, np.zeros(NET.dim), rng(), normalization="filter")
    assert plane.orthonormal
    assert "scaling by filter would leave no two different directions" in plane.note


@pytest.mark.parametrize("center", ["mean", "start", "end"])
def test_pca_equals_an_independent_decomposition(center: planes.Center) -> None:
    other = descent(30, 0.4)
    plane = planes.pca(NET, [PATH, other], center)
    points = np.concatenate([PATH, other])
    origin = {"mean": points.mean(axis=0), "start": THETA, "end": PATH[-1]}[center]
    covariance = (points - origin).T @ (points - origin)
    values, vectors = np.linalg.eigh(covariance)
    np.testing.assert_allclose(plane.origin, origin, atol=1e-15)
    np.testing.assert_allclose(plane.variance_share, values[[-1, -2]] / values.sum(), atol=1e-12)
    np.testing.assert_allclose(plane.components, values[:-11:-1] / values.sum(), atol=1e-12)
    np.testing.assert_allclose(np.abs(plane.basis @ vectors[:, [-1, -2]]), np.eye(2), atol=1e-9)


def test_pca_about_the_mean_holds_the_share_it_says() -> None:
    plane = planes.pca(NET, [PATH])
    assert plane.share([PATH]) == pytest.approx(plane.variance_share, abs=1e-12)
    assert plane.null_share is not None
    assert plane.null_share[0] == pytest.approx(0.61, abs=0.05)


def test_paths_too_large_to_square_still_have_components() -> None:
    huge = planes.pca(NET, [PATH * 2.0**900])
    plane = planes.pca(NET, [PATH])
    assert huge.variance_share == plane.variance_share
    np.testing.assert_array_equal(huge.basis, plane.basis)
    np.testing.assert_array_equal(huge.origin, plane.origin * 2.0**900)


def test_a_straight_path_takes_its_second_direction_from_the_curvature() -> None:
    along = np.linspace(0, 1, 30)[:, None] * np.random.default_rng(2).standard_normal(NET.dim)
    plane = planes.pca(NET, [THETA + along])
    bent = NET.hvp(THETA, NET.value_and_grad(THETA)[1])
    bent -= (bent @ plane.basis[0]) * plane.basis[0]
    np.testing.assert_allclose(abs(plane.basis[1] @ bent), np.linalg.norm(bent), rtol=1e-9)
    assert plane.labels == ("PC 1", "H ∇C")
    assert plane.note.endswith("Because the path is straight, H ∇C, made orthogonal, stands in.")
    assert plane.variance_share == pytest.approx((1.0, 0.0), abs=1e-12)


def test_gradient_descents_own_step_takes_the_curvature_beside_it() -> None:
    _, grad = NET.value_and_grad(THETA)
    plane = planes.gradient(NET, THETA, -0.3 * grad)
    np.testing.assert_allclose(abs(plane.basis[0] @ grad), np.linalg.norm(grad))
    assert plane.labels == ("along ∇C", "H ∇C")
    assert "Because the step follows the gradient, H ∇C" in plane.note
    own = planes.gradient(NET, THETA, np.ones(NET.dim))
    np.testing.assert_allclose(own.residual(THETA + np.ones(NET.dim)), 0, atol=1e-12)


def test_where_the_curvature_helps_no_further_a_seeded_random_direction_does() -> None:
    round_bowl = Quadratic(np.eye(3), np.zeros(3))
    at = np.array([1.0, 2.0, 3.0])
    first, again = (planes.gradient(round_bowl, at, -at) for _ in range(2))
    assert first.labels == ("along ∇C", "a random direction")
    assert np.array_equal(first.basis, again.basis)
    flat = planes.gradient(round_bowl, np.zeros(3), np.zeros(3))
    assert "Because the gradient is zero, a random direction and a second random direction" in flat.note


def test_hessian_directions_are_the_extreme_curvatures() -> None:
    plane = whole(planes.hessian)(NET, THETA)
    eigenvalues = np.linalg.eigvalsh(NET.hessian(THETA))
    curvatures = [direction @ NET.hvp(THETA, direction) for direction in plane.basis]
    np.testing.assert_allclose(curvatures, eigenvalues[[-1, 0]], atol=1e-10)
    assert "most negative" in plane.note
    assert "least (none is negative here)" in whole(planes.hessian)(bowl(), np.zeros(3)).note


def test_the_plane_through_three_points_holds_them() -> None:
    three = PATH[[0, 20, 60]]
    plane = planes.points(NET, three)
    np.testing.assert_allclose(plane.residual(three), 0, atol=1e-12)
    np.testing.assert_allclose(plane.project(three[0]), 0, atol=1e-15)
    np.testing.assert_allclose(plane.project(three[1])[1], 0, atol=1e-12)


def test_custom_directions_span_what_was_given() -> None:
    basis = rng().standard_normal((2, NET.dim))
    plane = planes.custom(NET, THETA, basis)
    np.testing.assert_allclose(plane.residual(THETA + np.array([[2.0, -3.0]]) @ basis), 0, atol=1e-12)


@pytest.mark.parametrize(
    ("origin", "basis", "message"),
    [
        (np.zeros(3), np.ones((3, 3)), r"plane.basis must be of shape \(2, 3\), got \(3, 3\)"),
        (np.zeros(2), np.ones((2, 3)), r"plane.origin must be of shape \(3,\), got \(2,\)"),
        (np.zeros(3), np.array([[1, 2, np.nan], [1, 0, 0]]), "plane.basis must be finite, got nan"),
    ],
)
def test_custom_planes_are_checked(origin: Array, basis: Array, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        planes.custom(bowl(), origin, basis)
