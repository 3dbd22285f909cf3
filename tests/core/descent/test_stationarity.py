"""Whether a run stands still, watched entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite, nan
from typing import cast

import numpy as np
import pytest

from descentscape.core.descent.stationarity import APART, EVERY, RARELY, STEPS, Stillness, nothing_below
from descentscape.core.objective import Array, Objective


class Watched:
    """A run of given gradient norms, and its objective, which count what is asked of them."""

    def __init__(self, norms: Sequence[float], rounding: float) -> None:
        self.norms, self.rounding, self.asked = np.array(norms), rounding, 0
        self.seen: list[int] = []

    @property
    def objective(self) -> Objective:
        return cast("Objective", self)

    def grad_rounding(self, theta: Array) -> float:
        self.asked += 1
        return self.rounding

    def theta_at(self, number: int) -> Array:
        return np.zeros(2)

    def norms_at(self, numbers: Sequence[int]) -> Array:
        self.seen += numbers
        return self.norms[list(numbers)]


def watched(norms: Sequence[float], rounding: float = 1e-15) -> tuple[Stillness, Watched]:
    run = Watched(norms, rounding)
    stillness = Stillness(run)
    stillness.look_through(len(norms), ended=True)
    return stillness, run


def looked_for(norms: Sequence[float], rounding: float = 1e-15) -> int | None:
    """The same by looking at all of them, one after the other."""
    marks = [norm for norm in norms[::APART] if isfinite(norm)]
    largest = np.maximum.accumulate([marks[min(k // APART, len(marks) - 1)] for k in range(len(norms))])
    nothing = [norm <= nothing_below(most, rounding) for norm, most in zip(norms, largest, strict=True)]
    rows = (k for k in range(len(norms) - STEPS + 1) if all(nothing[k : k + STEPS]))
    return next(rows, None)


@pytest.mark.parametrize(
    ("norms", "since"),
    [
        ([1.0] + [1e-7] * 9, None),
        ([1.0] + [1e-7] * 10, 1),
        ([1.0] + [1e-7] * 9 + [1e-3] + [1e-7] * 12, 11),
        ([1e-7] * 30, None),
        ([1e-15] * 10, 0),
        ([1.0, inf, nan] + [2e-6] * 12, None),
    ],
)
def test_ten_gradients_that_are_nothing_make_a_run_stationary(norms: list[float], since: int | None) -> None:
    assert watched(norms)[0].since == since


@pytest.mark.parametrize(
    ("norm", "asked"), [(1.0, 4096 // RARELY), (1e-10, 4096 // EVERY), (1e-13, 4096 // APART)], ids=str
)
def test_the_rounding_is_worked_out_where_it_may_matter(norm: float, asked: int) -> None:
    assert watched([norm] * 4096)[1].asked == asked


@pytest.mark.parametrize(("count", "broken"), [(9, 0), (10, 0), (10, 4), (23, 12)])
def test_wherever_ten_in_a_row_lie_they_are_found(count: int, broken: int) -> None:
    for before in range(20):
        norms = [1.0] + [0.5] * before + [1e-8] * broken + [0.1] * (broken > 0) + [1e-8] * count + [0.5] * 9
        stillness, run = watched(norms)
        assert stillness.since == looked_for(norms), before
        assert stillness.since is not None or count < STEPS, before
        assert len(run.seen) == len(set(run.seen)), before


def test_of_a_run_that_goes_on_an_eighth_is_looked_at() -> None:
    assert watched(np.linspace(2, 1, 4000).tolist())[1].seen == list(range(0, 4000, APART))


@pytest.mark.parametrize("slice_", [1, 7, 100])
def test_slices_come_to_the_same(slice_: int) -> None:
    norms = np.concatenate([np.linspace(2, 1, 2000), np.geomspace(1, 1e-16, 300)]).tolist()
    whole, asked = watched(norms, 1e-16)
    other = Watched(norms, 1e-16)
    sliced = Stillness(other)
    for end in range(slice_, len(norms), slice_):
        sliced.look_through(end, ended=False)
    sliced.look_through(len(norms), ended=True)
    assert asked.asked == other.asked
    assert whole.since == sliced.since is not None
    assert whole.entries == sliced.entries == len(norms)
