"""Pictures that the page makes by itself, read back from their files."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page

from browser.looking import eventually, link, open_page, step_shown
from browser.service import Service

SVG = "{http://www.w3.org/2000/svg}"
MOONS: dict[str, Any] = {
    "version": 1,
    "problem": {"kind": "network", "dataset": {"kind": "moons", "n": 40}, "hidden": [4]},
    "runs": [{"optimizer": {"kind": "adam"}}, {"optimizer": {"kind": "gd"}, "label": "<b>&co</b>"}],
    "steps": 60,
    "view": {"stage": "contour", "step": 60},
}


@pytest.fixture
def figure(page: Page, service: Service) -> Locator:
    """The dialog of figures over a contour at rest."""
    open_page(page, link(service.address, MOONS))
    ask(page)
    return page.get_by_role("dialog", name="Image of any size")


def ask(page: Page) -> None:
    page.get_by_role("button", name="Export").first.click()
    page.get_by_role("menuitem", name="Image of any size").click()


def saved(page: Page, figure: Locator, path: Path) -> bytes:
    """What the button saves, when it may be pressed."""
    with page.expect_download() as download:
        figure.get_by_role("button", name="Save").click()
    download.value.save_as(path)
    return path.read_bytes()


def test_figures_have_the_size_asked_and_their_vectors(page: Page, figure: Locator, tmp_path: Path) -> None:
    figure.get_by_label("Width, pixels").fill("700")
    figure.get_by_label("Width, pixels").press("Tab")
    eventually(lambda: "700 ×" in figure.get_by_role("status").inner_text(), "the size")
    png = saved(page, figure, tmp_path / "page.png")
    assert struct.unpack(">I", png[16:20]) == (700,)

    ask(page)
    figure.get_by_role("radio", name="Paper").check()
    figure.get_by_role("radio", name="Serif").check()
    figure.get_by_role("radio", name="SVG").check()
    svg = ElementTree.fromstring(saved(page, figure, tmp_path / "paper.svg"))
    assert svg.get("width") == "85mm"
    assert "Times" in str(svg.get("font-family"))
    assert not list(svg.iter(f"{SVG}image"))
    said = " ".join("".join(text.itertext()) for text in svg.iter(f"{SVG}text"))
    titles = page.evaluate(
        """() => {
          const { xaxis, yaxis } = document.querySelector("#stage .js-plotly-plot").layout;
          return [xaxis.title.text, yaxis.title.text];
        }"""
    )
    for words in (*titles, "<b>&co</b>", "at step 60", "cost"):
        assert words in said
    colors = {path.get("stroke") for path in svg.iter(f"{SVG}path")}
    assert {"#e69f00", "#56b4e9"} <= colors
    assert not page.locator(".unseen-stage").count()

    ask(page)
    figure.get_by_role("radio", name="Costs").check()
    svg = ElementTree.fromstring(saved(page, figure, tmp_path / "costs.svg"))
    curves = [path for path in svg.iter(f"{SVG}path") if path.get("class") == "js-line"]
    assert len(curves) == 2
    assert all(str(path.get("d")).count("L") > 10 for path in curves)

    ask(page)
    figure.get_by_role("radio", name="PNG").check()
    saved(page, figure, tmp_path / "paper.png")
    with Image.open(tmp_path / "paper.png") as png:
        assert png.info["dpi"] == pytest.approx((300, 300), rel=1e-4)
        assert png.width == round(85 / 25.4 * 300)


def test_an_animation_shows_the_descent_and_may_be_given_up(
    page: Page, service: Service, tmp_path: Path
) -> None:
    open_page(page, link(service.address, MOONS))
    page.get_by_role("button", name="Export").first.click()
    page.get_by_role("menuitem", name="Animation").click()
    dialog = page.get_by_role("dialog", name="Animation")
    dialog.get_by_label("Seconds").fill("60")
    dialog.get_by_label("Width, pixels").fill("240")
    dialog.get_by_role("button", name="Make GIF").click()
    eventually(lambda: "% of 240" in dialog.get_by_role("status").inner_text(), "progress")
    dialog.get_by_role("button", name="Cancel").click()
    eventually(lambda: dialog.get_by_role("status").inner_text() == "Cancelled.", "the end of it")
    assert step_shown(page) == 60

    dialog.get_by_label("Seconds").fill("1")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Make GIF").click()
    download.value.save_as(tmp_path / "descent.gif")
    assert step_shown(page) == 60
    with Image.open(tmp_path / "descent.gif") as gif:
        assert gif.size[0] == 240
        assert getattr(gif, "n_frames", 1) == 20
        first = gif.convert("RGB")
        gif.seek(19)
        last = gif.convert("RGB")
        assert gif.info["duration"] == 1250
    # Its head and foot stay but for what they count; the run's ball is elsewhere.
    for frame in (first, last):
        assert {(230, 159, 0), (86, 180, 233), (246, 246, 242)} <= colors(frame)
    assert ImageChops.difference(first, last).getbbox() is not None


def colors(frame: Image.Image) -> set[Any]:
    return {color for _, color in frame.getcolors(1 << 24) or []}
