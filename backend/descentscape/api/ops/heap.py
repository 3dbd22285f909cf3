"""Memory that was freed, given back to the system: the C library keeps it for itself otherwise."""

from __future__ import annotations

import asyncio
import ctypes

GIVE_BACK_SECONDS = 5.0
"""Time between two looks; it takes about a millisecond, on a thread of its own."""


async def give_back_freed_memory() -> None:
    """Give freed memory back now and then, for as long as the service runs, where the C library can."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # not glibc, whose name this is
        return
    while True:
        await asyncio.sleep(GIVE_BACK_SECONDS)
        await asyncio.to_thread(trim, 0)
