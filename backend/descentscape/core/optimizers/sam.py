"""Steps by the gradient at the worst point nearby."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from descentscape.core.norm import norm
from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers import adam, adaptive, gradient, lion, muon
from descentscape.core.optimizers.base import Needs, Optimizer, rate
from descentscape.core.optimizers.hyperparameters import choice, hyperparameter, hyperparameters

BASES: dict[str, Any] = {
    rule.kind: rule for family in (gradient, adaptive, adam, lion, muon) for rule in family.FAMILY
}
"""The rules that ask for nothing but one gradient, and so can be given another one."""


@hyperparameters
class SAM(Optimizer):
    """Sharpness-aware minimisation: a base rule’s step, from the gradient at θ + ρ g / ‖g‖.

    That is where the cost is highest, to first order, within the distance ρ: min max C(θ + ε) over ‖ε‖ ≤ ρ.
    Both gradients are of one batch, with the same noise, and both are clipped where gradients are. Where the
    gradient is zero there is no direction of ascent, and the base rule has that gradient.
    """

    kind = "sam"
    label = "SAM"
    formula = "ε̂ = ρ g / ‖g‖\ng ← ∇C(θ + ε̂)\nθ ← θ − η Δ   (Δ: the base rule’s direction from this g)"
    source = (
        "Foret, Kleiner, Mobahi & Neyshabur (2021), Sharpness-Aware Minimization for Efficiently Improving "
        "Generalization, arXiv:2010.01412, algorithm 1"
    )
    help = "Climbs a little and descends by the slope found there: it leaves sharp minima for flat ones."
    needs = Needs(gradients=2)

    learning_rate: float = rate(0.05, help="The base rule’s; what suits it suits it here.")
    radius: float = hyperparameter(
        default=0.05,
        low=0.0,
        high=1e3,
        typical=(0.0, 1.0),
        symbol="ρ",
        label="radius",
        help="How far it climbs before it looks: 0 is the base rule.",
    )
    base: str = choice(
        default="momentum",
        choices={kind: rule.label for kind, rule in BASES.items()},
        label="base rule",
        help="What makes the step from the gradient up there, with its own defaults but for η.",
    )

    @cached_property
    def wrapped(self) -> Optimizer:
        """The base rule."""
        rule: Optimizer = BASES[self.base](learning_rate=self.learning_rate)
        return rule

    @property
    def memory(self) -> Any:
        """The base rule’s."""
        return self.wrapped.memory

    @property
    def rates(self) -> str:
        """The base rule’s, of the gradient up there."""
        return self.wrapped.rates

    def init(self, theta: Array, objective: Objective) -> Any:
        """The base rule’s state."""
        return self.wrapped.init(theta, objective)

    def update(self, grad: Array, state: Any, theta: Array, objective: Objective) -> tuple[Array, Any]:
        """The base rule’s step ``(*B, P)`` from the gradient at θ + ε̂, from θ."""
        above = objective.value_and_grad(theta + self._ascent(grad))[1]
        return self.wrapped.update(above, state, theta, objective)

    def named(
        self, grad: Array, theta: Array, objective: Objective, step: Array, state: Any
    ) -> dict[str, Array | float]:
        """The gradient’s length and the gradient up there; ε̂ itself where it is 0 because g is."""
        ascent = self._ascent(grad)
        rest: dict[str, Array | float] = {} if grad.any() else {"ε̂": ascent}
        return rest | {"‖g‖": float(norm(grad)), "∇C(θ + ε̂)": objective.value_and_grad(theta + ascent)[1]}

    def _ascent(self, grad: Array) -> Array:
        """ρ g / ‖g‖ ``(*B, P)``, 0 where g is."""
        length = norm(grad, keepdims=True)
        ascent: Array = grad / np.where(length > 0, length, 1.0)
        return ascent * self.radius


FAMILY = (SAM,)
