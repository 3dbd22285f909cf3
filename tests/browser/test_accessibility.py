"""What axe finds wanting, by WCAG 2.2 AA and good practice, on a desk and on a phone: nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import pytest
from playwright.sync_api import Page

from browser.looking import eventually, link, next_frame, open_page
from browser.service import ROOT, Service

AXE = (ROOT / "tests/frontend/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
ALL = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What another theme may change."""
ASSIGNMENT: dict[str, Any] = {
    "version": 1,
    "title": "The saddle",
    "task": "Look at the origin.",
    "holds": {"rate": "fixed", "plane": "hidden"},
    "questions": [
        {"kind": "choice", "text": "What is it?", "choices": ["a minimum", "a saddle"], "answer": 1},
        {"kind": "number", "text": "How large is λ?", "answer": 2, "tolerance": 0},
        {"kind": "place", "text": "Mark the saddle.", "answer": [0, 0], "tolerance": 0.1},
        {"kind": "goal", "text": "Get below −1.", "below": -1, "steps": None},
    ],
    "experiment": {
        "problem": {"kind": "formula", "name": "saddle"},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.1}}],
        "steps": 20,
        "view": {"stage": "contour"},
    },
}


def violations(page: Page, only: dict[str, object], within: str | None = None) -> list[str]:
    """Rule, element and reason of what axe complains of by these rules, in all the page or a part of it."""
    found: list[str] = page.evaluate(
        """async ([runOnly, within]) => {
          const options = { runOnly, resultTypes: ["violations"], preload: false };
          const { violations } = await axe.run(within ?? document, options);
          const said = (id, { html, failureSummary }) => `${id}: ${html}: ${failureSummary}`;
          return violations.flatMap(({ id, nodes }) => nodes.map((node) => said(id, node)));
        }""",
        [only, within],
    )
    return found


def first_move(page: Page) -> None:
    page.get_by_role("region", name="First moves").wait_for()


def all_knobs(page: Page) -> None:
    page.get_by_role("button", name="Skip", exact=True).click()
    knobs(page)
    page.get_by_role("button", name="More knobs").click()


def knobs(page: Page) -> None:
    """On a phone they lie behind a tab, which folds them away where they are on show."""
    if not page.locator("#knobs").is_visible():
        page.locator(".phone-tab[data-name=knobs]").click()


def view(name: str) -> Callable[[Page], None]:
    """One of the views: by its tab, or by the phone's."""

    def show(page: Page) -> None:
        page.locator(".tab:visible, .phone-tab:visible").filter(has_text=name).click()
        page.locator(f"#view-{name.lower()}").wait_for()

    return show


def mode(name: str) -> Callable[[Page], None]:
    def show(page: Page) -> None:
        page.locator(".stage-modes").get_by_text(name, exact=True).click()

    return show


def section(name: str) -> Callable[[Page], None]:
    """A section of the lab with its answer, its first term explained."""

    def show(page: Page) -> None:
        page.locator(f".lab-head input[value={name}]").click(force=True)
        page.locator(f".lab-{name} :is(.help-tip, .term):visible").first.press("Enter")
        page.locator(".explanation:popover-open").wait_for()
        # What is too wide learns in the next frame that it scrolls.
        next_frame(page)

    return show


def captions(page: Page) -> None:
    page.keyboard.press("Escape")
    mode("Contour")(page)
    page.get_by_role("button", name="All that the picture shows").click()


def reason(page: Page) -> None:
    """Why it happened what the line under the picture tells, at the first step where it tells anything."""
    line, scrubber = page.locator(".moment__line"), page.locator(".scrubber__input")
    last = int(scrubber.get_attribute("max") or 0)
    steps = iter([*range(0, last + 1, 5)] * 20)

    def told() -> bool:
        scrubber.fill(str(next(steps)))
        return line.is_visible()

    eventually(told, "a moment")
    line.press("Enter")
    page.get_by_role("dialog", name="Why?").wait_for()


