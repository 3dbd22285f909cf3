"""A teacher hands out a task and gets answers back; the picture in another page's frame."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Page

from browser.looking import eventually, first_surface, link, linked_document, open_page
from browser.service import Service
from browser.test_accessibility import ALL, AXE, violations

SADDLE = {
    "version": 2,
    "problem": {"kind": "formula", "name": "saddle"},
    "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.1}}],
    "start": {"kind": "point", "at": [1.0, 0.0]},
    "steps": 20,
    "view": {"stage": "contour", "grid": {"extent": [[-2, 2], [-2, 2]]}},
}


def share(page: Page, item: str) -> None:
    page.get_by_role("button", name="Share").click()
    page.get_by_role("menuitem", name=item).click()


def copied(page: Page, button: str) -> str:
    page.get_by_role("button", name=button, exact=True).click()
    text = page.get_by_label(f"{button}: the text to copy")
    text.wait_for()
    return text.input_value()


def make_assignment(page: Page) -> str:
    """The saddle with its rate fixed, its plane hidden, and a question of each kind."""
    share(page, "Make an assignment…")
    dialog = page.get_by_role("dialog", name="Make an assignment")
    dialog.get_by_label("Title").fill("The saddle")
    dialog.get_by_label("Learning rate").select_option(label="fixed")
    dialog.get_by_label("Plane").select_option(label="hidden")
    for kind in ("A choice", "A number", "A place on the picture", "A cost to get below"):
        dialog.get_by_role("button", name=kind).click()
    words = ("What is the origin?", "How large is λ?", "Mark the saddle.", "Get below −1.")
    for question, text in zip(dialog.get_by_label("Question", exact=True).all(), words, strict=True):
        question.fill(text)
    dialog.get_by_label("Choice 1", exact=True).fill("a minimum")
    dialog.get_by_label("Choice 2", exact=True).fill("a saddle")
    dialog.get_by_label("Choice 2 is right").check()
    dialog.get_by_label("Right answer").fill("2")
    dialog.get_by_label("Cost below").fill("-1")
    assert violations(page, ALL, "dialog[open]") == []
    return copied(page, "Copy the assignment")


def click_picture(page: Page, across: float, down: float) -> None:
    box = page.locator(".contour-picker").bounding_box()
    assert box
    page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])


def answer(page: Page) -> str:
    """Every question but the last by its own input, and the goal by starting beside the ridge."""
    page.get_by_label("a saddle").check()
    page.get_by_label("How large is λ?").fill("4/2")
    page.get_by_role("button", name="Mark it on the picture").click()
    click_picture(page, 0.5, 0.5)
    page.get_by_text("Mark another place").wait_for()
    eventually(lambda: "Not yet below −1" in page.inner_text("#assignment"), "how far it is")
    click_picture(page, 0.5, 0.4)
    page.get_by_text("Reached:").wait_for()
    page.get_by_label("Your name").fill("=Ada")
    return copied(page, "Copy my answer")


def test_a_task_goes_out_and_its_answers_come_back_as_a_table(
    page: Page, service: Service, tmp_path: Path
) -> None:
    open_page(page, link(service.address, SADDLE))
    page.evaluate(AXE)
    assignment = make_assignment(page)
    page.goto("about:blank")
    open_page(page, assignment)
    page.get_by_role("heading", name="The saddle").wait_for()
    eventually(lambda: page.locator(".run").count() == 1, "the knobs")
    eventually(page.get_by_role("slider", name="Learning rate").is_disabled, "a rate that is fixed")
    assert page.get_by_role("slider", name="Steps").is_enabled()
    assert page.get_by_role("img", name="Fixed in this assignment").count() == 1
    assert page.get_by_role("heading", name="Plane").count() == 0
    page.evaluate(AXE)
    assert violations(page, ALL, "#assignment") == []
    answers = answer(page)
    assert page.evaluate("location.href") == assignment
    page.evaluate("(answers) => location.assign(answers)", answers)
    page.get_by_text("3 of 3 right.").wait_for()
    eventually(lambda: page.locator(".replayed").count() == 2, "the answer played again")
    assert page.locator(".replayed").all_inner_texts()[0] == "As it was set"
    share(page, "Collect answers…")
    page.get_by_label("Links that students sent").fill(f"{assignment} and {answers}, {answers[:-9]}")
    page.get_by_role("button", name="Show the table").click()
    page.get_by_text("4 of 4").wait_for()
    refused = r"Link 3, #answers=\S*…: The link must hold a whole student’s answer"
    assert re.search(refused, page.inner_text(".collect-said"))
    assert violations(page, ALL, "dialog[open]") == []
    page.get_by_role("button", name="Changes", exact=True).click()
    assert page.locator("th[aria-sort=descending]").inner_text() == "Changes"
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    download.value.save_as(tmp_path / "answers.csv")
    _, row = csv.reader(io.StringIO((tmp_path / "answers.csv").read_text("utf-8-sig")))
    assert row[:3] == ["'=Ada", "a saddle", "right"]
    assert row[-1] == answers


def test_in_a_frame_there_is_the_picture_and_its_transport_alone(page: Page, service: Service) -> None:
    open_page(page, link(service.address, SADDLE))
    share(page, "Embed…")
    page.get_by_text("DESCENTSCAPE_FRAME_ANCESTORS").wait_for()
    source = re.search('src="([^"]+)"', copied(page, "Copy the snippet"))
    assert source
    assert "/?embed#x=" in source[1]
    page.goto(source[1])
    out = page.get_by_role("link", name="Open in Descentscape")
    out.wait_for()
    eventually(lambda: first_surface(page) is not None, "the picture")
    for region in ("stage", "captions", "transport"):
        assert page.locator(f"#{region}").is_visible()
    for region in ("bar", "knobs", "views"):
        assert page.locator(f"#{region}").is_hidden()
    assert linked_document(page)["problem"]["name"] == "saddle"
    assert out.get_attribute("href") == page.url.replace("?embed", "")
