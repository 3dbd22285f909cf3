"""A real service and a real Chromium for the page's tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from browser.looking import as_one_who_returns
from browser.service import Service

# No accelerator is needed: the processor draws the 3D scene, and by ordinary code whatever is flat. Where it
# plays a graphics card for the whole page, that shows four frames a second in place of forty.
ARGUMENTS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-rasterization",
    "--disable-gpu-compositing",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    running = Service()
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def executable() -> str:
    path = os.environ.get("DESCENTSCAPE_CHROMIUM")
    assert path, "DESCENTSCAPE_CHROMIUM must name a Chromium: run `make test`, which finds one"
    return path


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, executable: str) -> Iterator[Browser]:
    """For windows of their own: other sizes, touch, nothing remembered."""
    browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def window(
    playwright: Playwright, executable: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """The window of all other tests: it remembers compiled scripts, which opens a page in half the time.

    Nothing plays in it unless a test lets it (`emulate_media`): a processor that draws a race frame by
    frame has little left for what is asked.
    """
    context = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"),
        executable_path=executable,
        args=list(ARGUMENTS),
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",
    )
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the console and uncaught exceptions said, empty at the end of every test."""
    return []


@pytest.fixture
def page(window: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A page of one who returns, at the end of which nothing else is left for the next."""
    opened = window.new_page()
    as_one_who_returns(opened)
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.evaluate("localStorage.clear()")
    opened.close()
    assert complaints == []
