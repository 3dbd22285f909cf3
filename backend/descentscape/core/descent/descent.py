"""The descent itself: an endless sequence of steps, each a pure function of the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from math import isfinite
from typing import Any, NamedTuple, cast

from descentscape.core.data.sampling import Batches, standard_noise
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array, Objective, Sampled, is_sampled
from descentscape.core.optimizers import Optimizer
from descentscape.core.optimizers.clipping import Clip
from descentscape.core.optimizers.memoised_objective import MemoisedObjective
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
        if not is_sampled(objective):
            raise InvalidValue("batch_size", "null where there are no examples to sample", self.batch_size)
        if self.batch_size > objective.n_examples:
            most = f"at most {objective.n_examples}, the number of training examples"
            raise InvalidValue("batch_size", most, self.batch_size)
        return Batches(objective.n_examples, self.batch_size, seed)


class Position(NamedTuple):
    """What a run needs to go on, bit for bit, from one of its steps; ``state`` None is a fresh one."""

    number: int
    theta: Array
    state: Any = None
    evaluations: int = 0


class StepContext(NamedTuple):
    """Where a run stands after ``number`` steps, and all that its next step is made from.

    - ``theta``, ``state``: parameters ``(*B, P)`` and the optimizer's state
    - ``cost`` ``(*B,)``, ``grad`` ``(*B, P)``: of the next step's ``batch`` at theta
    - ``noise`` ``(P,)``: what is added to that gradient (None without)
    - ``received`` ``(*B, P)``: the gradient as the optimizer receives it, after noise and clipping
    - ``factor``: the schedule's, which scales the step; ``learning_rate``: the optimizer's times it
    - ``evaluations``: the gradients (of a batch, or of the full cost) that the steps so far have taken, those
      that a rule takes by itself included
    """

    number: int
    theta: Array
    cost: Array
    grad: Array
    state: Any
    learning_rate: float
    evaluations: int
    recipe: Recipe
    batch: Objective
    noise: Array | None
    received: Array
    factor: float

    @property
    def position(self) -> Position:
        """Where a run can be taken up at this step."""
        return Position(self.number, self.theta, self.state, self.evaluations)

    @property
    def clipped(self) -> bool:
        """Whether clipping changes the gradient."""
        plain = self.grad if self.noise is None else self.grad + self.noise
        return bool((self.received != plain).any())

    def asked(self, optimizer: Optimizer) -> Objective:
        """The objective that a rule may ask at this step: the batch.

        A rule that takes gradients of its own gets them noisy and clipped as the first one is, but for a
        line search: its slopes must be those of its costs, so they are not clipped.
        """
        needs = optimizer.needs
        if not needs.asks_again:
            return self.batch
        clip = None if needs.line_search else self.recipe.clip
        memoised = MemoisedObjective(self.batch, self.noise, clip)
        # only a search looks at the rows of a stack one by one: for other rules none would be recalled
        if needs.line_search or self.theta.ndim == 1:
            memoised.remember(self.theta, self.cost, self.grad)
        return memoised

    def update(self, optimizer: Optimizer, state: Any) -> tuple[Array, Any]:
        """A rule's step ``(*B, P)`` from here, the schedule's factor in it, and the state after it."""
        step, state = optimizer.update(self.received, state, self.theta, self.asked(optimizer))
        return self.factor * step, state


def descend(
    objective: Objective, recipe: Recipe, position: Position, *, seed: int, steps: int
) -> Iterator[StepContext]:
    """Yield the run's step from a position, theta ``(*B, P)``, and every one after it, without end.

    ``steps`` is the length of the whole run, which some schedules stretch over; batches, noise and schedules
    are numbered from the run's start, so that a run goes on from any of its steps. A schedule scales the
    optimizer's step, which every rule makes proportional to its learning rate; for L-BFGS it shortens what
    the search found.

    Overflow is a result here: the caller sets ``np.errstate`` and decides when a run has diverged.
    Raises InvalidValue for a batch size that the objective cannot have, TooExpensive from the optimizer.
    """
    optimizer, clip = recipe.optimizer, recipe.clip
    factor_at, rate = recipe.schedule.factor, optimizer.learning_rate
    batch_at = _batch_at(objective, recipe.batches(objective, seed))
    first, theta, state, evaluations = position
    state = optimizer.init(theta, objective) if state is None else state
    known: tuple[Array, Array] | None = None
    for index in count(first):
        batch, factor = batch_at(index), factor_at(index, steps)
        cost, grad = known or batch.value_and_grad(theta)
        noise, received = None, grad
        if recipe.gradient_noise:
            noise = recipe.gradient_noise * standard_noise(seed, index, theta.shape[-1])
            received = grad + noise
        if clip:
            received = clip.clip(received)
        used = (batch, noise, received, factor)
        context = StepContext(index, theta, cost, grad, state, rate * factor, evaluations, recipe, *used)
        yield context
        asked = context.asked(optimizer)
        step, state = optimizer.update(received, state, theta, asked)
        theta = theta + (step if factor == 1.0 else factor * step)
        evaluations += 1
        if isinstance(asked, MemoisedObjective):
            known = asked.recall(theta) if batch is objective else None
            evaluations += asked.count - (known is not None)


def _batch_at(objective: Objective, batches: Batches | None) -> Callable[[int], Objective]:
    if batches is None:
        return lambda index: objective
    sampled = cast("Sampled", objective)
    return lambda index: sampled.batch(batches.at(index))
