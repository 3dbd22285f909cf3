"""An experiment on the page, which the service serves from a thread of this process."""

from __future__ import annotations

import base64
import zlib
from threading import Thread
from time import monotonic, sleep

import uvicorn

from descentscape.api.listeners import listen
from descentscape.api.ops.addresses import own_url
from descentscape.api.ops.settings import read_settings
from descentscape.api.server import configuration
from descentscape.document.experiment import Experiment, canonical, minimal
from descentscape.showing.shown import Shown

HOST = "127.0.0.1"

STARTING = 20.0
"""Seconds that the service may take to begin."""


def show_experiment(experiment: Experiment) -> Shown:
    """Serve the page on a free port, and give the address that opens it on the experiment."""
    listener = listen(HOST, 0)
    server = uvicorn.Server(configuration(read_settings()))
    thread = Thread(target=server.run, args=([listener],), name="descentscape page", daemon=True)
    thread.start()
    deadline = monotonic() + STARTING
    while not server.started and thread.is_alive() and monotonic() < deadline:
        sleep(0.01)

    def end() -> None:
        server.should_exit = True
        thread.join()
        listener.close()

    return Shown(own_url(*listener.getsockname()[:2]) + link_of(experiment), end)


def link_of(experiment: Experiment) -> str:
    """The hash of the page's address that holds an experiment: deflated JSON in base64url."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    document = "".join(canonical(minimal(experiment)))
    packed = packer.compress(document.encode()) + packer.flush()
    return "#x=" + base64.urlsafe_b64encode(packed).decode().rstrip("=")
