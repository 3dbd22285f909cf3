from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import pytest

from core.networks import mlp
from core.sliced import whole
from core.toy_objectives import ROSENBROCK, bowl
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.objective import FORMULAS, FormulaObjective, parse
from descentscape.core.landscape import curvature
from descentscape.core.landscape import lanczos as iteration
from descentscape.core.landscape.curvature import DENSE_HESSIAN, DENSE_ON_PATHS, classify, zero_below
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array
from descentscape.core.time_slices import at_once

spectrum, extremes, sharpness = map(whole, (curvature.spectrum, curvature.extremes, curvature.sharpness))
lanczos = whole(iteration.lanczos)


def formula(expression: str) -> FormulaObjective:
    return FormulaObjective(parse(expression))


def network(activation: str = "tanh", hidden: tuple[int, int] = (5, 4)) -> MLP:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((25, 3))
    y = np.sin(x[:, :1])
    return mlp((3, *hidden, 1), (activation, activation, "linear"), "mse", x, y)


def linear_chain() -> MLP:
    x = np.linspace(-1, 2, 12)[:, None]
    return mlp((1, 1, 1), ("linear", "linear"), "mse", x, 0.8 * x, biases=False)


def test_the_spectrum_is_that_of_differenced_gradients() -> None:
    net = network()
    theta = net.init("xavier", np.random.default_rng(1))
    h = 1e-5
    moved = (
        net.value_and_grad(theta + h * np.eye(net.dim))[1]
        - net.value_and_grad(theta - h * np.eye(net.dim))[1]
    )
    found = spectrum(net, theta)
    np.testing.assert_allclose(found.eigenvalues, np.linalg.eigvalsh(moved / (2 * h)), atol=1e-8)
    assert found.complete
    assert found.negative_count == (found.eigenvalues < -1e-12 * np.abs(found.eigenvalues).max()).sum()
    assert found.cost == pytest.approx(float(net.value(theta)))
    assert (found.classification, found.index) == ("not_critical", None)


@pytest.mark.parametrize(
    ("expression", "at", "kind", "index"),
    [
        ("x**2 + 3*y**2", (0, 0), "minimum", 0),
        ("-x**2 - 3*y**2", (0, 0), "maximum", 2),
        ("x**2 - y**2", (0, 0), "saddle", 1),
        (FORMULAS["monkey_saddle"].expression, (0, 0), "degenerate", 0),
        ("x**2 + y**4", (0, 0), "degenerate", 0),
        ("-x**2", (0, 2), "degenerate", 1),
        ("3 + 0*x", (1, 1), "degenerate", 0),
        ("x**2 + 3*y**2", (1, 0), "not_critical", None),
    ],
)
def test_points_are_named(expression: str, at: tuple[float, float], kind: str, index: int | None) -> None:
    found = spectrum(formula(expression), np.array(at, dtype=float))
    assert (found.classification, found.index) == (kind, index)


def test_the_origin_of_the_linear_chain_is_a_saddle_of_index_one() -> None:
    chain = linear_chain()
    found = spectrum(chain, np.zeros(2))
    assert (found.classification, found.index) == ("saddle", 1)
    covariance = float(np.mean(chain.x * chain.y))
    np.testing.assert_allclose(found.eigenvalues, [-covariance, covariance])
    assert found.condition == pytest.approx(1.0)


def test_the_bottom_of_the_linear_chains_valley_is_degenerate() -> None:
    found = spectrum(linear_chain(), np.array([0.5, 1.6]))
    assert (found.classification, found.index, found.condition) == ("degenerate", 0, None)


def test_the_bowls_minimum_is_one() -> None:
    objective = bowl()
    found = spectrum(objective, np.linalg.solve(objective.matrix, objective.linear))
    assert (found.classification, found.index) == ("minimum", 0)
    assert found.condition == pytest.approx(2.0)


def test_zero_weights_are_a_saddle_beside_many_flat_directions() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((40, 2))
    net = mlp((2, 3, 1), ("tanh", "linear"), "mse", x, x[:, :1] - x[:, :1].mean())
    found = spectrum(net, np.zeros(net.dim))
    assert found.classification == "saddle"
    assert found.index == found.negative_count == 3
    assert (np.abs(found.eigenvalues) < 1e-12).sum() == 6


@pytest.mark.parametrize("scale", [1e-200, 1e-9, 1.0, 1e200])
@pytest.mark.parametrize(
    ("eigenvalues", "kind"),
    [
        ([1e-16, 1.0], "degenerate"),
        ([1e-13, 1.0], "minimum"),
        ([-1e-16, 1.0], "degenerate"),
        ([-2.0, 2e6], "saddle"),
        ([-1.0, 0.0, 1.0], "saddle"),
        ([-1.0, 0.0], "degenerate"),
        ([-2.0, -1.0], "maximum"),
        ([0.0, 0.0], "degenerate"),
    ],
)
def test_zero_is_what_rounding_makes_of_the_largest(
    eigenvalues: list[float], kind: str, scale: float
) -> None:
    values = scale * np.array(eigenvalues)
    assert classify(values, zero_below(values, len(values))) == kind


