"""What a step is made of, as vectors: the gradient that it sees, what the optimizer remembers, the step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from descentscape.core.descent.descent import StepContext
from descentscape.core.explain.autopsy import Quantity, quantities
from descentscape.core.objective import Array


@dataclass(frozen=True, eq=False)
class StepVectors:
    """The vectors ``(P,)`` of the step that follows an entry of a run.

    - ``gradient``: what the optimizer is given, of the batch and after noise and clipping
    - ``step``: what is added to theta
    - ``memory``: the parts of the state after the step that are sums or averages of gradients, and so have
      a direction of their own; averages of squares have none
    """

    kind: str
    gradient: Array
    step: Array
    memory: tuple[Quantity, ...]


@np.errstate(all="ignore")
def vectors_of(context: StepContext) -> StepVectors:
    """The vectors of the step that follows, bit for bit those of the run."""
    optimizer = context.recipe.optimizer
    step, after = context.update(optimizer, context.state)
    memory = tuple(each for each in quantities(optimizer, after) if each.drawn)
    return StepVectors(optimizer.kind, context.received, step, memory)
