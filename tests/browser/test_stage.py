"""The stage's own promises: it draws where it says, turns freely, and stands without a graphics card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute

from browser.looking import (
    eventually,
    first_surface,
    link,
    linked_document,
    next_frame,
    open_page,
    plotted,
    step_shown,
    steps_arrived,
    whole_surface,
)
from browser.service import Service

SLICE: dict[str, Any] = {
    "runs": [
        {"optimizer": {"kind": "adam", "learning_rate": 0.03}},
        {"optimizer": {"kind": "gd", "learning_rate": 0.5}},
    ],
    "steps": 80,
}
HIMMELBLAU: dict[str, Any] = {
    "problem": {"kind": "formula", "name": "himmelblau"},
    "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.01}}],
    "steps": 80,
}
MAPPED: dict[str, Any] = HIMMELBLAU | {"view": {"stage": "contour"}}


def probe(page: Page, name: str) -> Any:
    """What one of the scripts beside these tests finds out in the page."""
    return page.evaluate(script(name))


def script(name: str) -> str:
    return (Path(__file__).parent / "stage" / f"{name}.js").read_text(encoding="utf-8")


def at_rest(page: Page, address: str) -> None:
    """Open an experiment, wait for its whole path in the scene, and go to the end."""
    open_page(page, address)
    eventually(lambda: steps_arrived(page) == 81, "the path in the scene")
    page.keyboard.press("End")


def camera(page: Page) -> list[float]:
    """Eye and centre of the 3D scene."""
    found: list[float] = page.evaluate(
        """(() => {
          const graph = document.querySelector(".pane-3d .stage-graph");
          const { eye, center } = graph._fullLayout.scene._scene.getCamera();
          return [eye.x, eye.y, eye.z, center.x, center.y, center.z];
        })()"""
    )
    return found


def linked_view(page: Page) -> dict[str, Any]:
    """How the page's link says that it is looked at."""
    found: dict[str, Any] = linked_document(page).get("view", {})
    return found


def test_the_scene_is_plotly_s_and_turns_as_the_link_says(page: Page, service: Service) -> None:
    at_rest(page, link(service.address, SLICE))
    plotly_still_has_the_insides_that_the_scene_reaches_for(page)
    what_floats_above_the_scene_is_where_the_scene_draws_it(page)
    turning_reaches_the_link_and_resetting_takes_it_out(page)
    new_data_wait_while_the_picture_is_turned(page)


def plotly_still_has_the_insides_that_the_scene_reaches_for(page: Page) -> None:
    # The refinements come with the scene's first frame of its own.
    eventually(lambda: all(probe(page, "inside").values()), "all that the scene reaches for")


def what_floats_above_the_scene_is_where_the_scene_draws_it(page: Page) -> None:
    eventually(lambda: probe(page, "offset") < 0.01, "what floats in its place")


def turning_reaches_the_link_and_resetting_takes_it_out(page: Page) -> None:
    whole_surface(page)
    first = camera(page)
    page.get_by_role("button", name="Turn the view right").click()
    eventually(lambda: linked_view(page).get("camera"), "the camera in the link")
    assert camera(page)[:2] != pytest.approx(first[:2], abs=1e-3)
    assert camera(page)[2] == pytest.approx(first[2], abs=1e-6)
    page.get_by_role("button", name="Reset view").click()
    eventually(lambda: linked_view(page).get("camera") is None, "no camera in the link")
    eventually(lambda: camera(page) == pytest.approx(first, abs=1e-3), "the first camera")


def new_data_wait_while_the_picture_is_turned(page: Page) -> None:
    before = whole_surface(page)
    box = page.locator(".pane-3d").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 10, steps=3)
    next_frame(page)
    turned = camera(page)
    other = link("", {**SLICE, "seed": 5}).split("#")[1]
    said = page.inner_text("#captions")
    page.evaluate("hash => { location.hash = hash; }", other)
    eventually(lambda: page.inner_text("#captions") != said, "the other descent beside the picture")
    eventually(lambda: page.locator(".stage-progress").is_hidden(), "its whole surface")
    next_frame(page, 10)
    assert camera(page) == pytest.approx(turned)
    assert plotted(page, "surface") == before
    page.mouse.up()
    eventually(lambda: plotted(page, "surface") != before, "the new surface, once the hand lets go")


def test_a_run_that_went_far_away_leaves_the_surface_its_digits(page: Page, service: Service) -> None:
    def line(rate: float) -> dict[str, Any]:
        return {
            "problem": {"kind": "linear"},
            "runs": [{"optimizer": {"kind": "gd", "learning_rate": rate}}],
            "steps": 80,
        }

    at_rest(page, link(service.address, line(0.1)))
    said = page.inner_text("#captions")
    page.evaluate("hash => { location.hash = hash; }", link("", line(5)).split("#")[1])
    eventually(lambda: page.inner_text("#captions") != said, "the run that diverges")
    eventually(lambda: page.locator(".stage-progress").is_hidden(), "its whole surface")
    next_frame(page, 10)
    assert probe(page, "digits") < 1e-5


