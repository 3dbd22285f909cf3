"""The helper process from inside: it does one piece of work after another until nobody asks any more."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from time import process_time
from typing import Any, BinaryIO, TypeAlias

from pydantic import ValidationError

from descentscape.api.apart.messages import Head, send
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.document.field_errors import field_errors

Work: TypeAlias = Callable[..., bytes | tuple[bytes, ...]]
"""A function that is found by its name, of values that can be pickled."""

NICE = 5
"""How far it stands back behind the service, as work on a thread aside does."""

KEPT_BYTES = 64 * 2**20
"""Memory beyond what it began with at which it ends after an answer: what stays would only grow."""

LONGEST_FAULT = 8000
"""Characters of a traceback that are told."""

STATUS = Path("/proc/self/statm")


def serve(memory: int) -> None:
    """Do what standard input asks for, with so many bytes of memory more than it begins with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICE)
    asked = SimpleQueue[tuple[Work, Sequence[Any]]]()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints is not to be taken for an answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _warm()
    _bound(memory)
    usual = _resident()
    Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()
    last = False
    while not last:
        began = process_time()
        head, parts = _answered(*asked.get())
        last = head.exhausted or _resident() > usual + KEPT_BYTES
        sizes = tuple(map(len, parts))
        send(answers, replace(head, sizes=sizes, seconds=process_time() - began, last=last), parts)
    os._exit(0)


def _listen(requests: BinaryIO, asked: SimpleQueue[tuple[Work, Sequence[Any]]]) -> None:
    """Take requests, and end the process at once when whoever asks has ended: nobody waits for it then."""
    with suppress(EOFError, OSError, MemoryError):
        while True:
            asked.put(pickle.load(requests))  # which the service alone writes
    os._exit(0)


def _answered(work: Work, given: Sequence[Any]) -> tuple[Head, tuple[bytes, ...]]:
    try:
        found = work(*given)
    except MemoryError:
        return Head(exhausted=True), ()
    except ValidationError as error:
        wrong = field_errors(error)[0]
        return Head(refused=(wrong.field, str(wrong))), ()
    except InvalidValue as error:
        return Head(refused=(error.name, str(error)), costly=isinstance(error, TooExpensive)), ()
    except BaseException:  # what a library of another language raises need not be an Exception
        return Head(failed=traceback.format_exc()[-LONGEST_FAULT:]), ()
    return Head(), found if isinstance(found, tuple) else (found,)


def _warm() -> None:
    """Read in beforehand what the first piece of work would wait for."""
    import descentscape.api.apart.uploads
    import descentscape.output.exports  # noqa: F401


def _bound(memory: int) -> None:
    """Have what is allocated beyond so many bytes fail, where the system can (not on Windows)."""
    if sys.platform == "linux":
        import resource

        most = int(STATUS.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _resident() -> int:
    """Bytes of memory that it holds; 0 where the system does not say."""
    if sys.platform == "linux":
        return int(STATUS.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
