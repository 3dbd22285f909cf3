"""Steps by the sign alone."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers.base import Optimizer, Remembered, average, decoupled_decay, rate, surviving
from descentscape.core.optimizers.hyperparameters import hyperparameters


class LionState(NamedTuple):
    """The moving average of the gradient, ``(*B, P)``."""

    momentum: Annotated[Array, Remembered("m", "averaged gradient", drawn=True)]


@hyperparameters
class Lion(Optimizer):
    """θ ← θ − η (sign(β₁ m + (1 − β₁) g) + λ θ), then m ← β₂ m + (1 − β₂) g."""

    kind = "lion"
    label = "Lion"
    formula = "c = β₁ m + (1 − β₁) g\nθ ← θ − η (sign c + λ θ)\nm ← β₂ m + (1 − β₂) g"
    source = "Chen et al. (2023), Symbolic Discovery of Optimization Algorithms, arXiv:2302.06675"
    help = "Every parameter moves by exactly η, up or down: only the averaged gradient’s sign is used."
    memory = LionState

    learning_rate: float = rate(0.01, help="The length of every step, in every parameter.")
    beta1: float = surviving(
        0.9,
        "β₁",
        "beta 1",
        "The share of the average in the vote on the sign; the present gradient has the rest.",
    )
    beta2: float = surviving(0.99, "β₂", "beta 2", "How much of the averaged gradient survives a step.")
    weight_decay: float = decoupled_decay(0.0)

    def update(
        self, grad: Array, state: LionState, theta: Array, objective: Objective
    ) -> tuple[Array, LionState]:
        """The step −η (sign c + λ θ) ``(*B, P)``; a component of c that is 0 does not move."""
        step: Array = np.sign(average(state.momentum, grad, self.beta1))
        step += theta * self.weight_decay
        step *= -self.learning_rate
        return step, LionState(average(state.momentum, grad, self.beta2))


FAMILY = (Lion,)
