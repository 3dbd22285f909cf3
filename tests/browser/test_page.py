"""The page as a learner uses it: the picture shows what the numbers say, and nothing is lost on the way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page

import descentscape as ds
from browser.landscape import computed
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

MOONS: dict[str, Any] = {
    "runs": [
        {"optimizer": {"kind": "adam", "learning_rate": 0.03}, "batch_size": 16},
        {"optimizer": {"kind": "gd", "learning_rate": 0.5}, "batch_size": 16},
    ],
    "steps": 120,
}
MAPPED: dict[str, Any] = MOONS | {"view": {"stage": "contour"}}
"""The same from above, where the third dimension is not what is looked at."""

HIMMELBLAU: dict[str, Any] = {
    "problem": {"kind": "formula", "name": "himmelblau"},
    "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.01}}],
    "steps": 60,
    "view": {"stage": "contour"},
}


def test_the_first_visit_shows_a_descent_under_way_in_a_window_of_any_size(
    page: Page, service: Service
) -> None:
    open_page(page, service.address)
    eventually(lambda: step_shown(page) > 3, "a descent under way")
    assert page.title() == "Descentscape"
    eventually(lambda: "Slice" in page.inner_text("#captions"), "what the picture is")
    eventually(lambda: page.locator(".run").count() == 3, "the runs")
    assert first_surface(page) is not None
    for width, height in ((1440, 900), (1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        next_frame(page)
        nothing_scrolls_sideways_and_the_stage_is_seen(page, width, height)


def nothing_scrolls_sideways_and_the_stage_is_seen(page: Page, width: int, height: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    stage, play = (
        page.locator("#stage").bounding_box(),
        page.get_by_role("button", name=re.compile("^(Play|Pause)$")).bounding_box(),
    )
    assert stage is not None
    assert play is not None
    assert stage["height"] > 0.35 * height
    assert play["y"] + play["height"] <= height


def test_the_plotted_paths_are_the_computed_ones_and_a_reload_shows_the_same(
    page: Page, service: Service
) -> None:
    open_page(page, link(service.address, MOONS))
    runs = computed(service, MOONS)["runs"]
    the_plotted_paths_are_the_computed_ones(page, runs)
    address = page.url
    page.goto("about:blank")
    open_page(page, address)
    the_plotted_paths_are_the_computed_ones(page, runs)


def the_plotted_paths_are_the_computed_ones(page: Page, runs: list[dict[str, Any]]) -> None:
    eventually(lambda: steps_arrived(page) == 121 and steps_arrived(page, 1) == 121, "all steps")
    for index, run in enumerate(runs):
        trace = plotted(page, f"run-{index}")
        assert trace is not None
        np.testing.assert_allclose(
            np.column_stack([trace["x"], trace["y"]]), run["path"], rtol=1e-6, atol=1e-7
        )
        np.testing.assert_array_equal(trace["z"], run["cost"])


def test_the_plotted_surface_is_the_computed_surface(page: Page, service: Service) -> None:
    open_page(page, link(service.address, HIMMELBLAU))
    answer = httpx.post(f"{service.address}/api/v1/surfaces", json=HIMMELBLAU, timeout=60).json()
    surface = whole_surface(page)
    np.testing.assert_allclose(surface["x"], answer["a"], rtol=1e-12)
    np.testing.assert_allclose(surface["y"], answer["b"], rtol=1e-12)
    drawn, cost = np.array(surface["z"], float), np.array(answer["cost"], float)
    inside = (drawn > drawn.min()) & (drawn < drawn.max())
    assert inside.mean() > 0.5
    np.testing.assert_allclose(drawn[inside], cost[inside], rtol=1e-5)


def test_play_pause_step_and_scrub(page: Page, service: Service) -> None:
    page.emulate_media(reduced_motion="no-preference")
    open_page(page, link(service.address, MAPPED))
    eventually(lambda: step_shown(page) > 2, "playing")
    page.keyboard.press("Space")
    paused = step_shown(page)
    next_frame(page, 10)
    assert step_shown(page) == paused
    page.keyboard.press("ArrowRight")
    assert step_shown(page) == paused + 1
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert step_shown(page) == paused - 1
    page.keyboard.press("End")
    assert step_shown(page) == 120
    page.keyboard.press("Home")
    assert step_shown(page) == 0
    page.locator("#transport input[type=range]").first.fill("37")
    assert step_shown(page) == 37
    page.get_by_role("button", name="Play", exact=True).click()
    eventually(lambda: step_shown(page) > 40, "playing on from the scrubbed step")


def test_the_cost_shown_is_that_of_the_step_and_captions_keep_their_height_while_one_scrubs(
    page: Page, service: Service
) -> None:
    open_page(page, link(service.address, MAPPED))
    page.keyboard.press("End")
    cost = pytest.approx(computed(service, MOONS)["runs"][0]["cost"][120], rel=5e-3)
    adam = re.compile(r"Adam ([\d.]+)")
    eventually(
        lambda: (shown := adam.search(page.inner_text("#captions"))) and float(shown[1]) == cost,
        "the cost of the last step",
    )
    page.keyboard.press("Home")
    heights = []
    for key in [*["ArrowRight"] * 60, *["ArrowLeft"] * 30]:
        page.keyboard.press(key)
        heights.append(page.evaluate("document.querySelector('#captions').offsetHeight"))
    assert len(set(heights)) == 1


def test_costs_are_compared_by_what_they_took(page: Page, service: Service) -> None:
    race = {**MAPPED, "problem": {"dataset": {"kind": "moons", "test_fraction": 0.25}}}
    race["runs"] = [{"optimizer": {"kind": "lbfgs"}}, {"optimizer": {"kind": "adam"}, "batch_size": 16}]
    open_page(page, link(service.address, race))
    page.get_by_label("What costs are compared by").select_option(label="by examples seen")
    first, second = ds.run(race).runs
    wanted = [int(run.examples_seen[-1]) for run in (first, second)] * 2
    curves = eventually(
        lambda: (found := cost_curves(page)) and ends_of(found) == wanted and found, "the curves"
    )
    for run, train, test in zip((first, second), curves[:2], curves[2:], strict=True):
        for curve, cost in zip((train, test), (run.cost, run.test_cost), strict=True):
            assert curve["x"] == run.examples_seen.tolist()
            np.testing.assert_allclose(curve["y"], cost, rtol=1e-9, atol=1e-12)
    page.keyboard.press("End")
    eventually(lambda: page.locator(".cost-cursor").count() == 2, "a cursor for each run")
    page.get_by_label("What costs are compared by").select_option(label="by steps")
    eventually(lambda: page.locator(".cost-cursor").count() == 1, "one cursor for all")


def cost_curves(page: Page) -> list[dict[str, list[float]]]:
    """The plotted curves of the Cost view: every run's cost, then every run's on the test set."""
    found: list[dict[str, list[float]]] = page.evaluate(
        "(document.querySelector('.view-cost .js-plotly-plot')?.data ?? [])"
        ".map(({x, y}) => ({x: [...x], y: [...y]}))"
    )
    return found


def ends_of(curves: list[dict[str, list[float]]]) -> list[float]:
    """How far each of them goes to the right."""
    return [curve["x"][-1] if curve["x"] else 0 for curve in curves]


def test_a_click_on_the_contour_starts_there(page: Page, service: Service) -> None:
    open_page(page, link(service.address, HIMMELBLAU))
    whole_surface(page)
    picker = page.locator(".contour-picker")
    box = picker.bounding_box()
    assert box is not None
    picker.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    start = eventually(lambda: linked_start(page, "point"), "the start in the link")
    surface = plotted(page, "surface")
    assert surface is not None
    for axis, share in ((0, 0.25), (1, 0.25)):
        low, high = surface["xy"[axis]][0], surface["xy"[axis]][-1]
        assert start["at"][axis] == pytest.approx(low + share * (high - low), abs=0.02 * (high - low))


def linked_start(page: Page, kind: str) -> dict[str, Any] | None:
    """The start in the page's link, once it is of this kind."""
    start: dict[str, Any] = linked_document(page).get("start", {})
    return start if start.get("kind") == kind else None


