"""A first visit, by one who knows only what is on the screen: roles, names, visible words."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

from browser.looking import eventually, next_frame, open_page
from browser.service import Service


def line(page: Page) -> str:
    return page.get_by_role("region", name="First moves").get_by_role("status").inner_text()


def wait_for(page: Page, words: str) -> str:
    said: str = eventually(lambda: (found := line(page)) and re.search(words, found) and found, words)
    return said


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def at_rest(page: Page, place: Locator) -> tuple[float, float]:
    """Its middle, once the picture is whole that it lies on, which is looked at anew then."""

    def still() -> tuple[float, float] | None:
        before = middle(place)
        next_frame(page, 10)
        rests = middle(place) == before and page.locator(".stage-progress").is_hidden()
        return before if rests else None

    found: tuple[float, float] = eventually(still, "a place that stays")
    return found


def uncovered(page: Page, place: Locator) -> bool:
    """Whether nothing of the first moves lies over the middle of a place."""
    at = middle(place)
    covering = "([x, y]) => document.elementsFromPoint(x, y).some((one) => one.closest('section.move'))"
    return not page.evaluate(covering, at)


def test_three_moves_are_made_by_what_the_screen_says(visitor: Page, service: Service) -> None:
    page = visitor
    open_page(page, service.address)
    assert "Click the surface" in wait_for(page, "Click")
    ring = page.get_by_role("img", name="The ring")
    page.mouse.click(*at_rest(page, ring))
    assert "All 3 runs start where you chose" in wait_for(page, "start where")

    page.get_by_role("button", name="Next: make it diverge").click()
    wait_for(page, "Drag this learning rate up")
    rate = page.get_by_role("slider", name=re.compile("^Learning rate"))
    assert uncovered(page, rate)
    rate.press("End")
    said = wait_for(page, "Diverged.*bound")
    assert "2 / λ = 0.08" in said

    page.get_by_role("button", name="Next: meet the saddle").click()
    wait_for(page, "in the ring")
    assert uncovered(page, ring)
    x, y = at_rest(page, ring)
    page.mouse.click(x + 1, y + 2)
    assert "slipped off sideways" in wait_for(page, "saddle: nearest")

    page.get_by_role("button", name="That’s it").click()
    eventually(lambda: page.get_by_role("region", name="First moves").count() == 0, "the end of it")
    open_page(page, service.address)
    assert page.get_by_role("region", name="First moves").count() == 0


def test_on_a_phone_few_knobs_and_the_menu_are_found_by_their_words(
    phone_visitor: Page, service: Service
) -> None:
    page = phone_visitor
    open_page(page, service.address)
    assert "Tap the surface" in wait_for(page, "surface")
    page.get_by_role("button", name="Skip").click()
    eventually(lambda: page.get_by_role("region", name="First moves").count() == 0, "the end of it")

    network = page.get_by_role("heading", name="Network", exact=True)
    assert not network.is_visible()
    page.get_by_role("button", name="initial weights: Normal").click()
    eventually(network.is_visible, "its knobs")
    assert page.evaluate("document.activeElement.value !== undefined")
    page.get_by_role("button", name="Fewer knobs").click()
    eventually(network.is_hidden, "few knobs")

    page.get_by_role("button", name=re.compile("^Experiment")).click()
    search = page.get_by_role("combobox", name="Search the experiments")
    search.fill("climbs shallow")
    offered = page.get_by_role("listbox", name="Experiments").get_by_role("option")
    eventually(lambda: offered.count() == 1, "the one that is meant")
    search.press("Enter")
    eventually(
        lambda: page.get_by_role("button", name=re.compile("Noise climbs out")).is_visible(),
        "the experiment that was chosen",
    )
