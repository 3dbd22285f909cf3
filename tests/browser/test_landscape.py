"""The landscape in a browser: drop lines, captions, clicks that look, travelling slices, batches."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from browser.landscape import HIMMELBLAU, MOONS, computed, linked_view, opened
from browser.looking import eventually, link, next_frame, whole_surface
from browser.service import Service

CENTRE = {"position": {"x": 120, "y": 90}}
MAPPED: dict[str, Any] = MOONS | {"view": {"step": 40, "stage": "contour"}}


def test_drop_lines_end_on_the_drawn_surface_and_captions_say_the_numbers_of_the_api(
    page: Page, service: Service
) -> None:
    opened(page, service, MOONS)
    answer = computed(service, MOONS)
    drop_lines_end_on_the_surface(page, answer)
    step = int(page.input_value(".position__number"))
    told = [f"{round(100 * sum(answer['plane']['variance_share']))}"]
    for run in answer["runs"]:
        told += [f"{run[name][step]:#.3g}".rstrip(".") for name in ("cost", "shadow_cost", "off_plane")]
    for number in told:
        eventually(lambda number=number: number in page.inner_text("#captions"), f"{number} at step {step}")


def drop_lines_end_on_the_surface(page: Page, answer: dict[str, Any]) -> None:
    surface = whole_surface(page)
    a, b, z = (np.array(surface[name], float) for name in "xyz")
    for run in answer["runs"]:
        for (x, y), projected in zip(run["path"], run["shadow_cost"], strict=True):
            column = min(int(np.searchsorted(a, x, "right")) - 1, len(a) - 2)
            row = min(int(np.searchsorted(b, y, "right")) - 1, len(b) - 2)
            corners = z[max(row - 1, 0) : row + 3, max(column - 1, 0) : column + 3]
            assert corners.min() - 1e-4 <= projected <= corners.max() + 1e-4


def test_a_link_travels_and_another_experiment_stands_still(page: Page, service: Service) -> None:
    travelling = {"moving_plane": True, "surface": "batch", "example": 7}
    opened(page, service, MOONS | {"view": MAPPED["view"] | travelling})
    eventually(lambda: "Travelling slice" in page.inner_text("#captions"), "the travelling slice")
    eventually(lambda: "Mini-batch" in page.inner_text("#captions"), "the batch’s surface")
    page.get_by_role("radio", name="Lab", exact=True).click()
    eventually(lambda: page.inner_text(".lab-example__value") == "example 8 of 150", "the example")
    page.get_by_role("radio", name="Contour", exact=True).click()
    other = link("", HIMMELBLAU).split("#")[1]
    page.evaluate("hash => { location.hash = hash; }", other)
    eventually(lambda: "Exact" in page.inner_text("#captions"), "the other experiment")
    eventually(lambda: "Travelling" not in page.inner_text("#captions"), "no slice that travels")
    eventually(lambda: linked_view(page) == HIMMELBLAU["view"], "nothing of the one before in the link")


def test_a_click_looks_where_it_is_told_to(page: Page, service: Service) -> None:
    opened(page, service, MOONS | {"view": {"stage": "contour", "tab": "network"}})
    whole_surface(page)
    page.click(".overlays-button")
    page.get_by_label("looks there").check()
    page.keyboard.press("Escape")
    page.locator(".contour-picker").click(**CENTRE)
    eventually(lambda: "cost C" in page.inner_text(".point-popover"), "the card")
    eventually(lambda: "at the point" in page.inner_text("#view-network"), "its network")
    page.get_by_text("Back to the cursor").click()
    eventually(lambda: "at step" in page.inner_text("#view-network"), "the run's network again")


def test_a_steady_click_in_3d_looks_at_the_surface_and_a_turn_does_not(page: Page, service: Service) -> None:
    opened(page, service, MOONS | {"view": {"stage": "3d", "step": 40}})
    whole_surface(page)
    page.click(".overlays-button")
    page.get_by_label("looks there").check()
    page.keyboard.press("Escape")
    box = page.locator(".pane-3d").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    eventually(lambda: page.inner_text(".readout"), "the note of the place under the pointer")
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=3)
    page.mouse.move(x, y, steps=3)
    page.mouse.up()
    page.mouse.click(box["x"] + 3, box["y"] + box["height"] - 3)
    next_frame(page)
    assert page.locator(".point-popover").is_hidden()
    page.mouse.move(x, y)
    read = eventually(lambda: page.inner_text(".readout"), "the note again")
    page.mouse.click(x, y)
    eventually(lambda: "cost C" in page.inner_text(".point-popover"), "the card")
    a, b = read.split(": cost")[0].split(", PC 2 ")
    assert page.inner_text(".point-popover strong") == f"Looking at {a.removeprefix('PC 1 ')}, {b}"


def test_the_slice_travels_and_says_so(page: Page, service: Service) -> None:
    opened(page, service, MAPPED)
    page.click(".overlays-button")
    page.get_by_label("travels", exact=True).check()
    page.get_by_label("mini-batch", exact=True).check()
    page.keyboard.press("Escape")
    eventually(lambda: "Travelling slice" in page.inner_text("#captions"), "the travelling slice")
    eventually(lambda: "Mini-batch" in page.inner_text("#captions"), "the batch's surface")
    page.click(".live-badge")
    eventually(lambda: "Travelling" not in page.inner_text("#captions"), "the whole picture again")


def test_a_batch_s_surface_stands_beside_that_of_all_examples(page: Page, service: Service) -> None:
    opened(page, service, MOONS)
    page.click(".overlays-button")
    page.get_by_label("mini-batch", exact=True).check()
    page.keyboard.press("Escape")
    labels = page.locator(".pane-label")
    eventually(lambda: labels.first.inner_text() == "next step’s 16 examples", "the batch's name")
    eventually(lambda: labels.last.inner_text() == "all 150 examples", "the whole set's name")
    eventually(lambda: len(pane_surface(page, ".pane-contour")) == 101, "the map")
    eventually(lambda: len(pane_surface(page, ".pane-3d")) == 101, "the resting slice")
    batch, whole = pane_surface(page, ".pane-3d"), pane_surface(page, ".pane-contour")
    assert np.abs(batch - whole).max() > 0.01
    page.click(".live-badge")
    eventually(lambda: labels.first.is_hidden(), "one surface again")
    eventually(lambda: np.array_equal(pane_surface(page, ".pane-3d"), whole), "the same in both panes")
    np.testing.assert_array_equal(pane_surface(page, ".pane-contour"), whole)


def test_surface_that_is_said_to_be_flat_is_drawn_flat(page: Page, service: Service) -> None:
    peak = {
        "problem": {"kind": "formula", "expression": "1/(x**2 + y**2)"},
        "start": {"kind": "point", "at": [1, 1]},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.05}}],
        "steps": 20,
    }
    opened(page, service, peak | {"view": {"stage": "both"}})
    eventually(lambda: len(pane_surface(page, ".pane-3d")) == 101, "the surface")
    above = re.compile(r"of the surface lies above ([\d.]+)")
    for pane in (".pane-3d", ".pane-contour"):
        eventually(lambda pane=pane: len(pane_surface(page, pane)) == 101, "the surface in both")
    said = eventually(lambda: above.search(page.inner_text("#captions")), "what is clipped")
    for pane in (".pane-3d", ".pane-contour"):
        assert np.nanmax(pane_surface(page, pane)) == pytest.approx(float(said[1]), rel=0.01)
    assert f"drawn flat above {said[1]}" in page.inner_text(".scale")


def pane_surface(page: Page, pane: str) -> Any:
    """The heights that one pane's plot draws."""
    rows = page.evaluate(
        """(pane) => {
          const data = document.querySelector(`${pane} .js-plotly-plot`)?.data ?? [];
          const surface = data.find(({ type }) => type === "surface" || type === "contour");
          return Array.from(surface?.z ?? [], (row) => Array.from(row));
        }""",
        pane,
    )
    return np.array(rows, float)


def test_a_path_beside_chance(page: Page, service: Service) -> None:
    opened(page, service, MAPPED)
    page.click(".null-toggle")
    eventually(lambda: "of the walk’s" in page.inner_text(".null-walk"), "the random walk")