def test_an_edit_while_running_keeps_what_came_before(page: Page, service: Service) -> None:
    open_page(page, link(service.address, MOONS))
    eventually(lambda: steps_arrived(page) == 121, "all steps")
    page.locator("#transport input[type=range]").first.fill("50")
    before = plotted(page, "run-0")
    assert before is not None
    page.get_by_label("Changes act from", exact=True).select_option(label="this step")
    rate = page.locator(".run").first.locator("input[type=range]").first
    rate.focus()
    for _ in range(12):
        rate.press("ArrowRight")
    rate.blur()
    edit = eventually(lambda: linked_document(page).get("edits"), "the edit in the link")[0]
    assert (edit["step"], edit.get("run", 0)) == (50, 0)
    assert edit["optimizer"]["learning_rate"] > 0.03
    after = eventually(
        lambda: (now := plotted(page, "run-0")) and len(now["z"]) == 121 and now["z"] != before["z"] and now,
        "the new path",
    )
    assert after["z"][:51] == before["z"][:51]
    assert after["z"][52] != before["z"][52]


def test_a_link_of_version_1_is_shown_and_becomes_version_2(page: Page, service: Service) -> None:
    old = {
        "version": 1,
        "problem": HIMMELBLAU["problem"],
        "steps": 30,
        "view": {"stage": "contour", "layers": {"field": True, "critical": True}},
    }
    open_page(page, link(service.address, old))
    eventually(lambda: page.inner_text(".overlays-button") == "Overlays (2)", "what is switched on")
    linked = eventually(
        lambda: (shown := linked_document(page)).get("version") == 2 and shown, "the new link"
    )
    assert linked["view"] == {
        "stage": "contour",
        "overlays": {"gradient_field": True, "critical_points": True},
    }


