"""A rate of its own for every parameter, from the size of its past gradients."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers.base import Optimizer, Remembered, average, guard, rate, surviving
from descentscape.core.optimizers.hyperparameters import hyperparameters


class AdagradState(NamedTuple):
    """The sum of all squared gradients, ``(*B, P)``."""

    square_sum: Annotated[Array, Remembered("s", "sum of squares")]


class AdadeltaState(NamedTuple):
    """Moving averages of the squared gradients and of the squared steps before η, each ``(*B, P)``."""

    square_average: Annotated[Array, Remembered("v", "averaged square")]
    step_average: Annotated[Array, Remembered("u", "averaged square of the steps")]


class RMSPropState(NamedTuple):
    """The moving average of the squared gradients, ``(*B, P)``."""

    square_average: Annotated[Array, Remembered("v", "averaged square")]


@hyperparameters
class Adagrad(Optimizer):
    """s ← s + g², θ ← θ − η g / (√s + ε)."""

    kind = "adagrad"
    label = "AdaGrad"
    formula = "s ← s + g²\nθ ← θ − η g / (√s + ε)"
    rates = "η / (√s + ε)"
    source = "Duchi, Hazan & Singer (2011), JMLR 12, 2121-2159; as in PyTorch"
    help = (
        "Divides by all that a parameter’s gradient has been so far: "
        "rare features move far, and everything slows down."
    )
    memory = AdagradState

    learning_rate: float = rate(0.1, help="The length of the first step, in every parameter.")
    epsilon: float = guard(1e-10)

    def update(
        self, grad: Array, state: AdagradState, theta: Array, objective: Objective
    ) -> tuple[Array, AdagradState]:
        """The step −η g / (√s + ε) ``(*B, P)``."""
        square_sum: Array = grad * grad
        square_sum += state.square_sum
        return _scaled(grad, np.sqrt(square_sum), self.epsilon, -self.learning_rate), AdagradState(square_sum)


@hyperparameters
class Adadelta(Optimizer):
    """v ← ρ v + (1 − ρ) g², Δ = g √(u + ε) / √(v + ε), u ← ρ u + (1 − ρ) Δ², θ ← θ − η Δ."""

    kind = "adadelta"
    label = "AdaDelta"
    formula = "v ← ρ v + (1 − ρ) g²\nΔ = g √(u + ε) / √(v + ε)\nu ← ρ u + (1 − ρ) Δ²\nθ ← θ − η Δ"
    rates = "η Δ / g"
    source = "Zeiler (2012), arXiv:1212.5701; as in PyTorch"
    help = "Its steps carry the unit of the parameter, so it needs no rate; it starts slowly, from ε alone."
    memory = AdadeltaState

    learning_rate: float = rate(1.0, help="1 is the published rule.")
    decay: float = surviving(0.9, "ρ", "decay", "How much of both averages survives a step.")
    epsilon: float = guard(1e-6)

    def update(
        self, grad: Array, state: AdadeltaState, theta: Array, objective: Objective
    ) -> tuple[Array, AdadeltaState]:
        """The step −η Δ ``(*B, P)``."""
        square = average(state.square_average, grad * grad, self.decay)
        delta: Array = state.step_average + self.epsilon
        delta /= square + self.epsilon
        np.sqrt(delta, delta)
        delta *= grad
        return delta * -self.learning_rate, AdadeltaState(
            square, average(state.step_average, delta * delta, self.decay)
        )


@hyperparameters
class RMSProp(Optimizer):
    """v ← α v + (1 − α) g², θ ← θ − η g / (√v + ε)."""

    kind = "rmsprop"
    label = "RMSProp"
    formula = "v ← α v + (1 − α) g²\nθ ← θ − η g / (√v + ε)"
    rates = "η / (√v + ε)"
    source = "Tieleman & Hinton (2012), Neural Networks for Machine Learning, lecture 6.5; as in PyTorch"
    help = "AdaGrad that forgets: divides by the recent size of a parameter’s gradient, so it never stalls."
    memory = RMSPropState

    learning_rate: float = rate(0.01, help="About the length of a step, in every parameter.")
    decay: float = surviving(
        0.99, "α", "decay", "How much of the average survives a step: about 1 / (1 − α) steps are remembered."
    )
    epsilon: float = guard(1e-8)

    def update(
        self, grad: Array, state: RMSPropState, theta: Array, objective: Objective
    ) -> tuple[Array, RMSPropState]:
        """The step −η g / (√v + ε) ``(*B, P)``."""
        square = average(state.square_average, grad * grad, self.decay)
        return _scaled(grad, np.sqrt(square), self.epsilon, -self.learning_rate), RMSPropState(square)


def _scaled(grad: Array, size: Array, epsilon: float, factor: float) -> Array:
    """factor · grad / (size + ε), in size's own memory."""
    size += epsilon
    np.divide(grad, size, size)
    size *= factor
    return size


FAMILY = (Adagrad, Adadelta, RMSProp)
