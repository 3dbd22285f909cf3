"""Cases that are one idea: one test goes through them all, and says in which it failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def in_case(*values: object) -> Iterator[None]:
    """Within it, whatever fails says that it did so with these values."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"with {', '.join(map(repr, values))}")
        raise
