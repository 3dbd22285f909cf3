"""Several processes of one service: started together, started anew when they end, and ended together.

Uvicorn has a supervisor of its own. Its processes take connections from one socket, of a class that comes all
at once one of them often most, and it does not end while one of them is starting.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from threading import Thread

from uvicorn.config import STARTUP_FAILURE

Serve = Callable[[socket.socket], None]
"""Serves what comes over a listening socket until the process is asked to end; sent to another process."""

PAUSE = 1.0
"""Seconds before a process that has ended is started anew."""

ASKED_TO_END = 128 + signal.SIGTERM
"""The exit code of who was, as a shell tells it."""

_log = logging.getLogger("descentscape")


def keep_serving(serve: Serve, listeners: Sequence[socket.socket]) -> None:
    """Serve in a process for each socket, until this one is interrupted, is asked to end, or none can begin.

    The sockets stay open here, so that whoever connects while a process is started anew waits for it. Raises
    KeyboardInterrupt or SystemExit once all of them have ended.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ASKED_TO_END))
    processes = [_started(serve, each) for each in listeners]
    try:
        while True:
            wait([each.sentinel for each in processes])
            for number, process in enumerate(processes):
                if process.exitcode is not None:
                    _log.error("process ended", extra={"pid": process.pid, "exit_code": process.exitcode})
                    if process.exitcode == STARTUP_FAILURE:
                        raise SystemExit(STARTUP_FAILURE)
                    time.sleep(PAUSE)
                    processes[number] = _started(serve, listeners[number])
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


def _started(serve: Serve, listener: socket.socket) -> SpawnProcess:
    process = get_context("spawn").Process(target=_serve, args=(serve, listener))
    process.start()
    return process


def _serve(serve: Serve, listener: socket.socket) -> None:
    parent = parent_process()
    assert parent is not None
    Thread(target=_end_with, args=[parent.sentinel], daemon=True).start()
    serve(listener)


def _end_with(sentinel: int) -> None:
    """End this process as soon as the one that started it has: nobody else would."""
    wait([sentinel])
    os._exit(1)
