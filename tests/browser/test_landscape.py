"""The landscape in a real Chromium: drop lines, the strip, planes, layers, live slices, looking around."""

from __future__ import annotations

import json
import re
import struct
import time
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page
from websockets.sync.client import connect

from browser.looking import eventually, link, open_page, steps_arrived, whole_ground
from browser.service import Service
from descentscape.output.frames import Kind

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
CENTRE = {"position": {"x": 120, "y": 90}}


def computed(service: Service, experiment: dict[str, Any]) -> dict[str, Any]:
    answer = httpx.post(f"{service.address}/api/v1/runs", json=experiment, timeout=60)
    answer.raise_for_status()
    content: dict[str, Any] = answer.json()
    return content


def opened(page: Page, service: Service, experiment: dict[str, Any]) -> None:
    """The experiment on the page, all of its steps there, and standing still."""
    page.emulate_media(reduced_motion="reduce")
    open_page(page, link(service.address, experiment))
    page.wait_for_timeout(300)


def layers(page: Page, *switches: str) -> None:
    page.click(".layers-button")
    for name in switches:
        page.locator(".ground-menu label", has_text=name).first.click()
    page.keyboard.press("Escape")


def test_drop_lines_end_on_the_drawn_ground(page: Page, service: Service) -> None:
    opened(page, service, MOONS)
    ground = whole_ground(page)
    a, b, z = (np.array(ground[name], float) for name in "xyz")
    for run in computed(service, MOONS)["runs"]:
        for (x, y), shadow in zip(run["path"], run["shadow_cost"], strict=True):
            column = min(int(np.searchsorted(a, x, "right")) - 1, len(a) - 2)
            row = min(int(np.searchsorted(b, y, "right")) - 1, len(b) - 2)
            corners = z[max(row - 1, 0) : row + 3, max(column - 1, 0) : column + 3]
            assert corners.min() - 1e-4 <= shadow <= corners.max() + 1e-4


def test_the_strip_says_the_numbers_of_the_api(page: Page, service: Service) -> None:
    opened(page, service, MOONS)
    eventually(lambda: steps_arrived(page) == 81, "all steps")
    step = int(page.inner_text(".position__step").removeprefix("step "))
    answer = computed(service, MOONS)
    said = page.inner_text("#strip")
    share = sum(answer["plane"]["variance_share"])
    assert f"{round(100 * share)}" in said
    for run in answer["runs"]:
        for number in (run["cost"][step], run["shadow_cost"][step], run["off_plane"][step]):
            digits = f"{number:#.3g}".rstrip(".")
            assert digits in said, f"{digits} of {run['label']} at step {step}"


@pytest.mark.parametrize("kind", ["pca", "axes", "random", "hessian", "gradient", "points", "custom"])
def test_every_kind_of_plane_is_reached_from_the_page(page: Page, service: Service, kind: str) -> None:
    opened(page, service, MOONS)
    select = page.locator(".knob", has_text="Directions").locator("select").first
    names = {
        plane["kind"]: plane["label"]
        for plane in httpx.get(f"{service.address}/api/v1/catalog").json()["planes"]
    }
    select.select_option(label=names[kind])
    note = {
        "pca": "varied most",
        "axes": "Two of the parameters",
        "random": "Two random directions",
        "hessian": "highest curvature",
        "gradient": "steepest descent",
        "points": "through three points",
        "custom": "Two given directions",
    }[kind]
    eventually(lambda: note in page.inner_text("#strip"), f"a plane of kind {kind}")


def test_a_plane_of_one_s_own_begins_with_the_one_shown_and_takes_numbers(
    page: Page, service: Service
) -> None:
    opened(page, service, MOONS)
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
    opened(page, service, MOONS | {"view": {"plane": {"kind": "points"}}})
    page.get_by_label("Third point: step").fill("20")
    page.get_by_label("Third point: step").press("Enter")
    eventually(lambda: page.get_by_label("Third point: step").input_value() == "20", "the step")
    opened(page, service, MOONS | {"view": {"plane": {"kind": "axes"}}})
    page.locator(".knob", has_text="Along b").locator("select").select_option(label="layer 2, w[3,1]")
    eventually(lambda: "layer 2, w[3,1]" in page.inner_text("#strip"), "the parameter's name")


