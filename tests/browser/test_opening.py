"""How the page opens: stream before modules, first picture before the rest, and that when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, WebSocket

from browser.looking import (
    as_one_who_returns,
    eventually,
    first_surface,
    link,
    open_page,
    read_ahead,
)
from browser.service import Service

SPACE: dict[str, Any] = {"runs": [{"optimizer": {"kind": "adam", "learning_rate": 0.03}}], "steps": 60}
MOONS: dict[str, Any] = SPACE | {"view": {"stage": "contour"}}
LAB: dict[str, Any] = SPACE | {"view": {"stage": "lab"}}

MOST_BYTES = 155_000
"""Over the wire until the first surface, beside Plotly and what the stream sends."""

MOST_REQUESTS = 12

SURFACE = 2
"""The kind of a surface's frame, in its header."""

LATER = ("app-later", "lab-lab", "guide-tour", "shell-dialogs", "pictures-pictures", "shell-table-dialog")
"""The packs that the first picture does without."""


def held(page: Page, pack: str) -> Callable[[], None]:
    """Keep a pack back; what is returned lets it go."""
    waiting: list[Route] = []
    page.route(f"**/*{pack}.js", lambda route: waiting.append(route))

    def let_go() -> None:
        for route in waiting:
            route.continue_()
        page.unroute(f"**/*{pack}.js")

    return let_go


def refused(page: Page, pack: str) -> Callable[[], None]:
    """Let a pack not arrive; what is returned lets it through from then on."""
    page.route(f"**/*{pack}.js", lambda route: route.abort())
    return lambda: page.unroute(f"**/*{pack}.js")


def test_the_service_computes_before_what_draws_is_read(page: Page, service: Service) -> None:
    said: list[dict[str, Any]] = []
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda text: said.append(json.loads(text)))
        socket.on("framereceived", lambda text: isinstance(text, bytes) and frames.append(text))

    page.on("websocket", listen)
    let_go = held(page, "app-main")
    page.goto(link(service.address, SPACE), wait_until="commit")
    # Only a call to the page lets its events in.
    eventually(lambda: page.title() and any(frame[4] == SURFACE for frame in frames), "the surface")
    assert [message["type"] for message in said][:3] == ["open", "play", "inspect"]
    assert page.locator("#stage .pane").count() == 0
    let_go()
    eventually(lambda: first_surface(page) is not None, "the first surface")
    assert len([message for message in said if message["type"] == "open"]) == 1


def test_the_first_picture_takes_few_requests_and_bytes(page: Page, service: Service) -> None:
    let_go = held(page, "app-later")
    page.goto(service.address)
    surface = eventually(lambda: first_surface(page), "the first surface")
    received = page.evaluate(
        """(end) => performance.getEntries()
          .filter(({ entryType }) => entryType === "resource" || entryType === "navigation")
          .filter(({ name, startTime }) => startTime < end && !name.includes("plotly-"))
          .map(({ name, transferSize }) => [name, transferSize])""",
        surface,
    )
    names = " ".join(name for name, _ in received)
    assert "app-start" in names
    assert "app-main" in names
    assert not [pack for pack in LATER if pack in names]
    assert len(received) <= MOST_REQUESTS
    assert 100_000 < sum(size for _, size in received) <= MOST_BYTES
    let_go()


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
def test_what_comes_after_the_first_picture_moves_no_caption(
    page: Page, service: Service, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    let_go = held(page, "app-later")
    page.goto(link(service.address, SPACE), wait_until="commit")
    eventually(lambda: first_surface(page) is not None, "the first surface")
    eventually(lambda: page.locator('#captions [data-key="provisional"]').count() == 0, "its own plane")
    tops = (
        "[...document.querySelectorAll('.captions__list li')].map((row) => row.getBoundingClientRect().top)"
    )
    before = page.evaluate(tops)
    assert before
    let_go()
    eventually(lambda: page.locator(".null-toggle").count() == 1, "the rest")
    assert page.evaluate(tops) == before


def test_a_second_visit_asks_for_no_module_again(page: Page, service: Service) -> None:
    open_page(page, link(service.address, MOONS))
    page.goto("about:blank")
    open_page(page, link(service.address, MOONS))
    received = page.evaluate(
        "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/packs/'))"
        ".map(({ transferSize }) => transferSize)"
    )
    assert len(received) >= 3
    assert not any(received)


def test_a_key_pressed_before_the_help_is_read_opens_it(page: Page, service: Service) -> None:
    let_go = held(page, "shell-dialogs")
    open_page(page, link(service.address, MOONS))
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 0
    let_go()
    eventually(lambda: page.locator("dialog[open]").count() == 1, "the help")
    assert "play or pause" in page.inner_text("dialog[open]")


def test_a_part_that_does_not_arrive_is_said_and_tried_again(
    page: Page, service: Service, complaints: list[str]
) -> None:
    let_through = refused(page, "lab-lab")
    open_page(page, link(service.address, MOONS))
    page.keyboard.press("4")
    eventually(lambda: "did not arrive" in page.inner_text("#dialogs"), "the word of the missing lab")
    assert page.locator(".lab-head").count() == 0
    let_through()
    page.keyboard.press("1")
    page.keyboard.press("4")
    eventually(lambda: page.locator(".lab-head").count() == 1, "the lab")
    assert all("ERR_FAILED" in said for said in complaints)
    complaints.clear()


def test_the_lab_says_that_it_is_on_its_way(page: Page, service: Service) -> None:
    let_go = held(page, "lab-lab")
    page.goto(link(service.address, LAB))
    eventually(lambda: page.locator(".pane-lab .part-waiting").count() == 1, "the word of the lab to come")
    let_go()
    eventually(lambda: page.locator(".lab-chain .chain").count() == 1, "the lab")
    assert page.locator(".part-waiting").count() == 0


def test_a_lost_connection_takes_no_part_away_that_was_read_and_another_comes_when_it_is_back(
    page: Page, window: BrowserContext, service: Service, complaints: list[str]
) -> None:
    whole = window.new_page()
    as_one_who_returns(whole)
    whole.on("pageerror", lambda error: complaints.append(str(error)))
    open_page(whole, link(service.address, MOONS))
    read_ahead(whole)
    let_through = refused(page, "lab-lab")
    open_page(page, link(service.address, MOONS))
    service.stop()
    for each in (whole, page):
        eventually(lambda each=each: is_lost(each), "the word of the lost connection")
    what_was_not_asked_for_yet_is_there(whole)
    page.keyboard.press("4")
    eventually(lambda: "did not arrive" in page.inner_text("#dialogs"), "the word of the missing lab")
    let_through()
    service.start()
    eventually(lambda: page.locator(".pane-lab .lab-head").count() == 1, "the lab")
    eventually(lambda: not is_lost(whole), "the connection")
    whole.close()
    expected = ("WebSocket connection", "ERR_CONNECTION_REFUSED", "ERR_FAILED")
    assert all(any(word in said for word in expected) for said in complaints)
    complaints.clear()


def is_lost(page: Page) -> bool:
    return "onnection lost" in page.inner_text("body")


def what_was_not_asked_for_yet_is_there(page: Page) -> None:
    page.keyboard.press("?")
    eventually(page.locator("dialog[open]").is_visible, "the help")
    page.keyboard.press("Escape")
    eventually(page.locator("dialog[open]").is_hidden, "no help")
    page.keyboard.press("4")
    eventually(page.locator(".pane-lab .lab-head").is_visible, "the lab")
