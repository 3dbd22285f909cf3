"""A model that Python explores, on the page: what it has there, what it has not, and a descent on it."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Page

import descentscape as ds
from browser.looking import eventually, link, linked_document, open_page, unpacked
from browser.service import Service
from descentscape.core.objective import Array

SCALES = np.linspace(0.5, 4, 6)


def cost(theta: Array) -> float:
    return float(0.5 * SCALES @ theta**2)


def test_a_model_from_python_is_looked_at_and_descended_on(page: Page, service: Service) -> None:
    path = np.array([(1 - 0.1 * SCALES) ** k for k in range(9)])
    found = ds.explore(cost, {"training": path}, lambda theta: SCALES * theta, label="my bowl")
    with ds.show(found, open_browser=None) as shown:
        address = shown.url.partition("#")[0].rstrip("/")
        seen = {"view": {"stage": "contour", "tab": "network"}}
        open_page(page, link(address, unpacked(shown.url) | seen))
        for place, words in (
            (".bar", "my bowl"),
            ("#captions", "2 of 6"),
            ("#view-network", "This is a model from Python"),
        ):
            eventually(lambda place=place, words=words: words in page.inner_text(place), words)
        assert page.get_by_role("radio", name="Lab").count() == 0
        page.get_by_role("button", name="Export").click()
        said = page.get_by_role("menu", name="Export").inner_text()
        page.keyboard.press("Escape")
        assert "CSV" in said
        assert "PyTorch" not in said

        page.get_by_role("tab", name="Curvature").click()
        facts = page.locator("#view-curvature dd")
        eventually(lambda: facts.count() and facts.first.inner_text().startswith("4"), "its sharpness")

        box = page.locator(".pane-contour").bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
        eventually(lambda: page.locator(".run").count() == 2, "a run that is computed")
        start = eventually(lambda: linked_document(page).get("start"), "its start")
        assert start["kind"] == "lift"
        assert "Gradient descent" in page.locator(".run").nth(1).inner_text()
        # What is left open must not ask a service that is gone.
        page.goto(service.address)
