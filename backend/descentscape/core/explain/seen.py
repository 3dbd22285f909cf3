"""What one step of a run saw: its batch, the gradient on it, and what noise and clipping made of that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from descentscape.core.data.sampling import standard_noise
from descentscape.core.descent.descent import Recipe, Step
from descentscape.core.descent.run import Run
from descentscape.core.objective import Array, Objective, Sampled
from descentscape.core.optimizers import Optimizer
from descentscape.core.optimizers.memoised_objective import Probe


@dataclass(frozen=True, eq=False)
class Seen:
    """The step from an entry of a run, about to be made.

    ``batch`` is the objective that the step looks at, ``noise`` ``(P,)`` what was added to its gradient
    (None without), ``gradient`` ``(P,)`` what the optimizer is given after noise and clipping, ``factor`` the
    schedule's.
    """

    recipe: Recipe
    step: Step
    batch: Objective
    noise: Array | None
    gradient: Array
    factor: float

    @property
    def clipped(self) -> bool:
        """Whether clipping changed the gradient."""
        plain = self.step.grad if self.noise is None else self.step.grad + self.noise
        return bool((self.gradient != plain).any())

    def update(self, optimizer: Optimizer, state: Any) -> tuple[Array, Any]:
        """An optimizer's step ``(P,)`` from here, not yet scaled by the schedule, and the state after."""
        batch, theta = self.batch, self.step.theta
        if optimizer.searches:
            batch = Probe.begin(batch, theta, self.step.cost, self.step.grad, self.noise)
        return optimizer.update(self.gradient, state, theta, batch)


def seen(run: Run, step: Step) -> Seen:
    """What the run's step from an entry sees, exactly as ``descent.descend`` computes it."""
    recipe = recipe_at(run, step.number)
    batches = recipe.batches(run.objective, run.seed)
    batch = run.objective
    if batches is not None:
        batch = cast("Sampled", batch).batch(batches.at(step.number))
    noise = None
    if recipe.gradient_noise:
        noise = recipe.gradient_noise * standard_noise(run.seed, step.number, len(step.theta))
    gradient = step.grad if noise is None else step.grad + noise
    gradient = recipe.clip.clip(gradient) if recipe.clip else gradient
    return Seen(recipe, step, batch, noise, gradient, recipe.schedule.factor(step.number, run.steps))


def recipe_at(run: Run, number: int) -> Recipe:
    """The recipe with the optimizer that edits up to this step have put in."""
    recipe = run.recipe
    for edit in sorted(run.edits, key=lambda edit: edit.step):
        if edit.step <= number and edit.optimizer:
            recipe = replace(recipe, optimizer=edit.optimizer)
    return recipe
