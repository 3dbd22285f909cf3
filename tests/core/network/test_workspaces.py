"""Workspaces of the passes: how many are kept, and of what size."""

from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.network.architecture import Workspaces


def test_they_weigh_what_is_in_them_now() -> None:
    kept = Workspaces()
    kept.keep(("tape",), (b"here", None, (np.zeros(10), np.zeros(20))))
    kept.keep(("moves",), (np.zeros(5),))
    assert kept.nbytes == 8 * 35
    kept.keep(("tape",), (b"there", None, (np.zeros(1),)))
    assert (list(kept.known), kept.nbytes) == ([("moves",), ("tape",)], 8 * 6)
    kept.clear()
    assert (kept.known, kept.nbytes) == ({}, 0)


def test_the_oldest_are_let_go_beyond_a_number_and_beyond_their_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = Workspaces()
    for number in range(Workspaces.LIMIT + 3):
        kept.keep((number,), np.zeros(1))
    assert list(kept.known) == [(number,) for number in range(3, Workspaces.LIMIT + 3)]
    assert kept.nbytes == 8 * Workspaces.LIMIT
    monkeypatch.setattr(Workspaces, "LIMIT_BYTES", 8 * 20)
    kept.keep(("large",), np.zeros(19))
    assert list(kept.known) == [(Workspaces.LIMIT + 2,), ("large",)]
    kept.keep(("too large for the others",), np.zeros(1000))
    assert list(kept.known) == [("too large for the others",)]
