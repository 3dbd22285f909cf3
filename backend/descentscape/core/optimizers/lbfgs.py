"""Newton's method from remembered gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NamedTuple

import numpy as np

from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers.base import Needs, Optimizer, Remembered, rate, row_by_row
from descentscape.core.optimizers.hyperparameters import hyperparameter, hyperparameters
from descentscape.core.optimizers.line_search import Trial, strong_wolfe

_LEAST_CURVATURE = 1e-10
"""A pair with less s·y than this share of |s| |y| would make the next direction blow up."""


class LBFGSState(NamedTuple):
    """The last pairs of displacement s and change of gradient y, newest last, each ``(*B, history, P)``.

    ``stored`` ``(*B,)`` of them are in use, at the end; ``length`` ``(*B,)`` is the last step's length t.
    """

    displacements: Annotated[Array, Remembered("", "displacements")]
    changes: Annotated[Array, Remembered("", "changes of the gradient")]
    stored: Annotated[int | Array, Remembered("", "pairs stored")]
    length: Annotated[float | Array, Remembered("", "length of the step")]


@hyperparameters
class LBFGS(Optimizer):
    """One iteration of L-BFGS a step: θ ← θ + t d with d = −H̃ g, t by a strong Wolfe search.

    Both gradients of a pair belong to the objective that ``update`` is given, so on a mini-batch the pair is
    the batch’s own curvature. Clipping bends only d: the search looks at the objective as it is.
    """

    kind = "lbfgs"
    label = "L-BFGS"
    formula = (
        "d = −H̃ g   (two loops over the last m pairs s, y)\n"
        "θ ← θ + t d   (t: strong Wolfe, first try η)\ns = t d, y = g(θ + s) − g(θ)"
    )
    source = (
        "Liu & Nocedal (1989), Math. Programming 45, 503-528; Nocedal & Wright (2006), algorithms 7.4, 3.5"
    )
    help = (
        "Learns the curvature from how the gradient changes, and searches along a direction before it goes."
    )
    needs = Needs(line_search=True)
    memory = LBFGSState

    learning_rate: float = rate(1.0, label="first try", help="The length that the line search tries first.")
    history: int = hyperparameter(
        default=10,
        low=1,
        high=100,
        symbol="m",
        label="history",
        help="How many pairs are remembered: 2 m P numbers.",
    )

    @property
    def remembers(self) -> float:
        """Each pair is of two gradients that follow one another."""
        return self.history

    def init(self, theta: Array, objective: Objective) -> LBFGSState:
        """No pairs: the first direction is steepest descent."""
        pairs = np.zeros((*theta.shape[:-1], self.history, theta.shape[-1]))
        lead = theta.shape[:-1]
        if not lead:
            return LBFGSState(pairs, pairs, 0, 0.0)
        return LBFGSState(pairs, pairs, np.zeros(lead, dtype=int), np.zeros(lead))

    @row_by_row
    def update(
        self, grad: Array, state: LBFGSState, theta: Array, objective: Objective
    ) -> tuple[Array, LBFGSState]:
        """The step t d ``(*B, P)``; zero, with the pairs forgotten, where no length lowers the cost."""
        displacements, changes = self._pairs(state)
        cost, here = objective.value_and_grad(theta)
        direction = _direction(grad, displacements, changes)
        if not here.dot(direction) < 0:
            displacements, changes = displacements[:0], changes[:0]
            direction = -grad
        first = self.learning_rate * (1.0 if len(changes) else min(1.0, 1 / max(np.abs(grad).sum(), 1e-300)))
        start = Trial(0.0, float(cost), float(here.dot(direction)), here)
        found = strong_wolfe(_line(objective, theta, direction), start, first) if start.slope < 0 else start
        step = found.length * direction
        pairs = _remember(displacements, changes, step, found.grad - here)
        return step, self._state(*pairs, length=found.length)

    def named(
        self, grad: Array, theta: Array, objective: Objective, step: Array, state: LBFGSState
    ) -> dict[str, Array | float]:
        """The length t and the direction d, which is not known after a step of length 0."""
        length = float(state.length)
        return {"t": length, "d": step / length} if length else {"t": length}

    def _pairs(self, state: LBFGSState) -> tuple[Array, Array]:
        """The pairs in use, at most ``history`` of them: an edit may have shortened the memory."""
        count = min(int(state.stored), self.history)
        first = len(state.changes) - count
        return state.displacements[first:], state.changes[first:]

    def _state(self, displacements: Array, changes: Array, length: float) -> LBFGSState:
        """The state with the newest ``history`` pairs, padded in front with zeros."""
        stored = min(len(changes), self.history)
        memory = np.zeros((2, self.history, changes.shape[-1]))
        memory[0, self.history - stored :] = displacements[len(displacements) - stored :]
        memory[1, self.history - stored :] = changes[len(changes) - stored :]
        return LBFGSState(memory[0], memory[1], stored, length)


def _line(objective: Objective, theta: Array, direction: Array) -> Callable[[float], Trial]:
    def trial(length: float) -> Trial:
        cost, grad = objective.value_and_grad(theta + length * direction)
        return Trial(length, float(cost), float(grad.dot(direction)), grad)

    return trial


def _direction(grad: Array, displacements: Array, changes: Array) -> Array:
    """−H̃ g by the two loops, H̃ starting from (s·y / y·y) I of the newest pair."""
    direction = -grad
    pairs = [(s, y, 1 / s.dot(y)) for s, y in zip(displacements, changes, strict=True)]
    weights = []
    for s, y, inverse in reversed(pairs):
        weights.append(inverse * s.dot(direction))
        direction = direction - weights[-1] * y
    if pairs:
        s, y, inverse = pairs[-1]
        direction = direction / (inverse * y.dot(y))
    for (s, y, inverse), weight in zip(pairs, reversed(weights), strict=True):
        direction = direction + (weight - inverse * y.dot(direction)) * s
    return direction


def _remember(displacements: Array, changes: Array, s: Array, y: Array) -> tuple[Array, Array]:
    """The pairs with a new one, unless its curvature s·y is not positive; none after a step of zero."""
    if not s.any():
        return displacements[:0], changes[:0]
    if not s.dot(y) > _LEAST_CURVATURE * np.sqrt(s.dot(s) * y.dot(y)):
        return displacements, changes
    return np.concatenate([displacements, s[None]]), np.concatenate([changes, y[None]])


FAMILY = (LBFGS,)
