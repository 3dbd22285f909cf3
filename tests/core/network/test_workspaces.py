"""What threads remember to work in: bounded, and let go of together."""

from __future__ import annotations

import weakref
from threading import Event, Thread

import numpy as np

from descentscape.core.network.architecture import Workspaces


class Made(np.ndarray):
    """An array that can be watched."""


def made(nbytes: int) -> Made:
    return np.zeros(nbytes, np.uint8).view(Made)


def test_the_oldest_go_beyond_the_bounds() -> None:
    workspaces = Workspaces()
    for number in range(2 * Workspaces.LIMIT):
        workspaces.keep((number,), made(1))
    held = [number for number in range(2 * Workspaces.LIMIT) if workspaces.get((number,)) is not None]
    assert held == list(range(Workspaces.LIMIT, 2 * Workspaces.LIMIT))
    workspaces.keep(("large",), made(Workspaces.LIMIT_BYTES + 1))
    assert workspaces.get(("large",)) is not None
    assert not any(workspaces.get((number,)) is not None for number in range(2 * Workspaces.LIMIT))


def test_those_of_other_threads_go_too() -> None:
    workspaces, kept, end = Workspaces(), Event(), Event()
    watched: list[weakref.ref[Made]] = []

    def work() -> None:
        watched.append(weakref.ref(workspaces.keep(("theirs",), made(8))))
        kept.set()
        end.wait(60)

    thread = Thread(target=work)
    thread.start()
    assert kept.wait(60)
    workspaces.keep(("ours",), made(8))
    assert watched[0]() is not None
    Workspaces.clear()
    assert watched[0]() is None
    assert workspaces.get(("ours",)) is None
    end.set()
    thread.join()
