"""The wire without a network: uvicorn's protocols on a transport that is a record, and a clock that jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from clocks import JumpingLoop
from descentscape.api.ops.byte_pool import BytePool
from descentscape.api.ops.metrics import Metrics
from descentscape.api.ops.settings import Settings
from descentscape.api.wire.bounds import Bounds
from descentscape.api.wire.connections import Connections
from descentscape.api.wire.http_protocol import BoundedHttp
from descentscape.api.wire.stream_protocol import BoundedStream

HANDSHAKE = (
    b"GET /stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Wire(asyncio.Transport):
    """A transport that notes what is done with it."""

    def __init__(self, address: str = "192.0.2.1") -> None:
        super().__init__({"peername": (address, 5000), "sockname": ("127.0.0.1", 8000)})
        self.protocol: Any = None
        self.written, self.reading = b"", True
        self.closed = self.aborted = self.ended = False

    def write(self, data: Any) -> None:
        assert not self.ended or not data
        self.written += bytes(data)

    def write_eof(self) -> None:
        self.ended = True

    def can_write_eof(self) -> bool:
        return True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    def abort(self) -> None:
        self.aborted = True
        self.close()


class Server:
    """Connections of an ASGI application, all of one loop."""

    def __init__(self, app: Any, **settings: Any) -> None:
        given = Settings(**settings)
        connections = Connections(given.connections, given.connections_per_address)
        self.metrics = Metrics()
        self.bounds = Bounds(given, connections, BytePool(given.inbox_bytes), self.metrics)
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            ws=partial(BoundedStream, bounds=self.bounds),  # type: ignore[arg-type]
            ws_max_size=given.body_bytes,
            ws_per_message_deflate=False,
            ws_ping_interval=None,
            proxy_headers=False,
        )
        self._given = {"config": config, "server_state": ServerState(), "app_state": {}}

    def connect(self, address: str = "192.0.2.1") -> Wire:
        """A new connection, which has sent nothing yet."""
        wire = Wire(address)
        wire.protocol = BoundedHttp(bounds=self.bounds, _loop=asyncio.get_running_loop(), **self._given)
        wire.protocol.connection_made(wire)
        return wire

    async def stream(self, address: str = "192.0.2.1") -> Wire:
        """A connection that has become a stream."""
        wire = self.connect(address)
        wire.protocol.data_received(HANDSHAKE)
        await settled()
        assert wire.written.startswith(b"HTTP/1.1 101")
        wire.written = b""
        return wire


async def settled() -> None:
    """Let everything happen that does not wait for time to pass."""
    for _ in range(20):
        await asyncio.sleep(0)


def on_the_wire(talk: Callable[..., Awaitable[None]], app: Any, **settings: Any) -> None:
    """Have a talk with a server of this application, on a clock that begins at 0."""

    async def run() -> None:
        await talk(Server(app, **settings))

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        runner.run(run())


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True) -> bytes:
    """A client's frame, masked with zeros."""
    head = bytes([(0x80 if fin else 0) | opcode])
    size = len(payload)
    if size < 126:
        return head + bytes([0x80 | size]) + bytes(4) + payload
    return head + b"\xfe" + size.to_bytes(2, "big") + bytes(4) + payload
