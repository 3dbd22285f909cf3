from __future__ import annotations

import numpy as np
import pytest

from core.landscape.manifold import divide
from core.toy_objectives import SADDLE
from descentscape.core.descent.descent import Recipe
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.objective import FormulaObjective, parse
from descentscape.core.optimizers import OPTIMIZERS

GD = Recipe(OPTIMIZERS["gd"](0.1))


def test_a_straight_stable_manifold_is_found_to_the_last_digit() -> None:
    found = divide(SADDLE, GD, np.array([1.0, -0.3]), np.array([0.5, 0.8]), steps=500)
    assert abs(found.start[1]) < 1e-15
    np.testing.assert_allclose(found.ends, [[0, -1], [0, 1]], atol=1e-9)
    assert np.abs(found.start - found.neighbour).max() <= 2 * np.finfo(float).eps


def test_a_bent_one_is_where_descent_comes_nearest_to_the_saddle() -> None:
    bent = FormulaObjective(parse("x**2/2 - (y - x**2/3)**2/2 + (y - x**2/3)**4/4"))
    found = divide(bent, GD, np.array([1.0, -0.5]), np.array([1.0, 1.5]), steps=600)
    theta, nearest = found.start, np.inf
    for _ in range(600):
        theta = theta - 0.1 * bent.value_and_grad(theta)[1]
        nearest = min(nearest, float(np.linalg.norm(theta)))
    assert nearest < 1e-6
    beside = found.start + np.array([0, 1e-3])
    for _ in range(600):
        beside = beside - 0.1 * bent.value_and_grad(beside)[1]
    np.testing.assert_allclose(beside, found.ends[1], atol=1e-6)


def test_one_fate_cannot_be_divided() -> None:
    with pytest.raises(InvalidValue, match="second must be a start whose descent ends elsewhere"):
        divide(SADDLE, GD, np.array([1.0, 0.3]), np.array([0.5, 0.8]), steps=500)
