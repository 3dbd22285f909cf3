"""What the helper process answers: a line of JSON, and then bytes, which cannot act on who reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import IO

from pydantic import TypeAdapter
from pydantic_core import to_json

MAX_HEAD = 1 << 16
"""Bytes of the line before an answer’s parts."""


@dataclass(frozen=True)
class Head:
    """What came of a request beside the parts that follow, of ``sizes`` bytes.

    ``refused`` is who is to blame and a sentence, ``costly`` whether the work asked for too much; ``failed``
    tells of a fault, ``exhausted`` of memory that did not suffice. ``seconds`` are those of the processor
    that it took. After the ``last`` answer the process ends, for what it took does not come back.
    """

    sizes: tuple[int, ...] = ()
    seconds: float = 0.0
    refused: tuple[str, str] | None = None
    costly: bool = False
    failed: str | None = None
    exhausted: bool = False
    last: bool = False


@dataclass(frozen=True)
class Answer:
    """An answer as it was received."""

    head: Head
    parts: tuple[bytes, ...]


_HEAD = TypeAdapter(Head)


def send(file: IO[bytes], head: Head, parts: Sequence[bytes]) -> None:
    """Write an answer."""
    file.write(to_json(asdict(head)) + b"\n")
    file.writelines(parts)
    file.flush()


def receive(file: IO[bytes]) -> Answer:
    """Read an answer; raises EOFError where none comes, ValueError where it is none."""
    head = _HEAD.validate_json(file.readline(MAX_HEAD) or _nothing())
    return Answer(head, tuple(_part(file, size) for size in head.sizes))


def _part(file: IO[bytes], size: int) -> bytes:
    part = file.read(size)
    return part if len(part) == size else _nothing()


def _nothing() -> bytes:
    raise EOFError("the process has ended")