def test_the_curvature_view_says_what_the_api_says(page: Page, service: Service) -> None:
    saddle = {
        "problem": {"kind": "formula", "name": "saddle"},
        "start": {"kind": "point", "at": [0, 0]},
        "steps": 5,
    }
    opened(page, service, saddle | {"view": {"tab": "curvature"}})
    eventually(lambda: page.inner_text(".curvature-verdict") == "Saddle of index 1", "the verdict")
    opened(page, service, MOONS | {"view": {"tab": "curvature", "step": 3}})
    eventually(lambda: page.inner_text(".curvature-verdict").startswith("Not critical"), "the verdict")
    eventually(lambda: "Sharpness" in page.inner_text(".curvature"), "the curve along the run")


def shown(number: float) -> str:
    """A running number of three digits as the page writes it."""
    return f"{number:#.3g}".rstrip(".").replace("-", "−")


def test_the_curvature_s_numbers_are_those_of_the_api(page: Page, service: Service) -> None:
    opened(page, service, MOONS | {"view": {"tab": "curvature", "step": 3}})
    place = {"experiment": MOONS, "run": 0, "step": 3}
    found = httpx.post(f"{service.address}/api/v1/curvature", json=place, timeout=60).json()
    verdict = f"Not critical: ‖∇C‖ = {shown(found['grad_norm'])}"
    eventually(lambda: page.inner_text(".curvature-verdict") == verdict, verdict)
    facts = page.inner_text(".curvature .facts")
    for number in (shown(found["eigenvalues"][-1]), shown(found["eigenvalues"][0])):
        assert number in facts
    assert f"{found['negative_count']} of 105" in facts


def test_two_minima_of_different_starts_and_the_barrier_between(page: Page, service: Service) -> None:
    adam = MOONS["runs"][0]
    two = MOONS | {"runs": [adam, adam | {"init_seed": 7, "label": "seed 7"}]}
    opened(page, service, two | {"view": {"plane": {"kind": "points"}, "tab": "curvature"}})
    assert "through three points" in page.inner_text("#strip")
    line = page.get_by_label("Line along which the cost is shown")
    line.select_option(label="end of Adam to end of seed 7")
    study = {"kind": "segment", "start": {"run": 0}, "end": {"run": 1}}
    question = {"experiment": two, "run": 0, "step": 0, "study": study}
    found = httpx.post(f"{service.address}/api/v1/inspect", json=question, timeout=60).json()["study"]
    assert found["barrier"] > 0
    said = page.locator(".curvature-lines")
    eventually(lambda: f"rises {shown(found['barrier'])} above" in said.inner_text(), "the barrier")
    assert f"The test cost rises {shown(found['test_barrier'])}" in said.inner_text()

    line.select_option(label="one parameter, here")
    axis = page.get_by_label("Parameter along whose axis the cost is shown")
    axis.select_option(label="layer 2, w[3,1]")
    eventually(lambda: "through this place" in said.inner_text(), "the line")
    line.select_option(label="the run’s next step, here")
    eventually(lambda: "another than the next step" in said.inner_text(), "why there is none")


def test_layers_over_a_formula(page: Page, service: Service) -> None:
    opened(page, service, HIMMELBLAU)
    layers(page, "Slope arrows", "Critical points", "Basins")
    page.click(".layers-button")
    menu = page.locator(".ground-menu")
    eventually(lambda: "4 minima, 4 saddles, 1 maximum" in menu.inner_text(), "the critical points")
    eventually(lambda: "the colour of the minimum that" in menu.inner_text(), "the basins")


def test_basins_are_the_ground_s_own_colours_in_3d(page: Page, service: Service) -> None:
    experiment = HIMMELBLAU | {"view": {"stage": "3d", "layers": {"basins": "minima"}}}
    opened(page, service, experiment)
    eventually(lambda: "the minimum reached" in page.inner_text(".scale"), "the basins", seconds=60)
    ground = page.evaluate(
        """() => {
          const { data } = document.querySelector(".pane-3d .js-plotly-plot");
          const { x, y, z, surfacecolor, cmax } = data.find(({ uid }) => uid === "ground");
          const rows = (values) => Array.from(values, (row) => Array.from(row));
          return { x: Array.from(x), y: Array.from(y), z: rows(z), color: rows(surfacecolor), cmax };
        }"""
    )
    x, y, z, color = (np.array(ground[name]) for name in ("x", "y", "z", "color"))
    question = {"experiment": experiment, "run": 0, "step": 0, "study": {"kind": "basins"}}
    answer = httpx.post(f"{service.address}/api/v1/inspect", json=question, timeout=120).json()["study"]
    a, b, label = (np.array(answer[name]) for name in ("a", "b", "label"))
    assert ground["cmax"] == label.max() + 2
    column, row = (np.abs(np.subtract.outer(at, own)).argmin(1) for at, own in ((x, a), (y, b)))
    expected = label[np.ix_(row, column)]
    np.testing.assert_array_equal(np.floor(color), np.where(expected < 0, label.max() + 1, expected))
    cost = (x**2 + y[:, None] - 11) ** 2 + (x + y[:, None] ** 2 - 7) ** 2
    assert np.abs(z - cost).max() < 0.01 * cost.max()
    assert page.locator(".stage").get_attribute("data-mode") == "3d"


