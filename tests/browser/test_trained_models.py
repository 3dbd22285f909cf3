"""A training run that is brought to the page: what its files do not say is asked, and it is seen."""

from __future__ import annotations

import base64
from pathlib import Path

from playwright.sync_api import Page

from browser.looking import eventually, link, linked_document, open_page
from browser.service import Service

CONTOUR = {"problem": {"hidden": [4]}, "view": {"stage": "contour", "step": 1}, "steps": 5}
RUN = Path(__file__).parents[1] / "readers" / "torch_run" / "run.zip"


def drop(page: Page, name: str, content: bytes) -> None:
    page.evaluate(
        """([name, text]) => {
          const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([bytes], name));
          const options = { bubbles: true, cancelable: true, dataTransfer };
          document.body.dispatchEvent(new DragEvent("drop", options));
        }""",
        [name, base64.b64encode(content).decode()],
    )


def test_a_training_run_is_shown_beside_a_computed_one(page: Page, service: Service) -> None:
    open_page(page, link(service.address, CONTOUR))
    drop(page, "run.zip", RUN.read_bytes())
    dialog = page.get_by_role("dialog", name="run.zip")
    dialog.get_by_text("21 checkpoints, steps 0 to 200, of a network 2 → 8 → 8 → 1").wait_for()
    chosen = {
        each: dialog.get_by_label(each).locator("option:checked") for each in ("Hidden layers", "Output")
    }
    assert {name: option.inner_text() for name, option in chosen.items()} == {
        "Hidden layers": "Tanh",
        "Output": "Linear",
    }
    dialog.get_by_role("button", name="Show the run").click()

    card = page.locator(".run--recorded")
    eventually(lambda: "21 checkpoints" in card.inner_text(), "the recorded run")
    runs = eventually(lambda: linked_document(page).get("runs"), "its link")
    assert runs[0]["recorded"]["name"] == "run.zip"
    assert len(runs) == 2
    assert page.locator(".run").count() == 2
