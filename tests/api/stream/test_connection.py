"""The states of a connection, and which may follow which."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from descentscape.api.ops.service import create_service
from descentscape.api.ops.settings import Settings
from descentscape.api.stream.socket import BINARY, FAILED, NEXT, Connection, State


class Socket:
    """A client that says what it is given, and then nothing more."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self._events = list(events)
        self.sent: list[str | bytes] = []
        self.code: int | None = None

    async def receive(self) -> dict[str, Any]:
        if not self._events:
            await asyncio.Event().wait()
        return self._events.pop(0)

    async def send_text(self, text: str) -> None:
        self.sent.append(text)

    async def close(self, code: int) -> None:
        self.code = code


def served(socket: Any, **settings: Any) -> Connection:
    async def run() -> Connection:
        connection = Connection(socket, create_service(Settings(**settings)))
        await connection.run()
        return connection

    return asyncio.run(run())


def test_a_client_that_goes_is_not_closed_again() -> None:
    socket = Socket({"type": "websocket.disconnect"})
    assert served(socket).state is State.CLOSED
    assert socket.code is None


@pytest.mark.parametrize(
    ("event", "code"), [({"type": "websocket.receive", "bytes": b"x"}, BINARY), ({"no": "type"}, FAILED)]
)
def test_what_is_wrong_closes_with_its_code(event: dict[str, Any], code: int) -> None:
    socket = Socket(event)
    assert served(socket).state is State.CLOSED
    assert socket.code == code


def test_silence_ends_it() -> None:
    socket = Socket()
    assert served(socket, idle_seconds=0.01).state is State.CLOSED
    assert socket.code == 1000


@pytest.mark.parametrize("first", State)
@pytest.mark.parametrize("second", State)
def test_no_other_state_follows(first: State, second: State) -> None:
    async def moved() -> None:
        connection = Connection(Socket(), create_service(Settings()))  # type: ignore[arg-type]
        connection.state = first
        connection.move(second)
        assert connection.state is second

    if second in NEXT[first]:
        asyncio.run(moved())
    else:
        with pytest.raises(RuntimeError, match="cannot become"):
            asyncio.run(moved())


def test_nothing_follows_the_end() -> None:
    assert NEXT[State.CLOSED] == set()
    assert all(State.CLOSED in following for state, following in NEXT.items() if state is not State.CLOSED)
