"""Momentum and a rate for every parameter together: Adam and its kin."""

from __future__ import annotations

from math import sqrt
from typing import Annotated, Any, NamedTuple

import numpy as np

from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers.base import (
    Optimizer,
    Remembered,
    average,
    decoupled_decay,
    guard,
    rate,
    surviving,
)
from descentscape.core.optimizers.hyperparameters import hyperparameters, share


class AdamState(NamedTuple):
    """Moving averages of the gradient and of its square ``(*B, P)``, before bias correction; steps made."""

    first_moment: Annotated[Array, Remembered("m", "averaged gradient", drawn=True)]
    second_moment: Annotated[Array, Remembered("v", "averaged square")]
    steps: Annotated[int, Remembered("t", "steps made", counts=True, start=0)]


class AMSGradState(NamedTuple):
    """As AdamState, with the largest second moment so far ``(*B, P)``."""

    first_moment: Annotated[Array, Remembered("m", "averaged gradient", drawn=True)]
    second_moment: Annotated[Array, Remembered("v", "averaged square")]
    largest_moment: Annotated[Array, Remembered("v_max", "largest averaged square")]
    steps: Annotated[int, Remembered("t", "steps made", counts=True, start=0)]


class NadamState(NamedTuple):
    """As AdamState, with the product of the momentum coefficients used so far."""

    first_moment: Annotated[Array, Remembered("m", "averaged gradient", drawn=True)]
    second_moment: Annotated[Array, Remembered("v", "averaged square")]
    steps: Annotated[int, Remembered("t", "steps made", counts=True, start=0)]
    momentum_product: Annotated[float, Remembered("", "product of the μᵢ", start=1.0)]


def _beta1() -> Any:
    return surviving(0.9, "β₁", "beta 1", "How much of the averaged gradient survives a step: its momentum.")


def _beta2() -> Any:
    return surviving(
        0.999,
        "β₂",
        "beta 2",
        "How much of the averaged squared gradient survives a step: how slowly the rates adapt.",
    )


def _moments(
    grad: Array, state: AdamState | AMSGradState | NadamState, beta1: float, beta2: float
) -> tuple[Array, Array]:
    """m ← β₁ m + (1 − β₁) g and v ← β₂ v + (1 − β₂) g²."""
    return (
        average(state.first_moment, grad, beta1),
        average(state.second_moment, grad * grad, beta2),
    )


def _adam_step(first: Array, second: Array, rate: float, epsilon: float, c1: float, c2: float) -> Array:
    """−η (m / c1) / (√(v / c2) + ε), with the corrections c1 and c2 folded into two scalars."""
    root = sqrt(c2)
    step: Array = np.sqrt(second)
    step += epsilon * root
    np.divide(first, step, step)
    step *= -rate * root / c1
    return step


def _adam(grad: Array, state: AdamState, rule: Adam | AdamW) -> tuple[Array, AdamState]:
    """Adam's step ``(*B, P)``, and the state after it."""
    first, second = _moments(grad, state, rule.beta1, rule.beta2)
    steps = state.steps + 1
    c1, c2 = 1 - rule.beta1**steps, 1 - rule.beta2**steps
    step = _adam_step(first, second, rule.learning_rate, rule.epsilon, c1, c2)
    return step, AdamState(first, second, steps)


def _warming(beta1: float, decay: float, t: int) -> float:
    """NAdam's momentum coefficient μₜ = β₁ (1 − ½ · 0.96^(t ψ))."""
    factor: float = 1 - 0.5 * 0.96 ** (t * decay)
    return beta1 * factor


@hyperparameters
class Adam(Optimizer):
    """The averaged gradient over the root of the averaged square, both corrected for their start at zero."""

    kind = "adam"
    label = "Adam"
    formula = (
        "m ← β₁ m + (1 − β₁) g\nv ← β₂ v + (1 − β₂) g²\n"
        "m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)\nθ ← θ − η m̂ / (√v̂ + ε)"
    )
    rates = "η / (√v̂ + ε)"
    source = "Kingma & Ba (2015), arXiv:1412.6980; as in PyTorch"
    help = "Momentum, with a rate of its own for every parameter: steep and flat directions move alike."
    memory = AdamState

    learning_rate: float = rate(0.05, help="About the length of a step, in every parameter.")
    beta1: float = _beta1()
    beta2: float = _beta2()
    epsilon: float = guard(1e-8)

    def update(
        self, grad: Array, state: AdamState, theta: Array, objective: Objective
    ) -> tuple[Array, AdamState]:
        """The step −η m̂ / (√v̂ + ε) ``(*B, P)``."""
        return _adam(grad, state, self)


