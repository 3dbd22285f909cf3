"""What a run records of its steps: true costs, and gradient norms, on all examples, in bulk."""

from __future__ import annotations

import numpy as np

from descentscape.core.descent.steps import Steps
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import AnyArray, Array, Objective

COLUMNS = ("cost", "batch_cost", "learning_rate", "gradient_evaluations")
"""The columns of one number a step that every run has."""

_MOST_ROWS = 256
_ROW_WORK = 2**25
"""Parameters times examples that one bulk evaluation takes on: a few milliseconds."""


class Measure:
    """Turns consecutive steps into the columns of a record.

    A full-batch run has computed its costs and gradients already; the mini-batch one's, and test costs, are
    evaluated here for up to ``rows`` steps at once. Where a number may depend on what is computed beside it
    each step always has the same row of a batch of the same shape, whatever was asked for with it, so that
    its numbers do not depend on how a run was sliced.
    """

    def __init__(self, objective: Objective, test_objective: Objective | None, *, sampled: bool) -> None:
        self.objective, self.test_objective, self.sampled = objective, test_objective, sampled
        both = [each for each in (objective, test_objective) if each is not None]
        examples = max(getattr(each, "n_examples", 1) for each in both)
        work = max([objective.dim * examples, *(getattr(each, "own_work", 0) for each in both)])
        most = max(1, min(_MOST_ROWS, _ROW_WORK // work))
        self.rows = 1 << most.bit_length() - 1
        self.apart = all(isinstance(each, MLP) and each.compiled for each in both)

    def widths(self) -> dict[str, tuple[int, ...]]:
        """The columns, and their shapes beyond the rows."""
        return dict.fromkeys(COLUMNS if self.test_objective is None else (*COLUMNS, "test_cost"), ())

    def columns(self, steps: Steps, *, slopes: bool) -> tuple[dict[str, AnyArray], Array | None]:
        """The columns for consecutive steps that do not cross a multiple of ``rows``.

        Beside them the gradients ``(S, P)`` on all examples, None of mini-batches without ``slopes``.
        """
        grad: Array | None = steps.grad
        columns = {
            "cost": steps.cost,
            "batch_cost": steps.cost,
            "learning_rate": steps.learning_rate,
            "gradient_evaluations": steps.evaluations,
        }
        if self.sampled and slopes:
            columns["cost"], grad = self.slopes(steps.theta, steps.number)
        elif self.sampled:
            columns["cost"], grad = self._costs(self.objective, steps.theta, steps.number), None
        if self.test_objective is not None:
            columns["test_cost"] = self._costs(self.test_objective, steps.theta, steps.number)
        return columns, grad

    def slopes(self, theta: Array, number: int) -> tuple[Array, Array]:
        """Cost and gradient on all examples at theta ``(S, P)`` of consecutive steps from ``number`` on."""
        rows, own = self._beside(theta, number)
        cost, grad = self.objective.value_and_grad(rows)
        return cost[own], grad[own]

    def costs(self, theta: Array, number: int) -> Array:
        """The cost alone on all examples, of the same."""
        return self._costs(self.objective, theta, number)

    def test_costs(self, theta: Array, number: int) -> Array:
        """The test objective's cost at theta ``(S, P)`` of consecutive steps from ``number`` on."""
        assert self.test_objective is not None
        return self._costs(self.test_objective, theta, number)

    def _costs(self, objective: Objective, theta: Array, number: int) -> Array:
        rows, own = self._beside(theta, number)
        return objective.value(rows)[own]

    def _beside(self, theta: Array, number: int) -> tuple[Array, slice]:
        """Theta among the rows that it is always computed with, and where: its last one is all the others."""
        if self.apart:
            return theta, slice(0, len(theta))
        first = number % self.rows
        own, padded = slice(first, first + len(theta)), np.empty((self.rows, theta.shape[1]))
        padded[:] = theta[-1]
        padded[own] = theta
        return padded, own
