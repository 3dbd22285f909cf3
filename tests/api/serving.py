"""A real server on a free port, for tests that need sockets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn

from descentscape.api.ops.settings import Settings
from descentscape.api.server import configuration, listen


@contextmanager
def serving(settings: Settings | None = None) -> Iterator[str]:
    """The address of a service that runs in a thread until the block ends."""
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(configuration(settings or Settings()))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
        assert not thread.is_alive()
