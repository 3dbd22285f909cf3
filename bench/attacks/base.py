"""What an attack is: something that is done once, by so many at a time, again and again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.wire import Target

Once = Callable[[Target], Awaitable[object]]


@dataclass(frozen=True)
class Attack:
    """Its name on the command line, what is done, and by how many at a time."""

    name: str
    once: Once
    at_once: int = 4
