"""The threads that compute: what somebody waits for goes first, and what was given up is not done."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from threading import Event, Thread

import pytest

from clocks import Clock
from descentscape.api.ops.metrics import Metrics
from descentscape.api.ops.workers import (
    LONGEST_PATIENCE,
    Slice,
    Threads,
    at_leisure,
    at_once,
    put_off,
    urgently,
)
from descentscape.core.clients import CLIENT, Addresses, Client


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


def test_beside_an_urgent_slice_no_other_begins() -> None:
    threads = Threads(2, Metrics())

    async def order() -> list[str]:
        hold, done = Event(), list[str]()
        first = asyncio.create_task(threads.run_slice(lambda: urgently(60), hold.wait))
        await until_waiting(threads, 0)
        other = asyncio.create_task(threads.run_slice(at_leisure, done.append, "at leisure"))
        await until_waiting(threads, 1)
        # The second thread, which this one keeps waiting, takes what is urgent all the same.
        await threads.run_slice(lambda: urgently(60), done.append, "urgent")
        assert threads.waiting == 1
        hold.set()
        await asyncio.gather(first, other)
        return done

    assert asyncio.run(order()) == ["urgent", "at leisure"]
    threads.close()


def test_what_waits_for_an_urgent_slice_is_dropped_at_the_end() -> None:
    threads, hold, done = Threads(2, Metrics()), Event(), list[str]()
    threads.queue(at_once, hold.wait)
    while threads.waiting:
        pass
    other = threads.queue(at_leisure, done.append, "at leisure")
    closing = Thread(target=threads.close)
    closing.start()
    while not other.done.cancelled():
        pass
    hold.set()
    closing.join()
    assert done == []


def test_nobody_is_put_off_for_longer_than_it_has_patience() -> None:
    clock = Clock()
    threads = Threads(1, Metrics(), clock)

    async def order() -> list[str]:
        hold, done = Event(), list[str]()
        first = asyncio.create_task(threads.run_slice(at_once, hold.wait))
        await until_waiting(threads, 0)
        patient = asyncio.create_task(threads.run_slice(at_leisure, done.append, "patient"))
        await until_waiting(threads, 1)
        clock.now += at_leisure() + 0.01
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


class Crowd:
    """Clients whose slices wait while one thread is held, on a clock of the test's."""

    def __init__(self) -> None:
        self.clock, self.hold, self.done = Clock(), Event(), list[str]()
        self.threads = Threads(1, Metrics(), self.clock, self.clock)
        self.first = self.ask(Client(clock=self.clock), "first", self.hold.wait)
        while self.threads.waiting:
            pass

    def ask(self, client: Client, name: str, work: object = None) -> Slice:
        def asked() -> Slice:
            CLIENT.set(client)
            if callable(work):
                return self.threads.queue(at_once, work)
            return self.threads.queue(at_once, self.done.append, name)

        return copy_context().run(asked)

    def served(self) -> list[str]:
        """The names in the order in which they are served."""
        self.hold.set()
        while self.threads.waiting:
            pass
        self.threads.close()
        return self.done


def test_who_has_had_little_goes_before_who_has_had_much() -> None:
    crowd = Crowd()
    eager, other = Client(clock=crowd.clock), Client(clock=crowd.clock)
    eager.spend(3.0)
    crowd.ask(eager, "eager")
    crowd.clock.now += 1.0
    crowd.ask(other, "other")
    assert crowd.served() == ["other", "eager"]


def test_many_streams_from_one_address_are_put_off_together() -> None:
    crowd = Crowd()
    addresses = Addresses(crowd.clock)
    for _ in range(20):
        addresses.at("many").spend(0.2)
    crowd.ask(addresses.at("many"), "one of many")
    crowd.clock.now += 1.0
    crowd.ask(addresses.at("alone"), "alone")
    assert crowd.served() == ["alone", "one of many"]


def test_of_one_clients_slices_each_waits_for_the_one_before() -> None:
    crowd = Crowd()
    many, other = Client(clock=crowd.clock), Client(clock=crowd.clock)
    for k in range(3):
        crowd.ask(many, f"many {k}")
    crowd.clock.now += 0.1
    crowd.ask(other, "other")
    crowd.clock.now += 0.1
    assert crowd.served() == ["many 0", "other", "many 1", "many 2"]


def test_whoever_asks_all_the_time_is_served_at_last() -> None:
    crowd = Crowd()
    eager = Client(clock=crowd.clock, within=Client(clock=crowd.clock))
    eager.spend(1e6)
    crowd.ask(eager, "eager")
    crowd.clock.now += 2 * LONGEST_PATIENCE + 0.01
    crowd.ask(Client(clock=crowd.clock), "other")
    assert crowd.served() == ["eager", "other"]


def test_a_slice_knows_its_place() -> None:
    crowd = Crowd()
    slices = [crowd.ask(Client(clock=crowd.clock), name) for name in "abc"]
    assert [crowd.threads.place(each) for each in slices] == [1, 1, 1]
    crowd.clock.now += 0.01
    last = crowd.ask(Client(clock=crowd.clock), "last")
    assert crowd.threads.place(last) == 4
    assert crowd.threads.place(crowd.first) is None
    crowd.served()
    assert crowd.threads.place(last) is None


def test_a_slice_is_its_clients() -> None:
    spent = iter([1.0, 1.25])
    threads, client = Threads(1, Metrics(), processor_time=lambda: next(spent)), Client(clock=Clock())

    async def asked() -> None:
        CLIENT.set(client)
        await threads.run_slice(at_once, int)

    asyncio.run(asked())
    assert client.recent == 0.25
    threads.close()


def test_short_work_is_put_off_less_than_long() -> None:
    assert 0 == put_off(0) < put_off(0.01) < put_off(0.05) < put_off(1) == put_off(100) == LONGEST_PATIENCE
