"""What the page says is of what it shows: steps, names in any script, rows that stay, exports."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from browser.landscape import computed
from browser.looking import (
    eventually,
    link,
    next_frame,
    open_page,
    say_all,
    step_shown,
    steps_arrived,
)
from browser.service import Service

MOONS: dict[str, Any] = {
    "version": 1,
    "problem": {"kind": "network", "dataset": {"kind": "moons", "n": 60}, "hidden": [4]},
    "steps": 120,
}
MAP: dict[str, Any] = {"stage": "contour"}
DIVERGES: dict[str, Any] = {
    "version": 1,
    "problem": MOONS["problem"] | {"activation": "linear", "output": "linear"},
    "runs": [{"optimizer": {"kind": "gd", "learning_rate": 10.0}, "label": "hot"}],
    "steps": 150,
    "view": MAP | {"step": 150, "tab": "step"},
}
RULES = ("adam", "momentum", "gd", "rmsprop", "nadam", "adagrad")
DESK: Any = {"width": 1440, "height": 900}
MOVED = """async (steps) => {
  const rows = () => ["#stage", ".panes", "#captions", ".transport"].map((name) => {
    const { top, height } = document.querySelector(name).getBoundingClientRect();
    return `${name} at ${Math.round(top)}, ${Math.round(height)} high`;
  }).join("; ");
  const scrubber = document.querySelector(".scrubber__input");
  const found = {};
  for (const step of steps) {
    scrubber.value = step;
    scrubber.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise(requestAnimationFrame);
    (found[rows()] ??= []).push(step);
  }
  return found;
}"""
"""Where the rows of the page lie, with the steps at which they lie there."""
HEBREW = "אדם"


def race(count: int, stage: str) -> dict[str, Any]:
    """A race in which one run, where there are more than two, diverges on the way."""
    runs = [{"optimizer": {"kind": RULES[k % 6]}} for k in range(count)]
    if count > 2:
        runs[2] = {"optimizer": {"kind": "gd", "learning_rate": 1e3}}
    return MOONS | {"runs": runs, "view": {"stage": stage, "step": 0}}


def test_after_a_divergence_every_view_names_the_step_whose_numbers_it_shows(
    page: Page, service: Service
) -> None:
    open_page(page, link(service.address, DIVERGES))
    last = len(computed(service, DIVERGES)["runs"][0]["cost"]) - 1
    assert 0 < last < 150 == step_shown(page)
    title = page.locator(".view-step h2").first
    eventually(lambda: title.inner_text() == f"hot: step {last} → {last + 1}", "the head of the Step view")
    said = f"hot diverged at step {last}"
    eventually(lambda: page.inner_text(".position__cost") == said, "the transport")
    eventually(lambda: page.inner_text(".legend-note") == f"at step {last}", "the legend")
    eventually(lambda: f", at step {last}" in page.inner_text("#captions"), "the captions")
    page.get_by_role("radio", name="Lab").click()
    where = page.locator(".lab-where")
    for section in ("Chain", "Lines", "Nudge", "Cost", "Backprop"):
        page.locator(".lab-head").get_by_role("radio", name=section, exact=True).check()
        eventually(lambda: where.inner_text() == f"hot, diverged at step {last}", section)


def test_the_lab_names_the_step_of_its_numbers_while_one_scrubs(page: Page, service: Service) -> None:
    open_page(page, link(service.address, MOONS | {"view": {"stage": "lab", "lab": "cost", "step": 40}}))
    where = page.locator(".lab-where")
    eventually(lambda: where.inner_text() == "Adam at step 40", "the step")
    page.keyboard.press("ArrowRight")
    eventually(lambda: where.inner_text() == "Adam at step 41", "the next step")


def test_nothing_moves_while_it_plays(page: Page, service: Service) -> None:
    open_page(page, link(service.address, race(1, "contour")))
    nothing_moves(page)
    page.set_viewport_size(DESK)
    say_all(page)
    for count, stage in ((1, "Contour"), (3, "Contour"), (12, "Contour"), (12, "Both"), (3, "3D")):
        page.set_viewport_size(DESK)
        # Another link on the page that is open: it draws the race without being read again.
        page.goto(link(service.address, race(count, stage.lower())))
        told = page.locator('#captions [data-key^="run-"]')
        eventually(lambda told=told, count=count: told.count() == count, f"{count} runs")
        shown = page.get_by_role("radio", name=stage, checked=True)
        eventually(shown.is_visible, stage)
        nothing_moves(page)


def nothing_moves(page: Page) -> None:
    """Whatever step is on show, at every size, the rows of the page stay where they are."""
    for width, height in ((1440, 900), (1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        next_frame(page)
        lie = page.evaluate(MOVED, [*range(0, 51, 5), *range(120, 99, -5)])
        assert len(lie) == 1, f"{width} x {height}: {lie}"
        assert page.locator(".panes").evaluate("(el) => el.clientHeight") >= 240, "the picture’s height"


def test_the_caption_that_has_no_room_is_reached_by_scrolling(page: Page, service: Service) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    open_page(page, link(service.address, race(12, "contour")))
    sheet = page.locator(".captions-sheet")
    assert sheet.evaluate("(el) => el.clientHeight") < 30, "one line, until more is asked for"
    say_all(page)
    eventually(lambda: sheet.get_attribute("tabindex") == "0", "captions that scrolls")
    assert sheet.evaluate("(el) => el.scrollHeight > el.clientHeight + 40")


def test_a_name_from_the_right_leaves_the_numbers_beside_it_in_order(page: Page, service: Service) -> None:
    open_page(page, link(service.address, MOONS | {"runs": [{"label": HEBREW}], "view": MAP | {"step": 60}}))
    say_all(page)
    item = page.locator('#captions [data-key="run-0"]')
    eventually(lambda: "off the plane" in item.inner_text(), "the caption")
    # Each character's place on the line: what follows the name runs from left to right.
    lefts = item.evaluate(
        """(el) => {
          const range = document.createRange();
          return [el.children[1], el.children[2]].flatMap((part) => {
            const text = part.firstChild;
            return Array.from({ length: text.length }, (_, k) => {
              range.setStart(text, k);
              range.setEnd(text, k + 1);
              return range.getBoundingClientRect().left;
            });
          });
        }"""
    )
    assert lefts == sorted(lefts)
    page.locator(".tab", has_text="Step").click()
    head = page.locator(".view-step h2").first
    eventually(lambda: head.inner_text() == f"\u2068{HEBREW}\u2069: step 60 → 61", "the isolated name")


def test_a_label_that_turns_text_is_refused_in_words(service: Service) -> None:
    turning = MOONS | {"runs": [{"label": "a\u202eb"}]}
    answer = httpx.post(f"{service.address}/api/v1/runs", json=turning)
    assert answer.status_code == 422
    assert "label must be text without control characters (here U+202E)" in answer.text
    assert "\u202e" not in answer.text


@pytest.mark.parametrize(("stage", "scheme"), [("3d", "light"), ("contour", "dark"), ("both", "dark")])
def test_the_picture_is_drawn_at_the_size_asked(
    page: Page, service: Service, tmp_path: Path, stage: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 1024, "height": 768})
    open_page(page, link(service.address, MOONS | {"view": {"stage": stage, "step": 60}}))
    eventually(lambda: steps_arrived(page) == 121 or stage == "contour", "all steps")
    width, height = page.evaluate(
        """(shown) => [
          document.querySelector(".panes").clientWidth,
          document.querySelector(shown).clientHeight,
        ]""",
        ".contour-frame" if stage == "contour" else ".panes",
    )
    canvases = "[...document.querySelectorAll('.stage canvas.stage-over')].map(({ width }) => width)"
    before = page.evaluate(canvases)
    for item, name, scale in (("Picture", "descent.png", 2), ("Large image", "descent-print.png", 4)):
        page.get_by_role("button", name="Export").first.click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=item).click()
        download.value.save_as(tmp_path / name)
        size = struct.unpack(">II", (tmp_path / name).read_bytes()[16:24])
        assert size[0] == width * scale
        # Title, legend, colour bar and caption stand above and below the picture.
        assert size[1] > (height + 150) * scale
    assert page.evaluate(canvases) == before


def test_the_vanished_gradient_is_called_so_by_its_size(page: Page, service: Service) -> None:
    document = {
        "version": 1,
        "problem": {"kind": "network", "hidden": [8] * 10, "activation": "sigmoid"},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 1.0}}],
        "steps": 200,
        "view": {"stage": "lab", "lab": "backprop", "step": 200},
    }
    open_page(page, link(service.address, document))
    said = page.locator(".lab-jacobians .lab-verdict")
    # While the run is on its way the verdict is on the last step that has arrived.
    vanished = re.compile(r"^Size: .*×10⁻⁸, .* in every layer: it has vanished")
    words = eventually(lambda: (now := said.inner_text()) and vanished.search(now) and now, "the verdict")
    assert "Ratio: the first layer’s gradient is 0.3" in words
