"""The few threads that compute, in short slices, so that nobody waits for long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Condition
from typing import Any, ParamSpec, TypeVar

from descentscape.api.ops.metrics import Metrics
from descentscape.core.clients import Client, current_client
from descentscape.core.time_slices import Clock

P = ParamSpec("P")
T = TypeVar("T")

Patience = Callable[[], float]
"""How many seconds others may come later and yet go first, as it is when a thread is free."""

PUT_OFF, LONGEST_PATIENCE = 30.0, 3.0
"""Seconds that others go first for each second that work has taken so far, and in all."""

SHARE = 1.0
"""Seconds of late for which a client is put off by a quarter of the most."""

URGENT = 0.5
"""Work of no more patience than this is urgent: beside it nothing else has a thread."""


def at_leisure() -> float:
    """The patience of work that nobody waits for: two seconds."""
    return 2.0


def at_once() -> float:
    """No patience."""
    return 0.0


def put_off(seconds: float) -> float:
    """The patience of work that has taken so many seconds: what is short goes before what is long."""
    return min(PUT_OFF * seconds, LONGEST_PATIENCE)


def urgently(seconds: float) -> float:
    """The same of work that somebody sees nothing without, which stays urgent."""
    return min(put_off(seconds), URGENT)


def behind(client: Client | None) -> float:
    """The patience of one who has had much of late, and of an address that has; a little hardly counts."""
    if client is None:
        return 0.0
    share = client.recent / (client.recent + SHARE)
    return LONGEST_PATIENCE * share**2 + behind(client.within)


@dataclass(frozen=True, eq=False)
class Slice:
    """Work that waits for a thread."""

    came: float
    client: Client
    patience: Patience
    work: Callable[[], Any]
    done: Future[Any]
    queued: float = field(default_factory=time.perf_counter)


class Threads:
    """A bounded pool: a time slice is one short function call; whoever wants another time slice queues again.

    A free thread takes the slice that came first, what it can wait added: the `Patience` of its work, and
    that of its client, by the processor's time that this one has had `recent`ly. So what somebody waits for
    goes before what refines a picture, who has had little before who has had much, whatever they ask and over
    however many streams from one address; and nobody is put off without end. Of one client's slices each
    counts as having come when the one before was taken. Beside an urgent slice no other begins: it would
    take turns with it at the interpreter’s lock.
    """

    def __init__(
        self,
        threads: int,
        metrics: Metrics,
        clock: Clock = time.monotonic,
        processor_time: Clock = time.thread_time,
    ) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="compute")
        self._waiting, self._turn = list[Slice](), Condition()
        self._urgent = 0
        self._served: dict[Client, float] = {}
        self._metrics, self._clock, self._processor_time = metrics, clock, processor_time

    @property
    def waiting(self) -> int:
        """How many slices wait for a thread."""
        return len(self._waiting)

    async def run_slice(
        self, patience: Patience, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one time slice on a thread, for the client of this context."""
        return await asyncio.wrap_future(self.queue(patience, work, *args, **kwargs).done)

    def queue(self, patience: Patience, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Slice:
        """Have one time slice wait for a thread, for the client of this context."""
        mine = Slice(self._clock(), current_client(), patience, partial(work, *args, **kwargs), Future())
        with self._turn:
            self._waiting.append(mine)
            self._turn.notify()
        self._pool.submit(self._take)
        return mine

    def place(self, mine: Slice) -> int | None:
        """Which one a slice is of those that wait, 1 the next; None once it has a thread."""
        with self._turn:
            if mine not in self._waiting:
                return None
            due = self._due()
            return 1 + sum(other < due[self._waiting.index(mine)] for other in due)

    def _due(self) -> list[float]:
        """For each slice that waits the time by which it goes before all that come later."""
        late = {client: behind(client) for client in {each.client for each in self._waiting}}
        return [
            max(each.came, self._served.get(each.client, each.came)) + each.patience() + late[each.client]
            for each in self._waiting
        ]

    def _take(self) -> None:
        """Run the slice whose turn it is, unless it was given up before."""
        mine, urgent = self._begin()
        try:
            self._run(mine)
        finally:
            with self._turn:
                self._urgent -= urgent
                self._turn.notify_all()

    def _begin(self) -> tuple[Slice, bool]:
        """The slice whose turn it is, once nothing urgent keeps it waiting, and whether it is urgent."""
        with self._turn:
            while not (urgent := (mine := self._first()).patience() <= URGENT) and self._urgent:
                self._turn.wait()
            self._urgent += urgent
            self._waiting.remove(mine)
            others = {each.client for each in self._waiting}
            self._served = {client: at for client, at in self._served.items() if client in others}
            self._served[mine.client] = self._clock()
        return mine, urgent

    def _first(self) -> Slice:
        due = self._due()
        return self._waiting[due.index(min(due))]

    def _run(self, mine: Slice) -> None:
        if not mine.done.set_running_or_notify_cancel():
            return
        began, spent = time.perf_counter(), self._processor_time()
        self._metrics.queued.observe(began - mine.queued)
        try:
            result = mine.work()
        except BaseException as error:
            self._note(mine, began, spent)
            mine.done.set_exception(error)
        else:
            self._note(mine, began, spent)
            mine.done.set_result(result)

    def _note(self, mine: Slice, began: float, spent: float) -> None:
        mine.client.spend(self._processor_time() - spent)
        self._metrics.slices.observe(time.perf_counter() - began)

    def close(self) -> None:
        """Let the time slices that run finish, and drop those that wait."""
        for dropped in self._waiting:
            dropped.done.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
