"""The states of a connection, and which may follow which."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import Future
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from api.talking import MOONS
from clocks import JumpingLoop
from descentscape.api.ops.service import create_service
from descentscape.api.ops.settings import Settings
from descentscape.api.stream.socket import (
    BINARY,
    FAILED,
    LONGEST_SLICE,
    NEXT,
    OUTBOX_BYTES,
    SHORTEST_SLICE,
    SLOW,
    TOKEN_CHARACTERS,
    Connection,
    State,
    whole_milliseconds,
)
from descentscape.compute.descents import DescentCache
from descentscape.output.frames import unpack


def taken(work: Any, *args: Any) -> Any:
    """A time slice that was taken at once."""
    done: Future[Any] = Future()
    done.set_result(work(*args))
    return SimpleNamespace(done=done)


class Socket:
    """A client that says what it is given, and then nothing more."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self._events = list(events)
        self.asked: list[float] = []
        self.sent: list[str | bytes] = []
        self.code: int | None = None

    async def receive(self) -> dict[str, Any]:
        self.asked.append(asyncio.get_running_loop().time())
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

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(run())


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
    assert served(socket).state is State.CLOSED
    assert socket.code == 1000


def test_what_is_sent_breaks_the_silence() -> None:
    async def run() -> float:
        connection = Connection(Socket(), create_service(Settings(idle_seconds=10)))  # type: ignore[arg-type]
        served = asyncio.create_task(connection.run())
        await asyncio.sleep(6)
        await connection._send(["a frame"])
        await served
        return asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        assert runner.run(run()) == pytest.approx(16)


def test_messages_that_come_too_fast_wait() -> None:
    pause = {"type": "websocket.receive", "text": json.dumps({"type": "pause"})}
    socket = Socket(*[pause] * 50)
    served(socket, messages_per_second=20)
    assert socket.asked == pytest.approx([0] * 41 + [k / 20 for k in range(1, 11)])


def test_a_long_message_counts_as_several() -> None:
    text = json.dumps({"type": "pause", "id": "x" * 10 * TOKEN_CHARACTERS})
    socket = Socket(*[{"type": "websocket.receive", "text": text}] * 6)
    served(socket, messages_per_second=20)
    assert socket.asked == pytest.approx([0] * 4 + [0.5 * k for k in (0, 1, 2)], abs=0.01)


class Deaf(Socket):
    """A client that takes nothing that it is sent."""

    async def send_text(self, text: str) -> None:
        await asyncio.Event().wait()


def test_what_stays_unread_ends_it() -> None:
    socket = Deaf({"type": "websocket.receive", "text": json.dumps({"type": "pause"})})

    async def run() -> float:
        await Connection(socket, create_service(Settings(send_seconds=7))).run()  # type: ignore[arg-type]
        return asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        assert runner.run(run()) == pytest.approx(7)
    assert socket.code == SLOW


class Player(Socket):
    """A client that opens an experiment and plays it, and leaves when it has the last step."""

    def __init__(self, document: dict[str, Any], channels: list[str], last: int) -> None:
        said = {"type": "open", "experiment": document, "channels": channels}, {"type": "play", "speed": 30}
        super().__init__(*({"type": "websocket.receive", "text": json.dumps(one)} for one in said))
        self._last, self._done = last, asyncio.Event()
        self.steps = 0

    async def receive(self) -> dict[str, Any]:
        if self._events:
            return self._events.pop(0)
        await self._done.wait()
        return {"type": "websocket.disconnect"}

    async def send_bytes(self, frame: bytes) -> None:
        self.sent.append(frame)
        self.steps += unpack(frame).meta["count"]
        if self.steps > self._last:
            self._done.set()


def played_to(player: Player, **settings: Any) -> tuple[int, int, float]:
    """How many slices a played client took after its first step, how often it rested, and when it ended.

    All is computed between two events of the loop, whose clock everything goes by.
    """

    async def run() -> tuple[int, int, float]:
        loop = asyncio.get_running_loop()
        service = create_service(Settings(**settings))
        admission = replace(service.admission, cache=DescentCache(clock=loop.time))
        service = replace(service, admission=admission)
        connection = Connection(player, service)  # type: ignore[arg-type]
        slices, rests, rest = 0, 0, connection._rest

        def computed(_patience: Any, work: Any, *args: Any) -> Any:
            nonlocal slices
            slices += bool(player.steps)
            return taken(work, *args)

        async def rested(free: bool) -> None:
            nonlocal rests
            rests += 1
            await rest(free)

        service.threads.queue = computed  # type: ignore[method-assign]
        connection._rest = rested  # type: ignore[method-assign]
        await connection.run()
        return slices, rests, loop.time()

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(run())


