"""The lab and the Step view in a browser: what they say is what the service computes."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from browser.looking import eventually, link, open_page
from browser.service import Service

MOONS: dict[str, Any] = {
    "problem": {"dataset": {"kind": "moons", "n": 60}, "hidden": [3]},
    "runs": [{"optimizer": {"kind": "adam", "learning_rate": 0.05}}],
    "steps": 60,
}
DEEP: dict[str, Any] = MOONS | {"problem": {"hidden": [6] * 10, "activation": "sigmoid"}, "steps": 20}
STEP = 23


def open_lab(
    page: Page, service: Service, section: str, experiment: dict[str, Any] = MOONS, **view: Any
) -> None:
    """Open a section of the lab, paused."""
    page.emulate_media(reduced_motion="reduce")
    shown = {"stage": "lab", "lab": section, "step": STEP if experiment is MOONS else 5} | view
    open_page(page, link(service.address, experiment | {"view": shown}))


def study(
    service: Service, kind: str, experiment: dict[str, Any] = MOONS, step: int = STEP, **fields: Any
) -> Any:
    body = {"experiment": experiment, "run": 0, "step": step, "want": [], "study": {"kind": kind} | fields}
    answer = httpx.post(f"{service.address}/api/v1/inspect", json=body, timeout=60)
    answer.raise_for_status()
    return answer.json()["study"]


def number(text: str) -> float:
    """A number as the page writes it: true minus sign, powers of ten."""
    plain = text.replace("\u2212", "-").replace(",", "").strip()
    mantissa, _, power = plain.partition("×10")
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    return float(mantissa) * 10 ** int(power.translate(digits) or 0)


def facts(page: Page, selector: str) -> dict[str, str]:
    found: dict[str, str] = page.evaluate(
        "selector => Object.fromEntries([...document.querySelectorAll(`${selector} > div`)]"
        ".map(row => [row.children[0].textContent, row.children[1].textContent]))",
        selector,
    )
    return found


def text(page: Page, selector: str) -> str:
    return str(page.evaluate("selector => document.querySelector(selector)?.textContent ?? ''", selector))


def test_values_flow_through_the_chain(page: Page, service: Service) -> None:
    open_lab(page, service, "chain")
    found = study(service, "forward")
    eventually(lambda: text(page, ".chain-cost strong:last-child"), "the chain")
    assert number(text(page, ".chain-cost strong:last-child")) == pytest.approx(found["cost"], rel=5e-3)
    for unit, value in enumerate(found["passed"]["layers"][0]["a"]):
        said = page.locator(".chain-unit:not(.input)").nth(unit).get_attribute("aria-label")
        assert said is not None
        assert number(said.split(" is ")[1]) == pytest.approx(value, rel=5e-3)
    assert page.locator(".chain-weight").count() == 2 * 3 + 3
    eventually(lambda: page.locator(".chain-unit.painted").count() == 6, "every unit's picture")


def test_the_next_example_flows_too(page: Page, service: Service) -> None:
    open_lab(page, service, "chain")
    eventually(lambda: text(page, ".chain-cost strong:last-child"), "the chain")
    page.get_by_role("button", name="Next example").click()
    x = study(service, "forward", example=1)["passed"]["x"][0]
    unit = page.locator(".chain-unit.input").first
    eventually(
        lambda: (
            number((unit.get_attribute("aria-label") or "is 0").split("is ")[1]) == pytest.approx(x, rel=5e-3)
        ),
        "the second example's input",
    )


def test_a_weight_set_by_hand_changes_cost_and_document(page: Page, service: Service) -> None:
    open_lab(page, service, "chain")
    field = page.get_by_label("w¹₁₁, set by hand")
    eventually(lambda: field.count() == 1, "the weight's field")
    field.fill("2.5")
    field.press("Enter")
    eventually(lambda: "set by hand: output" in text(page, ".lab-effect"), "what it did")
    edited = MOONS | {"edits": [{"step": STEP, "run": 0, "set": {"0": 2.5}}]}
    cost = study(service, "forward", edited)["cost"]
    assert number(text(page, ".chain-cost strong:last-child")) == pytest.approx(cost, rel=5e-3)
    assert cost != pytest.approx(study(service, "forward")["cost"], rel=1e-3)


def test_widths_are_changed_in_the_picture(page: Page, service: Service) -> None:
    open_lab(page, service, "chain")
    eventually(lambda: page.locator(".chain-unit").count() == 6, "the chain")
    page.get_by_role("button", name="Layer 1 wider").click()
    eventually(lambda: page.locator(".chain-unit").count() == 7, "one unit more")
    page.get_by_role("button", name="One hidden layer more").last.click()
    eventually(lambda: page.locator(".chain-unit").count() == 11, "one layer more")


def test_one_layer_is_bent_in_the_picture(page: Page, service: Service) -> None:
    two = MOONS | {"problem": MOONS["problem"] | {"hidden": [3, 3], "activation": "linear"}}
    open_lab(page, service, "chain", two, step=STEP)
    choice = page.get_by_label("Activation of layer 2").first
    eventually(lambda: choice.count() == 1, "the chain's heads")
    choice.select_option("ReLU")
    one = two | {"problem": two["problem"] | {"activation": ["linear", "relu"]}}
    cost = study(service, "forward", one)["cost"]
    eventually(
        lambda: number(text(page, ".chain-cost strong:last-child")) == pytest.approx(cost, rel=5e-3),
        "the bent network",
    )
    page.get_by_role("radio", name="Lines").click(force=True)
    eventually(lambda: "This network bends" in text(page, ".lab-collapse .lab-verdict"), "the bend")
    page.get_by_role("button", name="Layer 2 bends").click()
    eventually(lambda: "the whole network" in text(page, ".lab-collapse .lab-verdict"), "one layer for all")
    difference = study(service, "collapse", two)["collapse"]["difference"]
    assert difference < 1e-12


@pytest.mark.parametrize("depth", [1, 12])
def test_names_of_activations_are_whole_at_every_depth(page: Page, service: Service, depth: int) -> None:
    open_lab(page, service, "chain", DEEP | {"problem": DEEP["problem"] | {"hidden": [2] * depth}})
    eventually(lambda: page.locator(".chain-name").count() == depth + 1, "the heads")
    assert set(page.locator(".chain-name > span").all_inner_texts()) == {"Sigmoid"}
    top, bottom, *names = page.evaluate(
        """() => {
          const box = el => el.getBoundingClientRect();
          const { top, bottom } = box(document.querySelector(".chain-heads"));
          const rows = [...document.querySelectorAll(".chain-name > span")].map(box);
          return [top, bottom, ...rows.map(({ left, right, top, bottom }) => [left, right, top, bottom])];
        }"""
    )
    assert all(top <= name[2] and name[3] <= bottom for name in names)
    assert all(before[1] <= after[0] for before, after in pairwise(names))


def test_the_walk_back_says_the_services_sentences(page: Page, service: Service) -> None:
    open_lab(page, service, "backprop")
    walk = study(service, "graph")["walk"]
    graph = page.locator(".lab-graph")
    eventually(lambda: page.locator(".graph-node").count() > 10, "the graph")
    graph.focus()
    for turn in walk[:6]:
        page.keyboard.press("ArrowLeft")
        assert text(page, ".lab-sentence") == turn["sentence"]
    page.keyboard.press("ArrowRight")
    assert text(page, ".lab-sentence") == walk[4]["sentence"]
    page.keyboard.press("Home")
    assert page.locator(".graph-node.reached").count() == len(walk)


def test_a_wide_graph_is_fitted_and_enlarged(page: Page, service: Service) -> None:
    open_lab(page, service, "backprop")
    graph = page.locator(".lab-graph")
    eventually(lambda: page.locator(".graph-node").count() > 10, "the graph")
    whole = "el => el.scrollWidth <= el.clientWidth && el.scrollHeight <= el.clientHeight"
    assert not graph.evaluate(whole), "at this size its numbers would be too small to read"
    page.get_by_role("button", name="Fit the whole graph").click()
    assert graph.evaluate(whole)
    size = number(text(page, ".lab-percent").rstrip("% \u00a0\u202f"))
    graph.press("+")
    assert number(text(page, ".lab-percent").rstrip("% \u00a0\u202f")) > size
    graph.press("0")
    assert graph.evaluate(whole)


@pytest.mark.parametrize(
    ("section", "words", "term"),
    [
        ("nudge", "slope ⟨∇C, v⟩", "directional derivative"),
        ("backprop", "chain rule", "chain rule"),
        ("backprop", "s of J", "Jacobian"),
    ],
)
def test_a_term_explains_itself_and_stays_while_numbers_change(
    page: Page, service: Service, section: str, words: str, term: str
) -> None:
    open_lab(page, service, section)
    button = page.get_by_role("button", name=words, exact=True)
    eventually(button.is_visible, "the term")
    button.press("Enter")
    card = page.locator(".explanation:popover-open")
    entry = httpx.get(f"{service.address}/api/v1/catalog").json()["glossary"][term]
    assert card.locator("p").inner_text() == entry["text"]
    assert card.locator("math").count() == 1
    page.get_by_role("button", name="Next example").evaluate("button => button.click()")
    eventually(lambda: text(page, ".lab-example__value").startswith("example 2 "), "another example")
    assert card.is_visible()
    page.keyboard.press("Escape")
    assert card.count() == 0


@pytest.mark.parametrize("section", ["chain", "lines", "backprop", "nudge", "cost"])
def test_every_section_has_its_question_marks(page: Page, service: Service, section: str) -> None:
    open_lab(page, service, section)
    marks = page.locator(f".lab-{section} :is(.what, .term):visible")
    eventually(lambda: marks.count() > 0, "a term that explains itself")


def test_layers_gradients_are_the_services(page: Page, service: Service) -> None:
    open_lab(page, service, "backprop", DEEP)
    layers = study(service, "jacobians", DEEP, 5)["layers"]
    eventually(lambda: page.locator(".layer-norm").count() == 11, "the layers")
    shown = [number(cell) for cell in page.locator(".layer-norm").all_inner_texts()]
    assert shown == pytest.approx([layer["grad_norm"] for layer in layers], rel=5e-3)
    assert "it vanishes" in text(page, ".lab-backprop .lab-verdict")


def test_a_nudge_is_shown_as_predicted_and_real(page: Page, service: Service) -> None:
    open_lab(page, service, "nudge")
    found = study(service, "nudge", size=0.1)
    shown = eventually(lambda: facts(page, ".nudge-facts"), "the nudge")
    assert number(shown["real C(θ + s v) − C(θ)"]) == pytest.approx(found["chosen"]["real"], rel=1e-3)
    assert number(shown["predicted s ⟨∇C, v⟩"]) == pytest.approx(found["chosen"]["predicted"], rel=1e-3)
    assert number(shown["second order ½ s² vᵀHv"]) == pytest.approx(found["chosen"]["second"], rel=1e-3)
    order = re.search(
        r"falls as s to the power ([\d.]+)", eventually(lambda: text(page, ".nudge-verdict"), "the verdict")
    )
    assert order is not None
    assert float(order[1]) == pytest.approx(2, abs=0.1)


def test_the_nudge_and_the_run_in_view_are_in_the_link(page: Page, service: Service) -> None:
    race = MOONS | {"runs": [*MOONS["runs"], {"optimizer": {"kind": "gd"}}]}
    nudge = {"direction": "parameter", "parameter": 3, "size": 0.01}
    open_lab(page, service, "nudge", race, run=1, nudge=nudge)
    eventually(lambda: facts(page, ".nudge-facts"), "the nudge")
    assert page.get_by_label("Parameter to nudge", exact=True).input_value() == "3"
    assert page.locator(".lab-size").inner_text() == "0.01"
    focused = page.locator(".run--focused")
    assert "Gradient descent" in eventually(focused.inner_text, "the run in view")
    page.get_by_role("button", name="Show Adam in the views").click()
    page.locator(".lab-nudge select").first.select_option(label="a random direction")
    page.get_by_label("Size s of the nudge").press("ArrowRight")

    def linked() -> Any:
        view = page.evaluate(
            "async () => (await (await import('./js/app/link.js')).fromHash(location.hash))?.view ?? {}"
        )
        return view.get("run", 0), view.get("nudge")

    expected = 0, {"direction": "random", "parameter": 3, "size": pytest.approx(0.0112, rel=1e-2)}
    eventually(lambda: linked() == expected, "the link")


def test_the_costliest_example_comes_first_and_can_be_chosen(page: Page, service: Service) -> None:
    open_lab(page, service, "cost")
    found = study(service, "shares")
    first = page.locator(".cost-share").first
    eventually(lambda: first.count() == 1, "the examples")
    example = found["shares"]["order"][0]
    assert first.inner_text().split()[1] == str(example + 1)
    first.click()
    eventually(lambda: text(page, ".lab-example__value").startswith(f"example {example + 1} "), "the choice")
    title = f"Example {example + 1}, term by term"
    eventually(lambda: page.get_by_text(title).count() == 1, "its terms")
    shown = page.locator(".lab-cost .bill td").last.inner_text().split("= ")[-1]
    assert number(shown) == pytest.approx(found["shares"]["terms"][example][0], rel=1e-3)


def test_linear_layers_are_one_and_bent_ones_are_not(page: Page, service: Service) -> None:
    open_lab(page, service, "lines")
    difference = study(service, "collapse")["collapse"]["difference"]
    said = eventually(lambda: text(page, ".lab-collapse .lab-verdict"), "the collapse")
    shown = re.search(r"differ by up to ([\d.]+)", said)
    assert shown is not None
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
    assert page.locator(".plot-zeros").is_visible()
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


def test_the_step_view_tells_the_rule_with_its_numbers(page: Page, service: Service) -> None:
    open_lab(page, service, "chain", tab="step")
    found = study(service, "autopsy", parameter=0)
    eventually(lambda: page.locator(".rules li").count() == len(found["lines"]), "the rule")
    for line, said in zip(found["lines"], page.locator(".rules li").all_inner_texts(), strict=True):
        assert f"{line['symbol']} {line['arrow']} {line['text']}" in said
        assert line["numbers"] in said.replace("\n", " ")
    shown = facts(page, ".step-facts")
    assert number(shown["change of the cost"]) == pytest.approx(found["change"], rel=5e-3)
    assert number(shown["effective rate here"]) == pytest.approx(found["rates"][0], rel=1e-3)


def test_the_bound_on_the_rate_is_the_services(page: Page, service: Service) -> None:
    open_lab(page, service, "chain", tab="step")
    found = study(service, "stability")
    shown = eventually(lambda: facts(page, ".stability-facts"), "the bound")
    assert number(shown[f"bound {found['text']}"]) == pytest.approx(found["bound"], rel=1e-3)


def test_a_sweep_shows_how_each_run_ended(page: Page, service: Service) -> None:
    open_lab(page, service, "chain", tab="step")
    eventually(lambda: page.locator(".rules li").count() > 0, "the rule")
    page.get_by_text("Sweep a knob").click()
    eventually(lambda: page.locator(".multiples li").count() == 8, "the runs")
    values = [number(item) for item in page.locator(".multiples li > span:first-child").all_inner_texts()]
    runs = study(service, "sweep", step=0, values=values)["runs"]
    eventually(lambda: len(ends(page)) == 8 and all(ends(page)), "the ends")
    for run, end in zip(runs, ends(page), strict=True):
        assert (
            end == "diverged"
            if run["status"] == "diverged"
            else number(end) == pytest.approx(run["final_cost"], rel=5e-3)
        )


def test_any_setting_can_be_swept(page: Page, service: Service) -> None:
    open_lab(page, service, "chain", tab="step")
    eventually(lambda: page.locator(".rules li").count() > 0, "the rule")
    page.get_by_text("Sweep a knob").click()
    page.get_by_label("Knob that is swept").select_option(label="activation σ")
    labels = page.locator(".multiples li > span:first-child")
    eventually(lambda: "ReLU" in labels.all_inner_texts(), "the activations")
    kinds = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "gelu"]
    runs = study(service, "sweep", step=0, field="problem.activation", values=kinds)["runs"]
    eventually(lambda: len(ends(page)) == len(kinds) and all(ends(page)), "the ends")
    assert [number(end) for end in ends(page)] == pytest.approx([run["final_cost"] for run in runs], rel=5e-3)


def ends(page: Page) -> list[str]:
    return page.locator(".multiple-end").all_inner_texts()


def test_a_chain_without_biases_follows_a_line_that_has_one(page: Page, service: Service) -> None:
    line = {"problem": {"kind": "linear"}, "runs": [{"optimizer": {"kind": "gd"}}], "steps": 20}
    open_lab(page, service, "chain", line)
    fields = page.locator(".lab-weights input")
    eventually(lambda: fields.count() == 2, "weight and bias")
    chain = line | {"problem": {"kind": "chain"}, "view": {"stage": "lab", "lab": "chain", "step": 5}}
    page.evaluate("address => { location.href = address; }", link(service.address, chain))
    eventually(lambda: page.locator(".chain-unit").count() == 3, "the chain of two weights")
    eventually(lambda: fields.count() == 1, "a weight alone")


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
    assert not page.locator(".nudge-facts").is_visible()
    page.locator(".lab-nudge select").first.select_option(label="a random direction")
    eventually(page.locator(".nudge-facts").is_visible, "the nudge")
    assert text(page, ".lab-nudge > .lab-verdict") == ""