def test_more_parameters_round_more() -> None:
    assert zero_below(np.array([-3.0, 2.0]), 100) == pytest.approx(8 * 100 * 2**-52 * 3)


@pytest.mark.parametrize(
    ("expression", "at", "kind", "index"),
    [
        ("1e6*x**2 - y**2", (0, 0), "saddle", 1),
        ("1e7 + x**2 + y**2", (1, 1), "not_critical", None),
        ("1e-9*(x**2 + y**2)", (1, 1), "not_critical", None),
        ("1e-9*(x**2 + y**2)", (0, 0), "minimum", 0),
        ("1e-200*(x**2 - 3*y**2)", (0, 0), "saddle", 1),
        ("(x - 1e6)**2 + y**2 + 5", (1e6, 0), "minimum", 0),
        ("1e12*x**2 + 1e-2*y**2", (0, 0), "minimum", 0),
        ("1e12*x**2 + 1e-6*y**2", (0, 0), "degenerate", 0),
    ],
)
def test_scale_makes_no_point_critical_or_flat(
    expression: str, at: tuple[float, float], kind: str, index: int | None
) -> None:
    found = spectrum(formula(expression), np.array(at, dtype=float))
    assert (found.classification, found.index) == (kind, index)


def test_what_counts_as_critical_is_nothing_beside_the_norm_given() -> None:
    bowl_of_two = formula("x**2 + y**2")
    here = np.array([1e-6, 0.0])
    assert spectrum(bowl_of_two, here).classification == "not_critical"
    assert spectrum(bowl_of_two, here, beside=1.9).classification == "not_critical"
    assert spectrum(bowl_of_two, here, beside=2.1).classification == "minimum"


def test_a_gradient_of_pure_rounding_is_nothing() -> None:
    # a minimum of Himmelblau's function, to the last digit; the gradient there is 10⁻¹³
    lowest = np.array([3.5844283403304917, -1.8481265269644034])
    objective = formula(FORMULAS["himmelblau"].expression)
    assert spectrum(objective, lowest).classification == "minimum"
    assert spectrum(objective, lowest + 1e-12).classification == "not_critical"


def matrix_with(eigenvalues: Array) -> Array:
    rotation = np.linalg.qr(np.random.default_rng(4).standard_normal((len(eigenvalues), len(eigenvalues))))[0]
    return rotation @ np.diag(eigenvalues) @ rotation.T


def test_lanczos_equals_the_dense_extremes() -> None:
    eigenvalues = np.sort(np.random.default_rng(0).standard_normal(150) ** 3)
    matrix = matrix_with(eigenvalues)
    ritz = lanczos(at_once(lambda v: matrix @ v), 150, ends=4, tolerance=1e-9)
    np.testing.assert_allclose(ritz.values[:4], eigenvalues[:4], atol=1e-8)
    np.testing.assert_allclose(ritz.values[-4:], eigenvalues[-4:], atol=1e-8)
    np.testing.assert_allclose(ritz.vectors @ ritz.vectors.T, np.eye(len(ritz.values)), atol=1e-10)
    for k in (0, 1, -1):
        np.testing.assert_allclose(matrix @ ritz.vectors[k], ritz.values[k] * ritz.vectors[k], atol=1e-7)


def test_the_residual_bounds_hold_before_convergence() -> None:
    eigenvalues = np.linspace(-1, 1, 150)
    matrix = matrix_with(eigenvalues)
    ritz = lanczos(at_once(lambda v: matrix @ v), 150, tolerance=1e-12, limit=24)
    assert len(ritz.values) == 24
    assert ritz.bounds.max() > 1e-3
    off = np.abs(ritz.values[:, None] - eigenvalues).min(axis=1)
    assert (off <= ritz.bounds + 1e-12).all()
    assert (ritz.values < -0.5).sum() <= (eigenvalues < -0.5).sum()


def test_an_exhausted_space_ends_the_iteration_with_its_eigenvalues() -> None:
    matrix = matrix_with(np.repeat([-2.0, 0.0, 5.0], [1, 97, 2]))
    ritz = lanczos(at_once(lambda v: matrix @ v), 100, ends=8)
    np.testing.assert_allclose(ritz.values, [-2.0, 0.0, 5.0], atol=1e-12)
    assert ritz.bounds.max() < 1e-10


