"""What the tests of the landscape share: experiments at rest, the service’s own numbers, the page’s link."""

from __future__ import annotations

from typing import Any

import httpx
from playwright.sync_api import Page

from browser.looking import eventually, link, linked_document, open_page, say_all
from browser.service import Service

MOONS: dict[str, Any] = {
    "problem": {"dataset": {"kind": "moons", "test_fraction": 0.25}},
    "runs": [
        {"optimizer": {"kind": "adam", "learning_rate": 0.03}, "batch_size": 16},
        {"optimizer": {"kind": "gd", "learning_rate": 0.5}, "batch_size": 16},
    ],
    "steps": 80,
    "view": {"step": 40},
}

HIMMELBLAU: dict[str, Any] = {
    "problem": {"kind": "formula", "name": "himmelblau"},
    "runs": [
        {"optimizer": {"kind": "gd", "learning_rate": 0.01}},
        {"optimizer": {"kind": "momentum", "learning_rate": 0.01}},
    ],
    "steps": 60,
    "view": {"stage": "contour"},
}


def computed(service: Service, experiment: dict[str, Any]) -> dict[str, Any]:
    answer = httpx.post(f"{service.address}/api/v1/runs", json=experiment, timeout=60)
    answer.raise_for_status()
    content: dict[str, Any] = answer.json()
    return content


def opened(page: Page, service: Service, experiment: dict[str, Any]) -> None:
    """The experiment on the page, all of its steps there and all said of it, and standing still."""
    open_page(page, link(service.address, experiment))
    say_all(page)
    eventually(lambda: complete(page, experiment), "every run, whole, and what is said of it")


def complete(page: Page, experiment: dict[str, Any]) -> bool:
    """Whether all has arrived and is shown: the length of the descent, the captions, the scale."""
    drawn = page.inner_text("#captions") and page.inner_text(".scale")
    return bool(drawn) and f"of {experiment['steps']}" in page.inner_text(".position__total")


def linked_view(page: Page) -> dict[str, Any]:
    """How the page's link says that it is looked at."""
    view: dict[str, Any] = linked_document(page).get("view", {})
    return view
