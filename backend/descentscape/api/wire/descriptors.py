"""File descriptors: each connection is one, and a process that has none left cannot take the next."""

from __future__ import annotations

try:
    import resource
except ImportError:  # Windows, whose sockets are no descriptors
    resource = None  # type: ignore[assignment]

RESERVED = 64
"""Descriptors for all that is not a connection: files, the event loop, the log."""

LEAST = 28
"""As many of these as are taken at once; where few are allowed, connections have half of all, or less."""


def room_for(connections: int) -> int:
    """How many of so many connections the process may hold, once its limit is raised as far as that takes."""
    if resource is None:
        return connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return connections
    wanted = connections + RESERVED
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if allowed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    held = max(soft, allowed)
    return max(1, min(connections, held - min(RESERVED, max(LEAST, held // 2))))
