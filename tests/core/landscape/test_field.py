from __future__ import annotations

import numpy as np
import pytest

from clocks import Clock
from core.networks import mlp
from core.toy_objectives import ROSENBROCK, Quadratic
from descentscape.core.formulas.objective import FormulaObjective, parse
from descentscape.core.landscape import planes
from descentscape.core.landscape.field import gradient_field
from descentscape.core.landscape.plane import Plane
from descentscape.core.network.mlp import MLP
from descentscape.core.time_slices import reported, run_to_completion

WINDOW = ((-1.0, 2.0), (-0.5, 1.5))


def network() -> MLP:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((30, 2))
    return mlp((2, 4, 1), ("tanh", "linear"), "mse", x, np.sin(x[:, :1]))


def test_where_the_plane_is_everything_the_field_is_the_gradient() -> None:
    plane = planes.axes(ROSENBROCK, np.zeros(2), (0, 1))
    found = run_to_completion(gradient_field(ROSENBROCK, plane, WINDOW, 7))
    assert found.a.tolist() == np.linspace(-1, 2, 7).tolist()
    for row, b in enumerate(found.b):
        for column, a in enumerate(found.a):
            cost, grad = ROSENBROCK.value_and_grad(np.array([a, b]))
            np.testing.assert_allclose(found.arrows[row, column], -grad, rtol=1e-12, atol=1e-12)
            assert found.cost[row, column] == pytest.approx(float(cost))
    np.testing.assert_allclose(found.share, 1, rtol=1e-12)


@pytest.mark.parametrize("normalization", ["none", "filter"])
def test_arrows_point_to_the_projection_of_the_step(normalization: str) -> None:
    net = network()
    theta = net.init("xavier", np.random.default_rng(1))
    plane = planes.random(net, theta, np.random.default_rng(2), normalization=normalization)
    found = run_to_completion(gradient_field(net, plane, WINDOW, 5))
    for row, b in enumerate(found.b):
        for column, a in enumerate(found.a):
            here = plane.lift(np.array([a, b]))
            grad = net.value_and_grad(here)[1]
            moved = plane.project(here - grad)
            np.testing.assert_allclose(found.arrows[row, column], moved - [a, b], rtol=0, atol=1e-12)
            held = np.linalg.norm(found.arrows[row, column] @ plane.basis) / np.linalg.norm(grad)
            assert found.share[row, column] == pytest.approx(held)


def test_an_oblique_plane_by_hand() -> None:
    bowl = Quadratic(np.eye(3), np.zeros(3))
    basis = np.array([[1.0, 0, 0], [1.0, 1, 0]])
    plane = Plane(np.array([0.0, 0, 2.0]), basis, "random", ("a", "b"), "", orthonormal=False)
    found = run_to_completion(gradient_field(bowl, plane, ((1, 2), (3, 4)), 2))
    np.testing.assert_allclose(found.arrows[0, 0], [-1, -3])
    assert found.share[0, 0] == pytest.approx(5 / np.sqrt(29))


def test_no_slope_and_no_number() -> None:
    flat = FormulaObjective(parse("3 + 0*x"))
    found = run_to_completion(gradient_field(flat, planes.axes(flat, np.zeros(2), (0, 1)), WINDOW, 2))
    assert not found.arrows.any()
    assert (found.share == 1).all()
    pole = FormulaObjective(parse("log(x) + y"))
    found = run_to_completion(gradient_field(pole, planes.axes(pole, np.zeros(2), (0, 1)), WINDOW, 4))
    lost = found.a <= 0
    assert np.isnan(found.cost[:, lost]).all()
    assert np.isfinite(found.cost[:, ~lost]).all()


def test_it_says_how_far_it_is() -> None:
    plane = planes.axes(ROSENBROCK, np.zeros(2), (0, 1))
    whole = run_to_completion(gradient_field(ROSENBROCK, plane, WINDOW, 9))
    work = gradient_field(ROSENBROCK, plane, WINDOW, 9, clock=Clock())
    done = [each.done for each in list(gradient_field(ROSENBROCK, plane, WINDOW, 9, clock=Clock())) if each]
    assert done == [0, 16, 81]
    *_, (share, found) = reported(work)
    assert share == 1
    np.testing.assert_array_equal(found.arrows, whole.arrows)
