"""The other sections of the lab in a browser: backpropagation, nudges, cost, lines, and terms explained."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from browser.lab import DEEP, MOONS, facts, number, open_lab, study, text
from browser.looking import eventually
from browser.service import Service


def test_the_graph_is_walked_back_fitted_and_enlarged(page: Page, service: Service) -> None:
    open_lab(page, service, "backprop")
    eventually(lambda: page.locator(".graph-node").count() > 10, "the graph")
    a_wide_graph_is_fitted_and_enlarged(page)
    the_walk_back_says_the_services_sentences(page, study(service, "graph")["walk"])


def the_walk_back_says_the_services_sentences(page: Page, walk: list[dict[str, Any]]) -> None:
    page.locator(".lab-graph").focus()
    for turn in walk[:6]:
        page.keyboard.press("ArrowLeft")
        assert text(page, ".lab-sentence") == turn["sentence"]
    page.keyboard.press("ArrowRight")
    assert text(page, ".lab-sentence") == walk[4]["sentence"]
    page.keyboard.press("Home")
    assert page.locator(".graph-node.reached").count() == len(walk)


def a_wide_graph_is_fitted_and_enlarged(page: Page) -> None:
    graph = page.locator(".lab-graph")
    whole = "el => el.scrollWidth <= el.clientWidth && el.scrollHeight <= el.clientHeight"
    assert not graph.evaluate(whole), "at this size its numbers would be too small to read"
    page.get_by_role("button", name="Fit the whole graph").click()
    assert graph.evaluate(whole)
    size = number(text(page, ".lab-percent").rstrip("% \u00a0\u202f"))
    graph.press("+")
    assert number(text(page, ".lab-percent").rstrip("% \u00a0\u202f")) > size
    graph.press("0")
    assert graph.evaluate(whole)


TERMS = (
    ("nudge", "slope ⟨∇C, v⟩", "directional derivative"),
    ("backprop", "chain rule", "chain rule"),
    ("backprop", "s of J", "Jacobian"),
)


def test_a_term_explains_itself_and_stays_while_numbers_change(page: Page, service: Service) -> None:
    glossary = httpx.get(f"{service.address}/api/v1/catalog").json()["glossary"]
    open_lab(page, service, "nudge")
    for example, (section, words, term) in enumerate(TERMS, 2):
        show_section(page, section)
        button = page.get_by_role("button", name=words, exact=True)
        eventually(button.is_visible, "the term")
        button.press("Enter")
        card = page.locator(".explanation:popover-open")
        assert card.locator("p").inner_text() == glossary[term]["text"]
        assert card.locator("math").count() == 1
        page.get_by_role("button", name="Next example").evaluate("button => button.click()")
        told = f"example {example} "
        eventually(lambda told=told: text(page, ".lab-example__value").startswith(told), "another example")
        assert card.is_visible()
        page.keyboard.press("Escape")
        assert card.count() == 0


def show_section(page: Page, section: str) -> None:
    page.locator(f".lab-head input[value={section}]").check(force=True)


def test_every_section_has_its_question_marks(page: Page, service: Service) -> None:
    open_lab(page, service, "chain")
    for section in ("chain", "lines", "backprop", "nudge", "cost"):
        show_section(page, section)
        marks = page.locator(f".lab-{section} :is(.help-tip, .term):visible")
        eventually(lambda marks=marks: marks.count() > 0, f"a term of {section} that explains itself")


def test_layers_gradients_are_the_services(page: Page, service: Service) -> None:
    open_lab(page, service, "backprop", DEEP)
    layers = study(service, "jacobians", DEEP, 5)["layers"]
    eventually(lambda: page.locator(".layer-norm").count() == 11, "the layers")
    shown = [number(cell) for cell in page.locator(".layer-norm").all_inner_texts()]
    assert shown == pytest.approx([layer["grad_norm"] for layer in layers], rel=5e-3)
    eventually(lambda: "it vanishes" in text(page, ".lab-backprop .lab-verdict"), "the verdict")


def test_a_nudge_is_shown_as_predicted_and_real(page: Page, service: Service) -> None:
    open_lab(page, service, "nudge")
    found = study(service, "nudge", size=0.1)
    shown = eventually(lambda: facts(page, ".nudge-facts"), "the nudge")
    assert number(shown["real C(θ + s v) − C(θ)"]) == pytest.approx(found["chosen"]["real"], rel=1e-3)
    assert number(shown["predicted s ⟨∇C, v⟩"]) == pytest.approx(found["chosen"]["predicted"], rel=1e-3)
    assert number(shown["second order ½ s² vᵀHv"]) == pytest.approx(found["chosen"]["second"], rel=1e-3)
    power = re.compile(r"falls as s to the power ([\d.]+)")
    order = eventually(lambda: power.search(text(page, ".nudge-verdict")), "the verdict")
    assert float(order[1]) == pytest.approx(2, abs=0.1)


def test_the_nudge_and_the_run_in_view_are_in_the_link(page: Page, service: Service) -> None:
    race = MOONS | {"runs": [*MOONS["runs"], {"optimizer": {"kind": "gd"}}]}
    nudge = {"direction": "parameter", "parameter": 3, "size": 0.01}
    open_lab(page, service, "nudge", race, run=1, nudge=nudge)
    eventually(lambda: facts(page, ".nudge-facts"), "the nudge")
    assert page.get_by_label("Parameter to nudge", exact=True).input_value() == "3"
    assert page.get_by_label("Size s of the nudge, typed").input_value() == "0.01"
    focused = page.locator(".run--focused")
    eventually(lambda: "Gradient descent" in focused.inner_text(), "the run in view")
    page.get_by_role("button", name="Show Adam in the views").click()
    page.locator(".lab-nudge select").first.select_option(label="a random direction")
    page.get_by_label("Size s of the nudge", exact=True).press("ArrowRight")

    def linked() -> Any:
        view = page.evaluate(
            "async () => (await (await import('./js/app/link.js')).fromHash(location.hash))?.view ?? {}"
        )
        return view.get("run", 0), view.get("nudge")

    expected = 0, {"direction": "random", "parameter": 3, "size": 0.0106}
    eventually(lambda: linked() == expected, "the link")


def test_the_costliest_example_comes_first_and_can_be_chosen(page: Page, service: Service) -> None:
    open_lab(page, service, "cost")
    found = study(service, "shares")
    first = page.locator(".cost-share").first
    eventually(lambda: first.count() == 1, "the examples")
    example = found["shares"]["order"][0]
    eventually(lambda: first.inner_text().split()[1] == str(example + 1), "the costliest, first")
    first.click()
    eventually(lambda: text(page, ".lab-example__value").startswith(f"example {example + 1} "), "the choice")
    title = f"Example {example + 1}, term by term"
    eventually(lambda: page.get_by_text(title).count() == 1, "its terms")
    shown = page.locator(".lab-cost .bill td").last.inner_text().split("= ")[-1]
    assert number(shown) == pytest.approx(found["shares"]["terms"][example][0], rel=1e-3)


def test_linear_layers_are_one_and_bent_ones_are_not(page: Page, service: Service) -> None:
    open_lab(page, service, "lines")
    difference = study(service, "collapse")["collapse"]["difference"]
    differ = re.compile(r"differ by up to ([\d.]+)")
    shown = eventually(lambda: differ.search(text(page, ".lab-collapse .lab-verdict")), "the collapse")
    assert float(shown[1]) == pytest.approx(difference, rel=5e-3)
    page.get_by_role("button", name="Make every unit linear").click()
    eventually(lambda: "the whole network" in text(page, ".lab-collapse .lab-verdict"), "one layer for all")
    assert study(service, "collapse", MOONS | {"problem": MOONS["problem"] | {"activation": "linear"}})[
        "collapse"
    ]["linear"]


def test_units_of_one_input_are_zero_at_points(page: Page, service: Service) -> None:
    sine = MOONS | {"problem": {"dataset": {"kind": "sine", "n": 60}, "hidden": [3]}}
    open_lab(page, service, "lines", sine)
    eventually(lambda: page.locator(".lines-split .chip").count() == 3, "the units")
    eventually(page.locator(".plot-zeros").is_visible, "the points")
    assert not page.locator(".lines-picture").is_visible()
    page.locator(".lines-split .chip").nth(1).click()
    first = study(service, "forward", sine, 5)["network"][0]
    said = page.locator(".lines-split .caption")
    zero = pytest.approx(-first["biases"][1] / first["weights"][1][0], rel=5e-3)
    eventually(
        lambda: (
            "z¹₂ is zero at x = " in said.inner_text()
            and number(said.inner_text().split("x = ")[-1].rstrip(".")) == zero
        ),
        "the point",
    )


def test_a_formula_has_no_chain_but_a_graph(page: Page, service: Service) -> None:
    formula = {
        "problem": {"kind": "formula", "name": "himmelblau"},
        "runs": [{"optimizer": {"kind": "gd"}}],
        "steps": 20,
    }
    open_lab(page, service, "backprop", formula)
    eventually(lambda: page.locator(".graph-node").count() > 8, "the graph")
    page.get_by_role("radio", name="Chain").last.click(force=True)
    eventually(lambda: "no chain of layers" in text(page, ".lab-chain .lab-verdict"), "the refusal")
    assert not page.locator(".chain").is_visible()


def test_a_direction_that_is_zero_is_refused_where_another_can_be_chosen(
    page: Page, service: Service
) -> None:
    flat = MOONS | {"problem": MOONS["problem"] | {"activation": "relu", "init": "zeros"}}
    open_lab(page, service, "nudge", flat)
    eventually(lambda: "Choose another" in text(page, ".lab-nudge > .lab-verdict"), "the refusal")
    eventually(page.locator(".nudge-facts").is_hidden, "no nudge")
    page.locator(".lab-nudge select").first.select_option(label="a random direction")
    eventually(page.locator(".nudge-facts").is_visible, "the nudge")
    eventually(lambda: text(page, ".lab-nudge > .lab-verdict") == "", "no refusal")
