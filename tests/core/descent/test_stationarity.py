"""Whether a run stands still, watched entry by entry."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest

from descentscape.core.descent.stationarity import EVERY, RARELY, Stillness
from descentscape.core.objective import Array


class Counted:
    """An objective that counts how often its gradient's rounding is worked out."""

    def __init__(self, rounding: float) -> None:
        self.rounding, self.asked = rounding, 0

    def grad_rounding(self, theta: Array) -> float:
        self.asked += 1
        return self.rounding


def watched(norms: list[float], rounding: float = 1e-15) -> tuple[Stillness, Counted]:
    stillness, objective = Stillness(), Counted(rounding)
    stillness.watch(objective, np.zeros((len(norms), 2)), np.array(norms))
    return stillness, objective


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
    ("norm", "asked"), [(1.0, 4096 // RARELY), (1e-10, 4096 // EVERY), (1e-13, 4096)], ids=str
)
def test_the_rounding_is_worked_out_where_it_may_matter(norm: float, asked: int) -> None:
    assert watched([norm] * 4096)[1].asked == asked


def test_blocks_and_recalled_entries_come_to_the_same() -> None:
    norms = np.concatenate([np.linspace(2, 1, 2000), np.geomspace(1, 1e-16, 300)])
    whole, sliced, recalled = Stillness(), Stillness(), Stillness()
    theta, asked, other = np.zeros((len(norms), 2)), Counted(1e-16), Counted(1e-16)
    roundings = whole.watch(asked, theta, norms)
    parts = [sliced.watch(other, theta[k : k + 7], norms[k : k + 7]) for k in range(0, len(norms), 7)]
    assert asked.asked == other.asked
    for norm, rounding in zip(norms.tolist(), roundings.tolist(), strict=True):
        recalled.see(norm, rounding)
    np.testing.assert_array_equal(np.concatenate(parts), roundings)
    assert whole.since == sliced.since == recalled.since is not None
