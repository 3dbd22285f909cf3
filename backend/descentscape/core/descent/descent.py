"""The descent itself: an endless sequence of steps, each a pure function of the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from math import isfinite
from typing import Any, NamedTuple, cast

from descentscape.core.data.sampling import Batches, standard_noise
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array, Objective, Sampled
from descentscape.core.optimizers import Optimizer
from descentscape.core.optimizers.clipping import Clip
from descentscape.core.optimizers.memoised_objective import Probe
from descentscape.core.optimizers.schedules import Constant, Schedule


@dataclass(frozen=True)
class Recipe:
    """How a run descends: its optimizer, and what comes between the gradient and the optimizer.

    ``batch_size`` None is the full batch, 1 is SGD. ``gradient_noise`` is the standard deviation of normal
    noise added to every component of the gradient, in place of mini-batches where there are no examples.
    """

    optimizer: Optimizer
    schedule: Schedule = field(default_factory=Constant)
    clip: Clip | None = None
    batch_size: int | None = None
    gradient_noise: float = 0.0

    def __post_init__(self) -> None:
        if self.batch_size is not None and self.batch_size < 1:
            raise InvalidValue("batch_size", "at least 1, or null for the full batch", self.batch_size)
        if not (isfinite(self.gradient_noise) and self.gradient_noise >= 0):
            raise InvalidValue("gradient_noise", "a number from 0 up", self.gradient_noise)

    def batches(self, objective: Objective, seed: int) -> Batches | None:
        """The mini-batches of a run with this seed, None for the full batch.

        Raises InvalidValue for mini-batches of an objective without examples, or with too few.
        """
        if self.batch_size is None:
            return None
        if not isinstance(objective, Sampled):
            raise InvalidValue("batch_size", "null where there are no examples to sample", self.batch_size)
        if self.batch_size > objective.n_examples:
            most = f"at most {objective.n_examples}, the number of training examples"
            raise InvalidValue("batch_size", most, self.batch_size)
        return Batches(objective.n_examples, self.batch_size, seed)


class Step(NamedTuple):
    """Where a run stands after ``number`` steps, and what its next step will use.

    ``cost`` ``(*B,)`` and ``grad`` ``(*B, P)`` are those of the next step's batch at theta, before noise and
    clipping; ``learning_rate`` is the next step's; ``evaluations`` counts the gradients (of a
    batch, or of the full cost) that the steps so far have taken, a line search's trials included.
    """

    number: int
    theta: Array
    cost: Array
    grad: Array
    state: Any
    learning_rate: float
    evaluations: int


def descend(
    objective: Objective,
    recipe: Recipe,
    theta: Array,
    *,
    seed: int,
    steps: int,
    first: int = 0,
    state: Any = None,
    evaluations: int = 0,
) -> Iterator[Step]:
    """Yield the run's step number ``first`` at theta ``(*B, P)``, and every one after it, without end.

    ``steps`` is the length of the whole run, which some schedules stretch over; batches, noise and schedules
    are numbered from the run's start, so that a run goes on, bit for bit, from the index, theta, state and
    evaluations of any of its steps. ``state`` None is a fresh one. A schedule scales the optimizer's step,
    which every rule makes proportional to its learning rate; for L-BFGS it shortens what the search found.

    Overflow is a result here: the caller sets ``np.errstate`` and decides when a run has diverged.
    Raises InvalidValue for a batch size that the objective cannot have, TooExpensive from the optimizer.
    """
    optimizer, noise, clip = recipe.optimizer, recipe.gradient_noise, recipe.clip
    factor_at, rate, searches = recipe.schedule.factor, optimizer.learning_rate, optimizer.searches
    batch_at = _batch_at(objective, recipe.batches(objective, seed))
    state = optimizer.init(theta) if state is None else state
    known: tuple[Array, Array] | None = None
    for index in count(first):
        batch = batch_at(index)
        cost, grad = known or batch.value_and_grad(theta)
        factor = factor_at(index, steps)
        yield Step(index, theta, cost, grad, state, rate * factor, evaluations)
        tilt = noise * standard_noise(seed, index, theta.shape[-1]) if noise else None
        seen = grad if tilt is None else grad + tilt
        seen = clip.clip(seen) if clip else seen
        evaluations += 1
        if searches:
            probe = Probe.begin(batch, theta, cost, grad, tilt)
            step, state = optimizer.update(seen, state, theta, probe)
        else:
            step, state = optimizer.update(seen, state, theta, batch)
        theta = theta + (step if factor == 1.0 else factor * step)
        if searches:
            known = probe.recall(theta) if batch is objective else None
            evaluations += probe.count - (known is not None)


def _batch_at(objective: Objective, batches: Batches | None) -> Callable[[int], Objective]:
    if batches is None:
        return lambda index: objective
    sampled = cast("Sampled", objective)
    return lambda index: sampled.batch(batches.at(index))
