"""The service in a process of its own, which a test may stop and start again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from itertools import count
from pathlib import Path

ROOT = Path(__file__).parents[2]


_PORTS = count(20_000 + os.getpid() % 1000 * 10)
"""Below those that a system hands out by itself, to others too, before the service has taken its own."""


def free_port() -> int:
    for port in _PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("there is always another")


def wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "the service ended before it answered"
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the service did not answer within 120 s")


class Service:
    """The service in a process of its own, which a test may stop and start again."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *before: str) -> None:
        """Start it, as an argument of the command ``before`` if any."""
        environment = {
            **os.environ,
            "PORT": str(self.port),
            "NO_BROWSER": "1",
            "PYTHONPATH": str(ROOT / "backend"),
        }
        command = [*before, sys.executable, "-m", "descentscape", "serve"]
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT)
        wait_until_ready(self.address, self.process)

    def kill(self) -> None:
        """End it as a crash would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=60)
        self.process = None

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)
            self.process = None
