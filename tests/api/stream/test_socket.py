"""The stream over a real socket: uvicorn on one side, a WebSocket client on the other."""

from __future__ import annotations

import asyncio
import json
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

import descentscape as ds
from api.serving import PATIENCE, metric, serving, stream, until
from api.talking import MOONS, RACE
from descentscape.api.ops.service import create_service
from descentscape.api.ops.settings import Settings
from descentscape.api.ops.workers import at_once
from descentscape.api.stream import socket as socket_module
from descentscape.core.undivided import Queue
from descentscape.output.frames import Frame, FrameKind, unpack

LARGE = {"steps": 4000, "seed": 4, "problem": {"hidden": [16, 16]}}
"""Its theta, 11 MB, is more than the buffers of a connection hold."""


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with serving() as address:
        yield address


def say(client: ClientConnection, kind: str, **fields: Any) -> None:
    client.send(json.dumps({"type": kind, **fields}))


def hear(client: ClientConnection) -> dict[str, Any] | Frame:
    heard = client.recv(timeout=PATIENCE)
    return json.loads(heard) if isinstance(heard, str) else unpack(heard)


def hear_until(client: ClientConnection, kind: str) -> list[dict[str, Any] | Frame]:
    """Everything up to the first message of this type."""
    heard = [hear(client)]
    while isinstance(heard[-1], Frame) or heard[-1]["type"] != kind:
        heard.append(hear(client))
    return heard


def entries(client: ClientConnection, run: int, first: int, last: int) -> dict[str, Any]:
    """The channels of a run from one entry to another, as they arrive; a new plane sends them afresh."""
    parts: list[Frame] = []
    while sum(frame.meta["count"] for frame in parts) < last - first:
        heard = hear(client)
        if isinstance(heard, Frame) and heard.kind is FrameKind.STEPS and heard.meta["run"] == run:
            parts = [] if heard.meta["first"] == first else parts
            assert heard.meta["first"] == first + sum(frame.meta["count"] for frame in parts)
            parts.append(heard)
    return {name: np.concatenate([frame.arrays[name] for frame in parts]) for name in parts[0].arrays}


def closing(client: ClientConnection) -> int:
    """The code that the server closes with."""
    with pytest.raises(ConnectionClosed) as caught:
        deque(iter(lambda: client.recv(timeout=PATIENCE), None))
    return caught.value.rcvd.code if caught.value.rcvd else 1006


def test_plays_an_experiment(service: str) -> None:
    with stream(service) as client:
        say(client, "open", experiment=MOONS)
        say(client, "play")
        got = entries(client, 0, 0, 61)
    (run,) = ds.run(MOONS).runs
    for channel in ("path", "cost", "shadow_cost", "off_plane", "grad_norm"):
        np.testing.assert_array_equal(got[channel], getattr(run, channel))


def test_resumes_after_a_lost_connection_at_the_step_it_had_reached(service: str) -> None:
    with stream(service) as client:
        say(client, "open", experiment=RACE)
        say(client, "seek", step=23)
        plane = hear_until(client, "plane")[-1]
        before = entries(client, 0, 0, 24)
        client.socket.shutdown(socket.SHUT_RDWR)
    assert isinstance(plane, dict)
    with stream(service) as client:
        resume = {"plane_id": plane["plane_id"], "steps": [24, 24]}
        say(client, "open", experiment=RACE, resume=resume)
        say(client, "play")
        after = entries(client, 0, 24, 51)
    with stream(service) as client:
        say(client, "open", experiment=RACE)
        say(client, "play")
        whole = entries(client, 0, 0, 51)
    for channel, values in whole.items():
        assert np.concatenate([before[channel], after[channel]]).tobytes() == values.tobytes()


def test_a_slow_reader_slows_nobody_else(service: str) -> None:
    with stream(service, max_queue=1, close_timeout=0.2) as slow:
        say(slow, "open", experiment=LARGE, channels=["theta"])
        say(slow, "play")
        for _ in range(5):
            with stream(service) as quick:
                say(quick, "open", experiment=MOONS)
                say(quick, "play")
                entries(quick, 0, 0, 61)
        got = entries(slow, 0, 0, 4001)
    assert got["theta"].shape == (4001, 337)


def test_is_not_compressed(service: str) -> None:
    with stream(service, compression="deflate") as client:
        assert client.response is not None
        assert "Sec-WebSocket-Extensions" not in client.response.headers


def test_every_wrong_message_is_answered_and_the_stream_goes_on(service: str) -> None:
    with stream(service) as client:
        for text in (
            "{",
            "[]",
            '{"type": "x"}',
            '{"type": "play", "speed": NaN}',
            '"' * 60_000,
            "[" * 60_000,
        ):
            client.send(text)
            error = hear(client)
            assert isinstance(error, dict)
            assert (error["type"], error["status"]) == ("error", 422)
        say(client, "open", experiment=MOONS)
        opened = hear(client)
        assert isinstance(opened, dict)
        assert opened["type"] == "opened"


def test_a_binary_message_ends_the_stream(service: str) -> None:
    with stream(service) as client:
        client.send(b"\x00")
        assert closing(client) == 1003


def test_a_message_that_is_too_large_ends_the_stream(service: str) -> None:
    with stream(service) as client:
        client.send("x" * (2**20 + 1))
        assert closing(client) == 1009


