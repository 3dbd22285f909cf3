"""What the tests of the lab share: opening a section, asking the service, reading numbers and facts."""

from __future__ import annotations

from typing import Any

import httpx
from playwright.sync_api import Page

from browser.looking import eventually, link, open_page
from browser.service import Service

MOONS: dict[str, Any] = {
    "problem": {"dataset": {"kind": "moons", "n": 60}, "hidden": [3]},
    "runs": [{"optimizer": {"kind": "adam", "learning_rate": 0.05}}],
    "steps": 60,
}

DEEP: dict[str, Any] = MOONS | {"problem": {"hidden": [6] * 10, "activation": "sigmoid"}, "steps": 20}

STEP = 23


def open_lab(
    page: Page, service: Service, section: str, experiment: dict[str, Any] = MOONS, **view: Any
) -> None:
    """Open a section of the lab, paused."""
    shown = {"stage": "lab", "lab": section, "step": STEP if experiment is MOONS else 5} | view
    open_page(page, link(service.address, experiment | {"view": shown}))


def study(
    service: Service, kind: str, experiment: dict[str, Any] = MOONS, step: int = STEP, **fields: Any
) -> Any:
    body = {"experiment": experiment, "run": 0, "step": step, "want": [], "study": {"kind": kind} | fields}
    answer = httpx.post(f"{service.address}/api/v1/inspect", json=body, timeout=60)
    answer.raise_for_status()
    return answer.json()["study"]


def open_fold(page: Page, title: str) -> None:
    """Open a fold of the Step view once what stands above it has its answer, which moves it."""
    eventually(lambda: facts(page, ".stability-facts"), "the answer above it")
    page.get_by_text(title).click()


def number(text: str) -> float:
    """A number as the page writes it: true minus sign, powers of ten."""
    plain = text.replace("\u2212", "-").replace(",", "").strip()
    mantissa, _, power = plain.partition("×10")
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    return float(mantissa) * 10 ** int(power.translate(digits) or 0)


def facts(page: Page, selector: str) -> dict[str, str]:
    found: dict[str, str] = page.evaluate(
        "selector => Object.fromEntries([...document.querySelectorAll(`${selector} > div`)]"
        ".map(row => [row.children[0].textContent, row.children[1].textContent]))",
        selector,
    )
    return found


def text(page: Page, selector: str) -> str:
    return str(page.evaluate("selector => document.querySelector(selector)?.textContent ?? ''", selector))
