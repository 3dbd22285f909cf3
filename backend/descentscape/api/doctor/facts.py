"""What there is: the machine, its network, the port, and what Descentscape brings."""

from __future__ import annotations

import errno
import http.client
import json
import os
import platform
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numba
import numpy as np
from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

from descentscape.api.http.static import page
from descentscape.api.listeners import listen
from descentscape.api.ops.addresses import Network, class_urls, families_of, look_around, own_url
from descentscape.api.ops.control_groups import memory_limit, processors
from descentscape.api.ops.settings import unknown_variables
from descentscape.core.descent.ahead import is_compiled
from descentscape.core.parallel import available
from descentscape.output.player import page_folder
from descentscape.version import VERSION

PortState = Literal["free", "descentscape", "taken", "forbidden", "not ours"]

WAIT_SECONDS = 2.0
"""How long anything may take to answer."""


@dataclass(frozen=True)
class Facts:
    """What was found; None stands for what this system does not tell. Memory and room are in bytes."""

    versions: dict[str, str]
    cores: int
    processors: float | None
    memory: int | None
    memory_limit: int | None
    open_files: int | None
    temporary_room: int | None
    compiled: bool
    missing_page: str | None
    clock_behind: bool
    host: str
    port: int
    port_state: PortState
    network: Network
    urls: tuple[str, ...]
    unreachable: tuple[str, ...]
    firewall: str | None
    own_name: str
    unknown: tuple[str, ...] = ()


def look(host: str, port: int) -> Facts:
    """Ask this machine. The port is taken for a moment where it is free, and nothing leaves the machine."""
    network = look_around()
    state, urls, unreachable = _try_port(host, port, network)
    return Facts(
        versions=_versions(),
        cores=available(),
        processors=processors(),
        memory=_memory(),
        memory_limit=memory_limit(),
        open_files=_open_files(),
        temporary_room=_temporary_room(),
        compiled=is_compiled(),
        missing_page=_missing_page(),
        clock_behind=time.time() < Path(__file__).stat().st_mtime - 86400,
        host=host,
        port=port,
        port_state=state,
        network=network,
        urls=urls,
        unreachable=unreachable,
        firewall=_firewall(),
        own_name=socket.gethostname(),
        unknown=unknown_variables(os.environ),
    )


def _versions() -> dict[str, str]:
    blas = next((each for each in threadpool_info() if each["user_api"] == "blas"), None)
    algebra = (
        f"{blas['internal_api']} {blas['version']} ({blas['num_threads']} threads)" if blas else "none found"
    )
    return {
        "Descentscape": VERSION,
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "Numba": numba.__version__,
        "BLAS": algebra,
        "system": f"{platform.system()} {platform.machine()}",
    }


def _memory() -> int | None:
    with suppress(ValueError, OSError, AttributeError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return None


def _open_files() -> int | None:
    try:
        import resource
    except ImportError:  # Windows, whose sockets are no files
        return None
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return None if hard == resource.RLIM_INFINITY else hard


def _temporary_room() -> int | None:
    with suppress(OSError):
        return shutil.disk_usage(tempfile.gettempdir()).free
    return None


def _missing_page() -> str | None:
    """What keeps the page from being put together, if anything."""
    try:
        page(page_folder())
    except (OSError, LookupError, ValueError) as error:
        return str(error) or type(error).__name__
    return None


def _try_port(host: str, port: int, network: Network) -> tuple[PortState, tuple[str, ...], tuple[str, ...]]:
    """What the port is at, the addresses for a class, and those among them that nothing gets through to."""
    try:
        listener = listen(host, port)
    except OSError as error:
        state = _state(error.errno, host, port)
        return state, tuple(_served(host, port, network)) if state == "descentscape" else (), ()
    with listener:
        own, taken = listener.getsockname()[:2]
        urls = class_urls(own, taken, network, families_of(listener))
        named = [each for each in urls if network.name is None or network.name not in each]
        return "free", tuple(urls), tuple(each for each in named if not _connects(each))


def _served(host: str, port: int, network: Network) -> Iterator[str]:
    """The addresses for a class that a service gives already, whatever host it was told to listen on."""
    every, family = ("::", socket.AF_INET6) if ":" in host else ("0.0.0.0", socket.AF_INET)
    yield from filter(_connects, class_urls(every, port, replace(network, name=None), frozenset({family})))


def _state(number: int | None, host: str, port: int) -> PortState:
    if number == errno.EADDRINUSE:
        return "descentscape" if _is_descentscape(host, port) else "taken"
    return "forbidden" if number in (errno.EACCES, errno.EPERM) else "not ours"


def _is_descentscape(host: str, port: int) -> bool:
    address = own_url(host, port).removeprefix("http://").removesuffix("/")
    with closing(http.client.HTTPConnection(address, timeout=WAIT_SECONDS)) as connection:
        try:
            connection.request("GET", "/healthz")
            return bool(json.loads(connection.getresponse().read(100)) == {"status": "ok"})
        except (OSError, ValueError, http.client.HTTPException):
            return False


def _connects(url: str) -> bool:
    host, _, port = url.removeprefix("http://").removesuffix("/").rpartition(":")
    with suppress(OSError), socket.create_connection((host.strip("[]"), int(port)), WAIT_SECONDS):
        return True
    return False


def _firewall() -> str | None:
    """The name of a firewall that is set up here, where its files say so."""
    with suppress(OSError):
        if "ENABLED=yes" in Path("/etc/ufw/ufw.conf").read_text():
            return "ufw"
    return "firewalld" if Path("/run/firewalld").exists() else None
