"""Freed memory goes back to the system now and then."""

from __future__ import annotations

import asyncio
import ctypes
from types import SimpleNamespace
from typing import Any

import pytest

from clocks import JumpingLoop
from descentscape.api.ops.heap import GIVE_BACK_SECONDS, give_back_freed_memory


class EnoughError(Exception):
    pass


def test_it_goes_back_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def trim(keep: int) -> None:
        calls.append(keep)
        if len(calls) == 3:
            raise EnoughError

    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace(malloc_trim=trim))

    async def run() -> float:
        with pytest.raises(EnoughError):
            await give_back_freed_memory()
        return asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        assert runner.run(run()) == pytest.approx(3 * GIVE_BACK_SECONDS)
    assert calls == [0, 0, 0]


def test_a_c_library_that_cannot_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def library(name: Any) -> Any:
        return SimpleNamespace()

    monkeypatch.setattr(ctypes, "CDLL", library)
    asyncio.run(give_back_freed_memory())
