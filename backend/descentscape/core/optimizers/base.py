"""What every optimizer is: a rule that turns a gradient and a memory into a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers.hyperparameters import hyper


class Optimizer(Protocol):
    """A frozen dataclass whose fields are its hyperparameters, made with ``hyper``.

    ``update`` is a pure function: it leaves its arguments alone and returns arrays of its own, so that a
    state can be kept, compared and gone on from. Every rule works on ``(*B, P)``, each row by itself.
    """

    kind: str
    label: str
    formula: str
    """The update rule in Unicode, one assignment a line; g is the gradient, η the learning rate.

    What is assigned with ←, θ aside, are the first fields of the state, in their order.
    """
    rates: str
    """What a parameter's gradient, or its average, is multiplied by, in the formula's symbols; empty where
    the step is not that, parameter by parameter."""
    source: str
    help: str
    evaluations: str
    """What one step asks of the objective, in words."""
    searches: bool
    """Whether ``update`` itself evaluates costs and gradients (a line search)."""

    @property
    def learning_rate(self) -> float:
        """The learning rate η; for a line search the first length that it tries."""

    def init(self, theta: Array) -> Any:
        """The state before the first step from theta ``(*B, P)``: a NamedTuple."""

    def update(self, grad: Array, state: Any, theta: Array, objective: Objective) -> tuple[Array, Any]:
        """The step ``(*B, P)`` to add to theta, and the state after it, from the gradient at theta."""


@runtime_checkable
class Named(Protocol):
    """An optimizer whose formula has quantities in it that the formula does not spell out."""

    def named(self, step: Array, state: Any) -> dict[str, Array | float]:
        """Their values, by their text in the formula, from a step ``(P,)`` and the state after it."""


class Decay(NamedTuple):
    """The two coefficients of an exponential moving average, as 0-d arrays.

    NumPy multiplies by a 0-d array in two thirds of the time that it needs for a Python float, which counts
    where a whole step takes ten microseconds.
    """

    keep: Array
    take: Array

    @classmethod
    def of(cls, keep: float, take: float | None = None) -> Decay:
        """Keep this share of the old and take the rest, or the share given, of the new."""
        return cls(np.array(keep), np.array(1 - keep if take is None else take))


def average(old: Array, new: Array, decay: Decay) -> Array:
    """keep · old + take · new, in a new array."""
    blend: Array = old * decay.keep
    blend += new * decay.take
    return blend


def rate(
    default: float,
    *,
    label: str = "learning rate",
    help: str = "How far each step goes.",  # noqa: A002
) -> Any:
    """The learning rate η of an optimizer."""
    return hyper(
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
    return hyper(
        default=default,
        low=1e-16,
        high=1.0,
        typical=(1e-12, 1e-1),
        log=True,
        symbol="ε",
        label="epsilon",
        help="Keeps the denominator away from zero; large, it makes all parameters move at one rate.",
    )


Update = Callable[[Array, Any, Array, Objective], tuple[Array, Any]]


def each_row(
    update: Update, grad: Array, state: Any, theta: Array, objective: Objective
) -> tuple[Array, Any]:
    """Apply an update that knows one theta ``(P,)`` only to every row of ``(*B, P)``."""
    if theta.ndim == 1:
        return update(grad, state, theta, objective)
    lead = theta.shape[:-1]
    kind = type(state)
    rows = [
        update(grad[i], kind(*(part[i] for part in state)), theta[i], objective) for i in np.ndindex(lead)
    ]
    parts = (
        np.reshape(part, (*lead, *np.shape(part[0]))) for part in zip(*(row[1] for row in rows), strict=True)
    )
    return np.reshape([row[0] for row in rows], theta.shape), kind(*parts)
