"""Attacks over the stream: frames that no browser sends, and messages that ask for too much."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from typing import Any

from bench.attacks.base import Once
from bench.client import TEXT, Client
from bench.wire import Target

PAUSE = 4.0
"""Seconds that an attacker stays once all is said."""

PING, CONTINUATION = 9, 0
FLOOD = 20_000
MEBI = 1 << 20


def says(
    messages: Callable[[int], Iterator[dict[str, Any]]], pause: float = PAUSE, read: bool = True
) -> Once:
    """Open a stream, say all of it at once, and stay for a while; a client that does not read is mute."""

    async def once(target: Target) -> None:
        async with target.stream() as client:
            if not read:
                client.transport.pause_reading()
            for message in messages(next(target.numbers)):
                client.say(**{"kind" if name == "type" else name: value for name, value in message.items()})
                await _drained(client)
            await asyncio.sleep(pause)

    return once


def writes(*frames: bytes) -> Once:
    """Open a stream, and write frames that are none."""

    async def once(target: Target) -> None:
        async with target.stream() as client:
            client.transport.write(frames[next(target.numbers) % len(frames)])
            try:
                async with asyncio.timeout(2.0):
                    await client.closed
                target.answers["closed"] += 1
            except TimeoutError:
                target.answers["still open"] += 1

    return once


async def _drained(client: Client) -> None:
    while client.transport.get_write_buffer_size() > MEBI and not client.closed.done():
        await asyncio.sleep(0.01)
    await asyncio.sleep(0)


KEY = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"

# Frames

UNMASKED = b"\x81\x02{}"
FRAMES = {
    "oversize control frames": (b"\x89\xfe\x10\x00" + bytes(4 + 4096), b"\x88\xfe\x00\x80" + bytes(4 + 128)),
    "reserved opcodes": tuple(bytes([0x80 | code, 0x80]) + bytes(4) for code in (3, 4, 7, 11, 15)),
    "reserved bits": (b"\xc1\x80" + bytes(4), b"\xf1\x80" + bytes(4)),
    "unmasked frames": (UNMASKED, UNMASKED * 1000),
    "text that is not UTF-8": (
        b"\x81\x82" + bytes(4) + b"\xff\xfe",
        b"\x81\x83" + bytes(4) + b"\xed\xa0\x80",
    ),
    "announced sizes": (b"\x81\xff" + b"\xff" * 8 + bytes(4), b"\x81\xff" + b"\x7f" + b"\xff" * 7 + bytes(4)),
    "no frames at all": tuple(os.urandom(20_000) for _ in range(8)),
    "close codes": (b"\x88\x82" + bytes(4) + b"\x00\x01", b"\x88\x81" + bytes(4) + b"\x03"),
}


async def empty_fragments(target: Target) -> None:
    """A message that begins, and goes on in fragments of nothing without end."""
    await _fragments(target, b"", 200_000)


async def growing_message(target: Target) -> None:
    """A message in large fragments that never ends."""
    await _fragments(target, b" " * 60_000, 200)


async def _fragments(target: Target, body: bytes, times: int) -> None:
    async with target.stream() as client:
        client.send(TEXT, b"", last=False)
        piece = _frame(CONTINUATION, body)
        batch = max(1, 60_000 // len(piece))
        for _ in range(0, times, batch):
            if client.closed.done():
                target.answers["closed"] += 1
                return
            client.transport.write(piece * batch)
            await _drained(client)
        await asyncio.sleep(1.0)


def _frame(code: int, body: bytes) -> bytes:
    size = bytes([0x80 | len(body)]) if len(body) < 126 else b"\xfe" + len(body).to_bytes(2, "big")
    return bytes([code]) + size + bytes(4) + body


async def pings(target: Target) -> None:
    async with target.stream() as client:
        for _ in range(100):
            if client.closed.done():
                target.answers["closed"] += 1
                return
            client.transport.write(_frame(0x80 | PING, b"x" * 100) * 1000)
            await _drained(client)


async def half_open_streams(target: Target) -> None:
    """Streams that are opened and left at once, without a word."""
    async with target.stream():
        target.answers["open"] += 1


async def upgrades(target: Target) -> None:
    """Upgrades that cannot be."""
    head = (
        f"GET /api/v1/stream HTTP/1.1\r\nHost: {target.name}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    )
    for more in (
        "Sec-WebSocket-Version: 99\r\n",
        "Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n",
        f"Origin: http://evil.example\r\n{KEY}Sec-WebSocket-Version: 13\r\n",
        "Sec-WebSocket-Extensions: " + "permessage-deflate," * 300 + "\r\nSec-WebSocket-Version: 13\r\n",
        "Sec-WebSocket-Protocol: " + "a," * 3000 + "\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
        "Content-Length: 10\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n",
    ):
        await target.exchange(f"{head}{more}\r\n".encode(), patience=0.5)


# Messages

PADDING = "\U0001f600" * 250_000
"""A megabyte of UTF-8 that takes as much in memory again and again."""


def padded(_number: int) -> Iterator[dict[str, Any]]:
    """As many of the largest messages as wait to be read."""
    for _ in range(80):
        yield {"type": "pause", "padding": PADDING}


def flood(_number: int) -> Iterator[dict[str, Any]]:
    for _ in range(FLOOD // 100):
        yield {"type": "pause"}


def nonsense(_number: int) -> Iterator[dict[str, Any]]:
    for k in range(2000):
        yield {"type": "x" * 1000, "id": k}


def opens(number: int) -> Iterator[dict[str, Any]]:
    """Experiments that nobody has asked for, one in place of the other, of which none is waited for."""
    for k in range(200):
        yield {
            "type": "open",
            "experiment": {"seed": 1000 * number + k, "steps": 20_000, "problem": {"hidden": [32, 32]}},
        }
        yield {"type": "play"}


def edits(number: int) -> Iterator[dict[str, Any]]:
    """Open, change in the middle, go on, fit afresh, again and again."""
    yield {"type": "open", "experiment": {"seed": number, "steps": 2000}}
    for k in range(64):
        yield {"type": "edit", "edit": {"step": 30 * k, "set": {"0": 0.01 * k}}}
        yield {"type": "extend", "steps": 2000 + 100 * k}
        yield {"type": "refit"}
        yield {"type": "seek", "step": 0}


SMALL = {"grid": {"resolution": 5}}
LARGE = {"hidden": [32, 32], "dataset": {"kind": "moons", "n": 5000}}
FORMULA = {"kind": "formula", "name": "ackley"}


def studies(number: int) -> Iterator[dict[str, Any]]:
    """Every kind of study at its bounds."""
    yield {"type": "open", "experiment": {"seed": number, "steps": 200, "problem": LARGE}}
    bounds: list[dict[str, Any]] = [
        {"kind": "sharpness", "points": 257},
        {"kind": "field", "resolution": 41},
        {"kind": "line", "resolution": 401},
        {"kind": "moving", "resolution": 101},
        {"kind": "jacobians_along", "points": 129},
        {"kind": "noise", "draws": 256, "batch_sizes": [1, 2, 4, 8, 16, 32, 64, 128]},
        {"kind": "null"},
        {"kind": "others"},
        {"kind": "newton"},
        {"kind": "spectrum"},
        {"kind": "hessian_bill"},
        {"kind": "batch_bill"},
        {"kind": "quadratic_model", "resolution": 121},
    ]
    for identity, study in enumerate(bounds):
        yield {"type": "study", "id": identity, "study": study}


def critical(number: int) -> Iterator[dict[str, Any]]:
    """Critical points of a chain on five thousand examples."""
    dataset = {"kind": "line", "n": 5000, "seed": number}
    yield {"type": "open", "experiment": {"problem": {"kind": "chain", "dataset": dataset}, "steps": 5}}
    yield {"type": "study", "id": 1, "study": {"kind": "critical", "resolution": 161}}


def basins(number: int) -> Iterator[dict[str, Any]]:
    yield {"type": "open", "experiment": {"seed": number, "problem": FORMULA, "steps": 5}}
    yield {"type": "study", "id": 1, "study": {"kind": "basins", "resolution": 121, "steps": 2000}}


def noise(number: int) -> Iterator[dict[str, Any]]:
    """The noise of batches of a large network, and away: what was begun must end."""
    problem = {"hidden": [128, 128], "dataset": {"kind": "moons", "n": 5000}}
    yield {"type": "open", "experiment": {"seed": number, "problem": problem, "steps": 1, "view": SMALL}}
    yield {"type": "study", "id": 1, "study": {"kind": "noise", "draws": 256}}


def surfaces(number: int) -> Iterator[dict[str, Any]]:
    """Surface after surface at the finest."""
    yield {"type": "open", "experiment": {"seed": number, "problem": LARGE, "steps": 20}}
    for k in range(50):
        yield {"type": "surface", "id": k, "resolution": 401, "plane": {"kind": "random", "seed": k}}


def looks(number: int) -> Iterator[dict[str, Any]]:
    """Look after look into a network, as finely as can be."""
    yield {"type": "open", "experiment": {"seed": number, "problem": LARGE, "steps": 20}}
    for k in range(60):
        want = ["outputs", "data", "theta", "gradient", "state", "layers", "hessian"]
        yield {"type": "inspect", "id": k, "resolution": 401, "want": want, "step": 0}


def remembered(number: int) -> Iterator[dict[str, Any]]:
    """The state of a rule that remembers much, of a network that is wide."""
    runs = [{"optimizer": {"kind": "lbfgs", "history": 50}}]
    problem = {"hidden": [120, 120]}
    experiment = {"seed": number, "problem": problem, "runs": runs, "steps": 400}
    yield {"type": "open", "experiment": experiment, "channels": ["state", "theta"]}
    yield {"type": "play"}


def everything(number: int) -> Iterator[dict[str, Any]]:
    """All steps of a large network, with theta."""
    experiment = {"seed": number % 4, "problem": {"hidden": [64, 64]}, "steps": 3000}
    yield {"type": "open", "experiment": experiment, "channels": ["theta"]}
    yield {"type": "play"}
    for _ in range(100):
        yield {"type": "seek", "step": 0}


def seeks(number: int) -> Iterator[dict[str, Any]]:
    """Everything once more, and once more."""
    yield {"type": "open", "experiment": {"seed": number, "steps": 20_000}}
    yield {"type": "play"}
    for _ in range(150):
        yield {"type": "seek", "step": 0}


def resumes(number: int) -> Iterator[dict[str, Any]]:
    """Claims of what is there already."""
    for k in range(100):
        resume = {"plane_id": "x" * 64, "steps": [20_001 - k]}
        yield {"type": "open", "experiment": {"seed": number}, "resume": resume}
