"""What every optimizer is: a rule that turns a gradient and a memory into a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, wraps
from math import inf
from typing import Any, NamedTuple, Protocol, TypeVar, get_type_hints

import numpy as np

from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers.hyperparameters import Described, hyperparameter
from descentscape.core.optimizers.line_search import MOST_TRIALS
from descentscape.core.undivided import gradient_work

HESSIAN_WORK = 1 / 32
"""A Hessian takes so much of as many gradients as there are parameters, and taking it apart of P³."""

SINGULAR_WORK = 1
"""Singular values take so much of as many gradients as there are units, about √P."""

Rule = TypeVar("Rule")
State = TypeVar("State", bound=tuple[Any, ...])


@dataclass(frozen=True)
class Needs:
    """What one step of a rule asks of the objective.

    ``gradients`` counts the one at theta, and no trial of a ``line_search``; ``eigenvalues`` are the
    ``hessian``'s, ``singular_values`` those of every matrix of weights.
    """

    gradients: int = 1
    hessian: bool = False
    eigenvalues: bool = False
    singular_values: bool = False
    line_search: bool = False

    def work(self, objective: Objective) -> float:
        """Parameters times examples that a step goes through at most, and as much for what is beside."""
        dim, gradient = objective.dim, gradient_work(objective)
        matrix = HESSIAN_WORK * dim * (gradient + dim**2) if self.hessian else 0
        singular = SINGULAR_WORK * dim * dim**0.5 if self.singular_values else 0
        return (self.gradients + MOST_TRIALS * self.line_search) * gradient + matrix + singular

    @property
    def asks_again(self) -> bool:
        """Whether ``update`` itself takes gradients, beside the one that it is given."""
        return self.gradients > 1 or self.line_search

    def __str__(self) -> str:
        *first, last = self._parts()
        return f"{', '.join(first)} and {last}" if first else last

    def _parts(self) -> Iterator[str]:
        yield f"{self.gradients} gradient{'s' * (self.gradients > 1)}"
        if self.hessian:
            yield "1 Hessian (P² numbers)"
        if self.eigenvalues:
            yield "all its eigenvalues"
        if self.singular_values:
            yield "the singular values of every weight matrix"
        if self.line_search:
            yield f"one more for every trial of the line search, up to {MOST_TRIALS}"


@dataclass(frozen=True)
class Remembered:
    """What one field of an optimizer's state is, said where the field is declared.

    - ``symbol``: its letter in the formula, empty if it has none
    - ``label``: what it is, in a few words
    - ``drawn``: whether it is a sum or an average of gradients, which has a direction of its own
    - ``counts``: whether it is the number of steps made, the formula's t being the step that is made
    - ``start``: the number that it begins with; None for a zero for every parameter
    """

    symbol: str
    label: str
    drawn: bool = False
    counts: bool = False
    start: float | None = None


class NoState(NamedTuple):
    """Nothing remembered."""


class Optimizer(Described, Protocol):
    """A frozen dataclass whose fields are its hyperparameters, made with ``hyperparameter`` and ``choice``.

    ``update`` is a pure function: it leaves its arguments alone and returns arrays of its own, so that a
    state can be kept, compared and gone on from. Every rule works on ``(*B, P)``, each row by itself.
    What most rules have in common stands here once: one gradient a step, a memory that begins at zero.
    In the ``formula`` g is the gradient and η the learning rate.
    """

    needs: Needs = Needs()

    @property
    def learning_rate(self) -> float:
        """The learning rate η; for a line search the first length that it tries."""

    @property
    def memory(self) -> Any:
        """The type of the state: a NamedTuple whose fields are annotated with what is ``Remembered``."""
        return NoState

    @property
    def remembers(self) -> float:
        """How many gradients before the present one a step can depend on."""
        return inf if remembered(self.memory) else 0

    @property
    def rates(self) -> str:
        """What a parameter's gradient, or its average, is multiplied by, in the formula's symbols.

        Empty where the step is not that, parameter by parameter.
        """
        return ""

    @property
    def unscaled(self) -> bool:
        """Whether a step is η times the gradient or its average, as long as the surface is steep."""
        return self.rates == "η"

    @property
    def wrapped(self) -> Optimizer | None:
        """The rule that makes this one's step from the gradient that this one finds, if there is one.

        Its formula then stands for the line that assigns θ, and its state is this one's state.
        """
        return None

    def init(self, theta: Array, objective: Objective) -> Any:
        """The state before the first step from theta ``(*B, P)``, of the type ``memory``."""
        facts = remembered(self.memory).values()
        return self.memory(*(np.zeros_like(theta) if each.start is None else each.start for each in facts))

    def update(self, grad: Array, state: Any, theta: Array, objective: Objective) -> tuple[Array, Any]:
        """The step ``(*B, P)`` to add to theta, and the state after it, from the gradient at theta."""

    def named(
        self, grad: Array, theta: Array, objective: Objective, step: Array, state: Any
    ) -> dict[str, Array | float]:
        """Values that the formula names without telling how they come about, by their text in it.

        From the arguments of ``update``, one theta ``(P,)``, and from the step and state that it returned.
        """
        return {}


@cache
def remembered(memory: Any) -> dict[str, Remembered]:
    """What each field of a state is, by its name."""
    hints = get_type_hints(memory, include_extras=True)
    return {name: hints[name].__metadata__[0] for name in memory._fields}


def average(old: Array, new: Array, keep: float | Array) -> Array:
    """keep · old + (1 − keep) · new, in a new array; ``keep`` may be each parameter's own ``(P,)``."""
    blend: Array = old * keep
    blend += new * (1 - keep)
    return blend


