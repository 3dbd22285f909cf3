"""The tour: its links, its hints, and all of it by keyboard, every question answered wrong and right."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from browser.looking import draw_maps_alone, eventually, open_page, points_plotted, steps_arrived
from browser.service import ROOT, Service

STOPS: list[dict[str, Any]] = json.loads(
    (ROOT / "backend/descentscape/data/tour.json").read_text(encoding="utf-8")
)
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
FURTHEST = 160
WAITING = ("waiting", "comput")
"""In place of the cost at the cursor, before the descent has come that far."""
SECTIONS = {
    "chain": ".chain-unit",
    "lines": ".chip",
    "backprop": ".graph-node, .layer-norm",
    "nudge": ".nudge-facts dd",
    "cost": ".cost-share",
}
"""What each section of the lab shows once it has its answer."""
IN_A_VIEW = ("rules", "newton", "costs", "network")
"""What a phone shows in place of the tour, not beside it."""


def focused(page: Page) -> str:
    """What has the focus, as one would name it: its label, or its words."""
    name: str = page.evaluate(
        """() => {
          const { activeElement: el } = document;
          const label = document.getElementById(el.getAttribute("aria-labelledby")) ?? el.labels?.[0] ?? el;
          return el.getAttribute("aria-label") ?? label.textContent;
        }"""
    )
    return name


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until what has the focus bears that name; `name…` is the beginning of one."""
    for _ in range(FURTHEST):
        if focused(page) == name or (name.endswith("…") and focused(page).startswith(name[:-1])):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{FURTHEST} times {key} did not reach {name!r}; the focus is on {focused(page)!r}")


def open_tour(page: Page, size: dict[str, int]) -> None:
    if size == DESK:
        tab_to(page, "Tour")
    else:
        tab_to(page, "More")
        page.keyboard.press("Enter")
        eventually(lambda: focused(page) == "Tour", "the first item of the menu")
    page.keyboard.press("Enter")


def shown_stop(page: Page) -> str:
    """The stop's title, once the focus is on it: empty before."""
    title: str = page.evaluate(
        "document.activeElement.matches('#tour h2') ? document.activeElement.textContent : ''"
    )
    return title


def drawn(page: Page, stop: dict[str, Any]) -> bool:
    """Whether the stage shows this stop's descents, whole, over a surface, or its section of the lab."""
    steps, view = stop["experiment"]["steps"], stop["experiment"].get("view", {})
    if view.get("stage") == "lab":
        shown = page.locator(f".lab-{view['lab']} {SECTIONS[view['lab']]}").first
        return shown.is_visible() and f"of {steps}" in page.inner_text(".position__total")
    if page.locator(".stage[data-mode='contour']").count():
        arrived = f"of {steps}" in page.inner_text(".position__total")
        below = page.text_content(".position__cost") or "waiting"
        arrived = arrived and not below.startswith(WAITING)
        return arrived and points_plotted(page, "surface") > 0
    runs = range(len(stop["experiment"]["runs"]))
    return all(steps_arrived(page, run) == steps + 1 for run in runs) and points_plotted(page, "surface") > 0


def verdict(page: Page) -> str:
    return page.inner_text(".tour__verdict")


def check(page: Page) -> str:
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    return verdict(page)


def choose(page: Page, stop: dict[str, Any], wanted: int) -> None:
    """The first choice by Space, the others by arrows from there."""
    choices = stop["question"]["choices"]
    chosen = page.evaluate("document.querySelector('#tour input:checked')?.value")
    tab_to(page, choices[int(chosen or 0)], "Shift+Tab" if chosen else "Tab")
    page.keyboard.press("Space")
    for _ in range((wanted - int(chosen or 0)) % len(choices)):
        page.keyboard.press("ArrowDown")
    assert focused(page) == choices[wanted]
    assert verdict(page) == ""


def answer_choice(page: Page, stop: dict[str, Any], right: bool) -> None:
    question = stop["question"]
    choose(page, stop, (question["answer"] + (not right)) % len(question["choices"]))


