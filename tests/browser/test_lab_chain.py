"""The chain of the lab in a browser: values that flow, weights set by hand, layers changed in the picture."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page

from browser.lab import DEEP, MOONS, STEP, number, open_lab, study, text
from browser.looking import eventually, link
from browser.service import Service


def test_values_flow_through_the_chain_and_it_is_changed_in_the_picture(page: Page, service: Service) -> None:
    open_lab(page, service, "chain")
    values_flow(page, service)
    the_next_example_flows_too(page, service)
    page.get_by_role("button", name="Example before").click()
    a_weight_set_by_hand_changes_cost_and_document(page, service)
    widths_are_changed(page)


def values_flow(page: Page, service: Service) -> None:
    found = study(service, "forward")
    eventually(lambda: text(page, ".chain-cost strong:last-child"), "the chain")
    assert number(text(page, ".chain-cost strong:last-child")) == pytest.approx(found["cost"], rel=5e-3)
    for unit, value in enumerate(found["passed"]["layers"][0]["a"]):
        said = page.locator(".chain-unit:not(.input)").nth(unit).get_attribute("aria-label")
        assert said is not None
        assert number(said.split(" is ")[1]) == pytest.approx(value, rel=5e-3)
    assert page.locator(".chain-weight").count() == 2 * 3 + 3
    eventually(lambda: page.locator(".chain-unit.painted").count() == 6, "every unit's picture")


def the_next_example_flows_too(page: Page, service: Service) -> None:
    page.get_by_role("button", name="Next example").click()
    x = study(service, "forward", example=1)["passed"]["x"][0]
    unit = page.locator(".chain-unit.input").first
    eventually(
        lambda: (
            number((unit.get_attribute("aria-label") or "is 0").split("is ")[1]) == pytest.approx(x, rel=5e-3)
        ),
        "the second example's input",
    )


def a_weight_set_by_hand_changes_cost_and_document(page: Page, service: Service) -> None:
    field = page.get_by_label("w¹₁₁, set by hand")
    eventually(lambda: text(page, ".lab-where").endswith(f"at step {STEP}"), "the chain of that step")
    field.fill("2.5")
    field.press("Enter")
    eventually(lambda: "set by hand: output" in text(page, ".lab-effect"), "what it did")
    edited = MOONS | {"edits": [{"step": STEP, "run": 0, "set": {"0": 2.5}}]}
    cost = study(service, "forward", edited)["cost"]
    eventually(
        lambda: number(text(page, ".chain-cost strong:last-child")) == pytest.approx(cost, rel=5e-3),
        "the cost that the service computes of it",
    )
    assert cost != pytest.approx(study(service, "forward")["cost"], rel=1e-3)


def widths_are_changed(page: Page) -> None:
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
    page.get_by_role("button", name="layer 2:").click()
    eventually(lambda: "the whole network" in text(page, ".lab-collapse .lab-verdict"), "one layer for all")
    difference = study(service, "collapse", two)["collapse"]["difference"]
    assert difference < 1e-12


def test_names_of_activations_are_whole_at_every_depth(page: Page, service: Service) -> None:
    for depth in (1, 12):
        open_lab(page, service, "chain", DEEP | {"problem": DEEP["problem"] | {"hidden": [2] * depth}})
        names_of_activations_are_whole(page, depth)


def names_of_activations_are_whole(page: Page, depth: int) -> None:
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


def test_a_chain_without_biases_follows_a_line_that_has_one(page: Page, service: Service) -> None:
    line = {"problem": {"kind": "linear"}, "runs": [{"optimizer": {"kind": "gd"}}], "steps": 20}
    open_lab(page, service, "chain", line)
    fields = page.locator(".lab-weights input")
    eventually(lambda: fields.count() == 2, "weight and bias")
    chain = line | {"problem": {"kind": "chain"}, "view": {"stage": "lab", "lab": "chain", "step": 5}}
    page.evaluate("address => { location.href = address; }", link(service.address, chain))
    eventually(lambda: page.locator(".chain-unit").count() == 3, "the chain of two weights")
    eventually(lambda: fields.count() == 1, "a weight alone")
