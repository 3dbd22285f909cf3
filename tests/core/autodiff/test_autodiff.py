from __future__ import annotations

import math

import numpy as np
import pytest

from descentscape.core.autodiff import nodes as ad
from descentscape.core.autodiff import reverse
from gradients import check_derivatives, grad, hessian, jacobian, value_and_grad
from traces import trace

RNG = np.random.default_rng(0)
ANY = RNG.uniform(-2.0, 2.0, (3, 4))
POSITIVE = RNG.uniform(0.5, 2.0, (3, 4))
OTHER = RNG.uniform(-2.0, 2.0, (3, 4))

CASES = {
    "add": (lambda a, b: a + b, ANY, OTHER),
    "subtract": (lambda a, b: a - b, ANY, OTHER),
    "multiply": (lambda a, b: a * b, ANY, OTHER),
    "divide": (lambda a, b: a / b, ANY, POSITIVE),
    "negative": (lambda a: -a * a, ANY),
    "times": (lambda a, b: ad.times(a, b * b), ANY, OTHER),
    "steep": (lambda a, b: ad.steep(a, b * b), ANY, OTHER),
    "power": (lambda a, b: a**b, POSITIVE, OTHER),
    "exp": (ad.exp, ANY),
    "log": (ad.log, POSITIVE),
    "log2": (lambda a: ad.apply("log2", a), POSITIVE),
    "log10": (lambda a: ad.apply("log10", a), POSITIVE),
    "sqrt": (ad.sqrt, POSITIVE),
    "cbrt": (lambda a: ad.apply("cbrt", a), POSITIVE),
    "arcsin": (lambda a: ad.arcsin(a / 3.0), ANY),
    "arccos": (lambda a: ad.arccos(a / 3.0), ANY),
    "arctan": (ad.arctan, ANY),
    "sin": (ad.sin, ANY),
    "cos": (ad.cos, ANY),
    "tan": (ad.tan, ANY / 2),
    "sinh": (ad.sinh, ANY),
    "cosh": (ad.cosh, ANY),
    "tanh": (ad.tanh, ANY),
    "erf": (ad.erf, ANY),
    "sigmoid": (ad.sigmoid, ANY),
    "softplus": (ad.softplus, ANY),
    "absolute": (lambda a: ad.absolute(a) * a, ANY),
    "sign": (lambda a: ad.sign(a) * a * a, ANY),
    "maximum": (lambda a, b: ad.maximum(a * a, b), ANY, OTHER),
    "minimum": (lambda a, b: ad.minimum(a * a, b), ANY, OTHER),
    "tie_share": (lambda a, b: ad.apply("tie_share", a * a, a * 0.0, b * b) * 0.0 + a * b, ANY, OTHER),
    "where": (lambda a, b: ad.where(a > 0.1, a * b, b * b), ANY, OTHER),
    "greater": (lambda a, b: (a > b) * a + (a < 1.0) * b * b, ANY, OTHER),
    "equal": (lambda a: ad.equal(a, a) * a * a, ANY),
    "matmul": (lambda a, b: a @ b, ANY, OTHER.T),
    "sum": (lambda a: ad.total(a * a, 0) * ad.total(a), ANY),
    "broadcast": (lambda a: ad.apply("broadcast", a * a, shape=(2, 3, 4)), ANY),
    "logsumexp": (ad.logsumexp, ANY),
    "reshape": (lambda a: ad.reshape(a, (4, 3)) ** 2, ANY),
    "transpose": (lambda a: ad.transpose(a) ** 2, ANY),
    "take": (lambda a: a[1:, ::2] * a[0, 1], ANY),
    "place": (lambda a: ad.apply("place", a * a, key=(1, slice(None)), shape=(2, 3, 4)), ANY),
    "identity": (lambda a: ad.apply("identity", a) ** 2, ANY),
}


def test_every_primitive_has_a_case() -> None:
    assert CASES.keys() == ad.PRIMITIVES.keys()


@pytest.mark.parametrize("op", CASES)
def test_primitive_derivatives_of_first_and_second_order(op: str) -> None:
    f, *arrays = CASES[op]
    assert op in {node.op for node in reverse.topological([f(*map(ad.variable, arrays))])}
    check_derivatives(f, *arrays)


