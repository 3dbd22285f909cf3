"""Runs the service: one process, one event loop, uvicorn set up for many streams."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from functools import partial
from threading import Timer
from typing import cast

import uvicorn

from descentscape.api.app import create_app
from descentscape.api.ops.addresses import greeting, look_around, own_url
from descentscape.api.ops.logs import log_config
from descentscape.api.ops.settings import Settings, read_settings
from descentscape.api.wire.bounds import Bounds
from descentscape.api.wire.connections import Connections
from descentscape.api.wire.descriptors import room_for
from descentscape.api.wire.http_protocol import BoundedHttp
from descentscape.api.wire.stream_protocol import BoundedStream

SHUTDOWN_SECONDS = 5
UNREAD_MILLISECONDS = 90_000
"""How long the kernel keeps a connection whose other end takes nothing any more."""


def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    root_path: str | None = None,
    open_browser: Callable[[str], object] | None = None,
) -> None:
    """Serve until interrupted; the page's addresses are printed, this machine's is given to ``open_browser``.

    ``root_path`` is the path below which a proxy publishes the service (default: ``DESCENTSCAPE_ROOT_PATH``).
    Raises OSError naming host and port where they cannot be taken.
    """
    settings = read_settings() if root_path is None else read_settings(root_path=root_path)
    settings = settings.model_copy(update={"connections": room_for(settings.connections)})
    listener = listen(host, port)
    print(greeting(listener, look_around()), flush=True)
    if open_browser is not None:
        Timer(0.1, open_browser, [own_url(*listener.getsockname()[:2])]).start()
    with listener:
        uvicorn.Server(configuration(settings)).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; a port in use, or a host that is not this machine's, is named in the OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # accepted connections inherit it
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be taken: {error.strerror}"
        raise OSError(
            error.errno, f"port {port} on {host} {reason}; choose another with PORT or --port"
        ) from None
    return listener


def configuration(settings: Settings) -> uvicorn.Config:
    """Uvicorn for many streams: its protocols bounded, frames as they are, and a silent peer noticed."""
    app = create_app(settings)
    service = app.state.service
    connections = Connections(settings.connections, settings.connections_per_address)
    service.metrics.gauge("connections", "Connections open now.", lambda: len(connections))
    bounds = Bounds(settings, connections, service.inboxes)
    return uvicorn.Config(
        app,
        http=cast("type[asyncio.Protocol]", partial(BoundedHttp, bounds=bounds)),
        ws=cast("type[asyncio.Protocol]", partial(BoundedStream, bounds=bounds)),
        ws_max_size=settings.body_bytes,
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=30,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        access_log=False,
        server_header=False,
        log_config=log_config(settings.log),
    )
