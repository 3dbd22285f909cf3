"""What whoever runs the service may set, each from an environment variable with a default for a classroom."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from descentscape.core.errors import InvalidValue

PREFIX = "DESCENTSCAPE_"


@dataclass(frozen=True)
class Settings:
    """The service's settings; ``Settings.from_environment()`` reads ``DESCENTSCAPE_<NAME>`` for each."""

    hosts: tuple[str, ...] = ()
    """Further host names that the service answers to (``class.example.org``, ``*.example.org``, ``*``)."""

    origins: tuple[str, ...] = ()
    """Further origins whose pages may open the stream (``https://class.example.org``)."""

    root_path: str = ""
    """The path below which a proxy publishes the service, such as ``/descentscape``."""

    sockets: int = 240
    """Streams open at once."""

    sockets_per_address: int = 120
    """Streams open at once from one address: a whole classroom may share one."""

    messages_per_second: float = 100.0
    """How fast one stream's messages are read in the long run; what comes faster waits."""

    body_bytes: int = 1 << 20
    """The largest request body, and the largest message of a stream, in bytes."""

    send_seconds: float = 30.0
    """How long a client may leave a frame unread before its stream is closed."""

    idle_seconds: float = 3600.0
    """How long a stream may stay silent in both directions before it is closed."""

    threads: int = field(default_factory=lambda: max(1, min(2, os.cpu_count() or 1)))
    """Threads that compute; every stream and request takes turns on them."""

    compute_seconds: float = 60.0
    """The longest computation that is begun, in seconds of one core, as the cost model estimates it."""

    memory_bytes: int = 1 << 30
    """Bytes that the descents of all streams and calls may take together; the cache comes beside."""

    calls: int = 64
    """REST computations admitted at once; more are told to come back."""

    def __post_init__(self) -> None:
        for name in ("sockets", "sockets_per_address", "body_bytes", "threads", "calls", "memory_bytes"):
            _require_positive(name, getattr(self, name))
        for name in ("messages_per_second", "send_seconds", "idle_seconds", "compute_seconds"):
            _require_positive(name, getattr(self, name))
        if self.root_path and (not self.root_path.startswith("/") or self.root_path.endswith("/")):
            raise InvalidValue("root_path", "empty or a path like /descentscape", self.root_path)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings with every ``DESCENTSCAPE_<NAME>`` that is set; raises InvalidValue naming it."""
        given: dict[str, Any] = {}
        for entry in fields(cls):
            text = environment.get(PREFIX + entry.name.upper())
            if text is not None:
                given[entry.name] = _read(PREFIX + entry.name.upper(), str(entry.type), text)
        try:
            return cls(**given)
        except InvalidValue as error:
            raise InvalidValue(PREFIX + error.name.upper(), error.constraint, given[error.name]) from None


def _require_positive(name: str, value: float) -> None:
    if not value > 0:
        raise InvalidValue(name, "more than 0", value)


def _read(name: str, kind: str, text: str) -> object:
    if kind.startswith("tuple"):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        return {"int": int, "float": float, "str": str}[kind](text)
    except ValueError:
        raise InvalidValue(name, f"a number ({kind})", text) from None
