"""The threads that compute: what somebody waits for goes first, and what was given up is not done."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest

from descentscape.api.ops.metrics import Metrics
from descentscape.api.ops.workers import Threads, at_leisure, at_once


@pytest.fixture
def threads() -> Threads:
    return Threads(1, Metrics())


async def until_waiting(threads: Threads, number: int) -> None:
    while threads.waiting != number:
        await asyncio.sleep(0.001)


def test_what_somebody_waits_for_goes_first(threads: Threads) -> None:
    async def order() -> list[str]:
        hold, done = Event(), list[str]()
        first = asyncio.create_task(threads.run_slice(at_once, hold.wait))
        await until_waiting(threads, 0)
        others = [asyncio.create_task(threads.run_slice(at_leisure, done.append, name)) for name in "ab"]
        await until_waiting(threads, 2)
        others += [asyncio.create_task(threads.run_slice(at_once, done.append, name)) for name in "cd"]
        await until_waiting(threads, 4)
        hold.set()
        await asyncio.gather(first, *others)
        return done

    assert asyncio.run(order()) == ["c", "d", "a", "b"]
    threads.close()


def test_nobody_is_put_off_for_longer_than_it_has_patience() -> None:
    now = iter([0.0, 1.0, 1.51])
    threads = Threads(1, Metrics(), lambda: next(now))

    async def order() -> list[str]:
        hold, done = Event(), list[str]()
        first = asyncio.create_task(threads.run_slice(at_once, hold.wait))
        await until_waiting(threads, 0)
        patient = asyncio.create_task(threads.run_slice(at_leisure, done.append, "patient"))
        await until_waiting(threads, 1)
        later = asyncio.create_task(threads.run_slice(at_once, done.append, "later"))
        await until_waiting(threads, 2)
        hold.set()
        await asyncio.gather(first, patient, later)
        return done

    assert asyncio.run(order()) == ["patient", "later"]
    threads.close()


def test_what_was_given_up_before_its_turn_is_not_done(threads: Threads) -> None:
    async def given_up() -> list[str]:
        hold, done = Event(), list[str]()
        first = asyncio.create_task(threads.run_slice(at_once, hold.wait))
        await until_waiting(threads, 0)
        other = asyncio.create_task(threads.run_slice(at_leisure, done.append, "given up"))
        await until_waiting(threads, 1)
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)
        hold.set()
        await first
        await threads.run_slice(at_leisure, done.append, "next")
        return done

    assert asyncio.run(given_up()) == ["next"]
    threads.close()


def test_an_error_reaches_whoever_waits(threads: Threads) -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(threads.run_slice(at_once, lambda: 1 // 0))
    threads.close()
