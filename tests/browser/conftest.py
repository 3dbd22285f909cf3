"""A real service and a real Chromium for the page's tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
# No accelerator is needed: the 3D scene is drawn by the processor.
ARGUMENTS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, "the service ended before it answered"
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the service did not answer within 30 s")


class Service:
    """The service in a process of its own, which a test may stop and start again."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {
            **os.environ,
            "PORT": str(self.port),
            "NO_BROWSER": "1",
            "PYTHONPATH": str(ROOT / "backend"),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "descentscape", "serve"], env=environment, cwd=ROOT
        )
        wait_until_ready(self.address, self.process)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=15)
            self.process = None


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    running = Service()
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("DESCENTSCAPE_CHROMIUM")
    assert path, "DESCENTSCAPE_CHROMIUM must name a Chromium: run `make test`, which finds one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the console and uncaught exceptions said, empty at the end of every test."""
    return []


@pytest.fixture
def page(chromium: Browser, complaints: list[str]) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="no-preference")
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []
