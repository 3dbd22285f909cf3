"""Consecutive steps of a run, as arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from descentscape.core.descent.checkpoints import SPACING
from descentscape.core.descent.descent import Position, StepContext
from descentscape.core.objective import AnyArray, Array


class Steps(NamedTuple):
    """S consecutive steps from step ``number`` on: what they start from, and what they are made from.

    ``theta`` ``(S, P)``; ``cost`` ``(S,)`` and ``grad`` ``(S, P)`` of each step's batch; ``learning_rate``
    and ``evaluations`` ``(S,)`` as in `StepContext`; ``positions``: where the run can be taken up, at those
    of the steps that fall on the checkpoints' spacing.
    """

    number: int
    theta: Array
    cost: Array
    grad: Array
    learning_rate: Array
    evaluations: AnyArray
    positions: list[Position]


def stacked(block: list[StepContext]) -> Steps:
    """Steps that were made one by one."""
    return Steps(
        block[0].number,
        np.array([step.theta for step in block]),
        np.array([step.cost for step in block]),
        np.array([step.grad for step in block]),
        np.array([step.learning_rate for step in block]),
        np.array([step.evaluations for step in block]),
        [step.position for step in block if step.number % SPACING == 0],
    )
