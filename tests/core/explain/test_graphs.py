"""Graphs to be drawn: adjoints are the fast gradients, edges obey the chain rule, sentences say it."""

from __future__ import annotations

import numpy as np
import pytest

from core.networks import mlp
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.formula_graph import OPERATIONS, graph_formula
from descentscape.core.explain.graph import MAX_GRAPH_NODES, Graph
from descentscape.core.explain.network_graph import graph_network
from descentscape.core.formulas.expression import FUNCTIONS
from descentscape.core.formulas.objective import FORMULAS, FormulaObjective, parse
from descentscape.core.network.costs import COSTS, one_hot
from descentscape.core.network.mlp import MLP

HEADS = [(cost.kind, output) for cost in COSTS.values() for output in cost.outputs]


def network(cost: str, output: str, hidden: str = "tanh", *, biases: bool = True) -> tuple[MLP, np.ndarray]:
    rng = np.random.default_rng(11)
    targets = {"bce": rng.integers(0, 2, (5, 3)), "cross_entropy": one_hot(rng.integers(0, 3, 5), 3)}
    y = targets.get(cost, 2 * rng.standard_normal((5, 3)))
    widths, kinds = (2, 4, 3, 3), (hidden, hidden, output)
    net = mlp(widths, kinds, cost, rng.standard_normal((5, 2)), y, biases=biases)
    return net, rng.standard_normal(net.dim)


def by_name(graph: Graph) -> dict[str, int]:
    return {name: position for position, name in enumerate(graph.names)}


def gradient(graph: Graph, dim: int) -> np.ndarray:
    """The adjoints of the parameters, by their places in theta."""
    placed = graph.parameters >= 0
    assert sorted(graph.parameters[placed]) == list(range(dim))
    result = np.empty(dim)
    result[graph.parameters[placed]] = graph.adjoints[placed]
    return result


def hold_chain_rule(graph: Graph) -> None:
    """Every adjoint is the sum over its edges; the walk visits each once, after all that it feeds."""
    visited: list[int] = []
    for step in graph.walk:
        assert all(graph.parents[edge] == step.node for edge in step.edges)
        children = [int(graph.children[edge]) for edge in step.edges]
        assert set(children) <= set(visited)
        terms = [graph.adjoints[graph.children[edge]] * graph.derivatives[edge] for edge in step.edges]
        assert graph.adjoints[step.node] == pytest.approx(sum(terms) if terms else 1.0, rel=1e-10, abs=1e-13)
        visited.append(step.node)
    assert sorted(visited) == np.flatnonzero(~np.isnan(graph.adjoints)).tolist()
    assert (graph.columns[graph.parents] < graph.columns[graph.children]).all()
    assert (graph.parents < graph.children).all()
    assert len({*zip(graph.columns, graph.rows, strict=True)}) == len(graph.names)


@pytest.mark.parametrize(("cost", "output"), HEADS)
def test_adjoints_are_the_gradient_of_every_head(cost: str, output: str) -> None:
    net, theta = network(cost, output)
    graph = graph_network(net, theta, 3)
    value, grad = net.batch(np.array([3])).value_and_grad(theta)
    assert graph.values[-1] == pytest.approx(float(value), rel=1e-12)
    np.testing.assert_allclose(gradient(graph, net.dim), grad, rtol=0, atol=1e-10 * np.linalg.norm(grad))
    hold_chain_rule(graph)


@pytest.mark.parametrize("hidden", ["linear", "sigmoid", "relu", "leaky_relu", "softplus", "gelu"])
@pytest.mark.parametrize("biases", [True, False])
def test_adjoints_are_the_gradient_of_every_activation(hidden: str, biases: bool) -> None:
    net, theta = network("mse", "linear", hidden, biases=biases)
    graph = graph_network(net, theta, 0)
    grad = net.batch(np.array([0])).value_and_grad(theta)[1]
    np.testing.assert_allclose(gradient(graph, net.dim), grad, rtol=0, atol=1e-10 * np.linalg.norm(grad))
    hold_chain_rule(graph)


