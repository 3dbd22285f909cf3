"""Steps by the sign alone."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, NamedTuple

import numpy as np

from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers.base import Decay, Optimizer, Remembered, average, rate
from descentscape.core.optimizers.hyperparameters import hyperparameter, hyperparameters


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
    beta1: float = hyperparameter(
        default=0.9,
        low=0.0,
        high=0.999999,
        symbol="β₁",
        label="beta 1",
        help="The share of the average in the vote on the sign; the present gradient has the rest.",
    )
    beta2: float = hyperparameter(
        default=0.99,
        low=0.0,
        high=0.999999,
        symbol="β₂",
        label="beta 2",
        help="How much of the averaged gradient survives a step.",
    )
    weight_decay: float = hyperparameter(
        default=0.0,
        low=0.0,
        high=10.0,
        symbol="λ",
        label="weight decay",
        help="The pull towards zero; a step takes away the share η λ of every parameter.",
    )

    @cached_property
    def _decays(self) -> tuple[Decay, Decay]:
        return Decay.of(self.beta1), Decay.of(self.beta2)

    def update(
        self, grad: Array, state: LionState, theta: Array, objective: Objective
    ) -> tuple[Array, LionState]:
        """The step −η (sign c + λ θ) ``(*B, P)``; a component of c that is 0 does not move."""
        vote, memory = self._decays
        step: Array = np.sign(average(state.momentum, grad, vote))
        step += theta * self.weight_decay
        step *= -self.learning_rate
        return step, LionState(average(state.momentum, grad, memory))


FAMILY = (Lion,)
