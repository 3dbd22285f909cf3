"""The cost as one step sees it: remembered, counted, and tilted by the step's noise."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from descentscape.core.blocks import Block
from descentscape.core.objective import AnyArray, Array, Objective


@dataclass
class Probe:
    """An Objective C(theta) + ⟨tilt, theta⟩ that evaluates no theta ``(P,)`` twice, and counts.

    A line search gets one, so that the gradient which the step began with is not computed again, so that
    the point which it accepts is the next step's gradient for free, and so that its work is known. The tilt
    is the noise of the step's gradient: both gradients of a difference then carry the same noise, as
    both come from one batch where there are examples.
    """

    objective: Objective
    tilt: Array | None = None
    count: int = 0
    _seen: dict[bytes, tuple[Array, Array]] = field(default_factory=dict)

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

    @classmethod
    def begin(cls, objective: Objective, theta: Array, cost: Array, grad: Array, tilt: Array | None) -> Probe:
        """A probe that knows the objective's own cost and gradient at theta ``(*B, P)``, row by row."""
        probe = cls(objective, tilt)
        for row in np.ndindex(theta.shape[:-1]):
            probe._seen[theta[row].tobytes()] = cost[row], grad[row]
        return probe

    def recall(self, theta: Array) -> tuple[Array, Array] | None:
        """The objective's own cost and gradient at one theta ``(P,)``, without the tilt, if they are known.

        Rows are known one by one: of a stack ``(*B, P)`` nothing is, not even where it has one row alone.
        """
        return self._seen.get(theta.tobytes()) if theta.ndim == 1 else None

    def value(self, theta: AnyArray) -> AnyArray:
        """The tilted cost ``(*B,)``, not counted."""
        cost = self.objective.value(theta)
        return cost if self.tilt is None else cost + theta @ self.tilt

    def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
        """The tilted cost and gradient ``(P,)`` at one theta ``(P,)``, counted if they were not known."""
        known = self.recall(theta)
        if known is None:
            known = self.objective.value_and_grad(theta)
            self.count += 1
            self._seen[theta.tobytes()] = known
        cost, grad = known
        return (cost, grad) if self.tilt is None else (cost + theta @ self.tilt, grad + self.tilt)

    def hvp(self, theta: Array, v: Array) -> Array:
        """The objective's Hessian times v: a tilt has no curvature."""
        return self.objective.hvp(theta, v)

    def hessian(self, theta: Array) -> Array:
        """The objective's Hessian: a tilt has no curvature."""
        return self.objective.hessian(theta)