def test_values_are_the_forward_pass_and_inputs_have_adjoints() -> None:
    net, theta = network("cross_entropy", "softmax")
    graph = graph_network(net, theta, 2)
    at = by_name(graph)
    z, a = net.forward(theta, net.x[2:3])[1]
    assert graph.values[at["z²₃"]] == pytest.approx(z[0, 2], rel=1e-13)
    assert graph.values[at["a²₁"]] == pytest.approx(a[0, 0], rel=1e-13)
    assert graph.values[at["w²₃₁"]] == net.weights(theta)[1][0][2, 0]
    moved = [
        mlp(net.widths, net.activations, net.cost, x[None], net.y[2:3]).value(theta)
        for x in (net.x[2] + [1e-6, 0], net.x[2] - [1e-6, 0])
    ]
    assert graph.adjoints[at["x₁"]] == pytest.approx((moved[0] - moved[1]) / 2e-6, rel=1e-7)


def test_cross_entropy_is_drawn_as_it_is_computed() -> None:
    net, theta = network("bce", "sigmoid")
    graph = graph_network(net, 500 * theta, 1)
    at = by_name(graph)
    assert np.isnan(graph.adjoints[at["a³₁"]])
    assert np.isnan(graph.adjoints[at["y₁"]])
    expected = graph.values[at["a³₁"]] - graph.values[at["y₁"]]
    assert graph.adjoints[at["z³₁"]] == pytest.approx(expected, abs=1e-15)
    assert np.isfinite(graph.values).all()


def test_sentences_by_hand() -> None:
    # a = relu(2·3 − 1) = 5, z² = 0.5·5 + 0 = 2.5, ℓ = ½ (2.5 − 2)²
    net = mlp((1, 1, 1), ("relu", "linear"), "mse", np.array([[3.0]]), np.array([[2.0]]))
    graph = graph_network(net, np.array([2.0, -1.0, 0.5, 0.0]), 0)
    assert [step.sentence for step in graph.walk] == [
        "∂ℓ/∂ℓ = 1",
        "∂ℓ/∂a²₁ = ∂ℓ/∂ℓ · (a²₁ − y₁) = 1 · 0.5 = 0.5",
        "∂ℓ/∂z²₁ = ∂ℓ/∂a²₁ · σ′(z²₁) = 0.5 · 1 = 0.5",
        "∂ℓ/∂w²₁₁ = ∂ℓ/∂z²₁ · a¹₁ = 0.5 · 5 = 2.5",
        "∂ℓ/∂b²₁ = ∂ℓ/∂z²₁ · 1 = 0.5 · 1 = 0.5",
        "∂ℓ/∂a¹₁ = ∂ℓ/∂z²₁ · w²₁₁ = 0.5 · 0.5 = 0.25",
        "∂ℓ/∂z¹₁ = ∂ℓ/∂a¹₁ · σ′(z¹₁) = 0.25 · 1 = 0.25",
        "∂ℓ/∂w¹₁₁ = ∂ℓ/∂z¹₁ · x₁ = 0.25 · 3 = 0.75",
        "∂ℓ/∂b¹₁ = ∂ℓ/∂z¹₁ · 1 = 0.25 · 1 = 0.25",
        "∂ℓ/∂x₁ = ∂ℓ/∂z¹₁ · w¹₁₁ = 0.25 · 2 = 0.5",
    ]


def test_long_sums_are_cut_short() -> None:
    rng = np.random.default_rng(0)
    net = mlp((1, 1, 9), ("tanh", "linear"), "mse", np.ones((1, 1)), rng.random((1, 9)))
    graph = graph_network(net, rng.standard_normal(net.dim), 0)
    fan = graph.walk[[step.node for step in graph.walk].index(by_name(graph)["a¹₁"])]
    assert len(fan.edges) == 9
    symbols, numbers = fan.sentence.split(" = ")[1:3]
    assert symbols.count(" + ") == numbers.count(" + ") == 4
    assert symbols.endswith(" + …")
    hold_chain_rule(graph)


def test_large_networks_are_refused() -> None:
    net = mlp((2, 16, 16, 1), ("tanh", "tanh", "linear"), "mse", np.ones((1, 2)), np.ones((1, 1)))
    with pytest.raises(InvalidValue, match=f"graph must be at most {MAX_GRAPH_NODES} nodes"):
        graph_network(net, np.zeros(net.dim), 0)


@pytest.mark.parametrize("kind", FORMULAS)
def test_adjoints_are_the_gradient_of_every_known_formula(kind: str) -> None:
    objective = FormulaObjective(parse(FORMULAS[kind].expression))
    theta = np.array([0.37, -0.81])
    graph = graph_formula(objective, theta)
    value, grad = objective.value_and_grad(theta)
    assert graph.names[-1] == "C"
    assert graph.values[-1] == pytest.approx(float(value), rel=1e-10)
    np.testing.assert_allclose(gradient(graph, 2), grad, rtol=1e-10, atol=1e-12)
    hold_chain_rule(graph)


