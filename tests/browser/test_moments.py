"""The line under the picture says what just happened, in step with the cursor, and why when it is pressed."""

from __future__ import annotations

from typing import Any

import httpx
from playwright.sync_api import Page

from browser.landscape import linked_view, opened
from browser.looking import eventually, step_shown
from browser.service import Service

SADDLE: dict[str, Any] = {
    "problem": {
        "kind": "chain",
        "dataset": {"kind": "line", "n": 100, "noise": 0.1},
        "activation": "linear",
    },
    "runs": [
        {"optimizer": {"kind": "gd", "learning_rate": 0.2}},
        {"optimizer": {"kind": "adam", "learning_rate": 0.03}},
    ],
    "start": {"kind": "point", "at": [1.3, -1.295]},
    "steps": 320,
    "view": {"stage": "contour", "step": 0},
}


def told(service: Service) -> list[dict[str, Any]]:
    question = {"experiment": SADDLE, "run": 0, "step": 0, "study": {"kind": "moments"}}
    answer = httpx.post(f"{service.address}/api/v1/inspect", json=question, timeout=60)
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()["study"]["moments"]
    return found


def test_the_line_says_the_moment_at_the_cursor_and_its_reason(page: Page, service: Service) -> None:
    opened(page, service, SADDLE)
    moments = told(service)
    left = next(moment for moment in moments if moment["kind"] == "left_saddle" and moment["runs"] == [0])
    line, scrubber = page.locator(".moment__line"), page.locator("#transport input[type=range]").first
    height = page.locator("#captions").bounding_box()
    scrubber.fill(str(left["from"] + 1))
    eventually(lambda: left["words"] in line.inner_text(), left["words"])
    eventually(lambda: page.inner_text(".moment [role=status]") == left["words"], "what is spoken")

    silent = next(
        step
        for step in range(320, 0, -1)
        if not [moment for moment in moments if moment["from"] <= step <= moment["to"]]
    )
    scrubber.fill(str(silent))
    eventually(line.is_hidden, "silence")
    assert page.locator("#captions").bounding_box() == height

    scrubber.fill(str(left["from"] + 2))
    line.press("Enter")
    reason = page.get_by_role("dialog", name="Why?")
    said = reason.inner_text()
    assert left["words"] in said
    assert all(name in said for name in left["numbers"])
    assert "critical point" in said
    reason.get_by_role("button", name="Show it").click()
    eventually(lambda: step_shown(page) == left["from"], "the step that it speaks of")
    curvature = page.get_by_role("tab", name="Curvature", selected=True)
    eventually(curvature.is_visible, "the view that shows it")
    eventually(lambda: linked_view(page).get("overlays") == {"critical_points": True}, "the critical points")
    assert reason.is_hidden()