@hyperparameters
class AMSGrad(Optimizer):
    """Adam that divides by the largest second moment so far, so that a rate never grows again."""

    kind = "amsgrad"
    label = "AMSGrad"
    formula = (
        "m ← β₁ m + (1 − β₁) g\nv ← β₂ v + (1 − β₂) g²\nv_max ← max(v_max, v)\n"
        "θ ← θ − η (m / (1 − β₁ᵗ)) / (√(v_max / (1 − β₂ᵗ)) + ε)"
    )
    rates = "η / (√(v_max / (1 − β₂ᵗ)) + ε)"
    source = "Reddi, Kale & Kumar (2018), On the Convergence of Adam and Beyond; as in PyTorch"
    help = "Adam with a long memory for steep slopes: what was steep once is walked carefully ever after."
    memory = AMSGradState

    learning_rate: float = rate(0.05, help="About the length of a step, in every parameter.")
    beta1: float = _beta1()
    beta2: float = _beta2()
    epsilon: float = guard(1e-8)

    def update(
        self, grad: Array, state: AMSGradState, theta: Array, objective: Objective
    ) -> tuple[Array, AMSGradState]:
        """Adam's step ``(*B, P)`` with v_max in place of v."""
        first, second = _moments(grad, state, self.beta1, self.beta2)
        largest = np.maximum(state.largest_moment, second)
        steps = state.steps + 1
        c1, c2 = 1 - self.beta1**steps, 1 - self.beta2**steps
        step = _adam_step(first, largest, self.learning_rate, self.epsilon, c1, c2)
        return step, AMSGradState(first, second, largest, steps)


@hyperparameters
class Nadam(Optimizer):
    """Adam with Nesterov’s look ahead, its momentum coefficient μₜ warming up with the steps."""

    kind = "nadam"
    label = "NAdam"
    formula = (
        "μₜ = β₁ (1 − ½ · 0.96^(t ψ))\nm ← β₁ m + (1 − β₁) g\nv ← β₂ v + (1 − β₂) g²\n"
        "m̂ = μₜ₊₁ m / (1 − ∏ᵢ≤ₜ₊₁ μᵢ) + (1 − μₜ) g / (1 − ∏ᵢ≤ₜ μᵢ)\nθ ← θ − η m̂ / (√(v / (1 − β₂ᵗ)) + ε)"
    )
    rates = "η / (√(v / (1 − β₂ᵗ)) + ε)"
    source = "Dozat (2016), Incorporating Nesterov Momentum into Adam; as in PyTorch"
    help = "Adam that already counts the present gradient as if the next step had begun."
    memory = NadamState

    learning_rate: float = rate(0.02, help="About the length of a step, in every parameter.")
    beta1: float = _beta1()
    beta2: float = _beta2()
    epsilon: float = guard(1e-8)
    momentum_decay: float = share(
        0.004, "ψ", "momentum decay", "How fast the momentum coefficient rises from half of β₁ to β₁."
    )

    def update(
        self, grad: Array, state: NadamState, theta: Array, objective: Objective
    ) -> tuple[Array, NadamState]:
        """The step −η m̂ / (√v̂ + ε) ``(*B, P)``."""
        first, second = _moments(grad, state, self.beta1, self.beta2)
        steps = state.steps + 1
        now = _warming(self.beta1, self.momentum_decay, steps)
        following = _warming(self.beta1, self.momentum_decay, steps + 1)
        product = state.momentum_product * now
        ahead = first * (following / (1 - product * following)) + grad * ((1 - now) / (1 - product))
        step = _adam_step(ahead, second, self.learning_rate, self.epsilon, 1.0, 1 - self.beta2**steps)
        return step, NadamState(first, second, steps, product)

    def named(
        self, grad: Array, theta: Array, objective: Objective, step: Array, state: NadamState
    ) -> dict[str, Array | float]:
        """The coefficients after t steps, and their products."""
        following = _warming(self.beta1, self.momentum_decay, state.steps + 1)
        product = state.momentum_product
        return {"μₜ₊₁": following, "∏ᵢ≤ₜ μᵢ": product, "∏ᵢ≤ₜ₊₁ μᵢ": product * following}


@hyperparameters
class AdamW(Optimizer):
    """Adam with the weights’ decay kept apart from the gradient: θ ← θ − η λ θ beside Adam’s step."""

    kind = "adamw"
    label = "AdamW"
    formula = (
        "m ← β₁ m + (1 − β₁) g\nv ← β₂ v + (1 − β₂) g²\nm̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)\n"
        "θ ← θ − η λ θ − η m̂ / (√v̂ + ε)"
    )
    rates = "η / (√v̂ + ε)"
    source = "Loshchilov & Hutter (2019), arXiv:1711.05101; as in PyTorch"
    help = "Adam that also pulls every parameter towards zero, all at the same relative rate."
    memory = AdamState

    learning_rate: float = rate(0.05, help="About the length of a step, in every parameter.")
    beta1: float = _beta1()
    beta2: float = _beta2()
    epsilon: float = guard(1e-8)
    weight_decay: float = decoupled_decay(0.01)

    def update(
        self, grad: Array, state: AdamState, theta: Array, objective: Objective
    ) -> tuple[Array, AdamState]:
        """Adam's step minus η λ θ ``(*B, P)``."""
        step, state = _adam(grad, state, self)
        step -= theta * (self.learning_rate * self.weight_decay)
        return step, state


FAMILY = (Adam, AMSGrad, Nadam, AdamW)
