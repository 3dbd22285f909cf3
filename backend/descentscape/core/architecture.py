"""A network without data: layers, loss and penalties, and the buffers its passes work in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from descentscape.core.activations import Activation
from descentscape.core.chain_layout import Layout
from descentscape.core.heads import Head
from descentscape.core.objective import AnyArray, Array

T = TypeVar("T")


class Buffers(threading.local):
    """A few workspaces of each thread by name: made once, used again by every later call of that thread."""

    LIMIT = 8

    def __init__(self) -> None:
        self.known: dict[Any, Any] = {}

    def get(self, key: object, make: Callable[[], T]) -> T:
        """The workspace under ``key``; when there are too many, all are let go."""
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= self.LIMIT:
                self.known.clear()
            found = self.known[key] = make()
        return found  # type: ignore[no-any-return]


@dataclass(frozen=True, eq=False)
class Architecture:
    """Layers, activations, head and penalties: all of a `Chain` but its examples."""

    layout: Layout
    hidden: tuple[Activation, ...]
    head: Head
    l1: float
    l2: float
    buffers: Buffers = field(default_factory=Buffers, repr=False)

    @property
    def penalized(self) -> bool:
        """Whether l1 or l2 is in force."""
        return self.l1 > 0.0 or self.l2 > 0.0

    def penalty(self, theta: AnyArray) -> AnyArray:
        """l1 Σ|W| + ½ l2 ΣW² over the weights, ``(*B,)``."""
        weights = theta * self.layout.weights.astype(theta.dtype)
        return self.l1 * np.abs(weights).sum(-1) + 0.5 * self.l2 * (weights * weights).sum(-1)

    def penalty_slope(self, theta: Array) -> Array:
        """l1 sign(W) + l2 W on the weights, 0 on the biases, ``(*B, P)``."""
        weights = theta * self.layout.weights
        return self.l1 * np.sign(weights) + self.l2 * weights


def aligned(rows: int, columns: int) -> Array:
    """An uninitialised float64 matrix that starts on a cache line, which halves the time of short loops."""
    raw = np.empty(rows * columns + 8)
    start = (-raw.ctypes.data % 64) // 8
    return raw[start : start + rows * columns].reshape(rows, columns)
