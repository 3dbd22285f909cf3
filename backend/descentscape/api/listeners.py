"""Listening sockets: a port is taken by one service, and shared by its processes."""

from __future__ import annotations

import errno
import os
import socket
import sys

UNREAD_MILLISECONDS = 90_000
"""How long the kernel keeps a connection whose other end takes nothing any more."""

BACKLOG = 2048
"""Connections that may wait to be taken."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; a port in use, or a host that is not this machine's, is named in the OSError."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        _bind(listener, (host, port))
    except OSError as error:
        listener.close()
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be taken: {error.strerror}"
        raise OSError(
            error.errno, f"port {port} on {host} {reason}; choose another with PORT or --port"
        ) from None
    return listener


def shared(listener: socket.socket, processes: int) -> list[socket.socket]:
    """Sockets for the port of one, which is the first of them, over which the system spreads connections.

    Linux does so evenly; elsewhere all processes take connections from the same socket.
    """
    if sys.platform != "linux":
        return [listener] * processes
    # Only now: a port that another service has is not shared with it.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    others = [socket.socket(listener.family, listener.type) for _ in range(processes - 1)]
    for other in others:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        _bind(other, listener.getsockname())
    return [listener, *others]


def _bind(listener: socket.socket, address: tuple[str, int]) -> None:
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # accepted connections inherit it
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)
    listener.bind(address)
    listener.listen(BACKLOG)
