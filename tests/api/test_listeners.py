"""A port belongs to one service, and to all of its processes."""

from __future__ import annotations

import socket
import sys

import pytest

from descentscape.api.listeners import listen, shared


def is_here(host: str) -> bool:
    try:
        listen(host, 0).close()
    except OSError:
        return False
    return True


LOOPBACKS = ["127.0.0.1", *filter(is_here, ["::1"])]
"""Of this machine, which may have no IPv6."""


def taken(listener: socket.socket) -> int:
    """How many connections wait, each of which is taken."""
    listener.setblocking(False)
    number = 0
    try:
        while True:
            listener.accept()[0].close()
            number += 1
    except BlockingIOError:
        return number


def test_a_port_in_use_is_named() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(OSError, match=f"port {port} on 127.0.0.1 is in use"):
            listen("127.0.0.1", port)


def test_a_host_that_is_not_ours_is_named() -> None:
    with pytest.raises(OSError, match=r"port 0 on 192\.0\.2\.1 cannot be taken"):
        listen("192.0.2.1", 0)


@pytest.mark.skipif(sys.platform != "linux", reason="spreads connections on Linux alone")
@pytest.mark.parametrize("host", LOOPBACKS)
def test_processes_share_a_port_evenly_and_no_other_service_gets_it(host: str) -> None:
    first = listen(host, 0)
    listeners = shared(first, 3)
    address = first.getsockname()[:2]
    clients = [socket.create_connection(address) for _ in range(300)]
    try:
        with pytest.raises(OSError, match="is in use"):
            listen(*address)
        found = [taken(each) for each in listeners]
        # Otherwise by chance once in a hundred thousand times.
        assert sum(found) == 300
        assert all(60 <= each <= 140 for each in found)
    finally:
        for each in (*clients, *listeners):
            each.close()