def menu(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator(".chooser").click()
    page.get_by_role("dialog", name="Experiments").wait_for()


def overlays(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Overlays").click()


def help_of_keys(page: Page) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Help").wait_for()


def glossary(page: Page) -> None:
    page.get_by_role("button", name="Glossary of the terms").click()
    page.get_by_role("dialog", name="Glossary").wait_for()


def share(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator(".bar").get_by_role("button", name=re.compile("^(Share|More)$")).first.click()


def assignment_form(page: Page) -> None:
    page.get_by_role("menuitem", name="Make an assignment…").click()
    dialog = page.get_by_role("dialog", name="Make an assignment")
    for kind in ("A choice", "A number", "A cost to get below"):
        dialog.get_by_role("button", name=kind).click()


def details(page: Page) -> None:
    page.keyboard.press("Escape")
    knobs(page)
    page.get_by_role("button", name=re.compile("^More about")).first.click()
    page.locator(".run .help-tip").first.press("Enter")


def filled(page: Page) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.get_by_role("button", name="Show knobs and views again").wait_for()


def presenting(page: Page) -> None:
    page.keyboard.press("p")
    page.locator(".presenting").wait_for()
    next_frame(page)


def tour(page: Page) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.evaluate("location.hash = '#tour=backpropagation'")
    page.get_by_role("button", name="Check").click()


def assignment(page: Page) -> None:
    page.evaluate("hash => { location.hash = hash; }", link("", ASSIGNMENT).replace("/#x=", "#assignment="))
    page.get_by_role("heading", name="The saddle").wait_for()


def fault(page: Page) -> None:
    page.evaluate("location.hash = '#x=AAAA'")
    page.get_by_role("alert").wait_for()


class State(NamedTuple):
    show: Callable[[Page], None]
    within: str | None
    """The part of the page that it changes: of the rest nothing new is to be learnt."""
    both: bool = False
    """Whether it has colours that no other state has: these in the other theme too, which then stays on."""


PICTURE = "#stage, #captions"
OVER = ":popover-open, dialog[open]"
STATES = {
    "first move": State(first_move, None, both=True),
    "all knobs": State(all_knobs, "#knobs", both=True),
    "Both": State(mode("Both"), PICTURE),
    # From here on nothing draws in 3D, which takes longer than all that is asked of the page.
    "Contour": State(mode("Contour"), PICTURE),
    **{
        name: State(view(name), "#views", name == "Step") for name in ("Cost", "Step", "Curvature", "Network")
    },
    "Lab": State(mode("Lab"), PICTURE),
    **{
        f"lab: {name}": State(section(name), f".pane-lab, {OVER}", name == "backprop")
        for name in ("lines", "backprop", "nudge", "cost")
    },
    "captions": State(captions, "#captions"),
    "reason": State(reason, f"#captions, {OVER}"),
    "menu": State(menu, OVER, both=True),
    "overlays": State(overlays, OVER),
    "help": State(help_of_keys, OVER),
    "glossary": State(glossary, OVER),
    "share": State(share, OVER),
    "assignment form": State(assignment_form, OVER, both=True),
    "details": State(details, f"#knobs, {OVER}"),
    "filled": State(filled, None),
    "presenting": State(presenting, "#app"),
    "tour": State(tour, None, both=True),
    "assignment": State(assignment, "#assignment, #knobs", both=True),
    "fault": State(fault, "#dialogs, #knobs, .messages"),
}


@pytest.mark.parametrize("who", ["visitor", "phone_visitor"], ids=["desk", "phone"])
def test_axe_finds_nothing_in_any_view(request: pytest.FixtureRequest, who: str, service: Service) -> None:
    opened: Page = request.getfixturevalue(who)
    open_page(opened, service.address)
    opened.evaluate(AXE)
    found = {}
    themes: list[Literal["light", "dark"]] = ["dark", "light"]
    for name, (show, within, both) in STATES.items():
        show(opened)
        found[name] = violations(opened, ALL, within)
        if both:
            opened.emulate_media(color_scheme=themes[0])
            found[f"{name}, {themes[0]}"] = violations(opened, COLOURS, within)
            themes.reverse()
    assert {where: said for where, said in found.items() if said} == {}
