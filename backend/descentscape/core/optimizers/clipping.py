"""Gradients cut to a bound before the optimizer sees them."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from descentscape.core.norm import norm
from descentscape.core.objective import Array
from descentscape.core.optimizers.hyperparameters import Described, hyperparameter, hyperparameters


class Clip(Described, Protocol):
    """A bound on gradients; frozen, its one field, named as its kind, made with ``hyperparameter``."""

    def clip(self, grad: Array) -> Array:
        """The gradient ``(*B, P)`` within the bound, each row by itself."""


def _bound(label: str) -> Any:
    return hyperparameter(
        default=1.0,
        low=1e-9,
        high=1e9,
        typical=(1e-3, 1e2),
        log=True,
        symbol="c",
        label=label,
        help="Gradients within this bound pass unchanged.",
    )


@hyperparameters
class NormClip:
    """g ← g min(1, c / ‖g‖)."""

    kind = "norm"
    label = "By norm"
    formula = "g ← g min(1, c / ‖g‖)"
    source = "Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent neural networks"
    help = "A gradient that is too long is shortened; it keeps its direction."

    norm: float = _bound("largest norm")

    def clip(self, grad: Array) -> Array:
        """The gradient, or c g / ‖g‖ where it is longer than c."""
        length = norm(grad, keepdims=True)
        shortened: Array = grad * (self.norm / np.maximum(length, self.norm))
        return shortened


@hyperparameters
class ValueClip:
    """gᵢ ← max(−c, min(c, gᵢ))."""

    kind = "value"
    label = "By value"
    formula = "gᵢ ← max(−c, min(c, gᵢ))"
    source = "clip_grad_value_ as PyTorch documents it"
    help = "Every component is cut by itself, which turns the direction towards the diagonals."

    value: float = _bound("largest component")

    def clip(self, grad: Array) -> Array:
        """Every component moved into [−c, c]."""
        clipped: Array = np.clip(grad, -self.value, self.value)
        return clipped


CLIPS: dict[str, type[Clip]] = {rule.kind: rule for rule in (NormClip, ValueClip)}
"""Every way of clipping by its kind."""