def test_inline_data_up_to_the_limit_is_taken(service: str) -> None:
    rows = np.random.default_rng(0).normal(size=(2000, 20))
    data = {"kind": "inline", "x": rows.round(6).tolist(), "y": (rows[:, :1] > 0).astype(float).tolist()}
    document = {"problem": {"hidden": [2], "dataset": data}, "steps": 3}
    with stream(service) as client:
        say(client, "open", experiment=document)
        opened = hear(client)
    assert isinstance(opened, dict)
    assert opened["type"] == "opened", opened


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 421),
    ],
)
def test_strangers_are_refused_before_the_stream_is_accepted(
    service: str, headers: dict[str, str], status: int
) -> None:
    refused = metric(service, f'descentscape_refused_total{{status="{status}"}}')
    with pytest.raises(InvalidStatus) as caught:
        raw_handshake(service, headers)
    assert caught.value.response.status_code == status
    problem = json.loads(caught.value.response.body or b"")
    assert problem["status"] == status
    assert metric(service, f'descentscape_refused_total{{status="{status}"}}') == refused + 1


def raw_handshake(address: str, headers: dict[str, str]) -> None:
    """A client that names the host or the origin it likes."""
    from websockets.client import ClientProtocol
    from websockets.uri import parse_uri

    url = f"{address.replace('http', 'ws')}/api/v1/stream"
    protocol = ClientProtocol(parse_uri(url))
    request = protocol.connect()
    for name, value in headers.items():
        if name in request.headers:
            del request.headers[name]
        request.headers[name] = value
    protocol.send_request(request)
    uri = parse_uri(url)
    with socket.create_connection((uri.host, uri.port), PATIENCE) as link:
        link.sendall(b"".join(protocol.data_to_send()))
        while protocol.handshake_exc is None and not protocol.events_received():
            data = link.recv(65536)
            protocol.receive_data(data) if data else protocol.receive_eof()
    if protocol.handshake_exc is not None:
        raise protocol.handshake_exc


def test_the_pages_own_origin_is_welcome(service: str) -> None:
    raw_handshake(service, {"Origin": service})


def test_no_more_streams_than_places() -> None:
    with serving(Settings(sockets=2, sockets_per_address=2)) as address:
        with stream(address), stream(address):
            assert metric(address, "descentscape_sockets") == 2
            with pytest.raises(InvalidStatus) as caught, stream(address):
                pass
            assert caught.value.response.status_code == 503
            assert caught.value.response.headers["Retry-After"] == "10"
        until(lambda: metric(address, "descentscape_sockets") == 0)
        with stream(address) as client:
            say(client, "open", experiment=MOONS)
            assert isinstance(hear(client), dict)


def test_a_silent_stream_is_closed() -> None:
    with serving(Settings(idle_seconds=0.2)) as address, stream(address) as client:
        assert closing(client) == 1000


def test_who_leaves_frames_unread_is_closed() -> None:
    with (
        serving(Settings(send_seconds=0.3)) as address,
        stream(address, max_queue=1, close_timeout=0.2) as client,
    ):
        say(client, "open", experiment=LARGE, channels=["theta"])
        hear_until(client, "opened")
        assert metric(address, "descentscape_held_bytes") > 0
        say(client, "play")
        until(lambda: metric(address, "descentscape_held_bytes") == 0)
        assert closing(client) == 1008


def test_a_restart_tells_the_streams() -> None:
    with ExitStack() as stack:
        with serving() as address:
            client = stack.enter_context(stream(address))
            say(client, "open", experiment={"steps": 20_000, "seed": 7})
            hear_until(client, "opened")
        assert closing(client) == 1012


def test_a_client_that_vanishes_leaves_nothing_behind(service: str) -> None:
    with stream(service) as client:
        say(client, "open", experiment={"steps": 20_000, "seed": 8})
        hear_until(client, "opened")
        client.socket.shutdown(socket.SHUT_RDWR)
    until(lambda: metric(service, "descentscape_sockets") == 0)
    until(lambda: metric(service, "descentscape_slices_waiting") == 0)


def test_who_waits_long_is_told_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_module, "PLACE_SECONDS", 0.01)
    held, service = Event(), create_service(Settings(threads=1))

    class Client:
        """A socket that lets the thread go as soon as the place was told."""

        def __init__(self) -> None:
            self.told = list[dict[str, Any]]()

        async def send_text(self, text: str) -> None:
            self.told.append(json.loads(text))
            held.set()

    async def waited() -> list[dict[str, Any]]:
        client = Client()
        connection = socket_module.Connection(client, service)  # type: ignore[arg-type]
        service.threads.queue(at_once, held.wait)
        while service.threads.waiting:
            await asyncio.sleep(0.001)
        others = [service.threads.queue(at_once, int) for _ in range(2)]
        sending = asyncio.create_task(connection._send([]))
        await sending
        await connection._slice(sending)
        assert all(other.done.done() for other in others)
        return client.told

    told = asyncio.run(waited())
    assert [each["of"] for each in told] == ["queue"] * len(told)
    places = [each["place"] for each in told]
    assert (places[0], places[-1]) == (3, 0)
    assert places == sorted(places, reverse=True)
    service.threads.close()


def test_whose_undivided_work_waits_long_is_told_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_module, "PLACE_SECONDS", 0.0)
    places = iter([0, 2, 2, 1, 0, 0])
    monkeypatch.setattr(Queue, "place", lambda queue, client: next(places))

    async def told() -> list[list[int]]:
        connection = socket_module.Connection(None, create_service(Settings()))  # type: ignore[arg-type]
        return [[json.loads(text)["place"] for text in connection._place_aside()] for _ in range(6)]

    assert asyncio.run(told()) == [[], [], [2], [1], [0], []]