def rate(
    default: float,
    *,
    label: str = "learning rate",
    help: str = "How far each step goes.",  # noqa: A002
) -> Any:
    """The learning rate η of an optimizer."""
    return hyperparameter(
        default=default,
        low=1e-9,
        high=1e4,
        typical=(1e-4, 10.0),
        log=True,
        symbol="η",
        label=label,
        help=help,
    )


def guard(default: float) -> Any:
    """The small ε of a denominator."""
    return hyperparameter(
        default=default,
        low=1e-16,
        high=1.0,
        typical=(1e-12, 1e-1),
        log=True,
        symbol="ε",
        label="epsilon",
        help="Keeps the denominator away from zero; large, it makes all parameters move at one rate.",
    )


def surviving(default: float, symbol: str, label: str, help: str) -> Any:  # noqa: A002
    """The share of a moving average that survives a step."""
    return hyperparameter(default=default, low=0.0, high=0.999999, symbol=symbol, label=label, help=help)


def decoupled_decay(default: float) -> Any:
    """The decay λ of all parameters, beside the step that the gradient makes."""
    return hyperparameter(
        default=default,
        low=0.0,
        high=10.0,
        symbol="λ",
        label="weight decay",
        help="The pull towards zero; a step takes away the share η λ of every parameter.",
    )


Update = Callable[[Rule, Array, State, Array, Objective], tuple[Array, State]]


def row_by_row(update: Update[Rule, State]) -> Update[Rule, State]:
    """An update that knows one theta ``(P,)`` only, applied to every row of ``(*B, P)``."""

    @wraps(update)
    def each_row(
        rule: Rule, grad: Array, state: State, theta: Array, objective: Objective
    ) -> tuple[Array, State]:
        if theta.ndim == 1:
            return update(rule, grad, state, theta, objective)
        lead, kind = theta.shape[:-1], type(state)
        alone = [(grad[i], kind(*(part[i] for part in state)), theta[i]) for i in np.ndindex(lead)]
        steps, states = zip(*(update(rule, *each, objective) for each in alone), strict=True)
        parts = (np.reshape(part, (*lead, *np.shape(part[0]))) for part in zip(*states, strict=True))
        return np.reshape(steps, theta.shape), kind(*parts)

    return each_row
