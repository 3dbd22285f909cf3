"""The service in a process of its own, on the loopback, with room for all clients of a row."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

T = TypeVar("T")

SETTINGS = {"DESCENTSCAPE_SOCKETS": "1000", "DESCENTSCAPE_SOCKETS_PER_ADDRESS": "1000"}

NETWORK = {"DESCENTSCAPE_PROCESSES": str(min(len(os.sched_getaffinity(0)), 4))}
"""Served as to a class that comes over the network, though on the loopback: a process for each core."""


@contextmanager
def serving(settings: dict[str, str] | None = None) -> Iterator[str]:
    """The address of a service with further settings until the block ends."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from browser.service import Service

    running = Service()
    with patch.dict(os.environ, SETTINGS | (settings or {})):
        running.start()
    try:
        yield running.address
    finally:
        running.stop()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run the clients on the fastest event loop that there is; the service comes with it."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
