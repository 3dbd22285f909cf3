"""What is drawn over the surface in a browser, and in the link."""

from __future__ import annotations

import httpx
import numpy as np
from playwright.sync_api import Page

from browser.landscape import HIMMELBLAU, linked_view, opened
from browser.looking import eventually
from browser.service import Service

DRAWN = """() => {
  const { data } = document.querySelector(".pane-3d .js-plotly-plot") ?? {};
  const surface = data?.find(({ uid }) => uid === "surface");
  if (!surface?.surfacecolor) return null;
  const { x, y, z, surfacecolor, cmax } = surface;
  const rows = (values) => Array.from(values, (row) => Array.from(row));
  return { x: Array.from(x), y: Array.from(y), z: rows(z), color: rows(surfacecolor), cmax };
}"""
"""The surface of the 3D scene, with its colours."""


def overlays(page: Page, *switches: str) -> None:
    page.click(".overlays-button")
    for name in switches:
        page.locator(".overlays-menu label", has_text=name).first.click()
    page.keyboard.press("Escape")


def test_layers_over_a_formula(page: Page, service: Service) -> None:
    opened(page, service, HIMMELBLAU)
    overlays(page, "Slope arrows", "Critical points", "Basins")
    page.click(".overlays-button")
    menu = page.locator(".overlays-menu")
    eventually(lambda: "4 minima, 4 saddles, 1 maximum" in menu.inner_text(), "the critical points")
    eventually(lambda: "the colour of the minimum that" in menu.inner_text(), "the basins")


def test_basins_are_the_surface_s_own_colours_in_3d(page: Page, service: Service) -> None:
    experiment = HIMMELBLAU | {"view": {"stage": "3d", "overlays": {"basins": "minima"}}}
    opened(page, service, experiment)
    eventually(lambda: "the minimum reached" in page.inner_text(".scale"), "the basins", seconds=60)
    question = {"experiment": experiment, "run": 0, "step": 0, "study": {"kind": "basins"}}
    answer = httpx.post(f"{service.address}/api/v1/inspect", json=question, timeout=120).json()["study"]
    a, b, label = (np.array(answer[name]) for name in ("a", "b", "label"))
    surface = eventually(
        lambda: (drawn := page.evaluate(DRAWN)) and drawn["cmax"] == label.max() + 2 and drawn,
        "a colour for each minimum",
    )
    x, y, z, color = (np.array(surface[name]) for name in ("x", "y", "z", "color"))
    column, row = (np.abs(np.subtract.outer(at, own)).argmin(1) for at, own in ((x, a), (y, b)))
    expected = label[np.ix_(row, column)]
    np.testing.assert_array_equal(np.floor(color), np.where(expected < 0, label.max() + 1, expected))
    cost = (x**2 + y[:, None] - 11) ** 2 + (x + y[:, None] ** 2 - 7) ** 2
    assert np.abs(z - cost).max() < 0.01 * cost.max()
    assert page.locator(".stage").get_attribute("data-mode") == "3d"


def test_a_link_holds_what_is_drawn_over_the_surface(page: Page, service: Service) -> None:
    shown = HIMMELBLAU | {
        "view": {"stage": "contour", "colors": "rank", "overlays": {"critical_points": True}}
    }
    opened(page, service, shown)
    eventually(lambda: page.inner_text(".overlays-button") == "Overlays (1)", "what is switched on")
    eventually(lambda: "coloured by rank" in page.inner_text(".scale"), "the colours")
    page.click(".overlays-button")
    menu = page.locator(".overlays-menu")
    eventually(lambda: "4 minima, 4 saddles, 1 maximum" in menu.inner_text(), "the critical points")
    page.get_by_label("Slope arrows").check()
    page.keyboard.press("Escape")
    view = eventually(
        lambda: "gradient_field" in (drawn := linked_view(page))["overlays"] and drawn, "the link"
    )
    assert view == {
        "stage": "contour",
        "colors": "rank",
        "overlays": {"gradient_field": True, "critical_points": True},
    }
