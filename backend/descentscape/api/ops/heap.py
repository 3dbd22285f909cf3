"""Memory that nobody needs any more, given back to the system."""

from __future__ import annotations

import asyncio
import ctypes
import gc
from collections.abc import Callable

GIVE_BACK_SECONDS = 5.0
"""Time between two looks; each takes about a millisecond, on a thread of its own."""


async def give_back_memory(forget: Callable[[], int]) -> None:
    """Let go of what is held for nobody, and give freed memory back, for as long as the service runs.

    ``forget`` tells of how much it has let go: a service at rest allocates nothing, so that Python would look
    for no garbage, and much of it refers to itself. The C library keeps what is freed for itself otherwise;
    only glibc can be told not to.
    """
    trim = _trim()
    while True:
        await asyncio.sleep(GIVE_BACK_SECONDS)
        if await asyncio.to_thread(forget):
            await asyncio.to_thread(gc.collect)
        await asyncio.to_thread(trim, 0)


def _trim() -> Callable[[int], object]:
    try:
        trim: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # not glibc, whose name this is
        return lambda _: None
    return trim