def test_a_link_that_is_broken_or_could_not_be_drawn_is_explained_over_the_first_experiment(
    page: Page, service: Service
) -> None:
    open_page(page, link(service.address, {"view": None}))
    eventually(lambda: "in this one view must be an object" in page.inner_text("#dialogs"), "the reason")
    eventually(lambda: steps_arrived(page) > 0, "the menu's first experiment")
    page.evaluate("location.hash = '#x=AAAA'")
    eventually(lambda: "must hold a whole experiment" in page.inner_text("#dialogs"), "that one is broken")


def test_a_link_followed_while_an_edit_is_written_into_the_address_is_shown(
    page: Page, service: Service
) -> None:
    open_page(page, f"{service.address}/#tour=gradient")
    # What a learner's click and a late write of the address amount to, in the order that does harm.
    follow = (
        "(next) => { const { href } = location; location.href = next; history.replaceState({}, '', href); }"
    )
    page.evaluate(follow, link(service.address, HIMMELBLAU))
    eventually(lambda: "himmelblau" in page.inner_text("#knobs").lower(), "the link's experiment")
    eventually(lambda: "#x=" in page.evaluate("location.href"), "the link in the address")
    assert not page.locator("#tour").is_visible()


def test_a_value_out_of_bounds_is_named_and_nothing_is_lost(page: Page, service: Service) -> None:
    open_page(
        page,
        link(service.address, HIMMELBLAU | {"problem": {"kind": "formula", "expression": "x**2 + y**2"}}),
    )
    field = page.get_by_role("textbox", name=re.compile("formula|f\\(x, y\\)", re.IGNORECASE)).first
    field.fill("x.__class__ + y")
    eventually(
        lambda: "position" in page.inner_text("body") and "formula" in page.inner_text("body"),
        "the error's words",
    )
    assert plotted(page, "surface") is not None


def test_a_typed_formula_is_shown_as_it_was_read(page: Page, service: Service) -> None:
    typed = HIMMELBLAU | {"problem": {"kind": "formula", "expression": "x^2 + y^2"}}
    open_page(page, link(service.address, typed))
    shown = page.locator("#knobs .reading .formula")
    eventually(lambda: shown.count() == 1, "the formula of the link")
    field = page.get_by_role("textbox", name=re.compile("f\\(x, y\\)")).first
    field.fill("f(x, y) = ½|x| + √(y²+1)")
    eventually(lambda: shown.locator("msqrt").count() == 1, "what was typed, under its root")
    assert shown.locator("msqrt mi").all_text_contents() == ["y"]
    assert shown.locator("msqrt").bounding_box() is not None
    field.fill("sen(x)")
    eventually(lambda: "did you mean “sin”?" in page.inner_text("#knobs"), "what is wrong with it")
    eventually(lambda: shown.count() == 0, "no formula that is not the one typed")
    assert page.inner_text("#knobs").count("position 1") == 1
    field.fill("sin(x)cos(y)")
    eventually(
        lambda: shown.count() == 1 and "cos" in (shown.text_content() or ""), "the formula that can be read"
    )


