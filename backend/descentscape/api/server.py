"""Runs the service: uvicorn set up for many streams, in one process or several."""

from __future__ import annotations

import asyncio
import logging.config
import socket
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import cast

import uvicorn

from descentscape.api.app import create_app
from descentscape.api.listeners import listen, shared
from descentscape.api.ops.addresses import greeting, look_around, own_url
from descentscape.api.ops.logs import log_config
from descentscape.api.ops.settings import Settings, read_settings
from descentscape.api.ops.shares import counted, of_each
from descentscape.api.ops.stores import create_store
from descentscape.api.processes import keep_serving
from descentscape.api.wire.bounds import Bounds
from descentscape.api.wire.connections import Connections
from descentscape.api.wire.descriptors import room_for
from descentscape.api.wire.http_protocol import BoundedHttp
from descentscape.api.wire.stream_protocol import BoundedStream

SHUTDOWN_SECONDS = 5


def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    root_path: str | None = None,
    open_browser: Callable[[str], object] | None = None,
) -> None:
    """Serve until interrupted; the page's addresses are printed, this machine's is given to ``open_browser``.

    ``root_path`` is the path below which a proxy publishes the service (default: ``DESCENTSCAPE_ROOT_PATH``).
    Raises OSError naming host and port where they cannot be taken, InvalidValue naming a wrong setting.
    """
    given = read_settings() if root_path is None else read_settings(root_path=root_path)
    settings = counted(given, host)
    settings = settings.model_copy(update={"connections": room_for(settings.connections)})
    create_store(settings, None)  # one that cannot be is refused here, not by each process anew
    with listen(host, port) as listener:
        print(greeting(listener, look_around()), flush=True)
        if open_browser is not None:
            Timer(0.1, open_browser, [own_url(*listener.getsockname()[:2])]).start()
        if settings.processes == 1:
            uvicorn.Server(configuration(settings)).run(sockets=[listener])
        else:
            _serve_in_processes(settings, shared(listener, settings.processes or 1))


def _serve_in_processes(settings: Settings, listeners: Sequence[socket.socket]) -> None:
    logging.config.dictConfig(log_config(settings.log))
    with TemporaryDirectory(prefix="descentscape-", ignore_cleanup_errors=True) as folder:
        keep_serving(partial(_serve_one, of_each(settings), Path(folder)), listeners)


def _serve_one(settings: Settings, folder: Path, listener: socket.socket) -> None:
    """One of several processes, which tell each other their numbers in a folder."""
    uvicorn.Server(configuration(settings, folder)).run(sockets=[listener])


def configuration(settings: Settings, folder: Path | None = None) -> uvicorn.Config:
    """Uvicorn for many streams: its protocols bounded, frames as they are, and a silent peer noticed."""
    app = create_app(settings, folder)
    service = app.state.service
    connections = Connections(settings.connections, settings.connections_per_address)
    service.metrics.gauge("connections", "Connections open now.", lambda: len(connections))
    bounds = Bounds(settings, connections, service.inboxes, service.metrics)
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
