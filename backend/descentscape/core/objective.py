"""What every cost surface offers: a height, its slope and its curvature at any parameters."""

from __future__ import annotations

from typing import Any, Protocol, TypeGuard, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from descentscape.core.blocks import Block

Array = NDArray[np.float64]
"""A float64 array: trajectories, gradients and Hessians."""

AnyArray = NDArray[Any]
"""An array whose dtype is said where it is used (float32 for drawn surfaces)."""

EPSILON = float(np.finfo(float).eps)
"""The spacing of float64 at 1: twice what one rounding can falsify a number by."""

Mask = NDArray[np.bool_]
"""Marks: which of many."""

Indices = NDArray[np.intp]
"""Integer positions: examples of a data set, entries of theta."""

ALL: Indices = np.empty(0, np.intp)
"""The choice of examples that leaves none out."""


@runtime_checkable
class Objective(Protocol):
    """A scalar cost C over ``P`` parameters, with derivatives.

    ``theta`` is ``(*B, P)``: leading batch axes are part of the contract, so one point, a race of six
    optimizers and a grid of ten thousand points are the same call. Calls are safe from several threads.
    """

    @property
    def dim(self) -> int:
        """The number of parameters P."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The named parts of theta, in order; they cover all of it."""

    def parameter_names(self) -> list[str]:
        """A readable name for each of the P parameters, such as ``"layer 2, w[3,1]"``."""

    def value(self, theta: AnyArray) -> AnyArray:
        """C(theta), shape ``(*B,)``, in theta's own precision (float32 or float64)."""

    def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
        """C(theta) ``(*B,)`` and its gradient ``(*B, P)``."""

    def grad_rounding(self, theta: Array) -> float:
        """How far, in the norm, rounding can falsify the gradient at theta ``(P,)``, to first order.

        The rounding of theta itself counts: no theta that can be written down need have a smaller gradient.
        """

    def hvp(self, theta: Array, v: Array) -> Array:
        """The Hessian at theta ``(P,)`` times each of the vectors v ``(*B, P)``."""

    def hessian(self, theta: Array) -> Array:
        """The symmetric matrix of second derivatives at theta ``(P,)``, shape ``(P, P)``."""


@runtime_checkable
class Sampled(Objective, Protocol):
    """An objective that is a mean over ``n_examples`` examples, so that it has mini-batches."""

    @property
    def n_examples(self) -> int:
        """The number of examples N."""

    def batch(self, examples: Indices) -> Sampled:
        """The same cost on a subset of the examples, penalties included."""


def is_sloped(objective: Objective) -> bool:
    """Whether its gradient is known, rather than found by two costs for each of the parameters."""
    return getattr(objective, "sloped", True)


def is_called(objective: Objective) -> bool:
    """Whether it is a model that is not ours: each of its numbers takes a call, and nobody knows how long."""
    return hasattr(objective, "own_work")


def is_sampled(objective: Objective) -> TypeGuard[Sampled]:
    """Whether an objective is a mean over examples: by one attribute, since all of a Protocol's take long."""
    return hasattr(objective, "n_examples")
