"""Heights against many digits: what single precision would lose is computed in double."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from core.networks import HEADS, mlp, network, somewhere
from descentscape.compute.computation import Computation
from descentscape.core.formulas.objective import FormulaObjective, parse
from descentscape.core.landscape import planes
from descentscape.core.landscape.surface import Surface, refine, sample
from descentscape.core.network.mlp import MLP
from descentscape.core.network.output_loss import output_loss
from descentscape.core.objective import Array
from descentscape.core.time_slices import reported
from descentscape.document.experiment import Experiment

MP = mpmath.MPContext()
MP.dps = 400


def exact_loss(output: str, cost: str, z: list[Any], y: list[float]) -> Any:
    """One example's loss by its formula as published, in many digits."""
    if output == "softmax":
        whole = MP.fsum(MP.exp(each) for each in z)
        a = [MP.exp(each) / whole for each in z]
    else:
        a = [FUNCTIONS[output](each) for each in z]
    pairs = list(zip(a, map(mpmath.mpf, y), strict=True))
    if cost == "bce":
        return -MP.fsum(t * MP.log(p) + (1 - t) * MP.log(1 - p) for p, t in pairs)
    if cost == "cross_entropy":
        return -MP.fsum(t * MP.log(p) for p, t in pairs if t)
    if cost == "mse":
        return MP.fsum((p - t) ** 2 for p, t in pairs) / 2
    return MP.fsum((p - t) ** 2 / 2 if abs(p - t) <= 1 else abs(p - t) - 0.5 for p, t in pairs)


FUNCTIONS = {
    "sigmoid": lambda z: 1 / (1 + MP.exp(-z)),
    "tanh": MP.tanh,
    "linear": lambda z: z,
    "relu": lambda z: max(z, MP.mpf(0)),
}

SATURATING = [(cost, output) for cost, output in HEADS if output in ("softmax", *FUNCTIONS)]


@pytest.mark.parametrize(("cost", "output"), SATURATING)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_losses_of_every_size_hold_their_digits(cost: str, output: str, dtype: type[np.floating]) -> None:
    """A residual's digits end at the outputs' round-off; a surprise's do not end."""
    epsilon = float(np.finfo(dtype).eps)
    link = output_loss(output, cost)
    for size in (0.1, 1.0, 3.0, 8.0, 12.0, 30.0):
        z = np.array([[size], [-size / 3], [0.1]], dtype)
        y = np.array([[1.0], [0.0], [0.0]], dtype)
        got = float(link.total(z.copy(), y))
        exact = exact_loss(output, cost, [MP.mpf(float(each)) for each in z[:, 0]], y[:, 0].tolist())
        surprise = cost in ("bce", "cross_entropy")
        residual = 0 if surprise else 8 * epsilon * float(MP.sqrt(2 * exact) + epsilon)
        assert abs(got - float(exact)) <= 16 * epsilon * float(exact) + residual, (size, got, exact)


@pytest.mark.parametrize(
    ("z", "y"),
    [
        ([0.0, 0.0, 0.0], [1.0, 0.0, 0.0]),
        ([700.0, 0.0], [1.0, 0.0]),
        ([-700.0, 0.0], [1.0, 0.0]),
        ([5.0, 5.0, -80.0], [0.0, 1.0, 0.0]),
        ([40.0, 0.0, 39.999], [1.0, 0.0, 0.0]),
        ([40.0, 0.0], [0.75, 0.25]),
        ([1e-9, 0.0], [0.0, 1.0]),
        ([1e300, 0.0], [1.0, 0.0]),
    ],
)
def test_a_surprise_among_classes_has_all_its_digits(z: list[float], y: list[float]) -> None:
    link, column, labels = output_loss("softmax", "cross_entropy"), np.array(z)[:, None], np.array(y)[:, None]
    exact = float(exact_loss("softmax", "cross_entropy", [MP.mpf(each) for each in z], y))
    slope = np.empty_like(column)
    assert float(link.slope(column, labels, slope)) == pytest.approx(exact, rel=1e-15, abs=0.0)
    assert float(link.total(column.copy(), labels)) == pytest.approx(exact, rel=1e-15, abs=0.0)
    assert slope.sum() == pytest.approx(y[0] + sum(y[1:]) - 1, abs=1e-15)


def test_an_undefined_output_has_an_undefined_surprise() -> None:
    link = output_loss("softmax", "cross_entropy")
    with np.errstate(all="ignore"):
        assert np.isnan(link.total(np.array([[np.nan], [0.0]]), np.array([[1.0], [0.0]])))


def whole(expression: str, extent: tuple[float, float] = (-1.0, 1.0), resolution: int = 21) -> Surface:
    objective = FormulaObjective(parse(expression))
    a = np.linspace(*extent, resolution)
    return sample(objective, planes.axes(objective, np.zeros(2), (0, 1)), a, a)


