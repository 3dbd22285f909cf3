"""Plain full-batch descent by hand, for tests of single rules."""

from __future__ import annotations

import numpy as np


def walk(optimizer, objective, theta, steps):
    """Theta after each step of plain full-batch descent ``(steps + 1, *B, P)``, and the last state."""
    state, path = optimizer.init(theta, objective), [theta]
    for _ in range(steps):
        grad = objective.value_and_grad(theta)[1]
        step, state = optimizer.update(grad, state, theta, objective)
        theta = theta + step
        path.append(theta)
    return np.array(path), state
