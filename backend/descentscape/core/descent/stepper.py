"""The steps of a run in blocks: by compiled code where it can make them, and one by one where not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from descentscape.core.descent.checkpoints import position_bytes
from descentscape.core.descent.descent import Position, StepContext
from descentscape.core.descent.run import Run
from descentscape.core.descent.steps import Steps, stacked
from descentscape.core.network.mlp import MLP
from descentscape.core.optimizers.base import Needs

COMPILED_WORK = 2**23
"""Parameters times examples of the steps that compiled code makes at once: about two milliseconds."""

BLOCK_BYTES = 16 * 2**20
"""At most so many bytes of steps, optimizer's state included, wait to be recorded together."""


class Stepper:
    """Makes the steps of a run from a position on, a block at a time."""

    def __init__(self, run: Run, position: Position) -> None:
        self._run, self._next = run, position
        self._one_by_one: Iterator[StepContext] | None = None

    def block(self, most: int, over: Callable[[], bool]) -> Steps:
        """At most so many of the next steps, fewer if it is ``over`` before, at least one."""
        here = self._next.number
        if self._one_by_one and self._run.next_edit(here - 1) == here:
            # Another rule may have come, which may be compiled.
            self._next, self._one_by_one = next(self._one_by_one).position, None
        most = int(min(most, self._run.next_edit(here) - here))
        made = None if self._one_by_one else self._compiled(most)
        if made is None:
            return self._interpreted(most, over)
        steps, self._next = made
        return steps

    def _compiled(self, most: int) -> tuple[Steps, Position] | None:
        recipe, here = self._run.edited(self._next)
        objective = self._run.objective
        if recipe.optimizer.needs != Needs() or not (isinstance(objective, MLP) and objective.compiled):
            return None
        # The compiler takes a second to import, which passes that are compiled have waited for.
        from descentscape.core.descent.compiled import compiled_steps

        work = objective.dim * (recipe.batch_size or objective.n_examples)
        kept = 2 * here.theta.nbytes
        count = min(most, max(1, min(COMPILED_WORK // work, BLOCK_BYTES // kept)))
        return compiled_steps(objective, recipe, here, count, seed=self._run.seed, steps=self._run.steps)

    def _interpreted(self, most: int, over: Callable[[], bool]) -> Steps:
        steps = self._one_by_one = self._one_by_one or self._run.descend(self._next)
        block = [next(steps)]
        most = min(most, max(1, BLOCK_BYTES // position_bytes(block[0].position)))
        while len(block) < most and not over():
            block.append(next(steps))
        self._next = Position(block[-1].number + 1, block[-1].theta)
        return stacked(block)
