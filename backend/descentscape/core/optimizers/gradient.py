"""Steps along the gradient: gradient descent, and the two kinds of momentum."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers.base import NoState, Optimizer, Remembered, rate
from descentscape.core.optimizers.hyperparameters import hyperparameters, share


class VelocityState(NamedTuple):
    """The decaying sum of all gradients so far, ``(*B, P)``."""

    velocity: Annotated[Array, Remembered("v", "velocity", drawn=True)]


def _friction() -> Any:
    return share(
        0.9,
        "μ",
        "momentum",
        "The share of the velocity that survives a step: 0 is gradient descent, 1 has no friction.",
    )


@hyperparameters
class GradientDescent(Optimizer):
    """θ ← θ − η g."""

    kind = "gd"
    label = "Gradient descent"
    formula = "θ ← θ − η g"
    rates = "η"
    source = "Cauchy, Méthode générale pour la résolution des systèmes d’équations simultanées (1847)"
    help = "Goes straight downhill, a step as long as the slope is steep. On a mini-batch it is SGD."

    learning_rate: float = rate(0.1)

    def update(
        self, grad: Array, state: NoState, theta: Array, objective: Objective
    ) -> tuple[Array, NoState]:
        """The step −η g ``(*B, P)``."""
        return grad * -self.learning_rate, state


@hyperparameters
class Momentum(Optimizer):
    """v ← μ v + g, θ ← θ − η v: PyTorch’s SGD with momentum and no dampening."""

    kind = "momentum"
    label = "Momentum"
    formula = "v ← μ v + g\nθ ← θ − η v"
    rates = "η"
    source = "Polyak (1964), Some methods of speeding up the convergence of iteration methods; as in PyTorch"
    help = "A heavy ball: gradients that agree add up to speed, gradients that alternate cancel."
    memory = VelocityState

    learning_rate: float = rate(0.05, help="A steady slope is followed at η / (1 − μ) in the end.")
    momentum: float = _friction()

    def update(
        self, grad: Array, state: VelocityState, theta: Array, objective: Objective
    ) -> tuple[Array, VelocityState]:
        """The step −η v ``(*B, P)`` with the new velocity v."""
        velocity: Array = state.velocity * self.momentum
        velocity += grad
        return velocity * -self.learning_rate, VelocityState(velocity)


@hyperparameters
class Nesterov(Optimizer):
    """v ← μ v + g, θ ← θ − η (g + μ v): PyTorch’s form of Nesterov’s momentum."""

    kind = "nesterov"
    label = "Nesterov momentum"
    formula = "v ← μ v + g\nθ ← θ − η (g + μ v)"
    rates = "η"
    source = "Nesterov (1983); Sutskever et al. (2013), in the form that PyTorch’s SGD documents"
    help = "Momentum that looks ahead: it brakes one step earlier where the slope turns."
    memory = VelocityState

    learning_rate: float = rate(0.05, help="A steady slope is followed at η / (1 − μ) in the end.")
    momentum: float = _friction()

    def update(
        self, grad: Array, state: VelocityState, theta: Array, objective: Objective
    ) -> tuple[Array, VelocityState]:
        """The step −η (g + μ v) ``(*B, P)`` with the new velocity v."""
        velocity: Array = state.velocity * self.momentum
        velocity += grad
        step: Array = velocity * self.momentum
        step += grad
        step *= -self.learning_rate
        return step, VelocityState(velocity)


FAMILY = (GradientDescent, Momentum, Nesterov)