@pytest.mark.parametrize("shape", [(), (1,), (4,), (3, 1), (1, 4), (2, 3, 4), (2, 1, 1)])
@pytest.mark.parametrize("op", ["add", "subtract", "multiply", "divide", "power", "maximum", "where"])
def test_broadcasting_is_undone(op: str, shape: tuple[int, ...]) -> None:
    b = np.random.default_rng(1).uniform(2.5, 3.0, shape)
    head = (POSITIVE > 1,) if op == "where" else ()
    check_derivatives(lambda a, b: ad.apply(op, *head, a, b), POSITIVE, b)
    check_derivatives(lambda b, a: ad.apply(op, *head, b, a), b, POSITIVE)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((4,), (4,)),
        ((3, 4), (4,)),
        ((4,), (4, 3)),
        ((5, 3, 4), (4, 2)),
        ((3, 4), (5, 4, 2)),
        ((5, 3, 4), (4,)),
    ],
)
def test_products_of_vectors_and_batches(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    a, b = RNG.standard_normal(left), RNG.standard_normal(right)
    np.testing.assert_allclose((ad.variable(a) @ b).value, a @ b, rtol=1e-14)
    np.testing.assert_allclose((a @ ad.variable(b)).value, a @ b, rtol=1e-14)
    check_derivatives(ad.matmul, a, b)


@pytest.mark.parametrize("axis", [None, 0, 1, (0, 2)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_sums_over_axes(axis: int | tuple[int, ...] | None, keepdims: bool) -> None:
    a = RNG.standard_normal((2, 3, 4))
    result = ad.total(a, axis, keepdims=keepdims)
    np.testing.assert_array_equal(result.value, a.sum(axis=axis, keepdims=keepdims))
    check_derivatives(lambda a: ad.total(a * a, axis, keepdims=keepdims), a)


def test_numbers_and_arrays_combine_with_nodes_on_either_side() -> None:
    x = ad.variable([1.0, 2.0])
    results = [3 - x, np.array([3.0, 3.0]) - x, 6 / x, 2**x, x > 1, x < 2, 1 + x, np.ones(2) * x]
    expected = [[2, 1], [2, 1], [6, 3], [2, 4], [0, 1], [1, 0], [2, 3], [1, 2]]
    for node, value in zip(results, expected, strict=True):
        np.testing.assert_array_equal(node.value, value)


def test_rosenbrock_gradient_and_hessian_by_hand() -> None:
    def rosenbrock(theta: ad.Node) -> ad.Node:
        x, y = theta[0], theta[1]
        return (1 - x) ** 2 + 100 * (y - x**2) ** 2

    value, gradient = value_and_grad(rosenbrock)([-1.0, 2.0])
    assert value.value == 104.0
    np.testing.assert_array_equal(gradient.value, [396.0, 200.0])
    np.testing.assert_array_equal(hessian(rosenbrock)([-1.0, 2.0]), [[402.0, 400.0], [400.0, 200.0]])


def test_higher_derivatives_nest() -> None:
    third = grad(grad(grad(lambda x: x**5)))
    assert third(2.0).value == 240.0


def test_nested_derivatives_by_the_same_variable_are_not_confused() -> None:
    # d/dx [x · d/dy (x y)] = d/dx x²
    assert grad(lambda x: x * grad(lambda y: x * y)(x))(3.0).value == 6.0


def test_jacobian_of_an_affine_map_is_its_matrix() -> None:
    matrix = RNG.standard_normal((3, 2))
    x = ad.variable([1.0, 2.0])
    np.testing.assert_array_equal(jacobian(matrix @ x + 1.0, x), matrix)


def test_what_the_output_does_not_depend_on_has_a_zero_gradient() -> None:
    x, y = ad.variable([1.0, 2.0]), ad.variable(3.0)
    gx, gy = reverse.pullback(ad.sign(x) + 0.0 * x[0], [x, y])
    np.testing.assert_array_equal(gx.value, [0.0, 0.0])
    assert gy.value == 0.0


def test_a_diamond_adds_both_branches_once() -> None:
    x = ad.variable(3.0)
    square = x * x
    assert reverse.pullback(square * square + square, [x])[0].value == 4 * 27 + 6


def test_a_deep_graph_needs_no_recursion() -> None:
    x = ad.variable(1.0)
    y = x
    for _ in range(5000):
        y = y + x
    assert reverse.pullback(y, [x])[0].value == 5001.0


@pytest.mark.parametrize(
    ("f", "at", "expected"),
    [
        (lambda x: ad.maximum(x, 0.0), 0.0, 0.0),
        (lambda x: ad.absolute(x), 0.0, 0.0),
        (lambda x: x**1, 0.0, 1.0),
        (lambda x: x**0, 0.0, 0.0),
        (lambda x: x**0.5, 0.0, math.inf),
        (lambda x: 0.0**x, 2.0, 0.0),
    ],
)
def test_derivatives_at_kinks_and_zeros(f: object, at: float, expected: float) -> None:
    with np.errstate(divide="ignore"):
        assert grad(f)(at).value == expected


def test_second_derivative_of_the_identity_power_at_zero() -> None:
    np.testing.assert_array_equal(hessian(lambda t: t[0] ** 1 + t[1] ** 2)([0.0, 0.0]), [[0, 0], [0, 2]])


@pytest.mark.parametrize(
    ("op", "g", "slope", "expected"),
    [
        ("times", 0.0, math.inf, 0.0),
        ("times", -math.inf, 0.0, 0.0),
        ("times", 2.0, -math.inf, -math.inf),
        ("times", 0.0, math.nan, math.nan),
        ("times", math.nan, 0.0, math.nan),
        ("times", 2.0, 3.0, 6.0),
        ("steep", 0.0, math.inf, math.inf),
        ("steep", -2.0, math.inf, -math.inf),
        ("steep", math.inf, 0.0, 0.0),
        ("steep", 0.0, math.nan, math.nan),
        ("steep", 2.0, 3.0, 6.0),
    ],
)
def test_products_of_the_chain_rule(op: str, g: float, slope: float, expected: float) -> None:
    assert ad.apply(op, g, slope).value == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [
        ((1, 0), (0, 0), 0.0),
        ((0, 0), (0, 3), 1.0),
        ((1, 0), (0, 1), 0.5),
        ((2, 0), (0, 1), 0.2),
        ((3, 0), (1, 0), 0.0),
        ((1, 2), (1, 2), 0.5),
    ],
)
def test_the_share_of_a_tie_makes_the_shortest_slope(
    a: tuple[float, float], b: tuple[float, float], share: float
) -> None:
    got = reverse.shortest(tuple(map(ad.constant, a)), tuple(map(ad.constant, b)))
    assert got.value == pytest.approx(share)
    shares = np.linspace(0, 1, 1001)[:, None]
    lengths = np.linalg.norm(shares * np.array(a) + (1 - shares) * np.array(b), axis=1)
    assert np.linalg.norm(share * np.array(a) + (1 - share) * np.array(b)) <= lengths.min() + 1e-12


def test_derivatives_forwards_are_those_backwards() -> None:
    x, y = ad.variable(0.4), ad.variable(1.7)
    product, nothing, one = x * ad.sin(y), ad.constant(0.0), ad.constant(1.0)
    forwards = reverse.tangent(product.parents[1], [(nothing, one)])
    forwards = reverse.tangent(product, [(one, nothing), forwards])
    backwards = reverse.pullback(product, [x, y])
    np.testing.assert_allclose([f.value for f in forwards], [b.value for b in backwards], rtol=1e-15)


@pytest.mark.parametrize("z", [-800.0, -40.0, 0.0, 40.0, 800.0])
def test_saturating_functions_do_not_overflow(z: float) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert ad.sigmoid(z).value == pytest.approx(
            math.exp(min(z, 0.0)) / (1 + math.exp(-abs(z))), rel=1e-15
        )
        assert ad.softplus(z).value == pytest.approx(max(z, 0.0) + math.log1p(math.exp(-abs(z))), rel=1e-15)
        assert ad.logsumexp(np.array([z, z])).value == pytest.approx(z + math.log(2), rel=1e-15)


def test_trace_of_a_product_shows_values_adjoints_and_local_derivatives() -> None:
    x, w = ad.variable(2.0, "x"), ad.variable(-3.0, "w")
    seen = trace((w * x) ** 2)
    assert seen.nodes[-1].op == "power"
    by_name = {node.name: adjoint for node, adjoint in zip(seen.nodes, seen.adjoints, strict=True)}
    assert by_name["x"] == 36.0  # 2 w² x
    assert by_name["w"] == -24.0  # 2 w x²
    local = {(seen.nodes[e.parent].name, seen.nodes[e.child].op): e.derivative for e in seen.edges}
    assert local["x", "multiply"] == -3.0
    assert local["w", "multiply"] == 2.0


def test_trace_edges_carry_the_chain_rule() -> None:
    w = ad.variable(RNG.standard_normal((3, 2)), "w")
    x = ad.variable(RNG.standard_normal(2), "x")
    seen = trace(ad.total(ad.tanh(w @ x + ad.variable(np.ones(3))) ** 2))
    assembled = [np.zeros(node.shape) for node in seen.nodes]
    assembled[-1] = np.ones(())
    for edge in reversed(seen.edges):
        if edge.derivative is not None:
            adjoint = assembled[edge.child]
            assembled[edge.parent] += np.tensordot(adjoint, edge.derivative, adjoint.ndim)
    for got, expected in zip(assembled, seen.adjoints, strict=True):
        if expected is not None:
            np.testing.assert_allclose(got, expected, rtol=1e-14)


def test_trace_leaves_constants_without_adjoint() -> None:
    seen = trace(ad.variable(-2.0) ** 2)
    assert [adjoint is None for adjoint in seen.adjoints] == [node.op == "constant" for node in seen.nodes]
    assert [edge.derivative for edge in seen.edges] == [-4.0, None]
