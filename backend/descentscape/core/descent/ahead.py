"""Compiling everything before it is used."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from threading import Event, Thread, current_thread

import numpy as np

from descentscape.core.descent.descent import Position, Recipe
from descentscape.core.descent.run import Run
from descentscape.core.descent.stepper import Stepper
from descentscape.core.network.layers import dense_layers
from descentscape.core.network.mlp import MLP
from descentscape.core.network.passes import compiling
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.clipping import CLIPS

_compiled = Event()


def compile_in_background() -> Thread:
    """Compile in a thread of its own, which nobody who ends the process waits for."""
    thread = Thread(target=compile_ahead, name="compiler", daemon=True)
    if not _compiled.is_set():
        compiling(thread)
    thread.start()
    return thread


def compile_ahead() -> None:
    """Compile what compiled code there is, or read it from the disk; networks built meanwhile go without.

    Without this each function is compiled by its first call. It takes about a minute, two seconds from the
    disk.
    """
    if _compiled.is_set():
        return
    compiling(current_thread())
    try:
        for job in _jobs():
            job()
        _compiled.set()
    finally:
        compiling(None)


def is_compiled() -> bool:
    """Whether all of it is on the disk, for this processor and these versions: reads it, compiles nothing."""
    from descentscape.core.network.kernel.cache import NotKept, only_what_is_kept

    try:
        with only_what_is_kept():
            compile_ahead()
    except NotKept:
        return False
    return True


def compile_onto_disk(report: Callable[[int, int], None]) -> None:
    """Compile it in several processes, for others to read; reports how many parts of all are done."""
    total = len(_jobs())
    with ProcessPoolExecutor(min(total, os.cpu_count() or 1), get_context("spawn")) as processes:
        parts = [processes.submit(_do, number) for number in range(total)]
        for done, part in enumerate(as_completed(parts)):
            report(done, total)
            part.result()
    report(total, total)


def _do(number: int) -> None:
    _jobs()[number]()


def _jobs() -> list[Callable[[], object]]:
    """One call of each compiled function, one step by each rule, and one with each way of clipping."""
    # The compiler takes a second to import, which whoever builds no network shall not wait for.
    from descentscape.core.network.kernel.ahead import jobs

    return [*jobs(), *(partial(_one_step, each) for each in _recipes())]


def _recipes() -> Iterator[Recipe]:
    """One with each rule, and one with each way of clipping."""
    rules = [rule() for rule in OPTIMIZERS.values()]
    yield from (Recipe(rule) for rule in rules)
    yield from (Recipe(rules[0], clip=clip()) for clip in CLIPS.values())


def _one_step(recipe: Recipe) -> None:
    one = np.ones((1, 1))
    network = MLP(dense_layers((1, 1), ("linear",)), "mse", one, one)
    run = Run(network, recipe, np.zeros(network.dim), 1)
    Stepper(run, Position(0, run.theta)).block(1, lambda: True)
