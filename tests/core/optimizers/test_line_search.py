"""The line search against the conditions it is to meet, and trial by trial where they are worked by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from descentscape.core.optimizers.line_search import Trial, strong_wolfe

LINES = {
    "quadratic": (lambda t: (t - 3) ** 2, lambda t: 2 * (t - 3)),
    "quartic": (lambda t: (t - 0.01) ** 4, lambda t: 4 * (t - 0.01) ** 3),
    "oscillating": (lambda t: -np.sin(5 * t) - t / 2, lambda t: -5 * np.cos(5 * t) - 0.5),
    "far": (lambda t: -t / (t * t + 2), lambda t: (t * t - 2) / (t * t + 2) ** 2),
    "walled": (
        lambda t: -np.log(1 - t) - 3 * t if t < 1 else np.inf,
        lambda t: 1 / (1 - t) - 3 if t < 1 else np.inf,
    ),
    "undefined beyond": (lambda t: np.nan if t > 0.3 else t * t - t, lambda t: 2 * t - 1),
}


@pytest.mark.parametrize("first", [1e-3, 0.1, 1.0, 50.0])
@pytest.mark.parametrize("line", LINES)
def test_line_search_ends_where_the_strong_wolfe_conditions_hold(line, first):
    cost, slope = LINES[line]
    tried = []

    def trial(length):
        tried.append(length)
        return Trial(length, float(cost(length)), float(slope(length)), np.zeros(1))

    start = trial(0.0)
    found = strong_wolfe(trial, start, first)
    assert found.length > 0
    assert found.cost <= start.cost + 1e-4 * found.length * start.slope
    if line != "undefined beyond":
        assert abs(found.slope) <= 0.9 * abs(start.slope)
    assert len(tried) <= 26


def searched(line: Callable[[float], tuple[float, float]], first: float) -> tuple[Trial, list[float]]:
    """What the search finds on a line of cost and slope, and the lengths that it tried."""
    tried = []

    def trial(length: float) -> Trial:
        tried.append(length)
        return Trial(length, *line(length), np.zeros(1))

    return strong_wolfe(trial, Trial(0.0, *line(0.0), np.zeros(1)), first), tried


def cubic(t: float) -> tuple[float, float]:
    """t³/3 − t: least at 1."""
    return t**3 / 3 - t, t * t - 1


@pytest.mark.parametrize("first", [1.4, 3.0])
def test_a_cubic_is_solved_by_the_second_trial(first):
    found, tried = searched(cubic, first)
    assert tried == pytest.approx([first, 1.0])
    assert found.length == tried[-1]


def test_a_first_trial_that_is_too_short_grows_tenfold_at_most():
    found, tried = searched(cubic, 0.05)
    assert tried == pytest.approx([0.05, 0.5])
    assert found.length == tried[-1]


def test_without_end_the_length_doubles_25_times_over():
    found, tried = searched(lambda t: (-t - t**3, -1 - 3 * t * t), 1.0)
    assert tried == [2.0**k for k in range(25)]
    assert found.length == tried[-1]


def test_a_trial_keeps_off_the_intervals_ends_by_a_tenth():
    found, tried = searched(lambda t: ((t - 0.01) ** 2, 2 * (t - 0.01)), 1.0)
    assert tried == pytest.approx([1.0, 0.1, 0.01])
    assert found.length == tried[-1]


def test_an_interval_that_ends_in_nothing_finite_is_halved():
    found, tried = searched(
        lambda t: (-np.log(1 - t) - 3 * t, 1 / (1 - t) - 3) if t < 1 else (np.inf, np.inf), 50.0
    )
    assert tried == [50 * 0.5**k for k in range(7)]
    assert found.length == 0.78125


def test_a_trial_no_lower_than_the_one_before_ends_the_growth():
    # Least near 1, and still falling at 2: a length between the two is to be looked at, not a longer one.
    table = {0.0: (0.0, -1.0), 1.0: (-1.0, -1.0), 2.0: (-0.5, -1.0)}
    found, tried = searched(lambda t: table.get(t, (-1.2, 0.0)), 1.0)
    assert tried[:2] == [1.0, 2.0]
    assert 1 < tried[2] < 2
    assert found.length == tried[2]


def test_where_the_narrowed_interval_rises_its_other_end_is_given_up():
    # Where it is tried next the line is lower than at 1 and rises: what is left lies between these two.
    table = {0.0: (0.0, -1.0), 1.0: (-1.0, -1.0), 2.0: (0.0, 1.0)}
    found, tried = searched(lambda t: table.get(t, (-1.4, 0.95) if t > 1.13 else (-1.5, 0.0)), 1.0)
    assert tried[:2] == [1.0, 2.0]
    assert 1.13 < tried[2] < 2
    assert 1 < tried[3] < tried[2]
    assert found.cost == -1.5


@pytest.mark.parametrize(
    ("cost", "slope", "accepted"),
    [
        (5e-5, 0.0, False),
        (-5e-5, 0.0, False),
        (-1.2e-4, 0.0, True),
        (-1.2e-4, 0.85, True),
        (-1.2e-4, 0.95, False),
        (-1.2e-4, -0.95, False),
    ],
)
def test_a_length_must_lower_the_cost_by_enough_and_flatten_the_slope(cost, slope, accepted):
    table = {0.0: (0.0, -1.0), 1.0: (cost, slope)}
    found, tried = searched(lambda t: table.get(t, (-1.0, 0.0)), 1.0)
    assert (found.length == 1.0) == accepted
    assert len(tried) == (1 if accepted else 2)
