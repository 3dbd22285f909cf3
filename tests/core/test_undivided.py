"""Undivided work: waited for in slices, shared between clients, ended where nobody waits for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextvars import copy_context
from threading import Barrier, Event, Lock, current_thread, get_native_id

import numpy as np
import pytest

from clocks import Clock
from descentscape.core import undivided
from descentscape.core.clients import CLIENT, HALF_LIFE, Addresses, Client
from descentscape.core.network.layers import dense_layers
from descentscape.core.network.mlp import MLP
from descentscape.core.parallel import spread
from descentscape.core.time_slices import run_to_completion
from descentscape.core.undivided import (
    MAX_UNDIVIDED,
    NICE,
    GivenUpError,
    Piece,
    Queue,
    computing_seconds,
    go_on,
    run_in_thread,
)


def test_work_aside_is_waited_for_in_slices() -> None:
    may_end = Event()

    def work() -> str:
        may_end.wait(10)
        return current_thread().name

    slices = run_in_thread(work)
    for _ in range(3):
        next(slices)
    may_end.set()
    assert run_to_completion(slices) != current_thread().name


def test_work_aside_fails_where_it_is_wanted() -> None:
    def work() -> None:
        raise ValueError("no such thing")

    with pytest.raises(ValueError, match="no such thing"):
        run_to_completion(run_in_thread(work))


def test_work_aside_may_set_work_aside() -> None:
    def outer() -> str:
        return run_to_completion(run_in_thread(lambda: current_thread().name))

    under_way = [run_in_thread(outer) for _ in range(3 * MAX_UNDIVIDED)]
    for slices in under_way:
        next(slices, None)
    names = {run_to_completion(run_in_thread(outer)) for _ in range(3)}
    assert current_thread().name not in names
    for slices in under_way:
        slices.close()


class Held:
    """Pieces of work that wait until they are let go, and how many of each client were under way at once."""

    def __init__(self, queue: Queue) -> None:
        self.queue, self.may_end, self.lock = queue, Event(), Lock()
        self.begun, self.now, self.most = list[str](), dict[Client, int](), 0

    def begin(self, client: Client, name: str) -> Piece:
        def work() -> str:
            with self.lock:
                self.begun.append(name)
                self.now[client] = self.now.get(client, 0) + 1
                self.most = max(self.most, self.now[client])
            self.may_end.wait(10)
            with self.lock:
                self.now[client] -= 1
            return name

        piece = Piece(work, copy_context(), client)
        self.queue.begin(piece)
        return piece


def test_of_one_client_one_piece_goes_at_a_time() -> None:
    held, eager, other = Held(Queue(2)), Client(), Client()
    pieces = [held.begin(eager, f"eager {k}") for k in range(4)]
    last = held.begin(other, "other")
    held.may_end.set()
    assert [piece.found.result(10) for piece in (*pieces, last)] == [
        *(f"eager {k}" for k in range(4)),
        "other",
    ]
    assert held.begun.index("other") <= 1
    assert held.most == 1
    assert held.queue.waiting == 0


def test_who_has_had_least_of_late_goes_first() -> None:
    clock, held = Clock(), Held(Queue(1))
    first, much, little = (Client(clock=clock) for _ in range(3))
    much.spend(2.0)
    little.spend(1.0)
    pieces = [held.begin(first, "first"), held.begin(much, "much"), held.begin(little, "little")]
    held.may_end.set()
    for piece in pieces:
        piece.found.result(10)
    assert held.begun == ["first", "little", "much"]


def test_a_client_has_a_place_among_those_that_wait() -> None:
    clock, held = Clock(), Held(Queue(1))
    first, much, little = (Client(clock=clock) for _ in range(3))
    much.spend(2.0)
    little.spend(1.0)
    pieces = [held.begin(first, "first")]
    while not held.begun:
        pass
    pieces += [held.begin(first, "more"), held.begin(much, "much"), held.begin(little, "little")]
    assert [held.queue.place(each) for each in (first, little, much, Client())] == [0, 2, 3, 0]
    held.may_end.set()
    for piece in pieces:
        piece.found.result(10)
    assert held.queue.place(much) == 0


def test_work_that_is_dropped_ends_at_its_next_evaluation() -> None:
    evaluated, dropped, ended = Event(), Event(), Event()
    one = np.ones((1, 1))
    network = MLP(dense_layers((1, 1), ("linear",)), "mse", one, one)

    def work() -> None:
        try:
            network.value(np.zeros(2))
            evaluated.set()
            dropped.wait(10)
            network.value(np.zeros(2))
        except GivenUpError:
            ended.set()

    slices = run_in_thread(work)
    next(slices)
    assert evaluated.wait(10)
    slices.close()
    dropped.set()
    assert ended.wait(10)


def test_work_that_is_dropped_before_its_turn_never_begins() -> None:
    held = Held(Queue(1))
    pieces = [held.begin(Client(), name) for name in ("first", "dropped", "last")]
    pieces[1].drop()
    held.may_end.set()
    assert pieces[2].found.result(10) == "last"
    assert held.begun == ["first", "last"]


def test_work_in_slices_goes_on_whoever_waits() -> None:
    go_on()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_work_aside_and_what_it_shares_stands_back() -> None:
    own = os.getpriority(os.PRIO_PROCESS, get_native_id())

    def priorities() -> set[int]:
        found, both = set[int](), Barrier(2)

        def note(_: Sequence[int]) -> None:
            both.wait(10)
            found.add(os.getpriority(os.PRIO_PROCESS, get_native_id()))

        spread(note, range(2), processors=2)
        return found

    assert run_to_completion(run_in_thread(priorities)) == {min(own + NICE, 19)}
    assert priorities() == {own}


def test_work_aside_is_its_clients() -> None:
    client = Client(within=(address := Client()))

    def asked() -> Client:
        CLIENT.set(client)
        return run_to_completion(run_in_thread(_busily))

    assert copy_context().run(asked) is client
    assert 0 < client.recent <= address.recent * 1.0001


def _busily() -> Client:
    sum(k * k for k in range(100_000))
    return CLIENT.get()


def test_what_was_had_counts_half_after_a_while() -> None:
    clock = Clock()
    client = Client(clock=clock)
    client.spend(1.0)
    clock.now += HALF_LIFE
    assert client.recent == pytest.approx(0.5)
    client.spend(1.0)
    clock.now += 2 * HALF_LIFE
    assert client.recent == pytest.approx(1.5 / 4)


def test_an_address_is_known_while_it_has_had_something() -> None:
    clock = Clock()
    addresses = Addresses(clock)
    one, two = addresses.at("a"), addresses.at("a")
    one.spend(1.0)
    assert two.recent == 0
    assert two.within is one.within is not None
    assert two.within.recent == 1.0
    addresses.at("b")
    assert addresses.at("a").within is one.within
    clock.now += 100 * HALF_LIFE
    addresses.at("c")
    assert addresses.at("a").within is not one.within


def test_what_work_aside_takes_counts_for_who_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, looked = Clock(), Event()
    monkeypatch.setattr(undivided, "thread_time", clock)
    before = computing_seconds()

    def work() -> None:
        clock.now += 3.0
        go_on()
        looked.wait(10)

    slices = run_in_thread(work)
    next(slices)
    while computing_seconds() - clock.now < 3.0 - 1e-9:
        next(slices)  # it is counted while it goes on
    looked.set()
    run_to_completion(slices)
    assert computing_seconds() - before == pytest.approx(6.0)
