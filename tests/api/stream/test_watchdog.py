"""A watchdog that is fed often, on a clock that jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from api.stream.test_connection import JumpingLoop
from descentscape.api.stream.watchdog import Watchdog


def fired(steps: list[tuple[float, str]], until: float = 100.0) -> tuple[list[float], int]:
    """When a watchdog of 10 s ends things, given what is done to it when; and how many timers that took."""
    ends: list[float] = []

    async def run() -> int:
        loop = asyncio.get_running_loop()
        timers, call_at = 0, loop.call_at

        def counted(when: float, callback: Callable[..., Any], *args: Any) -> asyncio.TimerHandle:
            nonlocal timers
            timers += 1
            return call_at(when, callback, *args)

        watchdog = Watchdog(10.0, lambda: ends.append(loop.time()))
        for when, what in steps:
            await asyncio.sleep(when - loop.time())
            loop.call_at = counted  # type: ignore[method-assign]
            getattr(watchdog, what)()
            loop.call_at = call_at  # type: ignore[method-assign]
        await asyncio.sleep(until - loop.time())
        return timers

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return ends, runner.run(run())


@pytest.mark.parametrize(
    ("steps", "ends"),
    [
        ([], []),
        ([(1, "feed")], [11]),
        ([(1, "feed"), (9, "feed")], [19]),
        ([(1, "feed"), (9, "feed"), (18, "feed")], [28]),
        ([(1, "feed"), (9, "rest")], []),
        ([(1, "feed"), (2, "rest"), (3, "feed")], [13]),
        ([(1, "feed"), (9, "rest"), (30, "feed")], [40]),
        ([(1, "feed"), (9, "cancel")], []),
    ],
)
def test_it_ends_what_was_not_fed(steps: list[tuple[float, str]], ends: list[float]) -> None:
    assert fired(steps)[0] == pytest.approx(ends)


def test_feeding_it_takes_no_timer() -> None:
    often = [(k / 100, "feed") for k in range(900)]
    assert fired(often) == (pytest.approx([18.99]), 1)
