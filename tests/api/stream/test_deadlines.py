"""Deadlines that are put off often, on a clock that jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from api.stream.test_connection import JumpingLoop
from descentscape.api.stream.deadlines import Deadline


def fired(steps: list[tuple[float, str]], until: float = 100.0) -> tuple[list[float], int]:
    """When a deadline of 10 s ends things, given what is done to it when; and how many timers that took."""
    ends: list[float] = []

    async def run() -> int:
        loop = asyncio.get_running_loop()
        timers, call_at = 0, loop.call_at

        def counted(when: float, callback: Callable[..., Any], *args: Any) -> asyncio.TimerHandle:
            nonlocal timers
            timers += 1
            return call_at(when, callback, *args)

        deadline = Deadline(10.0, lambda: ends.append(loop.time()))
        for when, what in steps:
            await asyncio.sleep(when - loop.time())
            loop.call_at = counted  # type: ignore[method-assign]
            getattr(deadline, what)()
            loop.call_at = call_at  # type: ignore[method-assign]
        await asyncio.sleep(until - loop.time())
        return timers

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return ends, runner.run(run())


@pytest.mark.parametrize(
    ("steps", "ends"),
    [
        ([], []),
        ([(1, "put_off")], [11]),
        ([(1, "put_off"), (9, "put_off")], [19]),
        ([(1, "put_off"), (9, "put_off"), (18, "put_off")], [28]),
        ([(1, "put_off"), (9, "lift")], []),
        ([(1, "put_off"), (2, "lift"), (3, "put_off")], [13]),
        ([(1, "put_off"), (9, "lift"), (30, "put_off")], [40]),
        ([(1, "put_off"), (9, "cancel")], []),
    ],
)
def test_it_ends_what_was_not_put_off(steps: list[tuple[float, str]], ends: list[float]) -> None:
    assert fired(steps)[0] == pytest.approx(ends)


def test_putting_it_off_takes_no_timer() -> None:
    often = [(k / 100, "put_off") for k in range(900)]
    assert fired(often) == (pytest.approx([18.99]), 1)
