"""Bytes as a stranger sends them, well-formed or not, from any address of the loopback."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from bench.client import TEXT, Client, connected

READ = 1 << 16
ANSWER = 4 << 20
"""Bytes of an answer that are read at most."""

PATIENCE = 5.0
"""Seconds that are waited for an answer."""

UNFORESEEN, FULL = 500, 503

_HEAD = re.compile(rb"(?:^|\r\n|\n|\}|>)HTTP/1\.[01] (\d{3})[^\r\n]*\r\n(.*?)\r\n\r\n", re.DOTALL)


class Target:
    """The service under attack, with what it answered; every attack has an address of its own."""

    def __init__(self, address: str, source: str) -> None:
        place = urlsplit(address)
        self.address, self.source = address, source
        self.host, self.port, self.name = place.hostname or "", place.port or 80, place.netloc
        self.answers: Counter[str] = Counter()
        self.numbers = count(1)
        self.faults: list[str] = []

    @asynccontextmanager
    async def connection(
        self, source: str | None = None
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection(
            self.host, self.port, local_addr=(source or self.source, 0)
        )
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    async def exchange(
        self, sent: bytes | Iterable[bytes], pause: float = 0.0, patience: float = PATIENCE
    ) -> bytes:
        """What comes back, until the service closes or is silent for so long."""
        async with self.connection() as (reader, writer):
            hearing = asyncio.create_task(_heard(reader, patience))
            try:
                for part in [sent] if isinstance(sent, bytes) else sent:
                    writer.write(part)
                    await writer.drain()
                    if pause:
                        await asyncio.sleep(pause)
                    if hearing.done():
                        break
            except ConnectionError:
                self.answers["cut"] += 1
            answer = await hearing
        self.note(answer)
        return answer

    async def request(
        self,
        method: str = "GET",
        path: str = "/healthz",
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> bytes:
        """The answer to an ordinary request."""
        return await self.exchange(self.written(method, path, body, headers), patience=patience)

    def written(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> bytes:
        """A request as it goes over the wire; it ends the connection."""
        fields = {"Host": self.name, "Connection": "close"}
        if body:
            fields |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        fields |= headers or {}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1", "replace") + body

    async def post(
        self, call: str, document: Any, headers: dict[str, str] | None = None, patience: float = PATIENCE
    ) -> bytes:
        """The answer to a REST call; a document that is bytes is sent as it is."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return await self.request("POST", f"/api/v1/{call}", body, headers, patience)

    @asynccontextmanager
    async def stream(self, source: str | None = None) -> AsyncIterator[Client]:
        """A stream whose errors are noted."""
        client = await connected(self.address, self._heard, source or self.source)
        try:
            yield client
        finally:
            if not client.closed.done():
                client.transport.abort()

    def note(self, answer: bytes) -> None:
        """Count the answers' statuses; one of 5xx is a fault, but a 503 that says when to come back."""
        found = _HEAD.findall(answer)
        for status, head in found:
            self.answers[status.decode()] += 1
            if int(status) >= UNFORESEEN and not (int(status) == FULL and b"retry-after" in head.lower()):
                self.faults.append(f"answered {status.decode()}")
        if not found:
            self.answers["nothing"] += 1

    def _heard(self, _now: float, opcode: int, body: bytes) -> None:
        if opcode != TEXT:
            self.answers["frame"] += 1
            return
        message = json.loads(body)
        if message["type"] == "error":
            self.answers[str(message["status"])] += 1
            if message["status"] >= UNFORESEEN and message["status"] != FULL:
                self.faults.append(f"the stream answered {message['status']}")
        else:
            self.answers[message["type"]] += 1


async def _heard(reader: asyncio.StreamReader, patience: float) -> bytes:
    answer = b""
    try:
        while len(answer) < ANSWER:
            async with asyncio.timeout(patience):
                if not (part := await reader.read(READ)):
                    break
            answer += part
    except (TimeoutError, ConnectionError):
        pass
    return answer
