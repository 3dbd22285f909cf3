"""Points of one's own and features, in a browser: by mouse, by keyboard, and what is learnt from them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from browser.looking import eventually, link, linked_document, open_page
from browser.service import Service

CIRCLES: dict[str, Any] = {
    "problem": {"dataset": {"kind": "circles", "n": 40}, "hidden": [3]},
    "runs": [{"optimizer": {"kind": "adam", "learning_rate": 0.05}, "batch_size": 16}],
    "steps": 60,
    "view": {"stage": "contour", "tab": "network"},
}


def problem(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = linked_document(page).get("problem", {})
    return found


def points(page: Page) -> list[tuple[float, float, float]]:
    dataset = problem(page)["dataset"]
    return [(*x, *y) for x, y in zip(dataset.get("x", []), dataset.get("y", []), strict=True)]


def at(page: Page, across: float, down: float) -> tuple[float, float]:
    box = page.locator(".view-network .data-picture").bounding_box()
    assert box is not None
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def features_are_inputs_more(page: Page) -> None:
    page.get_by_label("x₁²", exact=True).check()
    page.get_by_label("x₂²", exact=True).check()
    eventually(lambda: problem(page).get("features") == ["x1^2", "x2^2"], "the features in the document")
    eventually(
        lambda: "first layer’s units divide the plane by curves" in page.inner_text(".view-network"),
        "what that means",
    )
    eventually(lambda: "4 → 3 → 1" in page.inner_text("#knobs"), "the inputs more")
    page.get_by_label("x₁²", exact=True).uncheck()
    eventually(lambda: problem(page).get("features") == ["x2^2"], "one of them")


def points_are_added_carried_erased_and_undone_by_mouse(page: Page) -> None:
    page.locator(".knob", has_text="Data").locator("select").first.select_option(
        label="Draw your own points…"
    )
    eventually(lambda: len(points(page)) == 40, "the examples on show as points")
    page.get_by_role("button", name="Clear").click()
    page.mouse.click(*at(page, 0.3, 0.3))
    eventually(lambda: len(points(page)) == 1, "one point, which is learnt from alone")
    eventually(lambda: "full batch" in page.inner_text("#knobs"), "its batch")
    page.get_by_role("button", name="class 1").click()
    page.mouse.click(*at(page, 0.7, 0.7))
    eventually(lambda: [label for *_, label in points(page)] == [0, 1], "a point of the other class")
    eventually(lambda: "100" in page.inner_text(".view-network .facts"), "both told apart")

    low = points(page)[1]
    page.mouse.move(*at(page, 0.7, 0.7))
    page.mouse.down()
    page.mouse.move(*at(page, 0.7, 0.5), steps=3)
    page.mouse.up()
    high = eventually(lambda: (moved := points(page)[1])[1] > low[1] + 0.3 and moved, "it was carried up")
    assert high[0] == pytest.approx(low[0], abs=0.03)
    page.mouse.click(*at(page, 0.3, 0.3), button="right")
    eventually(lambda: points(page) == [high], "the other erased")
    page.get_by_role("button", name="Undo", exact=True).click()
    eventually(lambda: len(points(page)) == 2, "back again")


def points_are_drawn_by_keyboard(page: Page) -> None:
    page.get_by_role("button", name="+ class").click()
    page.locator(".view-network .data-picture").focus()
    for key in ("Shift+ArrowLeft", "Shift+ArrowDown", "Space", "Space", "ArrowUp", "Space"):
        page.keyboard.press(key)
    labels = eventually(lambda: len(points(page)) == 3 and [label for *_, label in points(page)], "a third")
    assert labels == [0, 1, 2]
    eventually(lambda: "Let go" in page.inner_text(".draw-said"), "what was done, in words")
    assert problem(page)["features"] == ["x2^2"]
    page.keyboard.press("Delete")
    eventually(lambda: len(points(page)) == 2, "erased")
    page.keyboard.press("Control+z")
    eventually(lambda: len(points(page)) == 3, "undone")
    page.keyboard.press("Escape")
    eventually(lambda: page.locator(".draw-bar").is_hidden(), "the end of drawing")
    assert len(points(page)) == 3


def other_data_end_the_drawing(page: Page) -> None:
    page.get_by_role("button", name="Draw your own points").click()
    eventually(lambda: page.locator(".draw-bar").is_visible(), "drawing")
    page.locator(".knob", has_text="Data").locator("select").first.select_option(label="Iris")
    eventually(lambda: page.locator(".draw-bar").is_hidden(), "the end of drawing")
    eventually(lambda: not problem(page).get("features"), "no features of four inputs")


def test_points_of_one_s_own_on_a_page_that_goes_on(page: Page, service: Service) -> None:
    open_page(page, link(service.address, CIRCLES))
    features_are_inputs_more(page)
    points_are_added_carried_erased_and_undone_by_mouse(page)
    points_are_drawn_by_keyboard(page)
    other_data_end_the_drawing(page)
