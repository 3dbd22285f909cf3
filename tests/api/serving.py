"""A real server on a free port, for tests that need sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import httpx
import uvicorn
from websockets.sync.client import ClientConnection, connect

from descentscape.api.ops.settings import Settings
from descentscape.api.server import configuration, listen

PATIENCE = 180
"""Seconds that a busy machine may take to answer: none is waited for, where nothing is wrong."""


visitor = httpx.Client(verify=False, timeout=PATIENCE, limits=httpx.Limits(max_keepalive_connections=0))
"""Asks over a connection of its own each time, and reads no certificates first, which takes 50 ms."""


def until(fact: Callable[[], bool]) -> None:
    """Wait for it, and fail where it does not come about."""
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def metric(address: str, line: str) -> float:
    """A number of GET /metrics; 0 where it is not there."""
    text = visitor.get(f"{address}/metrics").text
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


def stream(address: str, **options: Any) -> ClientConnection:
    """A connection to the stream of a service, which may take its time to answer."""
    patience = {"open_timeout": PATIENCE, "ping_timeout": PATIENCE}
    return connect(f"{address.replace('http', 'ws')}/api/v1/stream", max_size=None, **patience, **options)


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
