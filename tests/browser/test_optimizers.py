"""Optimizers on the page: a hyperparameter that is a choice, and the step of a rule around another."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page

from browser.looking import eventually, link, open_page, steps_arrived
from browser.service import Service

SAM: dict[str, Any] = {
    "runs": [{"optimizer": {"kind": "sam"}, "batch_size": 16}, {"optimizer": {"kind": "muon"}}],
    "steps": 40,
    "view": {"step": 5},
}


def linked_optimizer(page: Page) -> dict[str, Any]:
    """The first run's optimizer in the page's link."""
    found: dict[str, Any] = page.evaluate(
        "async () => (await (await import('./js/app/link.js')).fromHash(location.hash))?.runs?.[0]?.optimizer"
    )
    return found


def test_the_base_rule_is_chosen_and_its_lines_are_told(page: Page, service: Service) -> None:
    open_page(page, link(service.address, SAM))
    eventually(lambda: steps_arrived(page) == 41, "all steps")
    page.get_by_role("tab", name="Step").click()
    rules = page.locator(".rules li")
    eventually(lambda: "v ← μ v + g" in " ".join(rules.all_inner_texts()), "momentum’s lines")
    page.locator(".run").first.get_by_role("button", name=re.compile("^More about")).click()
    page.locator(".run").first.get_by_label("Base rule", exact=True).select_option(label="Adam")
    eventually(lambda: linked_optimizer(page) == {"kind": "sam", "base": "adam"}, "the choice in the link")
    told = eventually(
        lambda: "v ← β₂ v" in (said := " ".join(rules.all_inner_texts())) and said,
        "Adam’s lines instead",
    )
    assert "g ← ∇C(θ + ε̂)" in told
