"""The workspaces of a thread: the last ones that it asked for, within a bound."""

from __future__ import annotations

import numpy as np

from descentscape.core.network.architecture import Workspaces


def test_a_workspace_is_found_until_there_are_too_many_after_it() -> None:
    kept = Workspaces()
    first = kept.keep(("first",), np.zeros(3))
    for number in range(Workspaces.LIMIT - 1):
        kept.keep((number,), np.zeros(1))
    assert kept.known.get(("first",)) is first
    kept.keep((0,), np.zeros(1))
    assert kept.known.get(("first",)) is first
    kept.keep(("one more",), np.zeros(1))
    assert kept.known.get(("first",)) is None
    assert len(kept.known) == Workspaces.LIMIT


def test_workspaces_are_let_go_by_their_bytes_the_oldest_first() -> None:
    kept = Workspaces()
    half = Workspaces.LIMIT_BYTES // 8 // 2
    for number in range(2):
        kept.keep((number,), (b"", None, (np.zeros(half), "theta")))
    assert kept.nbytes == Workspaces.LIMIT_BYTES
    kept.keep((0,), (b"", np.zeros(1), (np.zeros(half), "theta")))
    assert (kept.known.get((1,)), kept.nbytes) == (None, 8 * half + 8)
    whole = kept.keep((2,), np.zeros(4 * half))
    assert kept.known.get((0,)) is None
    assert kept.known.get((2,)) is whole
