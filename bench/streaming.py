"""The rows of the stream: one client that takes all there is, and five hundred that are played to."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from time import perf_counter
from typing import Any

import numpy as np

from bench.client import STEPS, TEXT, Client, connected, kind_and_meta
from bench.figures import OURS, Figure, Figures, Goal, Row
from bench.service import NETWORK, run, serving
from bench.timing import Effort

RATE = 30.0
"""Steps, and hence frames, a second."""

CLIENTS = 500
FRAME_START = 4096
"""Bytes of a frame that hold all it says of itself."""

WAIT = 120.0
FULL = ("theta", "cost")
SEEDS = count(1)


def streams(effort: Effort) -> Figures:
    """Live training with every theta to one client, then kept steps to many at 30 a second."""
    with serving() as address:
        run(live(address, 200, FULL))
        for what, channels, goal in (
            ("live, theta and cost, one client", FULL, Goal("least", 1e5)),
            ("live, theta and all of the page’s channels, one client", (*FULL, *PAGE), None),
        ):
            rates = tuple(
                run(live(address, effort.of(20_000, 2000), channels)) for _ in range(effort.of(7, 2))
            )
            yield Figure(what, OURS, rates, "steps a second", goal)
    clients = effort.of(CLIENTS, 40)
    with serving(NETWORK) as address:
        rounds = [run(_played(address, clients, effort.of(10, 2))) for _ in range(effort.of(3, 1))]
    work = f"{clients} clients, {RATE:.0f} frames a second: lateness p"
    for percentile, goal in ((50, None), (95, None), (99, Goal("most", 5.0))):
        values = tuple(float(np.percentile(lateness, percentile)) for lateness in rounds)
        yield Figure(f"{work}{percentile}", OURS, values, "ms", goal)


PAGE = ("path", "shadow_cost", "off_plane", "grad_norm")


async def live(address: str, steps: int, channels: tuple[str, ...]) -> float:
    """Steps a second from `open` to the last entry, of an experiment that nobody has asked for before."""
    receiver = Receiver(steps)
    client = await connected(address, receiver.heard)
    began = perf_counter()
    client.say("open", experiment={"steps": steps, "seed": next(SEEDS)}, channels=channels)
    client.say("play")
    await asyncio.wait_for(receiver.done, WAIT)
    seconds = perf_counter() - began
    client.leave()
    await client.closed
    return steps / seconds


class Receiver:
    """A client that takes all that is sent, until nothing more is computed and the last entry is there."""

    def __init__(self, steps: int) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wanted, self._entries, self._complete = steps + 1, 0, False

    def heard(self, now: float, opcode: int, body: bytes) -> None:
        if opcode == TEXT:
            message = json.loads(body)
            if message["type"] == "error":
                self.done.set_exception(RuntimeError(str(message)))
            self._complete |= message["type"] == "status" and message["complete"]
        else:
            kind, meta = kind_and_meta(body)
            if kind == STEPS:
                self._entries = meta["first"] + meta["count"]
        if self._complete and self._entries == self._wanted and not self.done.done():
            self.done.set_result(None)


class Watcher:
    """A client that notes when each step came; it reads what it noted when all is over."""

    def __init__(self) -> None:
        self._came: list[tuple[float, bytes]] = []
        self.ready = asyncio.Event()

    def heard(self, now: float, opcode: int, body: bytes) -> None:
        if opcode == TEXT:
            self.ready.set()
        else:
            self._came.append((now, body[:FRAME_START]))

    def lateness(self) -> list[float]:
        """Milliseconds after its own beat, which the earliest step sets; the first second starts up."""
        came: dict[int, float] = {}
        for now, start in self._came:
            kind, meta = kind_and_meta(start)
            if kind == STEPS:
                for step in range(meta["first"], meta["first"] + meta["count"]):
                    came.setdefault(step, now)
        beat = [now - step / RATE for step, now in came.items() if step >= RATE]
        return [(each - min(beat)) * 1000 for each in beat]


async def _played(address: str, clients: int, seconds: int) -> list[float]:
    """Lateness of every step at every client, in ms."""
    steps = int(RATE * (seconds + 60))
    experiment: dict[str, Any] = {"steps": steps, "seed": next(SEEDS)}
    watchers = [Watcher() for _ in range(clients)]
    connections: list[Client] = []
    for watcher in watchers:
        client = await connected(address, watcher.heard)
        client.say("open", experiment=experiment)
        await asyncio.wait_for(watcher.ready.wait(), WAIT)
        connections.append(client)
    await asyncio.sleep(1)
    rng = np.random.default_rng(0)
    for client in connections:
        client.say("play", speed=RATE)
        await asyncio.sleep(float(rng.uniform(0, 2 / clients)))
    await asyncio.sleep(seconds + 1)
    for client in connections:
        client.leave()
    return [late for watcher in watchers for late in watcher.lateness()]


ROWS = (
    Row(
        "stream",
        "the stream",
        "Over the loopback; the service and all clients share the processors of this machine. Live: from "
        "`open` of an experiment that was never computed (2-8-8-1, Adam, full batch) to its last entry. "
        "Played: one experiment, kept, with the page’s usual channels; a step is late by how long after its "
        "client’s beat it comes, and the clients’ own delay counts.",
        streams,
        "A step takes 14 µs of computing before anything is sent (72,000 a second), and a run that is "
        "seen before it is complete is sent twice, in the provisional plane and in the final one. A "
        "played frame takes the service 57 to 84 µs: 15,000 a second are about one core, of the two that "
        "500 clients share with it; two processes share them.",
    ),
)
