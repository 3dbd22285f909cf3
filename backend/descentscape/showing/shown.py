"""What is shown in a browser, and the way to end it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Shown:
    """A page of this process, at an address of this machine alone, until it is closed."""

    url: str
    end: Callable[[], None]

    def close(self) -> None:
        """Serve it no longer."""
        self.end()

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Shown at {self.url}>"
