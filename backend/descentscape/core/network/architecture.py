"""A network of dense layers without data: layers, loss, penalties, and the buffers its passes work in."""

from __future__ import annotations

import math
import threading
import weakref
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.network.activations import ACTIVATIONS, Activation
from descentscape.core.network.costs import SOFTMAX, require_pair
from descentscape.core.network.layers import Dense
from descentscape.core.network.layout import Layout
from descentscape.core.network.output_loss import OutputLoss, output_loss
from descentscape.core.objective import AnyArray, Array

T = TypeVar("T")

BATCH_CHUNK_BYTES = 1 << 20


class Workspaces(threading.local):
    """The last few workspaces of each thread: made once, used again by every later call of that thread.

    They are ``LIMIT`` at most, and but for one no more than ``LIMIT_BYTES``, whatever is computed.
    """

    LIMIT, LIMIT_BYTES = 12, 32 * 2**20

    def __init__(self) -> None:
        self._kept = Kept()
        with _COUNTING:
            _EVERYWHERE.add(self._kept)

    def get(self, name: tuple[object, ...]) -> Any:
        """A workspace that is remembered; None without."""
        return self._kept.known.get(name)

    def keep(self, name: tuple[object, ...], made: T) -> T:
        """Remember a workspace; when there are too many, the oldest are let go."""
        with self._kept as kept:
            kept.pop(name, None)
            kept[name] = made
            while len(kept) > 1 and (len(kept) > self.LIMIT or _nbytes((*kept.values(),)) > self.LIMIT_BYTES):
                del kept[next(iter(kept))]
        return made

    @staticmethod
    def clear() -> None:
        """Let all of them go, those of every thread: none that is at work loses what it works in."""
        with _COUNTING:
            everywhere = list(_EVERYWHERE)
        for each in everywhere:
            with each as kept:
                kept.clear()


class Kept:
    """What one thread remembers, changed by one at a time."""

    def __init__(self) -> None:
        self.known: dict[tuple[object, ...], Any] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> dict[tuple[object, ...], Any]:
        self._lock.acquire()
        return self.known

    def __exit__(self, *_: object) -> None:
        self._lock.release()


_EVERYWHERE, _COUNTING = weakref.WeakSet[Kept](), threading.Lock()


def _nbytes(made: Any) -> int:
    if isinstance(made, tuple):
        return sum(map(_nbytes, made))
    return made.nbytes if isinstance(made, np.ndarray) else 0


WORKSPACES = Workspaces()
"""By passes and size; only what belongs to one segment of the examples is kept here."""


@dataclass(frozen=True, eq=False)
class Architecture:
    """Layers, cost and penalties: all of an `MLP` but its examples.

    The layers are dense, and all have biases or none: the passes over many examples know them by heart.

    Raises InvalidValue, naming the field and what it must be.
    """

    layers: tuple[Dense, ...]
    cost: str
    l1: float
    l2: float

    def __post_init__(self) -> None:
        if not self.layers:
            raise InvalidValue("layers", "one or more", self.layers)
        for below, above in pairwise(self.layers):
            if above.units_in != below.units_out:
                raise InvalidValue("units_in", f"{below.units_out}, the units below", above.units_in)
            if above.biases != below.biases:
                raise InvalidValue("biases", "the same for all layers", above.biases)
            if below.activation not in ACTIVATIONS:
                raise InvalidValue("activation", f"one of {', '.join(ACTIVATIONS)}", below.activation)
        require_pair(self.layers[-1].activation, self.cost)
        if self.layers[-1].activation == SOFTMAX and self.widths[-1] < 2:
            raise InvalidValue("widths[-1]", "at least 2 for a softmax output", self.widths[-1])
        for name, penalty in (("l1", self.l1), ("l2", self.l2)):
            if not (math.isfinite(penalty) and penalty >= 0.0):
                raise InvalidValue(name, "a finite number of at least 0", penalty)

    @property
    def widths(self) -> tuple[int, ...]:
        """The units from the inputs to the outputs."""
        return self.layout.widths

    @property
    def biases(self) -> bool:
        """Whether the layers have biases."""
        return self.layout.biases

    @cached_property
    def layout(self) -> Layout:
        """Where the parameters lie."""
        return Layout(self.layers)

    @cached_property
    def hidden(self) -> tuple[Activation, ...]:
        """The activation of each hidden layer."""
        return tuple(ACTIVATIONS[layer.activation] for layer in self.layers[:-1])

    @cached_property
    def output_loss(self) -> OutputLoss:
        """The output function and the cost."""
        return output_loss(self.layers[-1].activation, self.cost)

    @cached_property
    def penalized(self) -> bool:
        """Whether l1 or l2 is in force."""
        return self.l1 > 0.0 or self.l2 > 0.0

    def penalty(self, theta: AnyArray) -> AnyArray:
        """l1 Σ|W| + ½ l2 ΣW² over the weights, ``(*B,)``."""
        weights = theta * self.layout.weights.astype(theta.dtype, copy=False)
        penalty: AnyArray = self.l1 * np.abs(weights).sum(-1) + 0.5 * self.l2 * (weights * weights).sum(-1)
        return penalty

    def penalty_slope(self, theta: Array) -> Array:
        """l1 sign(W) + l2 W on the weights, 0 on the biases, ``(*B, P)``."""
        weights = theta * self.layout.weights
        return self.l1 * np.sign(weights) + self.l2 * weights


def chunks(architecture: Architecture, runs: int, n: int, itemsize: int) -> list[slice]:
    """Cut a stack of ``runs`` thetas into parts whose buffers fit ``CHUNK_BYTES``."""
    each = 3 * sum(architecture.widths[1:]) * n * itemsize
    size = max(1, BATCH_CHUNK_BYTES // each)
    return [slice(start, min(start + size, runs)) for start in range(0, runs, size)]
