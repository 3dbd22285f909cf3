"""Planes in a browser: every kind, one's own, points and parameters."""

from __future__ import annotations

from typing import Any

import httpx
import numpy as np
from playwright.sync_api import Page

from browser.landscape import MOONS, computed, opened
from browser.looking import eventually
from browser.service import Service

MAPPED: dict[str, Any] = MOONS | {"view": {"step": 40, "stage": "contour"}}
NOTES = {
    "axes": "Two of the parameters",
    "random": "Two random directions",
    "hessian": "highest curvature",
    "gradient": "steepest descent",
    "points": "through three points",
    "custom": "Two given directions",
    "pca": "varied most",
}
"""What the captions say of each kind; that which is shown at first comes last, so that each is a change."""


def test_every_kind_of_plane_is_reached_from_the_page(page: Page, service: Service) -> None:
    opened(page, service, MAPPED)
    eventually(lambda: NOTES["pca"] in page.inner_text("#captions"), "the plane shown at first")
    catalog = httpx.get(f"{service.address}/api/v1/catalog").json()["planes"]
    names = {plane["kind"]: plane["label"] for plane in catalog}
    select = page.locator(".knob", has_text="Directions").locator("select").first
    for kind, note in NOTES.items():
        select.select_option(label=names[kind])
        eventually(lambda note=note: note in page.inner_text("#captions"), f"a plane of kind {kind}")


def test_a_plane_of_one_s_own_begins_with_the_one_shown_and_takes_numbers(
    page: Page, service: Service
) -> None:
    opened(page, service, MAPPED)
    page.locator(".knob", has_text="Directions").locator("select").first.select_option(label="Own directions")
    second = page.locator(".knob", has_text="Second direction").first
    shown = computed(service, MOONS)["plane"]
    np.testing.assert_allclose(numbers_of(page, "Origin"), shown["origin"], atol=1e-7)
    np.testing.assert_allclose(numbers_of(page, "First direction"), shown["basis"][0], atol=1e-7)
    np.testing.assert_allclose(numbers_of(page, "Second direction"), shown["basis"][1], atol=1e-7)

    second.locator("select").first.select_option(label="steepest descent, here")
    eventually(lambda: "steepest descent: length 1" in second.inner_text(), "the slope")
    place = {"experiment": MOONS, "run": 0, "step": 40, "want": ["gradient"]}
    gradient = np.array(httpx.post(f"{service.address}/api/v1/inspect", json=place).json()["gradient"])
    np.testing.assert_allclose(
        numbers_of(page, "Second direction"), -gradient / np.linalg.norm(gradient), atol=1e-7
    )

    second.locator("summary").click()
    numbers = page.get_by_label("Second direction: numbers")
    numbers.fill("1, 2, 3")
    numbers.press("Tab")
    eventually(lambda: "must be exactly 105 numbers" in second.inner_text(), "what is wrong")
    assert numbers.input_value() == "1, 2, 3"
    numbers.fill(" ".join(["0"] * 104 + ["−2.5"]))
    numbers.press("Tab")
    eventually(lambda: "length 2.5, most in layer 3, b[1] (−2.5)" in second.inner_text(), "the numbers")
    assert "must be" not in second.inner_text()


def numbers_of(page: Page, vector: str) -> Any:
    """What a vector's field holds, once it holds something."""
    field = page.get_by_label(f"{vector}: numbers")
    return np.array(eventually(lambda: field.input_value(), f"numbers of {vector}").split(", "), float)


def test_points_and_parameters_are_picked(page: Page, service: Service) -> None:
    opened(page, service, MOONS | {"view": {"stage": "contour", "plane": {"kind": "points"}}})
    page.get_by_label("Third point: step").fill("20")
    page.get_by_label("Third point: step").press("Enter")
    eventually(lambda: page.get_by_label("Third point: step").input_value() == "20", "the step")
    opened(page, service, MOONS | {"view": {"stage": "contour", "plane": {"kind": "axes"}}})
    page.locator(".knob", has_text="Along b").locator("select").select_option(label="layer 2, w[3,1]")
    eventually(lambda: "layer 2, w[3,1]" in page.inner_text("#captions"), "the parameter's name")