def test_a_link_holds_what_is_drawn_over_the_ground(page: Page, service: Service) -> None:
    shown = HIMMELBLAU | {"view": {"stage": "contour", "colors": "rank", "layers": {"critical": True}}}
    opened(page, service, shown)
    assert page.inner_text(".layers-button") == "Overlays (1)"
    assert "coloured by rank" in page.inner_text(".scale")
    page.click(".layers-button")
    menu = page.locator(".ground-menu")
    eventually(lambda: "4 minima, 4 saddles, 1 maximum" in menu.inner_text(), "the critical points")
    page.get_by_label("Slope arrows").check()
    page.keyboard.press("Escape")
    view = eventually(lambda: "field" in (drawn := linked_view(page))["layers"] and drawn, "the link")
    assert view == {"stage": "contour", "colors": "rank", "layers": {"field": True, "critical": True}}


def test_a_link_travels_and_another_experiment_stands_still(page: Page, service: Service) -> None:
    opened(page, service, MOONS | {"view": {"step": 40, "travels": True, "ground": "batch", "example": 7}})
    eventually(lambda: "Travelling slice" in page.inner_text("#strip"), "the travelling slice")
    eventually(lambda: "Mini-batch" in page.inner_text("#strip"), "the batch’s ground")
    page.get_by_role("radio", name="Lab", exact=True).click()
    eventually(lambda: page.inner_text(".lab-example__value") == "example 8 of 150", "the example")
    page.get_by_role("radio", name="3D", exact=True).click()
    other = link("", HIMMELBLAU).split("#")[1]
    page.evaluate("hash => { location.hash = hash; }", other)
    eventually(lambda: "Exact" in page.inner_text("#strip"), "the other experiment")
    assert "Travelling" not in page.inner_text("#strip")
    eventually(lambda: linked_view(page) == HIMMELBLAU["view"], "nothing of the one before in the link")


def linked_view(page: Page) -> dict[str, Any]:
    """How the page's link says that it is looked at."""
    found: dict[str, Any] = page.evaluate(
        "async () => (await (await import('./js/app/link.js')).fromHash(location.hash))?.view ?? {}"
    )
    return found


def test_a_click_looks_where_it_is_told_to(page: Page, service: Service) -> None:
    opened(page, service, MOONS | {"view": {"stage": "contour", "tab": "network"}})
    page.click(".layers-button")
    page.get_by_label("looks there").check()
    page.keyboard.press("Escape")
    page.locator(".contour-picker").click(**CENTRE)
    eventually(lambda: "cost C" in page.inner_text(".look-card"), "the card")
    eventually(lambda: "at the point" in page.inner_text("#view-network"), "its network")
    page.get_by_text("Back to the cursor").click()
    eventually(lambda: "at step" in page.inner_text("#view-network"), "the run's network again")


def test_a_steady_click_in_3d_looks_at_the_ground_and_a_turn_does_not(page: Page, service: Service) -> None:
    opened(page, service, MOONS | {"view": {"stage": "3d", "step": 40}})
    page.click(".layers-button")
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
    page.wait_for_timeout(200)
    assert page.locator(".look-card").is_hidden()
    page.mouse.move(x, y)
    read = eventually(lambda: page.inner_text(".readout"), "the note again")
    page.mouse.click(x, y)
    eventually(lambda: "cost C" in page.inner_text(".look-card"), "the card")
    a, b = read.split(": cost")[0].split(", PC 2 ")
    assert page.inner_text(".look-card strong") == f"Looking at {a.removeprefix('PC 1 ')}, {b}"


def test_the_slice_travels_and_says_so(page: Page, service: Service) -> None:
    opened(page, service, MOONS)
    page.click(".layers-button")
    page.get_by_label("travels", exact=True).check()
    page.get_by_label("mini-batch", exact=True).check()
    page.keyboard.press("Escape")
    eventually(lambda: "Travelling slice" in page.inner_text("#strip"), "the travelling slice")
    eventually(lambda: "Mini-batch" in page.inner_text("#strip"), "the batch's ground")
    page.click(".live-badge")
    eventually(lambda: "Travelling" not in page.inner_text("#strip"), "the whole picture again")


