from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.landscape.extent import NARROWEST, WINDOW_MARGIN, Extent, before_blow_up, fit_extent
from descentscape.core.objective import Array


def sides(extent: Extent) -> Array:
    return np.diff(np.array(extent), axis=1)[:, 0]


def test_the_window_holds_every_path_with_a_margin() -> None:
    rng = np.random.default_rng(0)
    paths = [rng.standard_normal((50, 2)) * [3, 2], rng.standard_normal((20, 2)) + 4]
    extent = np.array(fit_extent(paths))
    low, high = np.concatenate(paths).min(axis=0), np.concatenate(paths).max(axis=0)
    np.testing.assert_allclose(extent[:, 0], low - WINDOW_MARGIN * (high - low))
    np.testing.assert_allclose(extent[:, 1], high + WINDOW_MARGIN * (high - low))


def test_minima_that_the_caller_knows_are_in_it() -> None:
    (a0, a1), (b0, b1) = fit_extent([np.zeros((1, 2))], include=np.array([[3.0, -2.0]]))
    assert a0 < 0 < 3 < a1
    assert b0 < -2 < 0 < b1


def test_a_straight_path_gets_a_window_half_as_wide() -> None:
    extent = fit_extent([np.array([[0.0, 1.0], [4.0, 1.0]])])
    across, along = sides(extent)[[1, 0]]
    assert along == pytest.approx(4 * (1 + 2 * WINDOW_MARGIN))
    assert across == pytest.approx(NARROWEST * along)
    assert np.mean(extent[1]) == pytest.approx(1.0)


def test_a_point_gets_a_window_around_it() -> None:
    extent = fit_extent([np.array([[5.0, -3.0], [5.0, -3.0]])])
    assert np.mean(extent, axis=1).tolist() == [5.0, -3.0]
    np.testing.assert_allclose(sides(extent), 2 * (1 + 2 * WINDOW_MARGIN))


def test_a_short_path_far_out_is_still_a_path() -> None:
    extent = fit_extent([np.array([[100.0, 50.0], [100.01, 50.0]])])
    np.testing.assert_allclose(sides(extent)[0], 0.01 * (1 + 2 * WINDOW_MARGIN))


def test_a_blow_up_is_left_out_but_not_the_way_to_it() -> None:
    cost = 0.5 * (1.5 ** np.arange(40.0)) ** 2
    undiverged = np.array([1.0, 0.1])
    assert before_blow_up([cost, undiverged], [True, False]) == [int((cost <= 6).sum()), 2]
    assert before_blow_up([cost, undiverged], [False, False]) == [40, 2]


def test_a_run_that_blows_up_at_once_leaves_its_start() -> None:
    assert before_blow_up([np.array([1.0, 1e12, np.inf])], [True]) == [1]


def test_a_blow_up_downwards_is_one_too() -> None:
    cost = -((1.5 ** np.arange(60.0)) ** 2)
    assert before_blow_up([cost], [True]) == [int((cost >= -4).sum())]


def test_a_detour_before_the_blow_up_counts() -> None:
    cost = np.array([10.0, 1.0, 0.1, 5.0, 12.0, 1e4, 1e9])
    assert before_blow_up([cost, np.array([10.0, 0.0])], [True, False]) == [5, 2]
    assert before_blow_up([np.array([0.0, 0.5, -0.5, 9.0])], [True]) == [3]


def test_a_blow_up_is_measured_by_what_the_other_runs_gained() -> None:
    # Ten times the gain of a half, and three times the start's size of 1: eight around the start.
    wild = np.array([1.0, 8.9, 9.1, 50.0])
    assert before_blow_up([wild, np.array([1.0, 0.5])], [True, False]) == [2, 2]