def test_a_copied_link_names_the_step_where_the_descent_stands_still(page: Page, service: Service) -> None:
    open_page(page, link(service.address, MAPPED))
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Copy link").click()
    eventually(lambda: linked_view(page).get("step") == 3, "the step in the link")
    page.emulate_media(reduced_motion="no-preference")
    page.reload()
    eventually(lambda: first_surface(page) is not None, "the surface")
    next_frame(page, 30)
    assert step_shown(page) == 3
    page.keyboard.press("End")
    page.get_by_role("button", name="Copy link").click()
    last = step_shown(page)
    eventually(lambda: linked_view(page).get("step") == last, "the last step in the link")
    page.reload()
    eventually(lambda: first_surface(page) is not None, "the surface")
    next_frame(page, 30)
    assert step_shown(page) == last
    assert page.get_by_role("button", name="Play", exact=True).count() == 1


def test_changing_sides_leaves_nothing_behind(page: Page, service: Service) -> None:
    at_rest(page, link(service.address, HIMMELBLAU))

    def visited() -> tuple[int, int]:
        """Canvases and plots in the stage once each side was shown."""
        for name in ("Contour", "Both", "3D"):
            page.get_by_role("radio", name=name, exact=True).click()
            next_frame(page, 10)
        eventually(lambda: page.locator(".stage .js-plotly-plot").count() == 2, "both sides")
        canvases, plots = (page.locator(f".stage {kind}").count() for kind in ("canvas", ".js-plotly-plot"))
        return canvases, plots

    first = visited()
    assert first[1] == 2
    assert visited() == first


def test_a_start_can_be_chosen_by_keys(page: Page, service: Service) -> None:
    open_page(page, link(service.address, MAPPED))
    picker = page.locator(".contour-picker")
    for key in ("ArrowRight", "ArrowUp", "Shift+ArrowUp", "Enter"):
        picker.press(key)
    start = eventually(lambda: linked_document(page).get("start"), "the start in the link")
    # From the middle of the window: a fiftieth to the right and up, then a tenth up.
    surface = plotted(page, "surface")
    assert surface is not None
    for axis, share in (("x", 0.52), ("y", 0.62)):
        low, high = surface[axis][0], surface[axis][-1]
        assert start["at"]["xy".index(axis)] == pytest.approx(low + share * (high - low), abs=1e-6)


def test_without_webgl_the_surface_is_painted(page: Page, service: Service) -> None:
    page.add_init_script(script("no-webgl"))
    open_page(page, link(service.address, HIMMELBLAU))
    assert eventually(lambda: probe(page, "painted") > 0.1, "a painted surface")
    assert page.locator(".pane-3d .js-plotly-plot").count() == 0


def test_a_refused_experiment_leaves_the_cursor_in_the_picture(page: Page, service: Service) -> None:
    open_page(page, link(service.address, MAPPED))
    page.keyboard.press("End")
    digits = {"dataset": {"kind": "digits"}, "hidden": [64, 64], "cost": "cross_entropy"}
    dear = {"problem": digits, "runs": SLICE["runs"], "steps": 20000}
    page.evaluate("hash => { location.hash = hash; }", link("", dear).split("#")[1])
    refusal = page.locator(".message--bad")
    eventually(lambda: refusal.is_visible() and "too much" in refusal.inner_text(), "the refusal")
    assert step_shown(page) == 80


def test_the_place_in_the_queue_covers_no_control(page: Page, service: Service) -> None:
    said: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        said.append(socket)

    page.route_web_socket("**/api/v1/stream", pass_on)
    at_rest(page, link(service.address, HIMMELBLAU))
    word = page.locator(".stage-progress")
    for width, height in ((1440, 900), (1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        said[-1].send('{"type": "progress", "of": "queue", "place": 0}')
        eventually(word.is_hidden, "no place in the queue")
        next_frame(page)
        pane = page.locator(".pane-3d").bounding_box()
        said[-1].send('{"type": "progress", "of": "queue", "place": 12}')
        eventually(lambda: word.is_visible() and "place 12" in word.inner_text(), "the place in the queue")
        assert page.locator(".pane-3d").bounding_box() == pane
        it_covers_no_control(page, width)


def it_covers_no_control(page: Page, width: int) -> None:
    chip = page.locator(".stage-progress").bounding_box()
    assert chip is not None
    assert chip["x"] >= 0
    assert chip["x"] + chip["width"] <= width
    for control in (".scale", ".stage-tools", ".stage-modes", ".legend"):
        box = page.locator(control).bounding_box()
        assert box is not None
        apart = (
            chip["x"] + chip["width"] <= box["x"]
            or box["x"] + box["width"] <= chip["x"]
            or chip["y"] + chip["height"] <= box["y"]
            or box["y"] + box["height"] <= chip["y"]
        )
        assert apart, control