@pytest.mark.parametrize(("channels", "on_threads"), [(["cost", "theta"], False), (["cost", "state"], True)])
def test_played_steps_that_are_kept_take_no_thread(channels: list[str], on_threads: bool) -> None:
    player = Player(MOONS, channels, 60)
    slices, _, _ = played_to(player)
    frames = sum(isinstance(one, bytes) for one in player.sent)
    assert frames > 30
    assert (slices >= frames - 1) if on_threads else slices <= 2


class Stalled(Player):
    """A player whose client takes no frame any more."""

    async def send_bytes(self, frame: bytes) -> None:
        await asyncio.Event().wait()


@pytest.mark.parametrize("channels", [["cost"], ["cost", "state"]])
def test_steps_that_fall_due_behind_an_unread_frame_wake_nobody(channels: list[str]) -> None:
    _, rests, ended = played_to(Stalled(MOONS, channels, 60), send_seconds=7)
    assert rests < 10
    assert ended == pytest.approx(7, abs=0.1)


@pytest.mark.parametrize("wait", [0.0, 0.0004, 0.0334, 1 / 60])
def test_a_wait_is_over_when_a_timer_fires_that_counts_begun_milliseconds(wait: float) -> None:
    waited = whole_milliseconds(wait)
    assert wait <= waited - 0.001 < wait + 0.001
    assert waited * 1000 == pytest.approx(round(waited * 1000))


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


def test_no_more_is_read_than_a_message_of_the_largest_and_what_came_with_it() -> None:
    text = json.dumps({"type": "pause", "id": "é" * 290}, ensure_ascii=False)
    socket = Socket(*[{"type": "websocket.receive", "text": text}] * 5)

    async def run() -> int:
        service = create_service(Settings(body_bytes=1000))
        connection = Connection(socket, service)  # type: ignore[arg-type]
        reading = asyncio.create_task(connection._read())
        await asyncio.sleep(1)
        reading.cancel()
        return service.inboxes.nbytes

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        assert runner.run(run()) == 2 * len(text.encode())
    assert len(socket.asked) == 2


class Eager:
    """A session that always has something to compute, and to say."""

    busy, pending, outbox_bytes, unread_bytes = True, True, 0, 0
    nothing_seen = False

    def __init__(self, size: int) -> None:
        self._size = size
        self.slices = 0

    def advance(self, seconds: float) -> None:
        self.slices += 1
        self.seconds = seconds

    def take(self) -> list[str]:
        return ["x" * self._size]

    def patience(self) -> float:
        return 0.0


class SameThread:
    """Takes every time slice at once."""

    waiting = 0

    def queue(self, patience: Any, run: Any, work: Any) -> Any:
        return taken(run, work)


@pytest.mark.parametrize(("size", "goes_on"), [(OUTBOX_BYTES - 1, True), (OUTBOX_BYTES, False)])
def test_nothing_is_computed_for_who_leaves_much_unread(size: int, goes_on: bool) -> None:
    async def run() -> tuple[int, float]:
        service = replace(create_service(Settings()), threads=SameThread())  # type: ignore[arg-type]
        connection = Connection(Deaf(), service)  # type: ignore[arg-type]
        session = connection._session = Eager(size)  # type: ignore[assignment]
        working = asyncio.create_task(connection._work())
        while service.outboxes.nbytes < size:
            await asyncio.sleep(0)
        first = session.slices
        for _ in range(100):
            await asyncio.sleep(0)
        working.cancel()
        return session.slices - first, service.outboxes.nbytes

    slices, held = asyncio.run(run())
    assert (slices > 1) is goes_on
    assert held == size


@pytest.mark.parametrize(("nothing_seen", "seconds"), [(True, LONGEST_SLICE), (False, SHORTEST_SLICE)])
def test_where_many_wait_all_but_a_first_picture_is_cut_finely(nothing_seen: bool, seconds: float) -> None:
    async def run() -> float:
        threads = SameThread()
        threads.waiting = 100
        service = replace(create_service(Settings()), threads=threads)  # type: ignore[arg-type]
        connection = Connection(Deaf(), service)  # type: ignore[arg-type]
        session = connection._session = Eager(1)  # type: ignore[assignment]
        session.nothing_seen = nothing_seen
        working = asyncio.create_task(connection._work())
        while not session.slices:
            await asyncio.sleep(0)
        working.cancel()
        return session.seconds

    assert asyncio.run(run()) == seconds
