"""A real service and a real Chromium for the page's tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

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
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


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
def window(
    playwright: Playwright, executable: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """The window of the tests at a desk: it remembers compiled scripts, which opens a page in half the time.

    Nothing plays in it unless a test lets it (`emulate_media`): a processor that draws a race frame by
    frame has little left for what is asked.
    """
    with opened_window(playwright, executable, tmp_path_factory.mktemp("desk"), DESK) as context:
        yield context


@pytest.fixture(scope="session")
def touched(
    playwright: Playwright, executable: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """The same for a finger, as large as a phone."""
    with opened_window(playwright, executable, tmp_path_factory.mktemp("phone"), PHONE) as context:
        yield context


@contextmanager
def opened_window(
    playwright: Playwright, executable: str, profile: Path, options: dict[str, Any]
) -> Iterator[BrowserContext]:
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=executable, args=list(ARGUMENTS), reduced_motion="reduce", **options
    )
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the console and uncaught exceptions said, empty at the end of every test."""
    return []


@pytest.fixture
def visitor(window: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A page of one who comes for the first time."""
    with tab(window, complaints) as page:
        yield page


@pytest.fixture
def page(visitor: Page) -> Page:
    """A page of one who returns."""
    as_one_who_returns(visitor)
    return visitor


@pytest.fixture
def phone_visitor(touched: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A phone's page of one who comes for the first time."""
    with tab(touched, complaints) as page:
        yield page


@pytest.fixture
def phone(phone_visitor: Page) -> Page:
    """A phone's page of one who returns."""
    as_one_who_returns(phone_visitor)
    return phone_visitor


@contextmanager
def tab(window: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A page at the end of which nothing of it is left for the next."""
    opened = window.new_page()
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.evaluate("localStorage.clear()")
    opened.close()
    assert complaints == []
