"""What axe finds wanting, by WCAG 2.2 AA and good practice, on a desk and on a phone: nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from browser.looking import as_one_who_returns, next_frame, open_page
from browser.service import ROOT, Service

AXE = (ROOT / "tests/frontend/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
ALL = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What another theme may change."""
THEMES: list[Literal["light", "dark"]] = ["light", "dark"]
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def opened(chromium: Browser, request: pytest.FixtureRequest, service: Service) -> Iterator[Page]:
    """The page of a first visit, at rest."""
    size = request.param
    context = chromium.new_context(viewport=SIZES[size], has_touch=size == "phone", reduced_motion="reduce")
    as_one_who_returns(context)
    page = context.new_page()
    open_page(page, service.address)
    page.evaluate(AXE)
    yield page
    context.close()


def violations(page: Page, only: dict[str, object], within: str = "html") -> list[str]:
    """Rule, element and reason of everything in there that axe complains of, by these rules only."""
    found: list[str] = page.evaluate(
        """async ([runOnly, within]) => {
          const options = { runOnly, resultTypes: ["violations"] };
          const { violations } = await axe.run(within, options);
          const said = (id, { html, failureSummary }) => `${id}: ${html}: ${failureSummary}`;
          return violations.flatMap(({ id, nodes }) => nodes.map((node) => said(id, node)));
        }""",
        [only, within],
    )
    return found


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


def menu(page: Page) -> None:
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


def details(page: Page) -> None:
    page.keyboard.press("Escape")
    knobs = page.locator(".phone-tab[data-name=knobs]")
    if knobs.is_visible():
        knobs.click()
    page.get_by_role("button", name=re.compile("^More about")).first.click()
    page.locator(".run .help-tip").first.press("Enter")


def tour(page: Page) -> None:
    page.keyboard.press("Escape")
    page.evaluate("location.hash = '#tour=newton'")
    page.get_by_role("button", name="Check").click()


def fault(page: Page) -> None:
    page.evaluate("location.hash = '#x=AAAA'")
    page.get_by_role("alert").wait_for()


STATES: dict[str, Callable[[Page], None]] = {
    "first visit": lambda page: None,
    **{name: view(name) for name in ("Cost", "Step", "Curvature", "Network")},
    **{name: mode(name) for name in ("Contour", "Both", "Lab")},
    **{f"lab: {name}": section(name) for name in ("lines", "backprop", "nudge", "cost")},
    "3D": mode("3D"),
    "menu": menu,
    "overlays": overlays,
    "help": help_of_keys,
    "glossary": glossary,
    "details": details,
    "tour": tour,
    "fault": fault,
}


@pytest.mark.parametrize("opened", SIZES, indirect=True)
def test_axe_finds_nothing_in_any_view(opened: Page) -> None:
    found, themes = {}, THEMES.copy()
    for name, show in STATES.items():
        show(opened)
        # From the theme that is on to the other: half the repainting.
        for theme in themes:
            opened.emulate_media(color_scheme=theme)
            found[name, theme] = violations(opened, ALL if theme == themes[0] else COLOURS)
        themes.reverse()
    assert {where: said for where, said in found.items() if said} == {}
