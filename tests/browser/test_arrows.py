"""The step under the cursor as arrows on the stage, held against the run's own path."""

from __future__ import annotations

import re
from typing import Any

import httpx
import numpy as np
from playwright.sync_api import Page

from browser.lab import facts
from browser.looking import eventually, link, next_frame, open_page, say_all
from browser.service import Service

MOONS: dict[str, Any] = {
    "problem": {"dataset": {"kind": "moons"}},
    "runs": [
        {"optimizer": {"kind": "momentum", "learning_rate": 0.1}},
        {"optimizer": {"kind": "gd", "learning_rate": 0.5}, "batch_size": 16},
    ],
    "steps": 90,
    "view": {"step": 40, "stage": "contour", "tab": "step", "overlays": {"arrows": "step"}},
}


def said(page: Page) -> str:
    """What the captions say of the arrows, empty while there are none."""
    item = page.locator('#captions [data-key="arrows"]')
    return item.inner_text() if item.count() else ""


def over_the_map(page: Page) -> str:
    """What the canvas over the map shows."""
    shown: str = page.evaluate("document.querySelector('.pane-contour .stage-over').toDataURL()")
    return shown


def opened(page: Page, service: Service, experiment: dict[str, Any]) -> None:
    open_page(page, link(service.address, experiment))
    say_all(page)


def test_the_captions_says_how_long_the_step_is_wherever_the_cursor_goes(
    page: Page, service: Service
) -> None:
    opened(page, service, MOONS)
    answer = httpx.post(f"{service.address}/api/v1/runs?include=theta", json=MOONS, timeout=60).json()
    run = answer["runs"][0]
    lengths = np.linalg.norm(np.diff(np.array(run["theta"]), axis=0), axis=1)
    within = np.linalg.norm(np.diff(np.array(run["path"]), axis=0), axis=1)
    for key, step in (("", 40), ("ArrowRight", 41), ("Home", 0)):
        if key:
            page.keyboard.press(key)
        words = f"the step is {lengths[step]:#.3g} long".replace(". ", " ")
        text = eventually(lambda words=words: words in (now := said(page)) and now, words)
        share = re.search(r"(\d+)\s% of it in the plane", text)
        assert share is not None, text
        assert int(share[1]) == round(100 * within[step] / lengths[step])
        assert "−∇C and −v show directions" in text


def test_arrows_are_drawn_and_switched_in_the_menu_and_in_the_step_view(page: Page, service: Service) -> None:
    opened(page, service, MOONS)
    eventually(lambda: said(page), "the arrows")
    eventually(lambda: facts(page, ".step-facts"), "the step's numbers, which stand above what is pressed")
    button = page.locator("#view-step .step-body .show-button")
    assert button.get_attribute("aria-pressed") == "true"
    next_frame(page)
    own = over_the_map(page)
    button.click()
    eventually(lambda: said(page) == "" and over_the_map(page) != own, "a stage without arrows")
    none = over_the_map(page)
    page.click(".overlays-button")
    page.get_by_role("switch", name="Step’s arrows").check()
    page.get_by_role("switch", name="and every other rule’s step").check()
    page.keyboard.press("Escape")
    eventually(lambda: said(page) and over_the_map(page) not in (own, none), "every rule’s arrow")


def test_a_mini_batch_s_gradient_is_not_called_that_of_the_cost(page: Page, service: Service) -> None:
    opened(page, service, MOONS)
    page.get_by_role("button", name="Show Gradient descent in the views").click()
    text = eventually(lambda: "−g shows a direction" in (now := said(page)) and now, "the other run’s arrows")
    assert "as the step sees it: of its mini-batch" in text
