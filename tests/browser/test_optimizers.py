"""Optimizers on the page: a hyperparameter that is a choice, and the step of a rule around another."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page

from browser.looking import eventually, link, linked_document, open_page
from browser.service import Service

SAM: dict[str, Any] = {
    "runs": [{"optimizer": {"kind": "sam"}, "batch_size": 16}, {"optimizer": {"kind": "muon"}}],
    "steps": 40,
    "view": {"step": 5, "stage": "contour", "tab": "step"},
}


def test_the_base_rule_is_chosen_and_its_lines_are_told(page: Page, service: Service) -> None:
    open_page(page, link(service.address, SAM))
    rules = page.locator(".rules li")
    eventually(lambda: "v ← μ v + g" in " ".join(rules.all_inner_texts()), "momentum’s lines")
    run = page.locator(".run").first
    run.get_by_role("button", name=re.compile("^More about")).click()
    run.get_by_label("Base rule", exact=True).select_option(label="Adam")
    chosen = {"kind": "sam", "base": "adam"}
    eventually(lambda: linked_document(page)["runs"][0]["optimizer"] == chosen, "the choice in the link")
    told = eventually(
        lambda: "v ← β₂ v" in (said := " ".join(rules.all_inner_texts())) and said,
        "Adam’s lines instead",
    )
    assert "g ← ∇C(θ + ε̂)" in told
