"""Runs that tests compute, and what makes two of them equal."""

from __future__ import annotations

import numpy as np

from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.run import Run
from descentscape.core.optimizers import OPTIMIZERS

ADAM = OPTIMIZERS["adam"](learning_rate=0.02)
START = np.array([2.0, -1.0, 0.5])
SERIES = (
    "theta",
    "cost",
    "grad_norm",
    "layer_grad_norms",
    "batch_cost",
    "learning_rate",
    "gradient_evaluations",
    "examples_seen",
)


def computed(*args, test_objective=None, memory=2**26, **settings):
    trajectory = ComputedTrajectory(Run(*args, **settings), test_objective=test_objective, memory=memory)
    trajectory.advance()
    return trajectory


def assert_equal(one, other):
    assert (one.entries, one.status, one.stationary_at) == (other.entries, other.status, other.stationary_at)
    for name in SERIES:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
