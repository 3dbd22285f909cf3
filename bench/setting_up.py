"""The row of set-up: importing the package, the first run after it, and memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bench.figures import OURS, Figure, Figures, Goal, Row
from bench.isolated import FIRST_RUN, IMPORT, SAY, figures
from bench.timing import Effort


def setting_up(effort: Effort) -> Figures:
    """A new process for every figure; the peers' imports are for comparison."""
    scripts: dict[str, Callable[[], dict[str, Any]]] = {
        OURS: partial(figures, IMPORT.format(module="descentscape") + SAY),
        "torch": partial(figures, IMPORT.format(module="torch") + SAY),
        "JAX": partial(figures, IMPORT.format(module="jax, jax.numpy") + SAY),
        "first run": partial(figures, FIRST_RUN + SAY),
    }
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in scripts}
    for _ in range(effort.of(9, 2)):
        for name, run in scripts.items():
            found[name].append(run())
    first = found.pop("first run")
    for who, rounds in found.items():
        goal = Goal("most", 0.6) if who == OURS else None
        yield Figure("import", who, _column(rounds, "wall"), "s", goal)
        yield Figure("import, processor", who, _column(rounds, "processor"), "s")
        yield Figure("import, peak memory", who, _column(rounds, "peak"), "MiB")
    goal = Goal("most", 1.0)
    yield Figure("first run after import, warm cache", OURS, _column(first, "wall"), "s", goal)
    yield Figure("run and surface, peak memory", OURS, _column(first, "peak"), "MiB")


def _column(rounds: list[dict[str, Any]], name: str) -> tuple[float, ...]:
    return tuple(float(each[name]) for each in rounds)


ROWS = (
    Row(
        "setup",
        "set-up, import, memory",
        "Each in a process of its own, with the compiled code on the disk (`descentscape compile`).",
        setting_up,
    ),
)
