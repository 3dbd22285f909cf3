"""The Curvature view in a browser: verdicts, numbers, barriers between minima."""

from __future__ import annotations

import math

import httpx
from playwright.sync_api import Page

from browser.landscape import MOONS, opened
from browser.looking import eventually
from browser.service import Service


def shown(number: float) -> str:
    """A running number of three digits as the page writes it."""
    return f"{number:#.3g}".rstrip(".").replace("-", "−")


def test_the_curvature_view_says_what_the_api_says(page: Page, service: Service) -> None:
    saddle = {
        "problem": {"kind": "formula", "name": "saddle"},
        "start": {"kind": "point", "at": [0, 0]},
        "steps": 5,
    }
    opened(page, service, saddle | {"view": {"stage": "contour", "tab": "curvature"}})
    eventually(lambda: page.inner_text(".curvature-verdict") == "Saddle of index 1", "the verdict")
    opened(page, service, MOONS | {"view": {"stage": "contour", "tab": "curvature", "step": 3}})
    place = {"experiment": MOONS, "run": 0, "step": 3}
    found = httpx.post(f"{service.address}/api/v1/curvature", json=place, timeout=60).json()
    verdict = f"Not critical: ‖∇C‖ = {shown(found['grad_norm'])}"
    eventually(lambda: page.inner_text(".curvature-verdict") == verdict, verdict)
    extremes = [shown(found["eigenvalues"][k]) for k in (-1, 0)]
    for fact in (*extremes, f"{found['negative_count']} of 105"):
        eventually(lambda fact=fact: fact in page.inner_text(".curvature .facts"), fact)
    eventually(lambda: "Sharpness" in page.inner_text(".curvature"), "the curve along the run")


def test_two_minima_of_different_starts_and_the_barrier_between(page: Page, service: Service) -> None:
    adam = MOONS["runs"][0]
    two = MOONS | {"runs": [adam, adam | {"init_seed": 7, "label": "seed 7"}]}
    seen = {"stage": "contour", "plane": {"kind": "points"}, "tab": "curvature"}
    opened(page, service, two | {"view": seen})
    eventually(lambda: "through three points" in page.inner_text("#captions"), "the plane")
    line = page.get_by_label("Line along which the cost is shown")
    line.select_option(label="end of Adam to end of seed 7")
    study = {"kind": "segment", "start": {"run": 0}, "end": {"run": 1}}
    question = {"experiment": two, "run": 0, "step": 0, "study": study}
    found = httpx.post(f"{service.address}/api/v1/inspect", json=question, timeout=60).json()["study"]
    assert found["barrier"] > 0
    said = page.locator(".curvature-lines")
    for words in (
        f"rises {shown(found['barrier'])} above",
        f"The test cost rises {shown(found['test_barrier'])}",
    ):
        eventually(lambda words=words: words in said.inner_text(), words)

    line.select_option(label="one parameter, here")
    axis = page.get_by_label("Parameter along whose axis the cost is shown")
    axis.select_option(label="layer 2, w[3,1]")
    eventually(lambda: "through this place" in said.inner_text(), "the line")
    line.select_option(label="the run’s next step, here")
    eventually(lambda: "another than the next step" in said.inner_text(), "why there is none")


RAVINE = {
    "problem": {"kind": "formula", "name": "ravine"},
    "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.07}}],
    "steps": 60,
    "view": {"stage": "contour", "tab": "curvature", "step": 7},
}


def test_the_edge_stands_on_the_slider_and_on_the_curve_and_what_is_done_is_undone(
    page: Page, service: Service
) -> None:
    opened(page, service, RAVINE)
    words, mark = page.locator(".slider-words"), page.locator(".slider-mark")
    edge = "the edge of stability is 0.08 = 2 / λ, with the highest curvature λ = 25."
    eventually(lambda: words.count() and edge in (words.text_content() or ""), "the edge in words")
    below = f"At step 7 {edge} The rate in use, 0.07, is 88\u202f% of that"
    eventually(lambda: (words.text_content() or "").startswith(below), below)
    eventually(lambda: page.locator(".edge-said").inner_text().startswith(below), "the same in the view")
    key = page.locator(".key-edge").first
    eventually(lambda: key.count() and key.inner_text() == "edge 2 / η = 28.6", "the edge in the key")
    slider = page.locator(".run .slider")
    assert slider.get_attribute("aria-describedby") == words.get_attribute("id")
    # The slider goes by decades from 0.0001 to 10.
    place = float(mark.evaluate("mark => mark.style.getPropertyValue('--place')"))
    assert abs(place - math.log10(0.08 / 1e-4) / 5) < 0.01

    rate = page.locator(".run .number").first
    rate.fill("0.09")
    rate.press("Enter")
    eventually(lambda: "0.09, is 1.13 times that" in (words.text_content() or ""), "a rate beyond the edge")
    undo = page.locator(".bar__undo button").first
    done = "Undo: learning rate η of Gradient descent, 0.07 to 0.09"
    eventually(lambda: undo.get_attribute("aria-label") == done, done)
    page.locator("#stage").focus()
    page.keyboard.press("Control+z")
    eventually(lambda: rate.input_value() == "0.07", "the rate as it was")
    page.keyboard.press("Control+Shift+z")
    eventually(lambda: rate.input_value() == "0.09", "the rate once more")
    undo.click()
    eventually(lambda: below in (words.text_content() or ""), "the edge as it was")

    step = page.get_by_label("Go to step")
    step.fill("61")
    refusal = page.get_by_role("alert").filter(has_text="between 0 and 60")
    eventually(refusal.is_visible, "what is wrong with it")
    step.press("Escape")
    eventually(lambda: step.input_value() == "7", "the step where the cursor is")
    step.fill("40")
    step.press("Enter")
    eventually(lambda: page.locator(".scrubber__input").input_value() == "40", "the cursor there")
    eventually(lambda: (words.text_content() or "").startswith("At step 40"), "the edge there")
