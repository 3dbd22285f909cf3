"""Going on from one experiment to another: the history, what is remembered, a connection lost meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from browser.looking import (
    draw_maps_alone,
    eventually,
    link,
    next_frame,
    open_page,
    plotted,
    read_ahead,
    say_all,
    steps_arrived,
)
from browser.service import Service

HIMMELBLAU: dict[str, Any] = {
    "problem": {"kind": "formula", "name": "himmelblau"},
    "runs": [{"optimizer": {"kind": "adam", "learning_rate": 0.2}}],
    "steps": 60,
    "view": {"stage": "contour"},
}
MOONS: dict[str, Any] = {"steps": 40, "view": {"stage": "contour"}}
CAMERA = """() => {
  const camera = document.querySelector("#stage .js-plotly-plot")?._fullLayout?.scene?._scene?.getCamera();
  return camera ? [camera.eye, camera.center].flatMap(({ x, y, z }) => [x, y, z]) : null;
}"""

GO = """async (ways) => {
  for (const way of ways) {
    const gone = new Promise((done) => addEventListener("popstate", done, { once: true }));
    history[way]();
    await gone;
  }
}"""
"""Goes through the history as fast as the browser does."""

HOLD_PACKING = """() => {
  const Packing = CompressionStream;
  const released = new Promise((done) => { window.release = done; });
  window.CompressionStream = class {
    constructor(format) {
      const { readable, writable } = new Packing(format);
      const reader = readable.getReader();
      const read = async () => { window.packing = true; await released; return reader.read(); };
      Object.assign(this, { writable, readable: { getReader: () => ({ read }) } });
    }
  };
}"""
"""Lets every link that the page packs wait until `release` is called; `packing` tells that one does."""


def title(page: Page) -> str:
    return page.inner_text(".chooser__title")


def address(page: Page) -> str:
    """The address as the page has it now: `page.url` only hears of it by and by."""
    found: str = page.evaluate("location.href")
    return found


def choose(page: Page, name: str) -> None:
    page.click(".chooser")
    page.locator(".offer", has_text=name).first.click()


def come_to(page: Page, name: str) -> None:
    """Choose an experiment and wait until it is on show and in the address."""
    eventually(lambda: "#x=" in address(page), "the address of what is on show")
    before = address(page)
    choose(page, name)
    eventually(lambda: name in title(page) and address(page) != before, name)


def warned(page: Page) -> bool:
    return page.locator(".message--warn").is_visible()


def at_rest(page: Page) -> list[float]:
    """The 3D camera, once it does not move any more."""

    def still() -> list[float] | None:
        before: list[float] | None = page.evaluate(CAMERA)
        next_frame(page, 20)
        return before if before == page.evaluate(CAMERA) else None

    found: list[float] = eventually(still, "a camera at rest")
    return found


def test_what_is_chosen_on_a_lost_connection_comes_when_it_is_back(
    page: Page, window: BrowserContext, service: Service, complaints: list[str]
) -> None:
    open_page(page, link(service.address, HIMMELBLAU))
    read_ahead(page)
    strip = page.inner_text("#captions").split("Adam")[0]
    window.set_offline(True)
    try:
        eventually(lambda: warned(page), "the message")
        choose(page, "Moons: three ways down")
        rate = page.locator(".run__rate input[type=text]")
        rate.fill("0.5")
        rate.press("Tab")
        eventually(lambda: "What you chose comes" in page.inner_text(".message--warn"), "that it waits")
        next_frame(page, 30)
        assert title(page) == "Custom"
        assert page.locator(".run").count() == 1
        assert page.inner_text("#captions").startswith(strip)
    finally:
        window.set_offline(False)
    eventually(lambda: not warned(page), "the connection")
    eventually(
        lambda: page.eval_on_selector(".run__rate input[type=text]", "box => box.value") == "0.5",
        "the last choice",
    )
    complaints[:] = [line for line in complaints if "ERR_INTERNET_DISCONNECTED" not in line]


def test_a_visit_goes_back_and_forth_between_experiments_and_loses_nothing(
    page: Page, service: Service
) -> None:
    draw_maps_alone(page)
    page.goto("about:blank")
    open_page(page, service.address)
    eventually(lambda: "#x=" in address(page), "the address")
    names = [title(page), "Himmelblau", "Rosenbrock"]
    knobs_leave_no_entry(page, names)
    back_goes_through_the_experiments(page, names)
    going_back_and_forward_at_once_loses_nothing(page, names)
    forward_while_the_link_is_packed_keeps_what_is_there(page)
    to_skip_to_the_picture_leaves_the_experiment(page, "Rosenbrock")
    come_to(page, "Himmelblau")
    names_of_starts_go_with_the_starts(page)


def knobs_leave_no_entry(page: Page, names: list[str]) -> None:
    entries = page.evaluate("history.length")
    for name in names[1:]:
        come_to(page, name)
    rate = page.locator(".run__rate input[type=text]").first
    before = address(page)
    rate.fill("0.0001")
    rate.press("Tab")
    eventually(
        lambda: title(page).endswith(", changed") and address(page) != before, "the edit in the address"
    )
    assert page.evaluate("history.length") == entries + 2


def back_goes_through_the_experiments(page: Page, names: list[str]) -> None:
    """From the last to the first, and on to the last again."""
    page.go_back()
    eventually(lambda: names[1] in title(page), "the experiment before")
    page.go_back()
    eventually(lambda: title(page) == names[0], "the first experiment")
    for name in names[1:]:
        page.go_forward()
        eventually(lambda name=name: name in title(page), "the next experiment")


def going_back_and_forward_at_once_loses_nothing(page: Page, names: list[str]) -> None:
    entries = page.evaluate("history.length")
    page.evaluate(GO, ["back", "forward"] * 10)
    eventually(lambda: names[2] in title(page), "the last experiment")
    page.evaluate(GO, ["back", *["back", "forward", "forward", "back"] * 5])
    eventually(lambda: names[1] in title(page), "the experiment in the middle")
    page.go_back()
    for name in names:
        eventually(lambda name=name: name in title(page), name)
        if name != names[2]:
            page.go_forward()
    assert page.evaluate("history.length") == entries


def forward_while_the_link_is_packed_keeps_what_is_there(page: Page) -> None:
    page.evaluate(GO, ["back"])
    eventually(lambda: "Himmelblau" in title(page), "the experiment before")
    page.evaluate(HOLD_PACKING)
    page.keyboard.press("4")
    eventually(lambda: page.evaluate("window.packing"), "a link that is packed")
    page.evaluate(GO, ["forward"])
    there = address(page)
    page.evaluate("release()")
    eventually(lambda: "Rosenbrock" in title(page), "the next experiment")
    assert address(page) == there


def to_skip_to_the_picture_leaves_the_experiment(page: Page, name: str) -> None:
    page.locator(".skip").press("Enter")
    assert page.evaluate("document.activeElement.id") == "stage"
    assert address(page).partition("#")[2].startswith("x=")
    assert name in title(page)


def names_of_starts_go_with_the_starts(page: Page) -> None:
    eventually(lambda: "north-east" in page.inner_text(".legend"), "the names of Himmelblau's starts")
    page.locator("#knobs select").first.select_option(label="Your own f(x, y)")
    eventually(lambda: title(page) == "Custom" and page.locator(".run").count() == 1, "one run")
    eventually(lambda: "north-east" not in page.inner_text("#app"), "other names")


def test_a_speed_of_a_visit_before_is_not_shown(page: Page, service: Service) -> None:
    open_page(page, link(service.address, HIMMELBLAU))
    page.select_option(".select--speed", index=0)
    page.goto("about:blank")
    page.go_back()
    eventually(lambda: page.locator(".select--speed").count() == 1, "the page")
    page.wait_for_load_state("load")
    next_frame(page)
    assert page.eval_on_selector(".select--speed", "one => one.selectedOptions[0].textContent") == "1×"


def test_an_optimizer_comes_back_as_it_was_in_the_window_it_had(page: Page, service: Service) -> None:
    open_page(page, link(service.address, {**HIMMELBLAU, "start": {"kind": "point", "at": [0.0, 0.0]}}))
    shown = lambda: page.eval_on_selector(".run__rate input[type=text]", "box => box.value")  # noqa: E731

    def window() -> list[float] | None:
        surface = plotted(page, "surface")
        return surface and [surface["x"][0], surface["x"][-1], surface["y"][0], surface["y"][-1]]

    before = eventually(window, "the window")
    optimizer = page.locator(".run__optimizer select")
    optimizer.select_option(label="Gradient descent")
    eventually(lambda: shown() != "0.2", "the other optimizer")
    optimizer.select_option(label="Adam")
    eventually(lambda: shown() == "0.2", "the rate that was there")
    eventually(lambda: window() == before, "the window that was there")


def test_escape_closes_the_newest_of_what_is_open(page: Page, service: Service) -> None:
    open_page(page, link(service.address, MOONS))
    say_all(page)
    chance = page.locator("#null-walk")
    page.get_by_role("button", name="Beside chance").click()
    eventually(chance.is_visible, "the walk beside the path")
    page.get_by_role("button", name="Overlays").click()
    menu = page.locator("#overlays-menu")
    eventually(menu.is_visible, "the overlays")
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    assert chance.is_visible()
    page.keyboard.press("?")
    help_ = page.locator("dialog[open]")
    eventually(help_.is_visible, "the help")
    page.keyboard.press("Escape")
    assert not help_.is_visible()
    assert chance.is_visible()
    page.keyboard.press("Escape")
    assert not chance.is_visible()


def test_the_view_is_reset_to_the_opening_one_however_one_came(page: Page, service: Service) -> None:
    open_page(page, service.address)
    the_view_is_reset(page, "Moons: three ways down")
    come_to(page, "Rosenbrock")
    the_view_is_reset(page, "Rosenbrock")


def the_view_is_reset(page: Page, name: str) -> None:
    assert name in title(page)
    page.keyboard.press("1")
    eventually(lambda: page.locator(".stage-progress").is_hidden(), "the whole surface")
    steps = int(page.inner_text(".position__total").removeprefix(" of ").replace("of ", "").replace(",", ""))
    eventually(lambda: steps_arrived(page) == steps + 1, "the whole path")
    opening = pytest.approx(at_rest(page), abs=1e-6)
    reset = page.get_by_role("button", name="Reset view")
    reset.click()
    assert at_rest(page) == opening
    page.get_by_role("button", name="Turn the view left").click()
    assert at_rest(page) != opening
    page.keyboard.press("2")
    page.keyboard.press("1")
    reset.click()
    assert at_rest(page) == opening
    page.set_viewport_size({"width": 1100, "height": 800})
    at_rest(page)
    reset.click()
    at_rest(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert at_rest(page) == opening
