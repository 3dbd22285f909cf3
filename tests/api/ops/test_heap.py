"""What nobody needs goes back to the system now and then."""

from __future__ import annotations

import asyncio
import ctypes
import gc
from types import SimpleNamespace
from typing import Any

import pytest

from clocks import JumpingLoop
from descentscape.api.ops.heap import GIVE_BACK_SECONDS, give_back_memory


class EnoughError(Exception):
    pass


def looks(number: int, calls: list[str], monkeypatch: pytest.MonkeyPatch, library: Any) -> float:
    """When so many looks are over, which note what they do."""

    def forget() -> int:
        calls.append("forget")
        if calls.count("forget") > number:
            raise EnoughError
        return calls.count("forget") % 2

    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    monkeypatch.setattr(gc, "collect", lambda: calls.append("collect"))

    async def run() -> float:
        with pytest.raises(EnoughError):
            await give_back_memory(forget)
        return asyncio.get_running_loop().time() - GIVE_BACK_SECONDS

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(run())


def test_it_goes_back_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    library = SimpleNamespace(malloc_trim=lambda keep: calls.append(f"trim to {keep}"))
    assert looks(3, calls, monkeypatch, library) == pytest.approx(3 * GIVE_BACK_SECONDS)
    assert calls[:-1] == [
        "forget",
        "collect",
        "trim to 0",
        "forget",
        "trim to 0",
        "forget",
        "collect",
        "trim to 0",
    ]


def test_a_c_library_that_cannot_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    assert looks(2, calls, monkeypatch, SimpleNamespace()) == pytest.approx(2 * GIVE_BACK_SECONDS)
    assert calls[:-1] == ["forget", "collect", "forget"]
