"""Lengths of vectors whose squares leave the range of floating point, against exact rational arithmetic."""

from __future__ import annotations

from fractions import Fraction
from math import hypot, inf, isqrt, nan

import numpy as np
import pytest

from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import Run
from descentscape.core.formulas.objective import FormulaObjective, parse
from descentscape.core.norm import block_norms, norm
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.clipping import CLIPS


def exact(vector):
    """The length to thirty digits, by whole numbers alone."""
    square = sum(Fraction(float(x)) ** 2 for x in vector)
    digits = Fraction(10) ** 700
    return float(Fraction(isqrt(int(square * digits**2)), 1) / digits)


@pytest.mark.parametrize(
    "vector",
    [
        [3.0, 4.0],
        [3e200, 4e200],
        [3e-200, 4e-200],
        [1e-170, 1.0],
        [1e-140, 1e-141, 3e-150],
        [5e-324, 5e-324, 5e-324],
        [1e308, 1e308],
        [1e155, -1e155],
        [1e-200, 1e200],
        [0.0, 0.0],
        [7.0],
    ],
)
def test_length_is_right_at_every_size(vector):
    assert norm(np.array(vector)) == pytest.approx(exact(vector), rel=1e-15, abs=5e-324)
    # among others, and as a block among others, a vector has the length that it has alone
    other = np.ones(len(vector))
    np.testing.assert_array_equal(norm(np.array([vector, other]))[0], norm(np.array(vector)))
    both = block_norms(np.concatenate([vector, other])[None], [0, len(vector)])
    np.testing.assert_allclose(both, [[exact(vector), hypot(*other)]], rtol=1e-15, atol=5e-324)


def test_what_is_not_finite_stays_so():
    rows = np.array([[inf, 1.0], [nan, 1.0], [-inf, inf], [nan, inf], [1.7e308, 1.7e308], [3.0, 4.0]])
    np.testing.assert_array_equal(norm(rows), [inf, nan, inf, nan, inf, 5.0])


def test_everyday_vectors_have_numpys_length():
    rows = np.random.default_rng(0).normal(size=(50, 7)) * 10.0 ** np.arange(-100, 150, 5)[:, None]
    np.testing.assert_allclose(norm(rows), np.linalg.norm(rows, axis=1), rtol=1e-14)


def run_of(expression, at, **recipe):
    objective = FormulaObjective(parse(expression))
    made = Recipe(OPTIMIZERS["gd"](learning_rate=1.0), **recipe)
    trajectory = ComputedTrajectory(Run(objective, made, np.array(at), steps=3))
    trajectory.advance()
    return trajectory


def test_clipping_shortens_a_gradient_whose_square_overflows():
    run = run_of("1e155*x + 1e155*y", (0.0, 0.0), clip=CLIPS["norm"](1.0))
    np.testing.assert_allclose(run.theta[1], [-(0.5**0.5)] * 2, rtol=1e-15)
    np.testing.assert_allclose(run.grad_norm, 2**0.5 * 1e155, rtol=1e-15)


def test_a_gradient_whose_square_underflows_has_its_length():
    run = run_of("1e-200*(x**2 + y**2)", (1.0, 1.0))
    np.testing.assert_allclose(run.grad_norm, 8**0.5 * 1e-200, rtol=1e-15)
    np.testing.assert_allclose(run.layer_grad_norms[:, 0], run.grad_norm)