def test_a_formula_by_hand() -> None:
    graph = graph_formula(FormulaObjective(parse("x * y + sin(x)")), np.array([0.0, 3.0]))
    assert list(zip(graph.names, graph.words, graph.values, strict=True)) == [
        ("x", "variable", 0.0),
        ("y", "variable", 3.0),
        ("v₁", "x · y", 0.0),
        ("v₂", "sin(x)", 0.0),
        ("C", "v₁ + v₂", 0.0),
    ]
    assert graph.walk[-2].sentence == "∂C/∂x = ∂C/∂v₁ · y + ∂C/∂v₂ · cos(x) = 1 · 3 + 1 · 1 = 4"


def test_each_use_of_an_operand_is_an_edge() -> None:
    graph = graph_formula(FormulaObjective(parse("x * x")), np.array([-2.0, 0.0]))
    assert graph.derivatives.tolist() == [-2.0, -2.0]
    assert graph.walk[-1].sentence == "∂C/∂x = ∂C/∂C · x + ∂C/∂C · x = 1 · (−2) + 1 · (−2) = −4"


def test_a_variable_alone_is_its_own_cost() -> None:
    graph = graph_formula(FormulaObjective(parse("y")), np.array([1.0, 2.0]))
    assert graph.names == ("y",)
    assert graph.adjoints.tolist() == [1.0]


@pytest.mark.parametrize(("text", "walked"), [("max(0, x)", 0.0), ("max(x, y)", 0.5), ("|x|", 0.0)])
def test_a_kink_is_explained_with_the_slope_in_use(text: str, walked: float) -> None:
    objective = FormulaObjective(parse(text))
    graph = graph_formula(objective, np.zeros(2))
    at = graph.names.index("x")
    assert graph.adjoints[at] == graph.derivatives[list(graph.parents).index(at)] == walked
    assert objective.value_and_grad(np.zeros(2))[1][0] == walked


def test_every_operation_of_a_formula_has_words() -> None:
    assert {op for op, _ in FUNCTIONS.values()} <= OPERATIONS.keys()


@pytest.mark.parametrize("op", OPERATIONS)
def test_slopes_in_symbols_are_the_slopes_in_numbers(op: str) -> None:
    """Read the symbols as Python and hold them against the derivatives."""
    a, b = 0.7, 1.9
    text = {
        "add": "x + y",
        "subtract": "x - y",
        "multiply": "x * y",
        "divide": "x / y",
        "negative": "-x",
        "power": "x ** y",
        "absolute": "abs(x)",
        "sign": "sign(x) + x",
        "maximum": "max(x, y)",
        "minimum": "min(x, y)",
    }.get(op, f"{op}(x)")
    graph = graph_formula(FormulaObjective(parse(text)), np.array([a, b]))
    known = {"x": a, "y": b, "C": float(graph.values[-1])}
    for slope, derivative in zip(graph.slopes, graph.derivatives, strict=True):
        assert read(slope, known) == pytest.approx(derivative, rel=1e-12)


def read(slope: str, known: dict[str, float]) -> float:
    """The value of one of the few forms that slopes take."""
    x, y, c = known["x"], known["y"], known["C"]
    forms = {
        "1": 1,
        "(−1)": -1,
        "x": x,
        "y": y,
        "1/y": 1 / y,
        "(−C/y)": -c / y,
        "C": c,
        "1/x": 1 / x,
        "(y · x ^ (y − 1))": y * x ** (y - 1),
        "(C · ln x)": c * np.log(x),
        "1/(2 C)": 1 / (2 * c),
        "1/(x · ln 2)": 1 / (x * np.log(2)),
        "1/(x · ln 10)": 1 / (x * np.log(10)),
        "1/(3 C²)": 1 / (3 * c * c),
        "1/√(1 − x²)": 1 / np.sqrt(1 - x * x),
        "(−1/√(1 − x²))": -1 / np.sqrt(1 - x * x),
        "1/(1 + x²)": 1 / (1 + x * x),
        "0": 0,
        "cos(x)": np.cos(x),
        "(−sin(x))": -np.sin(x),
        "(1 + C²)": 1 + c * c,
        "cosh(x)": np.cosh(x),
        "sinh(x)": np.sinh(x),
        "(1 − C²)": 1 - c * c,
        "sign(x)": np.sign(x),
        "[x > y]": float(x > y),
        "[x < y]": float(x < y),
    }
    return float(forms[slope])
