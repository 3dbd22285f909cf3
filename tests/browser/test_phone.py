"""The page on phones, upright and on their side: nothing is clipped, all is in reach, pictures have room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from browser.looking import as_one_who_returns, eventually, link, open_page
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
SIZES = {"upright": (390, 844), "small": (320, 640), "on its side": (844, 390)}


@pytest.fixture(params=SIZES)
def phone(chromium: Browser, request: pytest.FixtureRequest, service: Service) -> Iterator[Page]:
    width, height = SIZES[request.param]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, has_touch=True, reduced_motion="reduce"
    )
    as_one_who_returns(context)
    page = context.new_page()
    open_page(page, link(service.address, MOONS))
    yield page
    context.close()


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    found = [each.bounding_box() for each in page.locator(selector).all() if each.is_visible()]
    return [dict(box) for box in found if box is not None]


def test_picture_captions_and_panel_share_a_phone(phone: Page, service: Service) -> None:
    size = phone.viewport_size
    assert size is not None
    for box in boxes(phone, TOUCHED):
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"] + 0.5
        assert box["height"] >= FINGER - 0.5
    assert phone.evaluate("document.documentElement.scrollWidth") == size["width"]

    # The captions in short, then all of it, over a picture that stays where it is.
    answer = httpx.post(f"{service.address}/api/v1/runs", json=MOONS, timeout=60).json()
    run, other = answer["runs"]
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

    # A tab opens its panel and folds it away.
    cost = phone.locator(".phone-tab[data-name=cost]")
    cost.click()
    eventually(lambda: phone.locator("#view-cost").is_visible(), "the panel")
    with_panel = boxes(phone, "#stage")[0]
    cost.click()
    eventually(lambda: not phone.locator("#view-cost").is_visible(), "no panel")
    alone = boxes(phone, "#stage")[0]
    assert alone["width"] * alone["height"] > 1.1 * with_panel["width"] * with_panel["height"]


@pytest.mark.parametrize("phone", ["upright"], indirect=True)
def test_two_pictures_stand_one_above_the_other(phone: Page) -> None:
    phone.locator(".stage-modes").get_by_text("Both", exact=True).click()
    eventually(lambda: phone.locator(".pane-contour").is_visible(), "the map")
    space, plan = boxes(phone, ".pane-3d")[0], boxes(phone, ".pane-contour")[0]
    assert plan["y"] >= space["y"] + space["height"] - 1
    assert space["width"] == plan["width"] > 380
