"""A deadline that is put off often, on a clock that jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from clocks import JumpingLoop
from descentscape.api.ops.deadline import Deadline

Step = tuple[float, str] | tuple[float, str, float]
"""When, what is done, and with how many seconds."""


def fired(steps: Sequence[Step], until: float = 100.0) -> tuple[list[float], int]:
    """When it was too late, given what is done to a deadline when; and how many timers that took."""
    ends: list[float] = []

    async def run() -> int:
        loop = asyncio.get_running_loop()
        timers, call_at = 0, loop.call_at

        def counted(when: float, callback: Callable[..., Any], *args: Any) -> asyncio.TimerHandle:
            nonlocal timers
            timers += 1
            return call_at(when, callback, *args)

        deadline = Deadline(lambda: ends.append(loop.time()))
        for when, what, *seconds in steps:
            await asyncio.sleep(when - loop.time())
            loop.call_at = counted  # type: ignore[method-assign]
            getattr(deadline, what)(*seconds)
            loop.call_at = call_at  # type: ignore[method-assign]
        await asyncio.sleep(until - loop.time())
        return timers

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return ends, runner.run(run())


@pytest.mark.parametrize(
    ("steps", "ends"),
    [
        ([], []),
        ([(1, "start", 10)], [11]),
        ([(1, "start", 10), (9, "start", 10)], [19]),
        ([(1, "start", 10), (9, "start", 10), (18, "start", 10)], [28]),
        ([(1, "start", 10), (2, "start", 3)], [5]),
        ([(1, "start", 10), (9, "stop")], []),
        ([(1, "start", 10), (2, "stop"), (3, "start", 10)], [13]),
        ([(1, "start", 10), (2, "stop"), (3, "start", 4)], [7]),
        ([(1, "start", 10), (9, "stop"), (30, "start", 10)], [40]),
        ([(1, "start", 10), (30, "start", 10)], [11, 40]),
        ([(1, "start", 10), (9, "cancel")], []),
        ([(1, "start", 10), (9, "cancel"), (10, "start", 10)], [20]),
    ],
)
def test_when_it_is_too_late(steps: Sequence[Step], ends: list[float]) -> None:
    assert fired(steps)[0] == pytest.approx(ends)


def test_to_put_it_off_takes_no_timer() -> None:
    often = [(k / 100, "start", 10) for k in range(900)]
    assert fired(often) == (pytest.approx([18.99]), 1)


def test_whether_it_is_set() -> None:
    async def run() -> list[bool]:
        deadline = Deadline(lambda: None)
        found = [deadline.set]
        for what, *seconds in (("start", 5), ("stop",), ("start", 5), ("cancel",)):
            getattr(deadline, str(what))(*seconds)
            found.append(deadline.set)
        return found

    assert asyncio.run(run()) == [False, True, False, True, False]
