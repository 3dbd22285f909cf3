"""Somebody who uses the service while others do what they do, in a process of its own: how long it waits.

Every tenth of a second it asks whether the service is alive, as a stranger does, and twice a second it moves
a slider of an experiment that it has open.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from bench.client import SURFACE, TEXT, Client, connected, kind_and_meta

HEALTH_PAUSE, SLIDER_PAUSE = 0.1, 0.5
PATIENCE = 15.0
"""Seconds after which an answer counts as lost, with the time that it was waited for."""

RATES = 1e-9
"""By how much two positions of the slider differ: nobody has asked for either before."""


@dataclass
class Waits:
    """Milliseconds until each answer."""

    health: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    surface: list[float] = field(default_factory=list)
    refused: int = 0


class Slider:
    """An open page whose slider moves; it connects again where it was cut."""

    def __init__(self, address: str, waits: Waits) -> None:
        self.waits = waits
        self._address, self._moves, self._moved = address, 0, 0.0
        self._client: Client | None = None
        self._opened, self._drawn = asyncio.Event(), asyncio.Event()

    async def move(self) -> None:
        if self._client is None or self._client.transport.is_closing():
            async with asyncio.timeout(PATIENCE):
                self._client = await connected(self._address, self._heard)
        self._moves += 1
        self._opened.clear()
        self._drawn.clear()
        self._moved = perf_counter()
        optimizer = {"kind": "adam", "learning_rate": 0.05 + RATES * self._moves}
        self._client.say("open", experiment={"runs": [{"optimizer": optimizer}]})
        self._client.say("play")
        self._client.say("surface", id=self._moves)
        await self._answer(self._opened, self.waits.opened)
        await self._answer(self._drawn, self.waits.surface)

    async def _answer(self, event: asyncio.Event, waited: list[float]) -> None:
        left = self._moved + PATIENCE - perf_counter()
        try:
            async with asyncio.timeout(max(0.01, left)):
                await event.wait()
        except TimeoutError:
            self._client = None
        waited.append((perf_counter() - self._moved) * 1000)

    def _heard(self, _now: float, opcode: int, body: bytes) -> None:
        if opcode == TEXT:
            kind = json.loads(body)["type"]
            self.waits.refused += kind == "error"
            if kind in ("opened", "error"):
                self._opened.set()
            if kind == "error":
                self._drawn.set()
        else:
            kind, meta = kind_and_meta(body)
            if kind == SURFACE and meta["id"] == self._moves:
                self._drawn.set()


async def alive(address: str) -> None:
    """Ask over a new connection."""
    place = urlsplit(address)
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        try:
            writer.write(
                f"GET /healthz HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode()
            )
            if b" 200 " not in await reader.readline():
                raise ConnectionError("not healthy")
        finally:
            writer.close()


async def _health(address: str, waits: Waits, over: asyncio.Event) -> None:
    while not over.is_set():
        began = perf_counter()
        try:
            await alive(address)
        except (OSError, TimeoutError):
            waits.refused += 1
        waits.health.append((perf_counter() - began) * 1000)
        await asyncio.sleep(HEALTH_PAUSE)


async def _sliding(slider: Slider, over: asyncio.Event) -> None:
    while not over.is_set():
        try:
            await slider.move()
        except (OSError, TimeoutError):
            slider.waits.refused += 1
        await asyncio.sleep(SLIDER_PAUSE)


async def _use(address: str, pipe: Connection) -> None:
    slider = Slider(address, Waits())
    while True:
        over = asyncio.Event()
        using = asyncio.gather(_health(address, slider.waits, over), _sliding(slider, over))
        await asyncio.to_thread(pipe.recv)
        over.set()
        await using
        pipe.send(slider.waits)
        slider.waits = Waits()


def _process(address: str, pipe: Connection) -> None:
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        asyncio.run(_use(address, pipe))


class Bystander:
    """The one in the other process."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def waits(self) -> Waits:
        """How long it has waited since it was asked last, or since it came."""
        self._pipe.send(None)
        waits: Waits = self._pipe.recv()
        return waits


@contextmanager
def bystander(address: str) -> Iterator[Bystander]:
    """Somebody who uses the service until the block ends."""
    context: Any = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_process, args=(address, theirs), daemon=True)
    process.start()
    try:
        yield Bystander(ours)
    finally:
        process.terminate()
        process.join(10)
