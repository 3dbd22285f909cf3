"""The Step view in a browser: the rule with its numbers, the bound on the rate, sweeps."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from browser.lab import facts, number, open_fold, open_lab, study
from browser.looking import eventually
from browser.service import Service


def test_the_step_view_tells_the_rule_with_its_numbers_and_the_bound_on_the_rate(
    page: Page, service: Service
) -> None:
    open_lab(page, service, "chain", tab="step")
    it_tells_the_rule_with_its_numbers(page, service)
    the_bound_on_the_rate_is_the_services(page, service)


def it_tells_the_rule_with_its_numbers(page: Page, service: Service) -> None:
    found = study(service, "autopsy", parameter=0)
    eventually(lambda: page.locator(".rules li").count() == len(found["lines"]), "the rule")
    for line, said in zip(found["lines"], page.locator(".rules li").all_inner_texts(), strict=True):
        assert f"{line['symbol']} {line['arrow']} {line['text']}" in said
        assert line["numbers"] in said.replace("\n", " ")
    shown = facts(page, ".step-facts")
    assert number(shown["change of the cost"]) == pytest.approx(found["change"], rel=5e-3)
    assert number(shown["effective rate here"]) == pytest.approx(found["rates"][0], rel=1e-3)


def the_bound_on_the_rate_is_the_services(page: Page, service: Service) -> None:
    found = study(service, "stability")
    shown = eventually(lambda: facts(page, ".stability-facts"), "the bound")
    assert number(shown[f"bound {found['text']}"]) == pytest.approx(found["bound"], rel=1e-3)


def test_a_sweep_of_any_setting_shows_how_each_run_ended(page: Page, service: Service) -> None:
    open_lab(page, service, "chain", tab="step")
    eventually(lambda: page.locator(".rules li").count() > 0, "the rule")
    open_fold(page, "Sweep a knob")
    the_rate_is_swept(page, service)
    any_setting_can_be_swept(page, service)


def the_rate_is_swept(page: Page, service: Service) -> None:
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


def any_setting_can_be_swept(page: Page, service: Service) -> None:
    page.get_by_label("Knob that is swept").select_option(label="activation σ")
    labels = page.locator(".multiples li > span:first-child")
    eventually(lambda: "ReLU" in labels.all_inner_texts(), "the activations")
    kinds = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "gelu"]
    runs = study(service, "sweep", step=0, field="problem.activation", values=kinds)["runs"]
    eventually(lambda: len(ends(page)) == len(kinds) and all(ends(page)), "the ends")
    assert [number(end) for end in ends(page)] == pytest.approx([run["final_cost"] for run in runs], rel=5e-3)


def ends(page: Page) -> list[str]:
    return page.locator(".multiple-end").all_inner_texts()