def answer_number(page: Page, stop: dict[str, Any], right: bool) -> None:
    question = stop["question"]
    tab_to(page, question["text"], "Shift+Tab" if right else "Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type(str(question["answer"] + (not right) * (1 + question["tolerance"])))


def to_knobs(page: Page) -> None:
    """Where a stop says to try it: the focus goes there, on a phone in the knobs' panel."""
    tab_to(page, "Show me where to try it", "Shift+Tab")
    page.keyboard.press("Enter")
    eventually(lambda: page.locator(".knobs .pointed:visible").count() == 1, "the ring around the knob")


def diverge(page: Page) -> None:
    """The learning rate up, by its slider, until the run's card says that it diverged."""
    to_knobs(page)
    assert focused(page) == "Learning rate η"
    for _ in range(40):
        page.keyboard.press("ArrowRight")
        if "diverged" in page.inner_text(".run__status"):
            break
    eventually(lambda: "diverged" in page.inner_text(".run__status"), "the divergence")


def bend(page: Page) -> None:
    """The first layer bent, by its button in the lab."""
    tab_to(page, "layer 1…", "Tab" if page.viewport_size == DESK else "Shift+Tab")
    page.keyboard.press("Space")


def cure(page: Page) -> None:
    """ReLU and He's start, in the Network group."""
    to_knobs(page)
    for name, choice in (("Activation σ", "ReLU"), ("Initial weights", "He")):
        tab_to(page, name)
        page.keyboard.type(choice)


DEEDS = {"gradient": diverge, "non-linearity": bend, "vanishing": cure}


def bring_about(page: Page, stop: dict[str, Any], right: bool) -> None:
    """As the stop asks, by keyboard; then back to the tour."""
    if not right:
        return
    DEEDS[stop["id"]](page)
    if page.viewport_size == PHONE and not page.locator("#tour").is_visible():
        tab_to(page, "Tour", "Shift+Tab")
        page.keyboard.press("Enter")


ANSWERS = {"choice": answer_choice, "number": answer_number, "state": bring_about}


def replies(question: dict[str, Any]) -> list[str]:
    """All that is said to answers that are wrong."""
    sides = [question.get(name) for name in ("low", "high", "otherwise")]
    known = [mistake["says"] for mistake in question.get("mistakes", ())]
    return [words for words in (*sides, *known, *question.get("why", ())) if words]


def visit(page: Page, stop: dict[str, Any]) -> None:
    """One stop: read, see its experiment, answer wrong, then right."""
    eventually(lambda: shown_stop(page) == stop["title"], f"the stop {stop['id']}")
    eventually(lambda: drawn(page, stop), f"the experiment of {stop['id']}")
    question = stop["question"]
    answer = ANSWERS[question["kind"]]
    answer(page, stop, False)
    reply = check(page)
    assert reply.startswith(("Not yet. ", "Nearly. "))
    assert reply.partition(". ")[2] in replies(question)
    assert page.locator(".tour__sign svg").is_visible()
    assert page.locator(".tour__row button:visible").all_inner_texts() == ["Check", "Hint"]
    if page.viewport_size == DESK or stop["point"] not in IN_A_VIEW:
        eventually(lambda: page.locator(".pointed:visible").count() == 1, "the ring around what it speaks of")
    answer(page, stop, True)
    assert check(page) == f"Right. {question['right']}"
    assert page.locator(".tour__sign svg").is_visible()


def test_hints_come_one_by_one_and_the_solution_only_when_asked_for(page: Page, service: Service) -> None:
    question = STOPS[0]["question"]
    draw_maps_alone(page)
    open_page(page, f"{service.address}/#tour={STOPS[0]['id']}")
    eventually(lambda: page.locator("#tour form").is_visible(), "the question")
    press = page.locator("#tour form").get_by_role("button", name="Hint")
    assert check(page) == "No answer yet."
    for hint in question["hints"]:
        assert str(question["answer"]) not in page.inner_text("#tour")
        press.click()
        assert verdict(page) == f"Hint: {hint}"
    assert press.is_hidden()
    page.get_by_role("button", name="Show the solution").click()
    assert verdict(page) == f"Solution: {question['answer']}. {question['right']}"
    assert page.locator("#tour form").get_by_role("button", name="Next stop").is_visible()


@pytest.mark.parametrize("stop", [STOPS[1], STOPS[9]], ids=lambda stop: stop["id"])
def test_a_link_opens_its_stop_and_brings_what_it_speaks_of_into_sight(
    page: Page, service: Service, stop: dict[str, Any]
) -> None:
    page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    open_page(page, f"{service.address}/#tour={stop['id']}")
    eventually(lambda: page.locator("#tour h2").count(), "the tour")
    assert page.inner_text("#tour h2") == stop["title"]
    seen = """() => {
      const { left, top } = document.querySelector(".pointed")?.getBoundingClientRect() ?? {};
      return Boolean(document.elementFromPoint(left + 12, top + 12)?.closest(".pointed"));
    }"""
    eventually(lambda: page.evaluate(seen), "what the stop speaks of")
    eventually(lambda: drawn(page, stop), "the experiment")
    assert page.evaluate("location.hash") == f"#tour={stop['id']}"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_from_the_first_stop_to_the_last_by_keyboard(
    page: Page, service: Service, size: dict[str, int]
) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    draw_maps_alone(page)
    open_page(page, service.address)
    open_tour(page, size)
    for stop in STOPS[:-1]:
        visit(page, stop)
        tab_to(page, "Next stop")
        page.keyboard.press("Enter")
    visit(page, STOPS[-1])
    tab_to(page, "To the end")
    page.keyboard.press("Space")
    eventually(lambda: shown_stop(page) == "What you have learnt", "the end")
    assert "You answered all 16 questions." in page.inner_text("#tour")
    assert page.locator(".tour__sign--answered").count() == len(STOPS)
    tab_to(page, "Close the tour")
    page.keyboard.press("Space")
    eventually(
        lambda: focused(page) == ("Tour" if size == DESK else "More"), "the focus where the tour was opened"
    )
    assert not page.locator("#tour").is_visible()


def test_it_is_resumed_where_it_was_left(page: Page, service: Service) -> None:
    left = STOPS[6]
    draw_maps_alone(page)
    open_page(page, f"{service.address}/#tour={left['id']}")
    page.get_by_role("button", name="Leave the tour").press("Enter")
    assert not page.locator("#tour").is_visible()
    eventually(lambda: page.evaluate("location.hash").startswith("#x="), "a link to the experiment itself")
    page.goto("about:blank")
    open_page(page, service.address)
    assert not page.locator("#tour").is_visible()
    page.get_by_role("button", name="Tour", exact=True).press("Enter")
    assert page.inner_text("#tour h2") == left["title"]
