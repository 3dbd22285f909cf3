"""A lean client of the stream, of which hundreds take little of the machine that they share with it."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
from collections.abc import Callable
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
FRAME_HEAD = struct.Struct("<4sHHII")
"""Of the stream's own binary frames."""

STEPS, SURFACE, STUDY = 1, 2, 6

Heard = Callable[[float, int, bytes], None]
"""Takes when it came, its opcode and its bytes."""


class Client(asyncio.Protocol):
    """One WebSocket (RFC 6455) to the stream of a service; messages are not fragmented there."""

    def __init__(self, host: str, heard: Heard) -> None:
        self._host, self.heard = host, heard
        self._buffer = bytearray()
        self.transport: asyncio.Transport
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /api/v1/stream HTTP/1.1\r\nHost: {self._host}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        now = perf_counter()
        self._buffer += data
        if not self.ready.done():
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                self.ready.set_exception(ConnectionError(bytes(head[:200]).decode()))
                return
            self._buffer = rest
            self.ready.set_result(None)
        self._messages(now)

    def _messages(self, now: float) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            opcode, size, start = buffer[at] & 15, buffer[at + 1], at + 2
            if size == 126:
                start += 2
            elif size == 127:
                start += 8
            if len(buffer) < start:
                break
            size = int.from_bytes(buffer[at + 2 : start], "big") if size > 125 else size
            if len(buffer) < start + size:
                break
            body = bytes(buffer[start : start + size])
            at = start + size
            if opcode == PING:
                self.send(PONG, body)
            elif opcode in (TEXT, BINARY):
                self.heard(now, opcode, body)
        del buffer[:at]

    def connection_lost(self, exc: Exception | None) -> None:
        for future in (self.ready, self.closed):
            if not future.done():
                future.set_result(None)

    def say(self, kind: str, **fields: Any) -> None:
        """Send a message of the stream."""
        self.send(TEXT, json.dumps({"type": kind, **fields}).encode())

    def send(self, opcode: int, body: bytes, *, last: bool = True) -> None:
        """Send a frame, the last of its message or not; ConnectionError where the stream was closed."""
        if self.transport.is_closing():
            raise ConnectionResetError("the stream was closed")
        head = bytearray([(0x80 if last else 0) | opcode])
        if len(body) < 126:
            head.append(0x80 | len(body))
        else:
            head.append(0x80 | 126 if len(body) < 1 << 16 else 0x80 | 127)
            head += len(body).to_bytes(2 if len(body) < 1 << 16 else 8, "big")
        # A mask of zeros is a mask, and leaves the bytes as they are.
        self.transport.write(bytes(head) + bytes(4) + body)

    def leave(self) -> None:
        """Close the connection, where the service has not."""
        if not self.transport.is_closing():
            self.send(CLOSE, struct.pack(">H", 1000))
            self.transport.close()


async def connected(address: str, heard: Heard, source: str | None = None) -> Client:
    """A client whose connection stands, from an address of this machine."""
    place = urlsplit(address)
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(
        lambda: Client(place.netloc, heard),
        place.hostname or "",
        place.port or 80,
        local_addr=None if source is None else (source, 0),
    )
    await client.ready
    return client


def kind_and_meta(frame: bytes) -> tuple[int, dict[str, Any]]:
    """What a binary frame of the stream holds, and what it says of itself."""
    _, kind, _, length, _ = FRAME_HEAD.unpack_from(frame)
    meta: dict[str, Any] = json.loads(frame[FRAME_HEAD.size : FRAME_HEAD.size + length])
    return kind, meta
