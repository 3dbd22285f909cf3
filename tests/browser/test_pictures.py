"""Pictures that the page makes by itself, read back from their files."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, Page

from browser.looking import eventually, link, open_page
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
