"""Networks whose passes cost nothing and are counted: how much work a time slice goes through, at any size.

Their cost is the bowl 1 + |θ|² / 2 whatever the examples are. Work is a gradient's parameters times examples.
A clock of the test's goes on by it, so that what is paced by time is paced by work.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from threading import current_thread
from typing import Any

import numpy as np
import pytest
from numpy.typing import DTypeLike

from descentscape.compute.descents import DescentCache
from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.stepper import Stepper
from descentscape.core.landscape import basins, field, progress, starts
from descentscape.core.network import mlp
from descentscape.core.network.architecture import Architecture
from descentscape.core.objective import ALL, AnyArray, Array, Indices
from descentscape.core.undivided import CALL_WORK, EXAMPLE_WORK

OPERATION = 4e-10
"""Seconds of a parameter times an example of a gradient, on a slow machine; others take half of it."""

GLANCE = 1e-5
"""Seconds that go by at every look at the clock."""


class Meter:
    """Counts the work of the thread that it was made on, and is its clock."""

    def __init__(self) -> None:
        self.work, self.looks = 0.0, 0
        self._thread = current_thread()

    def count(self, work: float) -> None:
        """Note work, of this thread only: what runs aside holds up nobody."""
        if current_thread() is self._thread:
            self.work += work

    def __call__(self) -> float:
        self.looks += 1
        return OPERATION * self.work + GLANCE * self.looks

    def cache(self) -> DescentCache:
        """A cache of descents that go by this clock."""
        return DescentCache(clock=self)

    def most(self, slices: Iterator[Any], longest: int = 60) -> float:
        """The most work of one slice, as far as so many of them come."""
        most = 0.0
        for _ in range(longest):
            before = self.work
            done = next(slices, self) is self
            most = max(most, self.work - before)
            if done:
                break
        return most


class MeteredPasses:
    """`Passes` of a bowl, as much work as those of the network would be."""

    meter: Meter

    def __init__(self, architecture: Architecture, x: Array, y: Array) -> None:
        self.xt, self.yt = np.ascontiguousarray(x.T), np.ascontiguousarray(y.T)
        self._dim, self._units = architecture.layout.dim, sum(architecture.widths[1:])

    def _count(self, rows: int, examples: Indices, gradients: float) -> None:
        work = (self._dim + EXAMPLE_WORK) * (len(examples) or self.yt.shape[1])
        self.meter.count(CALL_WORK + gradients * rows * work)

    def costs(self, thetas: AnyArray, examples: Indices = ALL) -> AnyArray:
        self._count(len(thetas), examples, 1 / 3)
        return 1 + np.vecdot(thetas, thetas) / 2

    def gradients(self, thetas: Array, examples: Indices = ALL) -> tuple[Array, Array]:
        self._count(len(thetas), examples, 1)
        return 1 + np.vecdot(thetas, thetas) / 2, thetas.copy()

    def plane_costs(
        self, origin: Array, basis: Array, points: Array, dtype: DTypeLike, examples: Indices = ALL
    ) -> AnyArray:
        self._count(len(points), examples, 1 / 3)
        along, gram = points @ (basis @ origin), points @ (basis @ basis.T)
        return (1 + origin @ origin / 2 + along + np.vecdot(gram, points) / 2).astype(dtype)

    def for_compiled_code(self) -> tuple[None, None, None]:
        return None, None, None

    def products(self, theta: Array, vectors: Array, examples: Indices = ALL) -> Array:
        self._count(len(vectors), examples, 2)
        return vectors.copy()

    def sizes(self, theta: Array, examples: Indices = ALL) -> Array:
        self._count(1, examples, 1)
        return np.abs(theta)

    def hessian(self, theta: Array, examples: Indices = ALL) -> Array:
        self._count(1, examples, self._units)
        return np.diag(np.linspace(1, 2, self._dim))


@pytest.fixture
def meter(monkeypatch: pytest.MonkeyPatch) -> Meter:
    """Every network that is built is metered, and what is paced goes by the meter."""
    made = Meter()
    monkeypatch.setattr(MeteredPasses, "meter", made, raising=False)
    monkeypatch.setattr(mlp, "passes_of", MeteredPasses)
    monkeypatch.setattr(mlp.MLP, "forward", _forward)
    # Steps are made one by one; all else is as it is of networks that are compiled.
    monkeypatch.setattr(Stepper, "_compiled", lambda stepper, most: None)
    monkeypatch.setattr(progress.paced, "__defaults__", (made,))
    monkeypatch.setattr(progress.Pace.__init__, "__defaults__", (inf, made))
    for paced in (field.gradient_field, basins.basins, starts.final_costs, ComputedTrajectory.__init__):
        monkeypatch.setitem(paced.__kwdefaults__, "clock", made)
    return made


def _forward(net: mlp.MLP, theta: AnyArray, x: AnyArray) -> list[tuple[AnyArray, AnyArray]]:
    lead = theta.shape[:-1]
    MeteredPasses.meter.count(net.dim * len(x) * max(1, int(np.prod(lead))) / 3)
    return [(np.zeros((*lead, len(x), units)),) * 2 for units in net.widths[1:]]
