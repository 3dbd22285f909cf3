"""The page that plays from a file shows what the screen showed: the same numbers read back from both."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from playwright.sync_api import BrowserContext, Page

from browser.looking import eventually, first_surface, link, open_page, plotted, step_shown, whole_surface
from browser.service import Service

DOCUMENT: dict[str, Any] = {
    "problem": {"dataset": {"kind": "moons"}, "hidden": [3]},
    "runs": [{"label": "</script><b>"}, {"optimizer": {"kind": "gd"}}],
    "steps": 60,
    "view": {"step": 40, "stage": "3d", "height": "log", "colors": "rank", "tab": "cost"},
}

SCENE = """() => {
  const { scene } = document.querySelector("#stage .js-plotly-plot").layout;
  const { eye, center } = scene.camera;
  const axes = [scene.xaxis, scene.yaxis, scene.zaxis].map(({ type, range }) => [type ?? "", ...range]);
  return { axes, ratio: scene.aspectratio, look: ["x", "y", "z"].map((k) => eye[k] - center[k]) };
}"""


def shown(page: Page) -> dict[str, Any]:
    """What is read of the picture, without the camera's distance, which is fitted to the window."""
    scene = page.evaluate(SCENE)
    look = np.array(scene.pop("look"))
    return {
        **scene,
        "look": look / np.linalg.norm(look),
        "traces": [plotted(page, name) for name in ("surface", "run-0", "run-1")],
        "captions": page.locator("#captions li:not([data-key=why])").all_inner_texts(),
        "legend": page.inner_text(".legend"),
        "scale": page.inner_text(".scale"),
        "position": page.inner_text(".position"),
    }


def shows_the_same(page: Page, other: Page) -> bool:
    """Whether both pages show the same, looked at from the same side to a thousandth."""
    one, two = shown(page), shown(other)
    return np.allclose(one.pop("look"), two.pop("look"), atol=2e-3) and one == two


def recording(page: bytes) -> dict[str, Any]:
    found = re.search(r'id="recording">(.*)</script>', page.decode())
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def same_as_the_service_records(mine: dict[str, Any], service: Service) -> None:
    html = {"Accept": "text/html"}
    answer = httpx.post(f"{service.address}/api/v1/figures", json=DOCUMENT, headers=html, timeout=60)
    theirs = recording(answer.content)
    parts = {
        "surface": ("a", "b", "cost", "height", "minima"),
        "plane": ("extent", "captions", "varianceShare", "nullShare", "labels", "runCaption", "kind", "note"),
        "problem": ("dim", "exact", "layers"),
    }
    for part, names in parts.items():
        assert [mine[part][name] for name in names] == [theirs[part][name] for name in names]
    for run, other in zip(mine["runs"], theirs["runs"], strict=True):
        assert {name: run[name] == other[name] for name in run} == dict.fromkeys(other, True)
    for name in ("steps", "step", "focus"):
        assert mine[name] == theirs[name]


def test_the_file_plays_what_was_on_screen(
    page: Page, window: BrowserContext, service: Service, complaints: list[str], tmp_path: Path
) -> None:
    open_page(page, link(service.address, DOCUMENT))
    whole_surface(page)
    page.get_by_label("Turn the view left").click()
    page.get_by_role("button", name="Export").first.click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Page that works alone").click()
    file = tmp_path / "descent.html"
    download.value.save_as(file)
    same_as_the_service_records(recording(file.read_bytes()), service)

    alone = window.new_page()
    requests: list[str] = []
    alone.on("request", lambda request: requests.append(request.url))
    alone.on("pageerror", lambda error: complaints.append(str(error)))
    alone.goto(file.as_uri())
    eventually(lambda: first_surface(alone) is not None and plotted(alone, "run-1"), "the recorded picture")
    assert step_shown(alone) == 40
    eventually(lambda: shows_the_same(alone, page), "the same in both")
    for opened in (page, alone):
        opened.keyboard.press("End")
        opened.keyboard.press("ArrowLeft")
    assert step_shown(alone) == 59
    eventually(lambda: shows_the_same(alone, page), "the same in both, a step before the end")
    alone.keyboard.press("2")
    eventually(lambda: alone.locator(".contour-picker").is_visible(), "the contours")
    alone.hover(".contour-picker")
    eventually(lambda: "cost ≈" in alone.inner_text(".readout"), "the cost under the pointer")
    alone.keyboard.press("Home")
    alone.keyboard.press(" ")
    eventually(lambda: step_shown(alone) > 5, "the descent playing")
    assert requests == [file.as_uri()]
    alone.close()
