"""A run as it is set down: all that determines its path, edits by hand included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf, isfinite

import numpy as np

from descentscape.core.descent.descent import Position, Recipe, StepContext, descend
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers import Optimizer


@dataclass(frozen=True)
class RunEdit:
    """A change made by hand after ``step`` steps, before the next: of the optimizer, of parameters, or both.

    The optimizer's state is kept if its kind stays, and starts afresh otherwise. ``values`` are parameters by
    their place in theta; the run's entry at this step shows them, so that path and cost agree.
    """

    step: int
    optimizer: Optimizer | None = None
    values: Mapping[int, float] = field(default_factory=dict)

    def check(self, theta: Array, objective: Objective) -> None:
        """Raise InvalidValue or TooExpensive for what a run from theta ``(P,)`` cannot have."""
        if self.step < 0:
            raise InvalidValue("edits.step", "a number of steps from 0 up", self.step)
        for place, value in self.values.items():
            if not 0 <= place < len(theta):
                raise InvalidValue("edits.set", f"keyed by parameters from 0 to {len(theta) - 1}", place)
            if not isfinite(value):
                raise InvalidValue(f"edits.set[{place}]", "a finite number", value)
        if self.optimizer:
            self.optimizer.init(theta, objective)


@dataclass(frozen=True, eq=False)
class Run:
    """A descent of ``steps`` steps from theta ``(P,)``, its batches and noise drawn from ``seed``.

    Raises:
        InvalidValue: A start whose cost is not finite, a batch size or an edit that does not fit.
        TooExpensive: An optimizer that would need the Hessian of too many parameters.

    """

    objective: Objective
    recipe: Recipe
    theta: Array
    steps: int
    seed: int = 0
    edits: Sequence[RunEdit] = ()

    def __post_init__(self) -> None:
        dim = self.objective.dim
        if np.shape(self.theta) != (dim,):
            raise InvalidValue("start", f"of {dim} numbers", np.shape(self.theta))
        if self.steps < 0:
            raise InvalidValue("steps", "a number from 0 up", self.steps)
        if self.seed < 0:
            raise InvalidValue("seed", "an integer from 0 up", self.seed)
        for edit in (RunEdit(0, self.recipe.optimizer), *self.edits):
            edit.check(self.theta, self.objective)
        self.recipe.batches(self.objective, self.seed)
        if not isfinite(self.cost_at_start):
            raise InvalidValue("start", "a point whose cost is finite", self.theta.tolist())

    @cached_property
    def cost_at_start(self) -> float:
        """C at entry 0, after what edits before the first step change."""
        theta = self.edited(Position(0, self.theta))[1].theta
        with np.errstate(all="ignore"):
            return float(self.objective.value(theta))

    @cached_property
    def step_work(self) -> float:
        """Parameters times examples that a step goes through at most, its true cost included."""
        edited = (edit.optimizer for edit in self.edits)
        rules = [rule for rule in (self.recipe.optimizer, *edited) if rule is not None]
        return max(rule.needs.work(self.objective) for rule in rules)

    def descend(self, position: Position) -> Iterator[StepContext]:
        """Yield the steps from a position of this run on, without end, as ``descent.descend`` does.

        Edits at the position's own step are made, once more if need be: that comes to the same.
        """
        here = position
        while True:
            recipe, here = self.edited(here)
            following = self.next_edit(here.number)
            for step in descend(self.objective, recipe, here, seed=self.seed, steps=self.steps):
                if step.number == following:
                    here = step.position
                    break
                yield step

    def next_edit(self, number: int) -> float:
        """The step of the first edit after that step, infinite without."""
        return min((edit.step for edit in self.edits if edit.step > number), default=inf)

    def edited(self, position: Position) -> tuple[Recipe, Position]:
        """The recipe at a position, and the position after its own edits."""
        recipe, theta, state = self.recipe, position.theta, position.state
        for edit in sorted(self.edits, key=lambda edit: edit.step):
            if edit.step > position.number:
                break
            optimizer = edit.optimizer or recipe.optimizer
            if edit.step == position.number:
                state = state if _kinds(optimizer) == _kinds(recipe.optimizer) else None
                theta = _with_values(theta, edit.values)
            recipe = replace(recipe, optimizer=optimizer)
        return recipe, position._replace(theta=theta, state=state)


def _kinds(optimizer: Optimizer | None) -> tuple[str, ...]:
    """An optimizer's kind, and the kinds of those that it wraps."""
    return () if optimizer is None else (optimizer.kind, *_kinds(optimizer.wrapped))


def _with_values(theta: Array, values: Mapping[int, float]) -> Array:
    changed = np.array(theta, dtype=float)
    changed[list(values)] = list(values.values())
    return changed
