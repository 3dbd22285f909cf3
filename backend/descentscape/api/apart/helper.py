"""The helper process from outside: files are read and written there, and everything else goes on meanwhile.

A parser of another language, or a loop over a million cells, keeps the interpreter's lock for so long that
whoever else is served notices. A helper is begun anew when a file has brought it down, or nobody waits any
more for what it does.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
from queue import Empty, SimpleQueue
from subprocess import DEVNULL, PIPE, Popen
from threading import Lock, Thread
from time import monotonic
from typing import Any

from descentscape.api.apart.messages import Answer, receive
from descentscape.api.apart.process import Work
from descentscape.core.clients import current_client
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import Queue, go_on, run_in_thread

GLANCE = 0.02
"""Seconds between two looks whether anybody still waits."""

# Nothing that it does is shared among threads, which would each take memory.
SINGLE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

_log = logging.getLogger("descentscape")


class Helper:
    """Does one piece of work at a time in a process of its own: of several clients who has had least first.

    ``memory`` are the bytes that a piece may take there, ``seconds`` how long. The process is begun when it
    is first needed, or asked to be `ready`.
    """

    def __init__(self, memory: int, seconds: float) -> None:
        self._memory, self._seconds = memory, seconds
        self._queue, self._lock = Queue(1), Lock()
        self._process: _Process | None = None
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many pieces of work wait for the process."""
        return self._queue.waiting

    def ready(self) -> None:
        """Begin the process, so that nobody waits for that."""
        with self._lock:
            if not self._closed and (self._process is None or not self._process.lives):
                self._process = _Process(self._memory)

    def run(self, what: str, work: Work, *given: Any) -> TimeSlices[tuple[bytes, ...]]:
        """What the work makes of what is given, which goes there pickled; the slices only wait for it.

        Dropped with the slices it ends at once. Raises what the work raises of InvalidValue, and TooExpensive
        where it takes too much time or memory, of which ``what`` is to blame.
        """
        return (yield from run_in_thread(lambda: self._done(what, work, given), self._queue))

    def close(self) -> None:
        """End the process, and begin no other."""
        with self._lock:
            self._closed = True
            self._drop()

    def _done(self, what: str, work: Work, given: tuple[Any, ...]) -> tuple[bytes, ...]:
        began, answer = monotonic(), None
        self.ready()
        process = self._process
        try:
            if process is not None:
                answer = process.answer(work, given, began + self._seconds)
        finally:
            # The time to begin another is the client's, too.
            spent = monotonic() - began if answer is None else answer.head.seconds
            if answer is None or answer.head.last:
                with self._lock:
                    self._drop()
                self.ready()
            current_client().spend(spent)
        return self._understood(what, answer)

    def _drop(self) -> None:
        if self._process is not None:
            self._process.end()
        self._process = None

    def _understood(self, what: str, answer: Answer | None) -> tuple[bytes, ...]:
        if answer is None or answer.head.exhausted:
            bounds = f"{self._memory >> 20:,} MB of memory and {self._seconds:g} s"
            raise TooExpensive(what, f"one that takes at most {bounds}")
        if answer.head.refused is not None:
            raise _refusal(*answer.head.refused, costly=answer.head.costly)
        if answer.head.failed is not None:
            _log.error("fault in the helper process", extra={"traceback": answer.head.failed})
            raise RuntimeError("the helper process has failed")
        return answer.parts


def _refusal(name: str, words: str, *, costly: bool) -> InvalidValue:
    """The refusal of another process, in the words that it had there."""
    error = (TooExpensive if costly else InvalidValue)(name, "")
    error.args = (words,)
    return error


class _Process:
    """One process, and the thread that receives its answers."""

    def __init__(self, memory: int) -> None:
        # Not multiprocessing’s way, which would run a user’s script once more in it.
        program = f"import sys; sys.path[:] = {sys.path!r}; import {WITHIN} as own; own.serve({memory})"
        self._process = Popen(
            [sys.executable, "-c", program],
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={**os.environ, **SINGLE},
        )
        self._answers = SimpleQueue[Answer | None]()
        Thread(target=self._listen, name="answers of the helper", daemon=True).start()

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def answer(self, work: Work, given: tuple[Any, ...], until: float) -> Answer | None:
        """What it answers; None where it ends before, or does not by then.

        Raises GivenUpError where nobody waits for it any more.
        """
        assert self._process.stdin is not None
        try:
            pickle.dump((work, given), self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
        except OSError:
            return None
        while monotonic() < until:
            go_on()
            try:
                return self._answers.get(timeout=GLANCE)
            except Empty:
                continue
        return None

    def end(self) -> None:
        """End it at once, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except OSError:
                continue  # what was written for it and it has not read

    def _listen(self) -> None:
        assert self._process.stdout is not None
        try:
            while True:
                self._answers.put(receive(self._process.stdout))
        except (EOFError, ValueError, OSError):
            self._answers.put(None)


WITHIN = "descentscape.api.apart.process"
"""The module that the process runs."""
