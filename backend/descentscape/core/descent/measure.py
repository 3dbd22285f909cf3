"""What a run records of its steps: true costs and gradient norms on all examples, in bulk."""

from __future__ import annotations

import numpy as np

from descentscape.core.blocks import layer_spans
from descentscape.core.descent.descent import StepContext
from descentscape.core.norm import block_norms, norm
from descentscape.core.objective import AnyArray, Array, Objective

_SCALARS = ("cost", "grad_norm", "grad_rounding", "batch_cost", "learning_rate", "gradient_evaluations")
"""The columns of one number a step that every run has."""

_MOST_ROWS = 64
_ROW_WORK = 2**21
"""Parameters times examples that one bulk evaluation takes on: a few milliseconds."""


class Measure:
    """Turns consecutive steps into the columns of a record.

    A full-batch run has computed its costs and gradients already; the mini-batch one's, and test costs, are
    evaluated here for up to ``rows`` steps at once. Each step always has the same row of a batch of the same
    shape, whatever was asked for with it, so that its numbers do not depend on how a run was sliced.
    """

    def __init__(self, objective: Objective, test_objective: Objective | None, *, sampled: bool) -> None:
        self.objective, self.test_objective, self.sampled = objective, test_objective, sampled
        examples = max(getattr(each, "n_examples", 1) for each in (objective, test_objective))
        self.rows = max(1, min(_MOST_ROWS, _ROW_WORK // (objective.dim * examples)))
        self._layers = [span.start for span in layer_spans(objective.blocks).values()]

    def widths(self) -> dict[str, tuple[int, ...]]:
        """The columns, and their shapes beyond the rows; ``grad_rounding`` is added by the trajectory."""
        test = () if self.test_objective is None else ("test_cost",)
        widths: dict[str, tuple[int, ...]] = dict.fromkeys((*_SCALARS, *test), ())
        return widths | {"layer_grad_norms": (len(self._layers),), "theta": (self.objective.dim,)}

    def columns(self, steps: list[StepContext]) -> dict[str, AnyArray]:
        """The columns for consecutive steps that do not cross a multiple of ``rows``."""
        theta = np.array([step.theta for step in steps])
        cost = batch_cost = np.array([step.cost for step in steps])
        first = steps[0].number % self.rows
        if self.sampled:
            cost, grad = self._in_bulk(theta, first)
        else:
            grad = np.array([step.grad for step in steps])
        by_layer = block_norms(grad, self._layers)
        columns = {
            "cost": cost,
            "grad_norm": norm(by_layer),
            "layer_grad_norms": by_layer,
            "batch_cost": batch_cost,
            "learning_rate": np.array([step.learning_rate for step in steps]),
            "gradient_evaluations": np.array([step.evaluations for step in steps]),
            "theta": theta,
        }
        if self.test_objective is not None:
            padded = self._padded(theta, first)
            columns["test_cost"] = self.test_objective.value(padded)[first : first + len(theta)]
        return columns

    def _in_bulk(self, theta: Array, first: int) -> tuple[Array, Array]:
        """Cost and gradient on all examples at theta ``(count, P)``."""
        cost, grad = self.objective.value_and_grad(self._padded(theta, first))
        return cost[first : first + len(theta)], grad[first : first + len(theta)]

    def _padded(self, theta: Array, first: int) -> Array:
        """``(rows, P)`` with theta from row ``first`` on, and its last row everywhere else."""
        padded = np.empty((self.rows, theta.shape[1]))
        padded[:] = theta[-1]
        padded[first : first + len(theta)] = theta
        return padded