@pytest.mark.parametrize(
    ("expression", "extent", "value"),
    [
        ("exp(x) + y**2", (0.0, 100.0), lambda x, y: MP.exp(x) + y**2),
        ("exp(-x) + 0*y", (0.0, 400.0), lambda x, y: MP.exp(-x)),
        ("(x - 1e6)**2 + y**2", (1e6 - 0.01, 1e6 + 0.01), lambda x, y: (x - 10**6) ** 2 + y**2),
        ("1e-44*(1 + x**2 + y**2)", (-1.0, 1.0), lambda x, y: MP.mpf(1e-44) * (1 + x**2 + y**2)),
        ("1 + 1e-12*(x**2 + y**2)", (-1.0, 1.0), lambda x, y: 1 + MP.mpf(1e-12) * (x**2 + y**2)),
        ("-exp(x) - exp(y)", (0.0, 95.0), lambda x, y: -MP.exp(x) - MP.exp(y)),
    ],
)
def test_no_height_of_a_formula_is_lost(expression: str, extent: tuple[float, float], value: Any) -> None:
    surface = whole(expression, extent)
    assert surface.missing == 0
    for row, column in ((0, 0), (0, 20), (20, 0), (10, 10), (20, 20), (7, 13)):
        exact = float(value(MP.mpf(surface.a[column]), MP.mpf(surface.b[row])))
        assert surface.cost[row, column] == pytest.approx(exact, rel=1e-4, abs=0.0)


def test_overflow_of_single_precision_is_a_height_and_that_of_double_is_not() -> None:
    assert whole("exp(x) + y**2", (0.0, 100.0)).cost.max() == pytest.approx(2.68811714e43 + 1e4)
    missing = whole("exp(x) + 0*y", (0.0, 1000.0), 11)
    assert missing.missing == 3 * 11
    assert missing.cost.dtype == np.float64


def test_what_single_precision_holds_stays_in_it() -> None:
    for expression in ("x**2 + y**2", "sin(x) + cos(y)", "x - y", "1e30*x**4 + y**2"):
        assert whole(expression).cost.dtype == np.float32


def trained(**problem: Any) -> tuple[Computation, Surface]:
    document = {
        "problem": {"kind": "network", "hidden": [6]} | problem,
        "runs": [{"optimizer": {"kind": "adam", "learning_rate": 0.3}}],
        "steps": 1500,
        "seed": 1,
        "view": {"grid": {"resolution": 41}},
    }
    work = Computation(Experiment.model_validate(document)).finish()
    return work, work.finished_surface()


def doubles(work: Computation, surface: Surface) -> Array:
    """The heights once more, one by one, by the pass that gradients come with."""
    points = np.stack(np.meshgrid(surface.a, surface.b), axis=-1)
    cost, _ = work.problem.objective.value_and_grad(surface.plane.lift(points))
    return cost


def test_low_heights_among_classes_are_there() -> None:
    data = {"kind": "gaussians", "n": 60, "noise": 0.1}
    work, surface = trained(dataset=data, cost="cross_entropy")
    assert surface.cost[20, 40] == pytest.approx(4.231e-8, rel=1e-4)
    np.testing.assert_allclose(surface.cost, doubles(work, surface), rtol=1e-4, atol=0.0)


@pytest.mark.parametrize("cost", ["mse", "bce", "huber"])
def test_low_heights_of_every_cost_hold_on_a_logarithmic_axis(cost: str) -> None:
    data = {"kind": "inline", "x": [[-1.0], [-0.5], [0.5], [1.0]], "y": [[0], [0], [1], [1]]}
    work, surface = trained(dataset=data, cost=cost, output="sigmoid")
    assert surface.cost.min() < 1e-6
    np.testing.assert_allclose(surface.cost, doubles(work, surface), rtol=1e-3, atol=0.0)


def fitted_line(offset: float) -> MLP:
    """A line that meets its targets exactly at w = 1, b = ``offset``."""
    x = np.linspace(-1, 1, 8)[:, None]
    return mlp((1, 1), ("linear",), "mse", x, x + offset)


@pytest.mark.parametrize("offset", [0.0, 3.0, 1e4, 1e7])
def test_a_residual_of_large_numbers_keeps_the_bottom_of_a_valley(offset: float) -> None:
    net = fitted_line(offset)
    plane, a = planes.axes(net, np.array([1.0, offset]), (0, 1)), np.linspace(-1e-2, 1e-2, 20)
    surface = sample(net, plane, a, a)
    w, b = np.meshgrid(a, a)
    exact = 0.5 * (w**2 * np.mean(net.x**2) + b**2)
    np.testing.assert_allclose(surface.cost, exact, rtol=1e-4 if offset < 1e6 else 1e-3, atol=0.0)


def test_the_levels_of_a_refinement_agree() -> None:
    net = fitted_line(3.0)
    plane = planes.axes(net, np.array([1.0, 3.0]), (0, 1))
    levels = [each for _, each in reported(refine(net, plane, ((-2.0, 2.0), (-2.0, 2.0)), 181)) if each]
    assert [len(each.a) for each in levels] == [21, 61, 181]
    sizes = [each.cost.dtype.itemsize for each in levels]
    assert sizes == sorted(sizes)
    for level in levels:
        exact = 0.5 * (np.square(level.a)[None, :] * np.mean(net.x**2) + np.square(level.b)[:, None])
        np.testing.assert_allclose(level.cost, exact, rtol=1e-3, atol=1e-12)


@pytest.mark.parametrize(("cost", "output"), HEADS)
def test_heights_of_every_network_are_those_of_the_gradients_pass(cost: str, output: str) -> None:
    net = network((5, 4), "tanh", cost, output, n=30)
    plane, a = planes.random(net, somewhere(net), np.random.default_rng(3)), np.linspace(-8, 8, 17)
    surface = sample(net, plane, a, a)
    exact, _ = net.value_and_grad(plane.lift(np.stack(np.meshgrid(a, a), axis=-1)))
    np.testing.assert_allclose(surface.cost, exact, rtol=1e-4, atol=0.0)
