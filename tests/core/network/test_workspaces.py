"""Workspaces of the passes: how many are kept, of what size, and let go of together."""

from __future__ import annotations

import weakref
from threading import Event, Thread

import numpy as np
import pytest

from descentscape.core.network.architecture import Workspaces
from descentscape.core.objective import Array


class Made(np.ndarray):
    """An array that can be watched."""


def made(nbytes: int) -> Made:
    return np.zeros(nbytes, np.uint8).view(Made)


def kept_of(workspaces: Workspaces, *names: object) -> list[object]:
    return [name for name in names if workspaces.get((name,)) is not None]


def numbers(count: int) -> Array:
    return np.zeros(count)


def test_they_weigh_what_is_in_them_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workspaces, "LIMIT_BYTES", 8 * 36)
    kept = Workspaces()
    kept.keep(("tape",), (b"here", None, (numbers(10), numbers(20))))
    kept.keep(("moves",), (numbers(6),))
    assert kept_of(kept, "tape", "moves") == ["tape", "moves"]
    kept.keep(("tape",), (b"there", None, (numbers(1),)))
    kept.keep(("more",), (numbers(29),))
    assert kept_of(kept, "tape", "moves", "more") == ["tape", "moves", "more"]
    kept.keep(("last",), numbers(1))
    assert kept_of(kept, "tape", "moves", "more", "last") == ["tape", "more", "last"]


def test_the_oldest_are_let_go_beyond_a_number_and_beyond_their_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, names = Workspaces(), range(Workspaces.LIMIT + 3)
    for number in names:
        kept.keep((number,), numbers(1))
    assert kept_of(kept, *names) == [*range(3, Workspaces.LIMIT + 3)]
    monkeypatch.setattr(Workspaces, "LIMIT_BYTES", 8 * 20)
    kept.keep(("large",), numbers(19))
    assert kept_of(kept, *names, "large") == [Workspaces.LIMIT + 2, "large"]
    kept.keep(("too large for the others",), numbers(1000))
    assert kept_of(kept, *names, "large", "too large for the others") == ["too large for the others"]


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
