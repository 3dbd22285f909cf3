"""What a step is made of, as vectors: the gradient that it sees, what the optimizer remembers, the step."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from descentscape.core.descent.descent import Step
from descentscape.core.descent.run import Run
from descentscape.core.explain.autopsy import Quantity, quantities
from descentscape.core.explain.rule import statements
from descentscape.core.explain.seen import seen
from descentscape.core.objective import Array
from descentscape.core.optimizers import Optimizer

_GRADIENT = re.compile(r"\bg(?![²\w(])")


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
def vectors_of(run: Run, step: Step) -> StepVectors:
    """The vectors of the step that follows, bit for bit those of the run."""
    moment = seen(run, step)
    optimizer = moment.recipe.optimizer
    plain, after = moment.update(optimizer, step.state)
    kept = _averaged(optimizer)
    memory = tuple(each for each in quantities(optimizer, after) if each.symbol in kept)
    return StepVectors(optimizer.kind, moment.gradient, moment.factor * plain, memory)


def _averaged(optimizer: Optimizer) -> set[str]:
    """The symbols that the formula makes from the gradient itself, not from its square."""
    rules = statements(optimizer.formula)
    return {symbol for symbol, arrow, text in rules if arrow == "←" and _GRADIENT.search(text)} - {"θ"}
