"""The service on a thread of a process that does something else: a notebook, or a script."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import uvicorn

from descentscape.api.listeners import listen
from descentscape.api.ops.addresses import own_url
from descentscape.api.ops.settings import read_settings
from descentscape.api.server import configuration

HOST = "127.0.0.1"

NO_END = 1e9
"""Seconds of computing that are allowed: whoever serves oneself waits for as long as one likes."""

GLANCE, STARTING = 0.01, 2000
"""Seconds between two looks whether it has begun, and how many looks there are at most."""


def serve_aside() -> tuple[str, Callable[[], None]]:
    """Serve on a free port of this machine alone; the page's address, and what ends it."""
    listener = listen(HOST, 0)
    server = uvicorn.Server(configuration(read_settings(compute_seconds=NO_END)))
    thread = Thread(target=server.run, args=([listener],), name="descentscape page", daemon=True)
    thread.start()
    for _ in range(STARTING):
        if server.started or not thread.is_alive():
            break
        Event().wait(GLANCE)

    def end() -> None:
        server.should_exit = True
        thread.join()
        listener.close()

    return own_url(*listener.getsockname()[:2]), end