@dataclass(frozen=True)
class Repeated:
    """½ θᵀ A θ with A diagonal in a basis of its own, which products with A go through."""

    values: Array
    rotation: Array
    groups: ClassVar[dict[str, slice]] = {}

    @property
    def dim(self) -> int:
        return len(self.values)

    def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
        grad = self.hvp(theta, theta)
        return 0.5 * theta @ grad, grad

    def grad_rounding(self, theta: Array) -> float:
        return 0.0

    def hvp(self, theta: Array, v: Array) -> Array:
        # a reflection of the whole space keeps this one product with a vector cheap
        def reflected(u: Array) -> Array:
            return u - 2 * self.rotation * (self.rotation @ u)

        return reflected(self.values * reflected(v))


@pytest.mark.parametrize("distinct", [np.linspace(-1, 1, 65), np.linspace(1, 2, 65) ** 3, np.array([1.0, 4])])
def test_of_repeated_eigenvalues_each_is_found_once(distinct: Array) -> None:
    values = np.repeat(distinct, 2600 // len(distinct))
    normal = np.random.default_rng(3).standard_normal(len(values))
    found = spectrum(Repeated(values, normal / np.linalg.norm(normal)), np.zeros(len(values)))
    assert not found.complete
    off = np.abs(found.eigenvalues[:, None] - distinct).min(axis=1)
    assert off.max() < 1e-7
    assert (found.bounds <= 1e-8 * np.abs(distinct).max()).all()
    assert (np.diff(found.eigenvalues) > 1e-3).all()
    assert found.eigenvalues[[0, -1]] == pytest.approx(distinct[[0, -1]])
    assert found.classification == ("saddle" if distinct[0] < 0 else "minimum")
    assert found.negative_count <= (values < 0).sum()


def test_large_spectra_give_the_extremes_of_the_dense_one() -> None:
    net = network(hidden=(60, 16))
    theta = net.init("normal", np.random.default_rng(2))
    values, vectors = np.linalg.eigh(net.hessian(theta))
    part = spectrum(net, theta)
    assert not part.complete
    assert part.condition is None
    assert len(part.eigenvalues) == 16
    np.testing.assert_allclose(part.eigenvalues, values[[*range(8), *range(-8, 0)]], atol=1e-6)
    assert 8 <= part.negative_count <= (values < 0).sum()
    found, directions = extremes(net, theta)
    np.testing.assert_allclose(found, values[[-1, 0]], atol=1e-6)
    np.testing.assert_allclose(np.abs(directions @ vectors[:, [-1, 0]]), np.eye(2), atol=1e-5)


def test_extremes_come_with_their_directions() -> None:
    values, vectors = extremes(ROSENBROCK, np.array([0.5, 1.0]))
    hessian = ROSENBROCK.hessian(np.array([0.5, 1.0]))
    np.testing.assert_allclose(values, np.linalg.eigvalsh(hessian)[::-1])
    np.testing.assert_allclose(vectors @ hessian @ vectors.T, np.diag(values), atol=1e-10)


@pytest.mark.parametrize("hidden", [(5, 4), (16, 10)], ids=["whole", "by Lanczos"])
def test_sharpness_along_a_path_is_the_dense_one(hidden: tuple[int, int]) -> None:
    net = network(hidden=hidden)
    start, end = (net.init("xavier", np.random.default_rng(seed)) for seed in (1, 2))
    for theta in np.linspace(start, end, 4):
        values = np.linalg.eigvalsh(net.hessian(theta))
        found = sharpness(net, theta)
        assert found.complete is (net.dim <= 200)
        near = 1e-12 if found.complete else 1e-4 * np.abs(values).max()
        assert (found.lowest, found.highest) == pytest.approx((values[0], values[-1]), abs=near)
        assert found.negative_count <= (values < 0).sum()


def test_where_nothing_is_finite_there_is_no_curvature() -> None:
    with pytest.raises(
        InvalidValue, match="theta must be a point where cost, gradient and Hessian are finite"
    ):
        spectrum(formula("log(x) + y"), np.array([-1.0, 0.0]))
    with pytest.raises(InvalidValue, match="theta must be a point where"):
        extremes(formula("x**1.5 + y"), np.array([0.0, 0.0]))


@pytest.mark.parametrize("limit", [300, 5], ids=["settled", "unsettled"])
def test_extremes_of_middle_sizes_are_the_dense_ones(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    net = network(hidden=(16, 10))
    assert DENSE_ON_PATHS < net.dim <= DENSE_HESSIAN
    theta = net.init("normal", np.random.default_rng(2))
    monkeypatch.setattr(curvature, "lanczos", partial(iteration.lanczos, limit=limit))
    values, vectors = np.linalg.eigh(net.hessian(theta))
    found, directions = extremes(net, theta)
    np.testing.assert_allclose(found, values[[-1, 0]], rtol=0, atol=1e-12 * np.abs(values).max())
    np.testing.assert_allclose(np.abs(directions @ vectors[:, [-1, 0]]), np.eye(2), atol=1e-6)
