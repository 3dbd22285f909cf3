"""Answers in parts, and what a call holds until its answer was read."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from api.serving import PATIENCE, metric, serving, until, visitor
from descentscape.api.http.parts import PART, InParts
from descentscape.api.ops.settings import Settings

LARGE = b'{"steps": 4000, "seed": 4, "problem": {"hidden": [16, 16]}}'
"""Its theta as JSON is more than the buffers of a connection hold."""


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 3 * PART])
@pytest.mark.parametrize("more", [False, True])
def test_a_body_goes_out_in_parts(size: int, more: bool) -> None:
    body = bytes(range(256)) * (size // 256 + 1)
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": body[:size], "more_body": more})

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(InParts(app)({"type": "http"}, None, send))  # type: ignore[arg-type]
    start, *parts = sent
    assert start["type"] == "http.response.start"
    assert b"".join(part["body"] for part in parts) == body[:size]
    assert max(len(part["body"]) for part in parts) <= PART
    assert [part["more_body"] for part in parts] == [True] * (len(parts) - 1) + [more]


@contextmanager
def line(address: str) -> Iterator[socket.socket]:
    """A connection that takes little from its buffers, as one over a slow network."""
    parts = urlsplit(address)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        client.settimeout(PATIENCE)
        client.connect((parts.hostname, parts.port))
        yield client


def head(path: str, body: bytes) -> bytes:
    return (
        f"POST /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("bound", "status", "words"),
    [
        ("calls", 503, "computations at once must be at most 1"),
        ("calls_per_address", 429, "computations from one address must be at most 1"),
    ],
)
def test_a_place_is_taken_before_the_body_is_read(bound: str, status: int, words: str) -> None:
    with serving(Settings(**{bound: 1})) as address:
        with line(address) as slow:
            slow.sendall(head("runs", b"{}"))
            until(lambda: metric(address, "descentscape_calls") == 1)
            response = visitor.post(f"{address}/api/v1/runs", json={"steps": 1})
            assert response.status_code == status
            assert words in response.json()["detail"]
            slow.sendall(b"{}")
            assert slow.recv(12) == b"HTTP/1.1 200"
        until(lambda: metric(address, "descentscape_calls") == 0)


def test_who_goes_before_its_body_was_read_leaves_its_place(caplog: pytest.LogCaptureFixture) -> None:
    with serving(Settings(calls=1)) as address:
        with line(address) as gone:
            gone.sendall(head("runs", b"{}"))
            until(lambda: metric(address, "descentscape_calls") == 1)
        until(lambda: metric(address, "descentscape_calls") == 0)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_place_and_bytes_are_held_until_the_answer_was_read() -> None:
    with serving(Settings(calls=2)) as address, line(address) as slow:
        slow.sendall(head("runs?include=theta", LARGE) + LARGE)
        until(lambda: metric(address, "descentscape_outbox_bytes") > 0)
        size = metric(address, "descentscape_outbox_bytes")
        assert size > 10_000_000
        assert metric(address, "descentscape_calls") == 1
        answer = b"".join(iter(lambda: slow.recv(1 << 20), b""))
        assert len(answer.partition(b"\r\n\r\n")[2]) == size
        until(lambda: metric(address, "descentscape_outbox_bytes") == 0)
        assert metric(address, "descentscape_calls") == 0


def test_an_answer_that_nobody_reads_is_given_up() -> None:
    with serving(Settings(send_seconds=0.2)) as address, line(address) as deaf:
        deaf.sendall(head("runs?include=theta", LARGE) + LARGE)
        answered = 'descentscape_request_seconds_count{route="/api/v1/runs",status="200"}'
        until(lambda: metric(address, answered) == 1)
        assert metric(address, "descentscape_outbox_bytes") == 0
        assert metric(address, "descentscape_calls") == 0


def test_an_answer_for_which_there_is_no_room_is_refused() -> None:
    with serving(Settings(outbox_bytes=1000)) as address:
        response = visitor.post(f"{address}/api/v1/runs", json={"steps": 100})
        assert response.status_code == 503
        assert "there is no room" in response.json()["detail"]
        assert metric(address, "descentscape_calls") == 0
