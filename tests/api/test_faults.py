"""What docs/service.md promises for when something goes wrong, of a service in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from api.serving import PATIENCE, metric, serving, stream, until, visitor
from api.stream.test_socket import closing, entries, hear_until, say
from api.talking import SADDLE
from browser.service import Service

GONE = 1006
"""What a client calls an end without a closing frame."""

HALF_A_MESSAGE = b"\x81\xfe\x10\x00\0\0\0\0{"
HALF_A_BODY = (
    b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 100\r\n\r\n{"
)


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """Started once; a test that ends it is the last to have it."""
    service = Service()
    service.start()
    yield service
    service.stop()


def test_a_stream_goes_on_where_it_was_after_a_crash(service: Service) -> None:
    whole_before = whole(service)
    with stream(service.address) as client:
        say(client, "open", experiment=SADDLE)
        say(client, "seek", step=23)
        plane = hear_until(client, "plane")[-1]
        before = entries(client, 0, 0, 24)
        service.kill()
        assert closing(client) == GONE
    service.start()
    assert whole(service) == whole_before
    assert isinstance(plane, dict)
    with stream(service.address) as client:
        resume = {"plane_id": plane["plane_id"], "steps": [24]}
        say(client, "open", experiment=SADDLE, resume=resume)
        say(client, "play")
        after = entries(client, 0, 24, 41)
    joined = {name: before[name].tobytes() + after[name].tobytes() for name in before}
    assert joined == whole_before


def whole(service: Service) -> dict[str, bytes]:
    """All entries of the descent over the saddle, of which no bit depends on what is compiled already."""
    with stream(service.address) as client:
        say(client, "open", experiment=SADDLE)
        while not hear_until(client, "status")[-1]["complete"]:  # type: ignore[call-overload]
            pass
        say(client, "open", experiment=SADDLE)
        hear_until(client, "opened")
        say(client, "play")
        return {name: values.tobytes() for name, values in entries(client, 0, 0, 41).items()}


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_it_ends_at_once_when_it_is_asked_to(service: Service) -> None:
    process = service.process
    assert process is not None
    with stream(service.address) as client, socket.create_connection(("127.0.0.1", service.port)) as half:
        half.sendall(b"GET / HT")
        say(client, "open", experiment=SADDLE)
        hear_until(client, "opened")
        process.terminate()
        assert closing(client) == 1012
        assert process.wait(PATIENCE) == -signal.SIGTERM


@pytest.mark.skipif(os.name != "posix", reason="descriptors")
def test_it_answers_however_few_descriptors_there_are(service: Service) -> None:
    service.stop()
    service.start("sh", "-c", 'ulimit -n 128 && exec "$@"', "sh")
    with ExitStack() as stack:
        for _ in range(300):
            half = stack.enter_context(socket.create_connection(("127.0.0.1", service.port)))
            half.sendall(b"GET / HT")
        assert visitor.get(f"{service.address}/healthz").status_code == 200
        assert metric(service.address, "descentscape_connections") <= 64
        assert metric(service.address, "process_open_fds") < 128


@pytest.mark.parametrize("reset", [False, True])
def test_what_is_cut_off_midway_leaves_nothing(reset: bool) -> None:
    def cut(line: socket.socket) -> None:
        if reset:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        line.close()

    with serving() as address:
        port = int(address.rpartition(":")[2])
        for _ in range(20):
            with stream(address, close_timeout=0) as client:
                client.socket.sendall(HALF_A_MESSAGE)
                if reset:
                    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                client.socket.shutdown(socket.SHUT_RDWR)
            line = socket.create_connection(("127.0.0.1", port))
            line.sendall(HALF_A_BODY)
            cut(line)
        for name in ("sockets", "calls", "inbox_bytes", "outbox_bytes"):
            until(lambda name=name: metric(address, f"descentscape_{name}") == 0)  # type: ignore[misc]
        until(lambda: metric(address, "descentscape_connections") <= 2)
