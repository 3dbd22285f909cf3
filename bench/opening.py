"""The row of the curated experiments: processor seconds to open each with its surface."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

from bench.figures import OURS, Figure, Figures, Goal, Row
from bench.isolated import OPENING, ROOT, before, figures
from bench.timing import Effort

BEFORE = "1cd735b"
"""The last commit before networks were compiled: the goal is a fifth of what it needs."""

QUICK_ONES = ("moons-three-ways",)
UNIT = "s of processor"


def opening(effort: Effort) -> Figures:
    """All of them, by this package and by the one before, in turns."""
    checkouts = {OURS: ROOT} | _checkout_before()
    names = json.dumps(QUICK_ONES if effort.quick else ())
    found: dict[str, list[dict[str, float]]] = {who: [] for who in checkouts}
    for _ in range(effort.of(3, 1)):
        for who, checkout in checkouts.items():
            found[who].append(figures(OPENING, names, checkout=checkout))
    sums = {who: tuple(sum(each.values()) for each in rounds) for who, rounds in found.items()}
    ours = median(sums[OURS])
    for who, values in sums.items():
        goal = None if who == OURS else Goal("times", 5.0)
        yield Figure("all, summed", who, values, UNIT, goal, median(values) / ours)
    for who, rounds in found.items():
        slowest = max(rounds[0], key=lambda name: rounds[0][name])
        yield Figure(f"slowest ({slowest})", who, tuple(each[slowest] for each in rounds), UNIT)
        yield Figure("median of all", who, tuple(median(each.values()) for each in rounds), UNIT)


def _checkout_before() -> dict[str, Path]:
    folder = before(BEFORE)
    return {} if folder is None else {f"{OURS} before ({BEFORE})": folder}


ROWS = (
    Row(
        "opening",
        "opening a curated experiment with its surface",
        "`ds.run` with what the page draws of every run, then `ds.surface`, in a fresh process whose imports "
        "and compiled code are there already.",
        opening,
        "The fifth was asked of what a machine with AVX2 needed, where NumPy’s tanh took five times as long "
        "as with AVX-512. What is left are descents for the largest part, and of deep surfaces activations "
        "and products, which take seven eighths of their time.",
    ),
)
