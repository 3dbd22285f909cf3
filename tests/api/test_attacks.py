"""The attacks of the bench, once each and in small: none is answered by a 5xx, and the service goes on.

`python -m bench.hostile` has them at full size, and measures what others notice.
"""

from __future__ import annotations

import gc
import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

import httpx
import pytest
from bench.attacks import documents, requests, streams

from api.serving import PATIENCE, serving, stream, until, visitor
from api.talking import MOONS, Talk
from clocks import Clock
from descentscape.api.ops.memory_budget import MemoryBudget
from descentscape.api.stream.delivery import FRAME_BYTES
from descentscape.document.bounds import MAX_REMEMBERED

SILENCE = 0.5
"""Seconds after which an answer that does not come is not waited for; none is owed to what is no request."""

LARGEST_ANSWER = 8 << 20
LARGEST_REFUSAL = 10_000
LARGEST_FRAME = FRAME_BYTES + 2 * 8 * MAX_REMEMBERED
"""A frame has one entry at least, and the state of a rule may be as large as a document allows."""

TICK = 0.002
SLICES = 40


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with serving() as address:
        yield address


def goes_on(address: str) -> None:
    assert visitor.get(f"{address}/healthz").status_code == 200


def post(address: str, call: str, document: Any) -> httpx.Response:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    headers = {"Content-Type": "application/json"}
    return visitor.post(f"{address}/api/v1/{call}", content=body, headers=headers)


REFUSED = {
    "a class an example": (documents.classes(2000), "problem.dataset.y"),
    "words": (documents.WORDS, "problem.dataset.y"),
    "parameters": (documents.THETAS[0], "start.values"),
    "rows": (documents.errors("rows", 0.02), "problem.dataset.x[0][0]"),
    "fields": (documents.errors("fields", 0.02), ("x0", "experiment")),
    "runs": (documents.errors("runs", 0.02), "runs"),
    "edits": (documents.errors("edits", 0.02), "edits"),
    "keys": (documents.errors("keys", 0.02), "edits[0].set"),
    **{
        f"{name} {number}": (body[: 1 << 16] if name == "no text" else body, "")
        for name, bodies in documents.JSON.items()
        if name != "duplicates"
        for number, body in enumerate(bodies)
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_document_that_cannot_be_is_refused_by_its_field(service: str, name: str) -> None:
    document, field = REFUSED[name]
    answer = post(service, "runs", document)
    assert answer.status_code == 422
    assert len(answer.content) < LARGEST_REFUSAL
    assert answer.json()["errors"][0]["field"].startswith(field)
    goes_on(service)


ALLOWED = [
    ("runs", documents.CLASS_BOMB | {"steps": 5}),
    ("runs", documents.JSON["duplicates"][0]),
    *(("runs", formula | {"steps": 5}) for formula in documents.FORMULAS),
    *(("surfaces", each | {"steps": 5}) for each in documents.EXTREMES),
]


@pytest.mark.parametrize(("call", "document"), ALLOWED, ids=range(len(ALLOWED)))
def test_a_document_at_the_bounds_is_answered(service: str, call: str, document: Any) -> None:
    answer = post(service, call, document)
    assert answer.status_code in (200, 422)
    assert len(answer.content) < LARGEST_ANSWER
    json.loads(answer.content, parse_constant=pytest.fail)
    goes_on(service)


def test_labels_up_to_a_billion_are_as_many_classes_as_there_are(service: str) -> None:
    answer = post(service, "inspect", {"experiment": documents.CLASS_BOMB | {"steps": 2}, "want": ["data"]})
    assert answer.status_code == 200
    assert len(answer.content) < 1 << 20
    assert b'"class_names":["0","1","1000000000"]' in answer.content


def said(address: str, sent: bytes, patience: float = SILENCE) -> bytes:
    """What comes back on one connection until it is closed, or silent for so many seconds."""
    host, port = address.removeprefix("http://").split(":")
    answer = b""
    with socket.create_connection((host, int(port))) as client, suppress(OSError):
        client.settimeout(patience)
        client.sendall(sent.replace(b"NAME", f"{host}:{port}".encode()))
        while part := client.recv(1 << 16):
            answer += part
    return answer


def statuses(answer: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


WRITTEN = [
    *requests.SMUGGLED,
    *requests.OTHER_PROTOCOLS,
    *requests.METHODS,
    *requests.HOSTS,
    *requests.NOT_UTF8,
    *(f"GET {path} HTTP/1.1\r\nHost: NAME\r\nConnection: close\r\n\r\n".encode() for path in requests.PATHS),
]


@pytest.mark.parametrize("sent", WRITTEN, ids=range(len(WRITTEN)))
def test_a_request_that_no_browser_writes_is_no_fault(service: str, sent: bytes) -> None:
    found = statuses(said(service, sent))
    assert all(status < 500 for status in found), found
    assert len(found) <= 2
    goes_on(service)


def test_one_request_hides_no_other(service: str) -> None:
    """Where a length and chunks disagree nothing behind the body is taken for a request."""
    found = statuses(said(service, requests.SMUGGLED[0], PATIENCE))
    assert found in ([400], [415], [422]), found


@pytest.mark.parametrize(
    "headers", [requests.CACHING, requests.ACCEPTS], ids=["ranges and tags", "media types"]
)
def test_headers_of_many_values(service: str, headers: dict[str, str]) -> None:
    for path in ("/", "/api/v1/catalog"):
        found = visitor.get(f"{service}{path}", headers=headers)
        assert found.status_code in (200, 304, 406, 431)
    answer = visitor.post(f"{service}/api/v1/runs", json=MOONS, headers=headers)
    assert answer.status_code in (200, 406, 431)


@pytest.mark.parametrize("name", streams.FRAMES)
def test_frames_that_are_none_end_their_stream_alone(service: str, name: str) -> None:
    for frame in streams.FRAMES[name]:
        with stream(service, close_timeout=SILENCE) as client, stream(service) as other:
            with suppress(OSError):
                client.socket.sendall(frame)
            other.send(json.dumps({"type": "open", "experiment": MOONS}))
            assert json.loads(other.recv(timeout=PATIENCE))["type"] == "opened"
    goes_on(service)


MESSAGES: dict[str, Callable[[int], Iterator[dict[str, Any]]]] = {
    each.__name__: each
    for each in (
        streams.padded,
        streams.flood,
        streams.nonsense,
        streams.opens,
        streams.edits,
        streams.studies,
        streams.critical,
        streams.basins,
        streams.noise,
        streams.surfaces,
        streams.looks,
        streams.remembered,
        streams.everything,
        streams.seeks,
        streams.resumes,
    )
}


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_that_ask_for_too_much(name: str) -> None:
    """Some of them, for some slices: frames stay small, errors are the client's, nothing stays."""
    memory = MemoryBudget()
    talk = Talk(clock=Clock(TICK), memory=memory)
    for message in islice(MESSAGES[name](1), 12):
        talk.say(message["type"], **{key: value for key, value in message.items() if key != "type"})
    for _ in range(SLICES):
        talk.session.advance(0.02)
        for sent in talk.session.take():
            assert len(sent) <= LARGEST_FRAME
            if isinstance(sent, str):
                message = json.loads(sent)
                assert message["type"] != "error" or message["status"] < 500
    talk.session.close()
    del talk

    def gone() -> bool:
        gc.collect()
        return memory.nbytes == 0

    until(gone)  # what is done aside ends when nobody waits for it