def test_a_batch_s_ground_stands_beside_that_of_all_examples(page: Page, service: Service) -> None:
    opened(page, service, MOONS)
    page.click(".layers-button")
    page.get_by_label("mini-batch", exact=True).check()
    page.keyboard.press("Escape")
    labels = page.locator(".pane-label")
    eventually(lambda: labels.first.inner_text() == "next step’s 16 examples", "the batch's name")
    assert labels.last.inner_text() == "all 150 examples"
    eventually(lambda: len(pane_ground(page, ".pane-contour")) == 101, "the map")
    eventually(lambda: len(pane_ground(page, ".pane-3d")) == 101, "the resting slice")
    batch, whole = pane_ground(page, ".pane-3d"), pane_ground(page, ".pane-contour")
    assert np.abs(batch - whole).max() > 0.01
    page.click(".live-badge")
    eventually(lambda: labels.first.is_hidden(), "one ground again")
    eventually(lambda: np.array_equal(pane_ground(page, ".pane-3d"), whole), "the same in both panes")
    np.testing.assert_array_equal(pane_ground(page, ".pane-contour"), whole)


def test_ground_that_is_said_to_be_flat_is_drawn_flat(page: Page, service: Service) -> None:
    peak = {
        "problem": {"kind": "formula", "expression": "1/(x**2 + y**2)"},
        "start": {"kind": "point", "at": [1, 1]},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.05}}],
        "steps": 20,
    }
    opened(page, service, peak | {"view": {"stage": "both"}})
    eventually(lambda: len(pane_ground(page, ".pane-3d")) == 101, "the ground")
    above = re.compile(r"of the surface lies above ([\d.]+)")
    said = eventually(lambda: above.search(page.inner_text("#strip")), "what is clipped")
    for pane in (".pane-3d", ".pane-contour"):
        assert np.nanmax(pane_ground(page, pane)) == pytest.approx(float(said[1]), rel=0.01)
    assert f"drawn flat above {said[1]}" in page.inner_text(".scale")


def pane_ground(page: Page, pane: str) -> Any:
    """The heights that one pane's plot draws."""
    rows = page.evaluate(
        """(pane) => {
          const data = document.querySelector(`${pane} .js-plotly-plot`)?.data ?? [];
          const ground = data.find(({ type }) => type === "surface" || type === "contour");
          return Array.from(ground?.z ?? [], (row) => Array.from(row));
        }""",
        pane,
    )
    return np.array(rows, float)


def test_a_path_beside_chance(page: Page, service: Service) -> None:
    opened(page, service, MOONS)
    page.click(".null-toggle")
    eventually(lambda: "of the walk’s" in page.inner_text(".null-walk"), "the random walk")


def test_live_slices_arrive_fifteen_times_a_second(service: Service) -> None:
    experiment = {"problem": {"hidden": [8, 8]}, "runs": [{"batch_size": 16}], "steps": 60}
    # The best of some tries is the program's own pace; what else the machine does at a moment is not.
    assert any(slices_per_second(service, experiment, 45) >= 15 for _ in range(8))


def slices_per_second(service: Service, experiment: dict[str, Any], count: int) -> float:
    address = service.address.replace("http", "ws") + "/api/v1/stream"
    with connect(address, max_size=None) as socket:
        socket.send(json.dumps({"type": "open", "experiment": experiment}))
        socket.send(json.dumps({"type": "play"}))
        while True:
            said = socket.recv()
            if isinstance(said, str) and json.loads(said).get("complete"):
                break
        began = time.perf_counter()
        for step in range(count):
            question = {"type": "study", "id": step, "run": 0, "step": step, "study": {"kind": "moving"}}
            socket.send(json.dumps(question))
            while not is_whole(socket.recv(), step):
                pass
        return count / (time.perf_counter() - began)


def is_whole(said: str | bytes, number: int) -> bool:
    """Whether this is the finest frame of a study."""
    if isinstance(said, str) or struct.unpack_from("<H", said, 4)[0] != Kind.STUDY:
        return False
    (length,) = struct.unpack_from("<I", said, 8)
    meta = json.loads(said[16 : 16 + length])
    return bool(meta["id"] == number and meta["progress"] == 1)
