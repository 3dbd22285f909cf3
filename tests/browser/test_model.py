"""The quadratic model as a second surface on the stage, held against the service's own numbers."""

from __future__ import annotations

from typing import Any

import httpx
import numpy as np
from playwright.sync_api import Page

from browser.lab import open_fold
from browser.looking import eventually, link, open_page, plotted, points_plotted, say_all
from browser.service import Service

HIMMELBLAU: dict[str, Any] = {
    "problem": {"kind": "formula", "name": "himmelblau"},
    "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.003}}],
    "start": {"kind": "point", "at": [-0.5, -0.6]},
    "steps": 40,
    "view": {"step": 12, "stage": "3d", "tab": "step", "overlays": {"quadratic_model": True}},
}


def inspected(service: Service, step: int) -> Any:
    """The model of the surface over the window, and its level point, as `POST inspect` answers."""
    question = {"experiment": HIMMELBLAU, "run": 0, "step": step}
    study = {"kind": "quadratic_model", "resolution": 101}
    answer = httpx.post(f"{service.address}/api/v1/inspect", json=question | {"study": study}, timeout=60)
    answer.raise_for_status()
    return answer.json()["study"]


def drawn(page: Page) -> Any:
    """The heights of the second surface, none where there is none."""
    found = plotted(page, "model")
    return np.array(found["z"], float) if found else None


def said(page: Page) -> str:
    item = page.locator('#captions [data-key="model"]')
    return item.inner_text() if item.count() else ""


def test_the_second_surface_is_the_model_goes_with_the_cursor_and_is_switched(
    page: Page, service: Service
) -> None:
    open_page(page, link(service.address, HIMMELBLAU))
    say_all(page)
    it_goes_with_the_cursor(page, service)
    it_is_switched_in_the_step_view_and_leaves_nothing_behind(page)


def it_goes_with_the_cursor(page: Page, service: Service) -> None:
    for key, step in (("", 12), ("End", 40)):
        if key:
            page.keyboard.press(key)
        answer = inspected(service, step)
        cost = np.array(answer["cost"])
        eventually(
            lambda cost=cost: (z := drawn(page)) is not None and np.allclose(z, cost, rtol=1e-5, atol=1e-4),
            f"the model of step {step}",
        )
        a, b = answer["critical"]
        level = f"level at {a:.3g}, {b:.3g}".replace("-", "−")
        eventually(lambda level=level: level in said(page), level)


def it_is_switched_in_the_step_view_and_leaves_nothing_behind(page: Page) -> None:
    open_fold(page, "Newton’s step and its bill")
    button = page.locator(".step-fold[open] .vector-foot .show-button")
    assert button.get_attribute("aria-pressed") == "true"
    top = button.bounding_box()
    eventually(lambda: "length of Newton" in page.locator(".step-fold[open]").last.inner_text(), "its facts")
    assert button.bounding_box() == top, "what is pressed keeps its place when the answer comes"
    button.click()
    eventually(lambda: not points_plotted(page, "model") and said(page) == "", "the surface alone")
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    eventually(lambda: points_plotted(page, "model"), "the second surface again")
