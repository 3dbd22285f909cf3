"""How the parts of the page share its window: the picture alone, sized columns, presenting, paper."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from browser.looking import eventually, link, open_page
from browser.service import Service

RACE: dict[str, Any] = {
    "problem": {"kind": "formula", "name": "himmelblau"},
    "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.01}}],
    "steps": 30,
    "view": {"stage": "contour", "step": 30},
}


def width(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    return box["width"] if box else 0


def middle(page: Page, selector: str) -> tuple[float, float] | None:
    box = page.locator(selector).bounding_box()
    return box and (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def letters(page: Page, selector: str) -> float:
    """The size of an element's letters, in pixels."""
    return float(page.locator(selector).evaluate("(el) => parseFloat(getComputedStyle(el).fontSize)"))


def test_the_picture_fills_the_window_and_is_presented(page: Page, service: Service) -> None:
    open_page(page, link(service.address, RACE))
    before = width(page, "#stage")
    page.keyboard.press("f")
    assert width(page, "#stage") == 1440
    assert not page.locator("#knobs, #views, #bar").filter(visible=True).count()
    page.get_by_role("button", name="Show knobs and views again").click()
    assert width(page, "#stage") == before
    page.keyboard.press("f")
    page.keyboard.press("Escape")
    assert width(page, "#stage") == before

    small = letters(page, ".position__step"), letters(page, "#captions strong >> nth=0")
    page.keyboard.press("p")
    eventually(lambda: page.evaluate("document.fullscreenElement !== null"), "the full screen")
    large = letters(page, ".position__step"), letters(page, "#captions strong >> nth=0")
    assert [round(after / first, 3) for first, after in zip(small, large, strict=True)] == [1.6, 1.6]
    font = "document.querySelector('.pane-contour .js-plotly-plot').layout.font.size"
    eventually(lambda: round(page.evaluate(font) / 12, 3) == 1.6, "the axes’ letters")
    page.mouse.move(400, 300)
    page.mouse.move(420, 310)
    eventually(lambda: middle(page, ".presenter-pointer") == pytest.approx((420, 310), abs=1), "the ring")
    page.evaluate("document.exitFullscreen()")
    eventually(lambda: letters(page, ".position__step") == small[0], "the letters as they were")
    eventually(lambda: width(page, "#stage") == before, "the width as it was")


def test_columns_keep_the_size_they_are_given_and_the_view_is_printed(page: Page, service: Service) -> None:
    page.add_init_script("window.print = () => { window.asked = (window.asked ?? 0) + 1; }")
    open_page(page, link(service.address, RACE))
    before = width(page, "#views")
    edge = page.get_by_role("separator", name="Width of the views")
    edge.press("ArrowLeft")
    edge.press("Shift+ArrowLeft")
    eventually(lambda: width(page, "#views") == before + 16 + 64, "wider views")
    assert edge.get_attribute("aria-valuenow") == str(round(before) + 80)
    page.reload()
    eventually(lambda: width(page, "#views") == before + 80, "the size of before")
    edge.dblclick()
    eventually(lambda: width(page, "#views") == before, "the size as it is given")

    eventually(lambda: page.locator(".pane-contour .js-plotly-plot").count(), "the picture")
    page.keyboard.press("Control+p")
    eventually(lambda: page.evaluate("window.asked"), "the print")
    sheet = page.locator(".printed-sheet")
    assert "at step 30" in sheet.locator("h1").inner_text()
    assert page.url in (sheet.locator(".printed-link").text_content() or "")
    page.emulate_media(media="print")
    sheets = [sheet.is_visible(), page.locator(".app").is_visible(), sheet.locator("img").count()]
    assert sheets == [True, False, 2]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    eventually(lambda: sheet.count() == 0, "the page as it was")
    # What the browser's own menu prints says how the picture comes onto paper.
    assert not page.locator(".app").is_visible()
    assert "Ctrl+P" in page.evaluate("getComputedStyle(document.body, '::before').content")
