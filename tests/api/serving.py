"""A real server on a free port, for tests that need sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from urllib.parse import urlsplit

import httpx
import uvicorn

from descentscape.api.ops.settings import Settings
from descentscape.api.server import configuration, listen

PATIENCE = 60
"""Seconds that a busy machine may take to answer."""


def until(fact: Callable[[], bool]) -> None:
    """Wait for it, and fail where it does not come about."""
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def metric(address: str, line: str) -> float:
    """A number of GET /metrics; 0 where it is not there."""
    text = httpx.get(f"{address}/metrics").text
    return next((float(row.split()[-1]) for row in text.splitlines() if row.startswith(f"{line} ")), 0.0)


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
        thread.join(PATIENCE)
        listener.close()
        assert not thread.is_alive()


def raw_answer(address: str, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """What the service answers to these very bytes, after which it closes: status, headers, body."""
    url = urlsplit(address)
    with socket.create_connection((url.hostname, url.port), PATIENCE) as client:
        client.sendall(request)
        answer = b"".join(iter(lambda: client.recv(1 << 16), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.partition(": ")[::2] for line in lines]
    headers = {name.lower(): value for name, value in pairs}
    assert len(headers) == len(pairs), "no header comes twice"
    return int(status.split()[1]), headers, body
