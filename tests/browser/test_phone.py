"""The page on phones, upright and on their side: nothing is clipped, all is in reach, pictures have room."""

from __future__ import annotations

from typing import Any

import httpx
from playwright.sync_api import Page

from browser.looking import eventually, link, next_frame, open_page
from browser.service import Service

MOONS: dict[str, Any] = {
    "runs": [
        {"optimizer": {"kind": "adam", "learning_rate": 0.03}, "batch_size": 16},
        {"optimizer": {"kind": "gd", "learning_rate": 0.5}, "batch_size": 16},
    ],
    "steps": 80,
    "view": {"step": 40},
}
FINGER = 44
TOUCHED = (
    ".stage-modes button, .stage-tools button, .overlays-button, .captions-fold, .phone-tab, "
    ".transport button"
)
SIZES = ((390, 844), (320, 640), (844, 390))
"""Upright, small, on its side."""


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    found = [each.bounding_box() for each in page.locator(selector).all() if each.is_visible()]
    return [dict(box) for box in found if box is not None]


def test_picture_captions_and_panel_share_a_phone(phone: Page, service: Service) -> None:
    answer = httpx.post(f"{service.address}/api/v1/runs", json=MOONS, timeout=60).json()
    open_page(phone, link(service.address, MOONS))
    for width, height in SIZES:
        phone.set_viewport_size({"width": width, "height": height})
        next_frame(phone)
        all_controls_are_in_reach_of_a_finger(phone, width)
        captions_are_short_until_asked_for_all(phone, answer["runs"])
        a_tab_opens_its_panel_and_folds_it_away(phone)


def all_controls_are_in_reach_of_a_finger(phone: Page, width: int) -> None:
    for box in boxes(phone, TOUCHED):
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width + 0.5
        assert box["height"] >= FINGER - 0.5
    assert phone.evaluate("document.documentElement.scrollWidth") == width


def captions_are_short_until_asked_for_all(phone: Page, runs: list[dict[str, Any]]) -> None:
    """In short, then all of it, over a picture that stays where it is."""
    run, other = runs
    numbers = [f"{run[name][40]:#.3g}" for name in ("cost", "shadow_cost", "off_plane")]
    eventually(lambda: all(number in phone.inner_text("#captions") for number in numbers), "both heights")
    assert "chance" in phone.inner_text("#captions")
    assert f"{other['shadow_cost'][40]:#.3g}" not in phone.inner_text("#captions")
    stage = boxes(phone, "#stage")[0]
    phone.get_by_role("button", name="All that the picture shows").click()
    assert f"{other['shadow_cost'][40]:#.3g}" in phone.inner_text("#captions")
    assert phone.get_by_role("button", name="Beside chance").is_visible()
    assert boxes(phone, "#stage")[0] == stage
    phone.get_by_role("button", name="All that the picture shows").click()


def a_tab_opens_its_panel_and_folds_it_away(phone: Page) -> None:
    cost = phone.locator(".phone-tab[data-name=cost]")
    cost.click()
    eventually(lambda: phone.locator("#view-cost").is_visible(), "the panel")
    with_panel = boxes(phone, "#stage")[0]
    cost.click()
    eventually(lambda: not phone.locator("#view-cost").is_visible(), "no panel")
    alone = boxes(phone, "#stage")[0]
    assert alone["width"] * alone["height"] > 1.1 * with_panel["width"] * with_panel["height"]


def test_two_pictures_stand_one_above_the_other(phone: Page, service: Service) -> None:
    open_page(phone, link(service.address, MOONS))
    phone.locator(".stage-modes").get_by_text("Both", exact=True).click()
    eventually(lambda: phone.locator(".pane-contour").is_visible(), "the map")
    space, plan = boxes(phone, ".pane-3d")[0], boxes(phone, ".pane-contour")[0]
    assert plan["y"] >= space["y"] + space["height"] - 1
    assert space["width"] == plan["width"] > 380