def test_a_lost_connection_resumes(page: Page, service: Service, complaints: list[str]) -> None:
    open_page(page, link(service.address, MOONS))
    eventually(lambda: steps_arrived(page) == 121, "all steps")
    before = plotted(page, "run-0")
    service.stop()
    eventually(lambda: "onnection lost" in page.inner_text("body"), "the word of the lost connection")
    page.keyboard.press("End")
    assert step_shown(page) == 120
    service.start()
    eventually(lambda: "onnection lost" not in page.inner_text("body"), "the connection")
    assert plotted(page, "run-0") == before
    page.keyboard.press("Home")
    assert step_shown(page) == 0
    page.get_by_role("tab", name="Network").click()
    eventually(lambda: "step 0" in page.inner_text("#view-network"), "an answer over the new connection")
    # The browser itself reports every failed attempt to reach the service; nothing else may be there.
    assert all("WebSocket connection" in said or "ERR_CONNECTION_REFUSED" in said for said in complaints)
    complaints.clear()


def test_a_lost_graphics_context_is_drawn_anew(page: Page, service: Service, complaints: list[str]) -> None:
    open_page(page, link(service.address, MOONS))
    eventually(lambda: steps_arrived(page) == 121, "all steps")
    before = whole_surface(page)
    page.evaluate(
        """() => {
          const canvases = [...document.querySelectorAll("#stage .js-plotly-plot canvas")];
          const canvas = canvases.find((one) => one.getContext("webgl"));
          canvas.getContext("webgl").getExtension("WEBGL_lose_context").loseContext();
        }"""
    )
    eventually(lambda: plotted(page, "surface") == before and steps_arrived(page) == 121, "the picture again")
    page.keyboard.press("Home")
    assert step_shown(page) == 0
    assert not [said for said in complaints if "CONTEXT_LOST" not in said]
    complaints.clear()


EXPORTS = (
    ("Picture", "descent.png", b"\x89PNG"),
    ("Page that works alone", "descent.html", b"<!doctype html>"),
    ("Table of the steps", "descent.csv", b"run,label,step,a,b,cost"),
    ("Results with", "descent.json", b'{"experiment":'),
    ("Arrays", "descent.npz", b"PK"),
    ("Workbook", "descent.xlsx", b"PK"),
    ("Surface for ParaView", "descent.vtk", b"# vtk datafile version 3.0"),
    ("Open as notebook", "descent.ipynb", b'{\n "cells": ['),
)


COPIES = (("Copy as Python", "ds.run(experiment)"), ("Copy as curl", "/api/v1/runs <<"))


def test_every_export_is_a_file_of_its_kind(page: Page, service: Service, tmp_path: Path) -> None:
    open_page(page, link(service.address, MAPPED))
    whole_surface(page)
    for item, name, begins in EXPORTS:
        page.get_by_role("button", name="Export").first.click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=item).click()
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes()[: len(begins)].lower() == begins.lower()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for item, words in COPIES:
        page.get_by_role("button", name="Export").first.click()
        page.get_by_role("menuitem", name=item).click()
        eventually(lambda words=words: words in page.evaluate("navigator.clipboard.readText()"), item)


def test_digits_and_their_table_stay_while_the_answers_change(page: Page, service: Service) -> None:
    digits = {"dataset": {"kind": "digits", "test_fraction": 0.2}, "hidden": [16], "cost": "cross_entropy"}
    view = {"step": 0, "stage": "contour", "tab": "network"}
    problem: dict[str, Any] = {"problem": digits, "steps": 40, "view": view}
    open_page(page, link(service.address, problem))
    eventually(lambda: page.locator(".confusion td").count() == 100, "the table of ten classes")
    page.eval_on_selector_all(
        ".digits canvas, .confusion td", "all => all.forEach((one) => { one.kept = true; })"
    )
    before = page.inner_text(".confusion")
    page.keyboard.press("End")
    eventually(lambda: page.inner_text(".confusion") != before, "the last step's answers")
    kept = page.eval_on_selector_all(".digits canvas, .confusion td", "all => all.map((one) => one.kept)")
    assert len(kept) > 100
    assert all(kept)
    painted = "all => all.every((one) => one.getContext('2d').getImageData(0, 0, 8, 8).data.some(Boolean))"
    eventually(lambda: page.eval_on_selector_all(".digits canvas", painted), "every digit, painted")
