"""Steps that move every direction of a weight matrix equally far."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from descentscape.core.blocks import Block
from descentscape.core.objective import AnyArray, Array, Objective
from descentscape.core.optimizers.adam import AdamState
from descentscape.core.optimizers.base import (
    Needs,
    Optimizer,
    average,
    decoupled_decay,
    guard,
    rate,
    surviving,
)
from descentscape.core.optimizers.hyperparameters import hyperparameters


@hyperparameters
class Muon(Optimizer):
    """W ← W − η √max(1, out / in) U Vᵀ with U Σ Vᵀ = μ m + (1 − μ) g, Nesterov’s average of W’s gradient.

    That is for every weight matrix W (out, in), m its gradient’s average with the coefficient μ. U Vᵀ is the
    exact polar factor, by a singular value decomposition; directions that are zero to round-off are left
    out. The authors approximate it by five Newton-Schulz iterations, which bring the singular values to
    between about 0.7 and 1.2. The scale is that of their code; an entry of the update is then of root mean
    square 1 / √in, so that a step changes a unit’s sum by about η for inputs of size 1, as the step of a bias
    does. So one η serves for both: what is no weight matrix (biases, a formula’s coordinates) moves as AdamW
    has it, with the coefficients of the authors’ code. They leave the first and the last layer to AdamW too,
    which would leave nothing of most networks here. The decay is decoupled.
    """

    kind = "muon"
    label = "Muon"
    formula = (
        "m ← β m + (1 − β) g   (β: μ in a weight matrix, β₁ elsewhere)\n"
        "v ← γ v + (1 − γ) g²   (γ: 1 in a weight matrix, β₂ elsewhere)\n"
        "O = √max(1, out/in) U Vᵀ   (of a weight matrix, U Σ Vᵀ = μ m + (1 − μ) g; 0 elsewhere)\n"
        "A = (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)   (0 in a weight matrix)\n"
        "θ ← θ − η (O + A + λ θ)"
    )
    source = (
        "Jordan, Jin, Boza, You, Cesista, Newhouse & Bernstein (2024), Muon: An optimizer for hidden layers "
        "in neural networks, kellerjordan.github.io/posts/muon; scale and defaults as in the authors’ code"
    )
    help = "Moves a weight matrix equally far in all its directions, rare ones too; biases move as by AdamW."
    needs = Needs(singular_values=True)
    memory = AdamState

    learning_rate: float = rate(0.02, help="About how far a step moves a unit’s sum.")
    momentum: float = surviving(
        0.95, "μ", "momentum", "How much of a weight matrix’s averaged gradient survives a step."
    )
    beta1: float = surviving(
        0.9, "β₁", "beta 1", "How much of the averaged gradient survives a step, for all but weight matrices."
    )
    beta2: float = surviving(
        0.95, "β₂", "beta 2", "How much of the averaged square survives a step, for all but weight matrices."
    )
    epsilon: float = guard(1e-10)
    weight_decay: float = decoupled_decay(0.0)

    def update(
        self, grad: Array, state: AdamState, theta: Array, objective: Objective
    ) -> tuple[Array, AdamState]:
        """The step −η (O + A + λ θ) ``(*B, P)``."""
        within = _in_matrix(objective.blocks)
        first = average(state.first_moment, grad, np.where(within, self.momentum, self.beta1))
        second = average(state.second_moment, grad * grad, self.beta2)
        after = AdamState(first, np.where(within, 0.0, second), state.steps + 1)
        orthogonal, adaptive = self._directions(grad, after, objective)
        return (orthogonal + adaptive + theta * self.weight_decay) * -self.learning_rate, after

    def named(
        self, grad: Array, theta: Array, objective: Objective, step: Array, state: AdamState
    ) -> dict[str, Array | float]:
        """Each parameter’s coefficients, and the two directions."""
        within = _in_matrix(objective.blocks)
        orthogonal, adaptive = self._directions(grad, state, objective)
        return {
            "β": np.where(within, self.momentum, self.beta1),
            "γ": np.where(within, 1.0, self.beta2),
            "O": orthogonal,
            "A": adaptive,
        }

    def _directions(self, grad: Array, after: AdamState, objective: Objective) -> tuple[Array, Array]:
        """O and A ``(*B, P)``, each zero where the other is not, from the state after the step."""
        first, second, steps = after
        size = np.sqrt(second / (1 - self.beta2**steps)) + self.epsilon
        adaptive = np.where(_in_matrix(objective.blocks), 0.0, first / (1 - self.beta1**steps) / size)
        orthogonal = np.zeros_like(first)
        ahead = average(first, grad, self.momentum)
        for block in objective.blocks:
            if block.is_matrix:
                outputs, inputs = block.shape
                factor = polar_factor(block.of(ahead)) * max(1.0, outputs / inputs) ** 0.5
                orthogonal[..., block.span] = factor.reshape(*first.shape[:-1], -1)
        return orthogonal, adaptive


@lru_cache(maxsize=64)
def _in_matrix(blocks: tuple[Block, ...]) -> AnyArray:
    """Mark the parameters ``(P,)`` that are weights of a matrix."""
    return np.concatenate([np.full(block.span.stop - block.start, block.is_matrix) for block in blocks])


def polar_factor(matrices: Array) -> Array:
    """U Vᵀ ``(*B, out, in)`` of matrices U Σ Vᵀ: the nearest one with singular values 1.

    A singular value that is zero to round-off stays 0. NaN where a matrix is not finite.
    """
    finite = np.isfinite(matrices).all(axis=(-2, -1), keepdims=True)
    u, values, vt = np.linalg.svd(np.where(finite, matrices, 0.0), full_matrices=False)
    kept = values > max(matrices.shape[-2:]) * np.finfo(float).eps * values[..., :1]
    return np.where(finite, (u * kept[..., None, :]) @ vt, np.nan)


FAMILY = (Muon,)
