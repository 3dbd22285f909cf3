"""Work that cannot be divided into time slices: on a few threads of its own, shared fairly between clients.

A factorisation, or the gradient of a large network on all examples. NumPy and compiled code let go of the
interpreter meanwhile.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from functools import cache
from threading import Event, Lock, get_native_id
from time import thread_time
from typing import Any, TypeVar

from descentscape.core.clients import Client, current_client
from descentscape.core.objective import Objective
from descentscape.core.time_slices import TimeSlices

T = TypeVar("T")

MAX_UNDIVIDED = 2
"""How many pieces of undivided work are under way at a time; others wait for them."""

GLANCE = 0.005
"""Seconds of waiting for undivided work that make a time slice."""

NICE = 5
"""How far undivided work stands back: beside a thread that does not it gets a quarter of a processor."""

SLICE_WORK = 1 << 25
"""Parameters times examples of a gradient: some ten milliseconds."""


EXAMPLE_WORK = 64
"""What an example takes beside its parameters, as so many of them."""

CALL_WORK = 1 << 18
"""What an evaluation takes beside, however small: some fifty microseconds."""


class GivenUpError(Exception):
    """Nobody waits any more for the piece of work that raises it."""


@dataclass(eq=False)
class Piece:
    """Undivided work, whom it is done for, and what comes of it; it ends early once it is given up.

    ``spent`` are the seconds of computing that it has taken, as of its last evaluation.
    """

    work: Callable[[], Any]
    context: Context
    client: Client
    found: Future[Any] = field(default_factory=Future)
    given_up: Event = field(default_factory=Event)
    began: float = 0.0
    spent: float = 0.0

    def run(self) -> None:
        """Do it, unless nobody waits for it any more, and count the time for the client."""
        if not self.found.set_running_or_notify_cancel():
            return
        self.began = thread_time()
        try:
            found = self.context.run(self._marked)
        except GivenUpError as error:
            # Its traceback would hold what the work was on until garbage is collected.
            self.found.set_exception(error.with_traceback(None))
        except BaseException as error:
            self._count()
            self.found.set_exception(error)
        else:
            self._count()
            self.found.set_result(found)
        self.client.spend(self.spent)

    def go_on(self) -> None:
        """Count the time until now; raises GivenUpError where nobody waits for it any more."""
        self._count()
        if self.given_up.is_set():
            raise GivenUpError("nobody waits for this work any more")

    def _count(self) -> None:
        self.spent = thread_time() - self.began

    def drop(self) -> None:
        """Give it up: it never begins, or ends at its next evaluation."""
        self.given_up.set()
        self.found.cancel()

    def _marked(self) -> Any:
        _PIECE.set(self)
        return self.work()


_PIECE: ContextVar[Piece | None] = ContextVar("piece of undivided work", default=None)
_ASIDE: ContextVar[float] = ContextVar("seconds of undivided work", default=0.0)


def computing_seconds() -> float:
    """Seconds that this thread has computed, and that undivided work took which it has waited for."""
    return thread_time() + _ASIDE.get()


class Queue:
    """The pieces that wait for a thread: of each client one goes at a time, who has had least first."""

    def __init__(self, threads: int = MAX_UNDIVIDED) -> None:
        self._pool = ThreadPoolExecutor(threads, "undivided work", initializer=step_back)
        self._lock, self._waiting, self._served = Lock(), list[Piece](), list[Client]()

    @property
    def waiting(self) -> int:
        """How many pieces wait for a thread."""
        return len(self._waiting)

    @property
    def under_way(self) -> int:
        """How many pieces are under way."""
        return len(self._served)

    def place(self, client: Client) -> int:
        """Which one a client is of those that wait for a thread, 1 the next; 0 where it waits for none."""
        with self._lock:
            recent = {each.client: each.client.recent for each in self._waiting}
            if client in self._served or client not in recent:
                return 0
            return 1 + sum(other < recent[client] for other in recent.values())

    def begin(self, piece: Piece) -> None:
        """Do it when its turn comes."""
        with self._lock:
            self._waiting.append(piece)
        self._pool.submit(self._serve)

    def _serve(self) -> None:
        """Do the pieces whose turn it is, until there is none: whoever is served makes others wait."""
        while (piece := self._next()) is not None:
            try:
                piece.run()
            finally:
                with self._lock:
                    self._served.remove(piece.client)

    def _next(self) -> Piece | None:
        with self._lock:
            self._waiting = [each for each in self._waiting if not each.found.cancelled()]
            free = [each for each in self._waiting if each.client not in self._served]
            if not free:
                return None
            piece = min(free, key=lambda each: each.client.recent)
            self._waiting.remove(piece)
            self._served.append(piece.client)
            return piece


@cache
def undivided() -> Queue:
    """The one queue of this process."""
    return Queue()


def step_back() -> None:
    """Let the other threads of this process go before the one that calls, where the system can (Linux)."""
    if sys.platform == "linux":
        usual = os.getpriority(os.PRIO_PROCESS, os.getpid())
        os.setpriority(os.PRIO_PROCESS, get_native_id(), usual + NICE)


def is_undivided() -> bool:
    """Whether this is undivided work."""
    return _PIECE.get() is not None


def run_in_thread(work: Callable[[], T], queue: Queue | None = None) -> TimeSlices[T]:
    """Undivided work on a thread of the process’s queue, or another; the slices only wait for it.

    Dropped with the slices it does not begin, and ends at its next evaluation if it has. Undivided work
    within undivided work is a part of it.
    """
    if is_undivided():
        return work()
    piece = Piece(work, copy_context(), current_client())
    (queue or undivided()).begin(piece)
    try:
        while not _is_done(piece):
            yield
        found: T = piece.found.result()
        return found
    finally:
        piece.drop()


def _is_done(piece: Piece) -> bool:
    """Whether a piece is done, after a while of waiting for it, whose time is counted here."""
    before = piece.spent
    done = bool(wait([piece.found], GLANCE).done)
    _ASIDE.set(_ASIDE.get() + piece.spent - before)
    return done


def go_on() -> None:
    """Say that work goes on; raises GivenUpError where nobody waits for it any more."""
    if (piece := _PIECE.get()) is not None:
        piece.go_on()


def gradient_work(objective: Objective) -> int:
    """Parameters times examples, and some for each example whatever the parameters are.

    By it grows the time of a cost (a third of a gradient’s), a gradient, and a Hessian product (twice that).
    What an objective is by itself that cannot tell, since nothing is known of what it does, it says.
    """
    own: int | None = getattr(objective, "own_work", None)
    if own is not None:
        return own
    examples: int = getattr(objective, "n_examples", 1)
    return (objective.dim + EXAMPLE_WORK) * examples


def in_thread_if_long(objective: Objective, work: Callable[[], T], gradients: float = 1) -> TimeSlices[T]:
    """Work that takes about so many gradients: at once, or on a thread where that is over a time slice."""
    if gradients * gradient_work(objective) <= SLICE_WORK:
        return work()
    return (yield from run_in_thread(work))
