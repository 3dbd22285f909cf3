"""The cost as one step meets it: evaluated nowhere twice, counted, with the step's own noise and clipping."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from descentscape.core.blocks import Block
from descentscape.core.objective import AnyArray, Array, Objective
from descentscape.core.optimizers.clipping import Clip


@dataclass
class MemoisedObjective:
    """An Objective C(theta) + ⟨noise, theta⟩ that evaluates no theta ``(P,)`` twice, and counts.

    A rule that takes gradients of its own gets one, so that the gradient which the step began with is not
    computed again, so that the point which a line search accepts is the next step's gradient for free, and
    so that its work is known. The linear perturbation is the noise of the step's gradient: all gradients of a
    step then carry the same noise, as all come from one batch where there are examples. With a ``clip`` its
    gradients are cut as the first one was; its costs are not.
    """

    objective: Objective
    noise: Array | None = None
    clip: Clip | None = None
    count: int = 0
    _known: dict[bytes, tuple[Array, Array]] = field(default_factory=dict)

    @property
    def dim(self) -> int:
        """The number of parameters P."""
        return self.objective.dim

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The objective's parts of theta."""
        return self.objective.blocks

    def parameter_names(self) -> list[str]:
        """The objective's names."""
        return self.objective.parameter_names()

    def remember(self, theta: Array, cost: Array, grad: Array) -> None:
        """Take the objective's own cost and gradient at theta ``(*B, P)`` as known, row by row."""
        if theta.ndim == 1:
            self._known[theta.tobytes()] = cost, grad
            return
        for row in np.ndindex(theta.shape[:-1]):
            self._known[theta[row].tobytes()] = cost[row], grad[row]

    def recall(self, theta: Array) -> tuple[Array, Array] | None:
        """The objective's own cost and gradient at one theta ``(P,)``, unperturbed, if they are known.

        Rows are known one by one: of a stack ``(*B, P)`` nothing is, not even where it has one row alone.
        """
        return self._known.get(theta.tobytes()) if theta.ndim == 1 else None

    def value(self, theta: AnyArray) -> AnyArray:
        """The perturbed cost ``(*B,)``, not counted."""
        cost = self.objective.value(theta)
        return cost if self.noise is None else cost + theta @ self.noise

    def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
        """The perturbed cost and gradient at theta ``(*B, P)``, counted once unless they were known."""
        known = self.recall(theta)
        if known is None:
            known = self.objective.value_and_grad(theta)
            self.count += 1
            if theta.ndim == 1:
                self.remember(theta, *known)
        cost, grad = known
        if self.noise is not None:
            cost, grad = cost + theta @ self.noise, grad + self.noise
        return cost, self.clip.clip(grad) if self.clip else grad

    def grad_rounding(self, theta: Array) -> float:
        """The objective's: a linear perturbation is added last."""
        return self.objective.grad_rounding(theta)

    def hvp(self, theta: Array, v: Array) -> Array:
        """The objective's Hessian times v: a linear perturbation has no curvature."""
        return self.objective.hvp(theta, v)

    def hessian(self, theta: Array) -> Array:
        """The objective's Hessian: a linear perturbation has no curvature."""
        return self.objective.hessian(theta)
