"""What the detectors know of a run: its path, its recipe, and its curvature where that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from descentscape.core.descent.checkpoints import SPACING
from descentscape.core.descent.computed import measured
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import RunEdit
from descentscape.core.descent.trajectory import Replayable, Trajectory, is_replayable, replayable
from descentscape.core.explain.moments.moment import Moment, news_span
from descentscape.core.explain.stability import rule_of
from descentscape.core.landscape.examples import MOST_WORK, subsampled
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array, Indices, Objective, is_called
from descentscape.core.optimizers import Optimizer
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import gradient_work, in_thread_if_long

MOST_CALLED = MOST_WORK // 8
"""The work of a call, of a model that is only called, up to which it may be called at many places.

Some thousand calls are made then, one for every parameter where a Hessian is looked at.
"""


@dataclass(frozen=True, eq=False)
class RunFacts:
    """One run, whatever it comes from. ``recipe`` is None for one that was trained elsewhere."""

    number: int
    label: str
    trajectory: Trajectory
    recipe: Recipe | None = None
    edits: Sequence[RunEdit] = ()

    @property
    def objective(self) -> Objective:
        """The training cost."""
        return self.trajectory.objective

    @property
    def net(self) -> MLP | None:
        """The network, None for a formula."""
        return self.objective if isinstance(self.objective, MLP) else None

    @property
    def entries(self) -> int:
        """Entries that there are."""
        return self.trajectory.entries

    @property
    def steps(self) -> int:
        """Steps that the cursor can stand at."""
        return self.trajectory.most_entries - 1

    @property
    def small(self) -> bool:
        """Whether curvature and scatter of all examples may be asked for at many places."""
        if is_called(self.objective):
            return gradient_work(self.objective) <= MOST_CALLED
        return subsampled(self.objective)[1] is None

    @property
    def whole(self) -> bool:
        """Whether every step sees the gradient as it is: of all examples, without noise or clipping."""
        recipe = self.recipe
        return recipe is not None and recipe.batch_size is None and not (recipe.gradient_noise or recipe.clip)

    @property
    def noisy(self) -> bool:
        """Whether a step's gradient is another than that of the cost by chance."""
        recipe = self.recipe
        return recipe is not None and (recipe.batch_size is not None or bool(recipe.gradient_noise))

    @property
    def again(self) -> Replayable:
        """The run as one whose steps can be made once more."""
        return replayable(self.trajectory)

    @property
    def known(self) -> bool:
        """Whether its recipe is known and its steps can be made once more."""
        return self.recipe is not None and is_replayable(self.trajectory)

    def rule_at(self, step: int) -> Optimizer:
        """The rule that makes the step after an entry."""
        return rule_of(self.again, step)

    @property
    def changed(self) -> bool:
        """Whether another rule or rate was chosen on the way."""
        return any(edit.optimizer for edit in self.edits)

    @property
    def moved_by_hand(self) -> bool:
        """Whether parameters were set on the way, so that not every move is a step."""
        return any(edit.values for edit in self.edits)

    def spread(self, count: int) -> Indices:
        """At most so many entries, evenly spread, both ends among them."""
        return np.unique(np.linspace(0, self.entries - 1, count).round().astype(int))

    def theta_at(self, step: int) -> TimeSlices[Array]:
        """Theta at an entry, in slices where it has to be made once more."""
        made = 0 if self.trajectory.stride == 1 else SPACING
        return (yield from in_thread_if_long(self.objective, lambda: self.trajectory.theta_at(step), made))

    def thetas(self, first: int, last: int) -> TimeSlices[Array]:
        """Theta at the entries first ≤ k < last."""
        made = 0 if self.trajectory.stride == 1 else SPACING + last - first
        work = self.trajectory.thetas
        return (yield from in_thread_if_long(self.objective, lambda: work(first, last), made))

    def norms(self) -> TimeSlices[Array]:
        """‖∇C‖ at every entry."""
        yield from measured(self.trajectory)
        return self.trajectory.grad_norm[: self.entries]

    def gradients(self, thetas: Array) -> TimeSlices[Array]:
        """∇C at some thetas ``(M, P)``."""
        work = self.objective.value_and_grad
        return (yield from in_thread_if_long(self.objective, lambda: work(thetas)[1], len(thetas)))

    def moment(
        self,
        kind: str,
        first: int,
        said: str,
        numbers: dict[str, float],
        last: int | None = None,
        place: Array | None = None,
    ) -> Moment:
        """A moment from an entry on: up to ``last``, or as long as it is news."""
        news = min(first + news_span(self.steps), self.steps)
        end = news if last is None else min(max(last, first), self.steps)
        return Moment((self.number,), self.label, kind, first, min(news, end), end, said, numbers, place)
